"""What a training says while it runs: JSON lines in a file, short lines on the screen, and a plot of the losses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Value = float | int | str
PLOT_WIDTH, PLOT_HEIGHT, MARGIN = 900, 260, 46


@dataclass(frozen=True, slots=True)
class Journal:
    """The log of one stage."""

    path: Path

    def write(self, entry: Mapping[str, Value]) -> None:
        """Add one line, and show it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"stage": self.path.stem, **entry}) + "\n")
        print(self.path.stem, *(f"{key}={_short(value)}" for key, value in entry.items()), flush=True)

    def losses(self) -> list[tuple[int, float]]:
        """Step and loss of every line that has them; the last of a step counts, for a resumed run repeats some."""
        if not self.path.is_file():
            return []
        found: dict[int, float] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:  # cut by a full disk or a kill
                continue
            if "loss" in entry:
                found[int(entry["step"])] = float(entry["loss"])
        return sorted(found.items())


def plot(logs: Path, file: Path) -> None:
    """Draw the losses of all stages, one graph under the other."""
    graphs = [(path.stem, Journal(path).losses()) for path in sorted(logs.glob("*.jsonl"))]
    graphs = [(name, losses) for name, losses in graphs if len(losses) > 1]
    if not graphs:
        return
    sheet = Image.new("RGB", (PLOT_WIDTH, PLOT_HEIGHT * len(graphs)), "white")
    for place, (name, losses) in enumerate(graphs):
        sheet.paste(_graph(name, losses), (0, place * PLOT_HEIGHT))
    sheet.save(file)


def _graph(name: str, losses: list[tuple[int, float]]) -> Image.Image:
    graph = Image.new("RGB", (PLOT_WIDTH, PLOT_HEIGHT), "white")
    draw, font = ImageDraw.Draw(graph), ImageFont.load_default(12)
    last, low, high = losses[-1][0], min(loss for _, loss in losses), max(loss for _, loss in losses)
    wide, tall = PLOT_WIDTH - 2 * MARGIN, PLOT_HEIGHT - 2 * MARGIN
    points = [
        (MARGIN + wide * step / max(1, last), MARGIN + tall * (high - loss) / max(1e-9, high - low))
        for step, loss in losses
    ]
    draw.rectangle((MARGIN, MARGIN, MARGIN + wide, MARGIN + tall), outline="#bbbbbb")
    draw.line(points, fill="#1b5e8c", width=2)
    draw.text((MARGIN, 8), f"{name}: loss {losses[-1][1]:.4f} at step {last}", fill="black", font=font)
    draw.text((4, MARGIN), f"{high:.3g}", fill="black", font=font)
    draw.text((4, MARGIN + tall - 12), f"{low:.3g}", fill="black", font=font)
    draw.text((MARGIN + wide - 40, MARGIN + tall + 4), str(last), fill="black", font=font)
    return graph


def _short(value: Value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)

"""How good the model is: `python -m generator.starter.evaluate MODEL --work FOLDER --to FOLDER`.

It paints held-out captions, measures them beside true renders of the same scenes, prints the table of acceptance and
saves a contact sheet of fixed prompts to be looked at. The judge it asks must have been taught (`train judge`).
"""

import argparse
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import msgspec
import numpy as np
import torch
from diffusers import AutoencoderTiny, DiffusionPipeline
from PIL import Image

from generator.starter import configuration as settings
from generator.starter import data, judge_stage, marking, measure
from generator.starter.configuration import Configuration
from generator.starter.data import Drawn, Pixels
from generator.starter.scenes.description import Style
from generator.starter.scenes.paint import render
from generator.starter.scenes.random_scene import imagine
from generator.starter.sheet import PROMPTS, hang

MAX_BYTES = 25_000_000
SMALL = 64  # pixels, for the tests that count them
BATCH = 8
SEEDS_OF_ONE_PROMPT = 8
LOOKED_UP = 64  # pictures searched for among those trained on
FLAT: tuple[Style, ...] = ("flat",)
JUDGED = (
    (5, "kind", 0.9),
    (5, "time", 0.97),
    (5, "style", 0.95),
    (5, "weather", 0.85),
    (6, "count to 3", 0.9),
    (6, "count from 4", 0.75),
    (6, "where", 0.8),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    point: int
    what: str
    needed: str
    true: float | None
    painted: float
    passes: bool


Painter = Callable[[Sequence[str], Sequence[int]], Pixels]


def main() -> None:
    """Read the arguments, measure, print and save."""
    parser = argparse.ArgumentParser(prog="python -m generator.starter.evaluate", description=__doc__)
    parser.add_argument("model", type=Path, help="a folder that `train export` wrote")
    parser.add_argument("--work", type=Path, required=True, help="the training's working folder")
    parser.add_argument("--to", type=Path, required=True, help="where the table and the sheet go")
    parser.add_argument("--configuration", type=Path, default=settings.DEFAULT)
    parser.add_argument("--pictures", type=int, default=300, help="held-out captions to paint")
    parser.add_argument("--sheet-only", action="store_true")
    arguments = parser.parse_args()
    configuration = settings.read(arguments.configuration)
    torch.set_num_threads(1)  # the time of a picture is that of one core
    arguments.to.mkdir(parents=True, exist_ok=True)
    paint = load(arguments.model, configuration)
    hang(PROMPTS, paint(PROMPTS, range(len(PROMPTS)))).save(arguments.to / "sheet.png")
    if arguments.sheet_only:
        return
    rows = evaluate(arguments.model, arguments.work, configuration, paint, arguments.pictures)
    table = format_table(rows)
    print(table)
    (arguments.to / "table.md").write_text(table + "\n", encoding="utf-8")


def load(model: Path, configuration: Configuration) -> Painter:
    """The model as a function from prompts and seeds to pictures; OSError where its folder does not load."""
    pipeline = _load(model)
    pipeline.set_progress_bar_config(disable=True)
    painting = configuration.painting

    def paint(prompts: Sequence[str], seeds: Sequence[int]) -> Pixels:
        images: list[Image.Image] = []
        for start in range(0, len(prompts), BATCH):
            dice = [torch.Generator().manual_seed(seed) for seed in seeds[start : start + BATCH]]
            images += pipeline(
                list(prompts[start : start + BATCH]),
                num_inference_steps=painting.steps,
                guidance_scale=painting.guidance,
                generator=dice,
            ).images
        return np.stack([np.asarray(image, np.uint8) for image in images])

    return paint


def evaluate(model: Path, work: Path, configuration: Configuration, paint: Painter, number: int) -> list[Row]:
    """All rows but the last, which only an eye can fill."""
    pictures = configuration.pictures
    held_out = data.draw_held_out(pictures, number, pictures.side)
    painted = paint([data.whole_caption(seed) for seed in held_out.seeds], held_out.seeds)
    return [
        _size(model),
        *_cost(model, configuration),
        *_decoder(model, configuration, number),
        *_colours(configuration, paint, max(1, number // 3)),
        *_judged(work, configuration, held_out, painted),
        *_variety(work, configuration, paint, painted),
    ]


def format_table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| point | what | needed | true renders | painted | |", "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        true = "" if row.true is None else f"{row.true:.3g}"
        mark = "yes" if row.passes else "no"
        lines.append(f"| {row.point} | {row.what} | {row.needed} | {true} | {row.painted:.3g} | {mark} |")
    return "\n".join([*lines, "| 8 | the main object named from the picture | 27 of 30 | | by eye: sheet.png | |"])


def _load(model: Path) -> DiffusionPipeline:
    return DiffusionPipeline.from_pretrained(model, local_files_only=True, use_safetensors=True, dtype=torch.float32)


def _size(model: Path) -> Row:
    total = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    return Row(1, "bytes of the folder", f"<= {MAX_BYTES}", None, float(total), total <= MAX_BYTES)


def _cost(model: Path, configuration: Configuration) -> list[Row]:
    """Of painting alone: in a process that does nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        seconds, megabytes = alone.submit(paint_alone, model, configuration).result()
    return [
        Row(2, "seconds a picture on one core", "<= 4", None, seconds, seconds <= 4),
        Row(2, "most memory, MB", "<= 800", None, megabytes, megabytes <= 800),
    ]


def paint_alone(model: Path, configuration: Configuration) -> tuple[float, float]:
    """Paint twice; the second one's processor seconds, and the most memory of the process in MB."""
    torch.set_num_threads(1)
    paint = load(model, configuration)
    paint(PROMPTS[:1], (1,))
    begun = time.process_time()
    paint(PROMPTS[:1], (1,))
    return time.process_time() - begun, most_memory()


def most_memory() -> float:
    """The most memory this process has held so far, in MB; rusage would tell that of the parent, if it was more."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def _decoder(model: Path, configuration: Configuration, number: int) -> list[Row]:
    """True pictures made small and sharp again, whatever styles were trained."""
    vae, pictures = _load(model).vae, configuration.pictures
    rows = []
    for name, styles, least in (("flat", FLAT, 30.0), ("all styles", (), 26.0)):
        drawn = data.draw_held_out(msgspec.structs.replace(pictures, styles=styles), number, pictures.side).pictures
        score = measure.decibels(drawn, _made_small_and_sharp(vae, drawn))
        rows.append(Row(3, f"decoder, dB, {name}", f">= {least:.0f}", None, score, score >= least))
    return rows


def _made_small_and_sharp(vae: AutoencoderTiny, pictures: Pixels) -> Pixels:
    back = []
    with torch.inference_mode():
        for start in range(0, len(pictures), BATCH):
            seen = judge_stage.to_tensor(torch.from_numpy(pictures[start : start + BATCH]))
            drawn = vae.decode(vae.encode(seen).latents).sample.clamp(-1, 1).add(1).mul(127.5).round()
            back.append(drawn.byte().permute(0, 2, 3, 1).numpy())
    return np.concatenate(back)


def _colours(configuration: Configuration, paint: Painter, number: int) -> list[Row]:
    """Asked of flat things of one kind on a plain ground, where pixels tell the colours of the true render rightly."""
    plain = msgspec.structs.replace(configuration.pictures, grounds=("plain",), styles=FLAT, max_subjects=1)
    drawn = data.draw_held_out(plain, number, SMALL)
    scenes = [imagine(seed) for seed in drawn.seeds]
    true = measure.colour_scores(scenes, drawn.pictures)
    read = [scene for scene, seen in zip(scenes, drawn.pictures, strict=True) if measure.reads(scene, seen)]
    seeds = [scene.seed for scene in read]
    painted = paint([data.whole_caption(seed) for seed in seeds], seeds) if seeds else drawn.pictures[:0]
    found = measure.colour_scores(read, data.average(painted, SMALL) if seeds else painted)
    needed = {"background": 0.97, "object": 0.85, "both": 0.83}
    return [
        Row(4, f"colour of {name}, of {len(read)}", f">= {least}", true[name], found[name], found[name] >= least)
        for name, least in needed.items()
    ]


def _judged(work: Path, configuration: Configuration, held_out: Drawn, painted: Pixels) -> list[Row]:
    """What a judge taught on true renders sees; where it is below 0.97 on true ones its word is weak."""
    eye, side = judge_stage.read(configuration, work / "judge.pt"), configuration.judge.side
    true, found = (
        marking.marks(marking.look(eye, data.average(pictures, side)), held_out.seeds)
        for pictures in (held_out.pictures, painted)
    )
    rows = []
    for point, name, least in JUDGED:
        known, share, asked = marking.share(true[name]), marking.share(found[name]), found[name][1]
        if asked:
            rows.append(Row(point, f"{name}, of {asked}", f">= {least}", known, share, share >= least))
    return rows


def _variety(work: Path, configuration: Configuration, paint: Painter, painted: Pixels) -> list[Row]:
    """Eight seeds of one prompt against eight true scenes; and nothing learned by heart."""
    pictures, side = configuration.pictures, configuration.pictures.latent_side
    (first,) = data.draw_held_out(pictures, 1, side).seeds
    scene, seeds = imagine(first), range(SEEDS_OF_ONE_PROMPT)
    prompts = [data.whole_caption(first)] * SEEDS_OF_ONE_PROMPT
    mine = measure.variety(data.average(paint(prompts, seeds), side))
    true = [np.asarray(render(replace(scene, seed=seed), side, side), np.uint8) for seed in seeds]
    theirs = measure.variety(np.stack(true))
    trained = data.draw_small(pictures, work / "shards", configuration.running.workers).pictures
    small = data.average(painted[:LOOKED_UP], side)
    near = measure.nearest(small, trained)
    usual = measure.nearest(data.draw_held_out(pictures, len(small), side).pictures, trained)
    return [
        Row(7, "distance of eight seeds", "half of the true", theirs, mine, mine >= theirs / 2),
        Row(7, "nearest to a training picture", "not below the true", usual, near, near >= usual),
    ]


if __name__ == "__main__":
    main()

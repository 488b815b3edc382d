"""How good the model is: `python -m generator.starter.evaluate MODEL --work FOLDER --to FOLDER`.

It paints held-out captions, measures them beside true renders of the same scenes, prints the table of acceptance row
by row and saves it, with a contact sheet of fixed prompts to be looked at. The judge it asks must have been taught
(`train judge`), and the shards must lie there that the painter learned from.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import msgspec
import numpy as np
import torch
from diffusers import AutoencoderTiny, DiffusionPipeline
from PIL import Image

from generator.starter import card, data, judge_stage, marking, measure
from generator.starter import configuration as settings
from generator.starter.configuration import Configuration, Pictures, Unusable
from generator.starter.data import Drawn, Pixels
from generator.starter.judge_stage import Eye
from generator.starter.scenes.description import Style
from generator.starter.scenes.paint import render
from generator.starter.scenes.random_scene import imagine
from generator.starter.sheet import PROMPTS, hang

MAX_BYTES = 25_000_000
SMALL = 64  # pixels, for the tests that count them
BATCH = 8
SEEDS_OF_ONE_PROMPT = 8
VARIED_PROMPTS = 6
LOOKED_UP = 64  # pictures searched for among those trained on
DECODED = 500  # held-out pictures made small and sharp again
KNOWS_ENOUGH = 0.97  # of true renders; a judge that knows less cannot pass anybody
# Wider instructions than AVX2 are not everywhere; the three libraries that multiply read these when they are loaded.
NARROW = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """The model's folder, the training's, what was trained how, and the model as a function."""

    model: Path
    work: Path
    configuration: Configuration
    paint: Painter

    @property
    def pictures(self) -> Pictures:
        """Which scenes it was trained on."""
        return self.configuration.pictures

    @property
    def shards(self) -> data.Shards:
        """What it was trained on."""
        return data.Shards(self.work / "shards")


def main() -> None:
    """Read the arguments, measure, print and save."""
    parser = argparse.ArgumentParser(prog="python -m generator.starter.evaluate", description=__doc__)
    parser.add_argument("model", type=Path, help="a folder that `train export` wrote")
    parser.add_argument("--work", type=Path, required=True, help="the training's working folder")
    parser.add_argument("--to", type=Path, required=True, help="where the table and the sheet go")
    parser.add_argument("--configuration", type=Path, default=settings.DEFAULT)
    parser.add_argument("--pictures", type=int, default=300, help="held-out captions to paint")
    parser.add_argument("--sheet-only", action="store_true", help="paint the sheet and measure nothing")
    parser.add_argument("--card", action="store_true", help="put the table into the model's card")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the time of a picture is that of one core
    try:
        _examine(arguments)
    except Unusable as error:
        parser.exit(1, f"{parser.prog}: {error}\n")


def _examine(arguments: argparse.Namespace) -> None:
    configuration = settings.read(arguments.configuration)
    arguments.to.mkdir(parents=True, exist_ok=True)
    paint = load(arguments.model, configuration)
    hang(PROMPTS, paint(PROMPTS, range(len(PROMPTS)))).save(arguments.to / "sheet.png")
    if arguments.sheet_only:
        return
    candidate = Candidate(arguments.model, arguments.work, configuration, paint)
    rows: list[Row] = []
    for row in evaluate(candidate, arguments.pictures):
        rows.append(row)
        print(format_row(row), flush=True)
        (arguments.to / "table.md").write_text(format_table(rows) + "\n", encoding="utf-8")
    if arguments.card:
        card.put_figures(arguments.model, format_table(rows))


def load(model: Path, configuration: Configuration) -> Painter:
    """The model as a function from prompts and seeds to pictures; `Unusable` where its folder holds none."""
    if not (model / "model_index.json").is_file():
        raise Unusable(f"{model} is no model: it has no model_index.json")
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


def evaluate(candidate: Candidate, number: int) -> Iterator[Row]:
    """All rows but the last, which only an eye can fill; `Unusable` before anything is painted where a help lacks."""
    eye = judge_stage.read(candidate.configuration, candidate.work / "judge.pt")
    if not data.are_drawn(candidate.pictures, candidate.shards):
        raise Unusable(f"{candidate.shards.folder} has not the pictures that this configuration trains on")
    yield _size(candidate.model)
    yield from _cost(candidate)
    yield from _decoder(candidate)
    yield from _colours(candidate, number)
    held_out = data.draw_held_out(candidate.pictures, number, candidate.pictures.side)
    painted = candidate.paint([data.whole_caption(seed) for seed in held_out.seeds], held_out.seeds)
    yield from _judged(eye, candidate.configuration, held_out, painted)
    yield from _variety(candidate, held_out, painted)


def format_row(row: Row) -> str:
    """One row as Markdown."""
    true = "" if row.true is None else f"{row.true:.3g}"
    mark = "yes" if row.passes else "no"
    return f"| {row.point} | {row.what} | {row.needed} | {true} | {row.painted:.3g} | {mark} |"


def format_table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| point | what | needed | true renders | painted | |", "| --- | --- | --- | --- | --- | --- |"]
    last = "| 8 | the main object named from the picture | 27 of 30 | | by eye: sheet.png | |"
    return "\n".join([*lines, *(format_row(row) for row in rows), last])


def _load(model: Path) -> DiffusionPipeline:
    return DiffusionPipeline.from_pretrained(model, local_files_only=True, use_safetensors=True, dtype=torch.float32)


def _size(model: Path) -> Row:
    total = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    return Row(1, "bytes of the folder", f"<= {MAX_BYTES}", None, float(total), total <= MAX_BYTES)


def _cost(candidate: Candidate) -> Iterator[Row]:
    """Of painting alone: in a process that does nothing else, with the instructions that every processor has."""
    os.environ.update(NARROW)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        seconds, megabytes = alone.submit(paint_alone, candidate.model, candidate.configuration).result()
    yield Row(2, "seconds a picture on one core, AVX2", "<= 4", None, seconds, seconds <= 4)
    yield Row(2, "most memory, MB", "<= 800", None, megabytes, megabytes <= 800)


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


def _decoder(candidate: Candidate) -> Iterator[Row]:
    """True pictures made small and sharp again, whatever styles were trained."""
    vae, pictures = _load(candidate.model).vae, candidate.pictures
    for name, styles, least in (("flat", FLAT, 30.0), ("all styles", (), 26.0)):
        drawn = data.draw_held_out(msgspec.structs.replace(pictures, styles=styles), DECODED, pictures.side).pictures
        score = measure.decibels(drawn, _made_small_and_sharp(vae, drawn))
        yield Row(3, f"decoder, dB, {name}", f">= {least:.0f}", None, score, score >= least)


def _made_small_and_sharp(vae: AutoencoderTiny, pictures: Pixels) -> Pixels:
    back = []
    with torch.inference_mode():
        for start in range(0, len(pictures), BATCH):
            seen = judge_stage.to_tensor(torch.from_numpy(pictures[start : start + BATCH]))
            drawn = vae.decode(vae.encode(seen).latents).sample.clamp(-1, 1).add(1).mul(127.5).round()
            back.append(drawn.byte().permute(0, 2, 3, 1).numpy())
    return np.concatenate(back)


def _colours(candidate: Candidate, number: int) -> Iterator[Row]:
    """Asked of flat things of one kind on a plain ground."""
    plain = msgspec.structs.replace(candidate.pictures, grounds=("plain",), styles=FLAT, max_subjects=1)
    drawn = data.draw_held_out(plain, number, SMALL)
    scenes = [imagine(seed) for seed in drawn.seeds]
    painted = data.average(candidate.paint([data.whole_caption(seed) for seed in drawn.seeds], drawn.seeds), SMALL)
    true, found = (measure.colour_scores(scenes, pictures) for pictures in (drawn.pictures, painted))
    for name, least in (("background", 0.97), ("object", 0.85), ("both", 0.83)):
        what = f"colour of {name}, of {number}"
        yield Row(4, what, f">= {least}", true[name], found[name], found[name] >= least)


def _judged(eye: Eye, configuration: Configuration, held_out: Drawn, painted: Pixels) -> Iterator[Row]:
    """What a judge taught on true renders sees; of point 5 nothing passes that it knows too little of."""
    side = configuration.judge.side
    true, found = (
        marking.marks(marking.look(eye, data.average(pictures, side)), held_out.seeds)
        for pictures in (held_out.pictures, painted)
    )
    for point, name, least in JUDGED:
        known, share, asked = marking.share(true[name]), marking.share(found[name]), found[name][1]
        if asked:
            passes = share >= least and (point != 5 or known >= KNOWS_ENOUGH)
            yield Row(point, f"{name}, of {asked}", f">= {least}", known, share, passes)


def _variety(candidate: Candidate, held_out: Drawn, painted: Pixels) -> Iterator[Row]:
    """Eight seeds of one prompt against eight true scenes, of several prompts; and nothing learned by heart."""
    side, whole = candidate.pictures.latent_side, candidate.pictures.side
    # On a plain ground true scenes of one caption are all alike.
    outdoors = [seed for seed in held_out.seeds if imagine(seed).is_outdoors]
    mine, theirs = [], []
    for chosen in (outdoors or held_out.seeds)[:VARIED_PROMPTS]:
        scene, prompts = imagine(chosen), [data.whole_caption(chosen)] * SEEDS_OF_ONE_PROMPT
        mine.append(measure.variety(data.average(candidate.paint(prompts, range(SEEDS_OF_ONE_PROMPT)), side)))
        true = [render(replace(scene, seed=seed), whole, whole) for seed in range(SEEDS_OF_ONE_PROMPT)]
        theirs.append(measure.variety(data.average(np.stack([np.asarray(image, np.uint8) for image in true]), side)))
    differ, should = float(np.mean(mine)), float(np.mean(theirs))
    what = f"distance of eight seeds, mean of {len(mine)} prompts"
    yield Row(7, what, "half of the true", should, differ, differ >= should / 2)
    trained = data.draw_small(candidate.pictures, candidate.shards, side).pictures
    near = measure.nearest(data.average(painted[:LOOKED_UP], side), trained)
    usual = measure.nearest(data.average(held_out.pictures[:LOOKED_UP], side), trained)
    yield Row(7, "nearest to a training picture", "not below the true", usual, near, near >= usual)


if __name__ == "__main__":
    main()

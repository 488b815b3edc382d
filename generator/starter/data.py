"""Pictures to learn from: scenes of seeds, drawn once into shards on the disk by several processes.

A shard is an `.npz` with `seeds` and `pictures` (number x side x side x 3, uint8); its name holds all that decides
its content, so that a line changed in `scenes` draws anew. Painter and judge learn from the same small shards, of all
scenes: each takes those it wants when they are read, at the size it wants. Captions and attributes are made from the
seeds then, too. Of all scenes a sixteenth is kept back, by what they show, whatever their seed: from those neither
painter nor judge learns, and by those they are judged. It must not import torch.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.starter import scenes
from generator.starter.configuration import HELD_OUT_SEED, Pictures, Unusable
from generator.starter.scenes.caption import caption
from generator.starter.scenes.description import Scene
from generator.starter.scenes.dice import throw
from generator.starter.scenes.paint import render
from generator.starter.scenes.random_scene import imagine

Pixels = NDArray[np.uint8]

NONE_BELONGS = "no scene is of these grounds, styles and kinds together"
KEPT_BACK = 16  # of 256 scenes
MOST_MISSES = 200_000  # seeds in a row whose scenes do not belong: then none ever will


class Unfinished(Exception):
    """Drawing was ended before all was drawn; what is drawn is kept."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pictures and the seeds of their scenes, in the same order."""

    seeds: tuple[int, ...]
    pictures: Pixels


@dataclass(frozen=True, slots=True)
class Shards:
    """Where shards lie, how many processes draw missing ones, and whether to go on with it."""

    folder: Path
    workers: int = 1
    is_wanted: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class _Size:
    """How many pictures, the side they are drawn at and the one they are kept at, in pixels."""

    number: int
    draw_side: int
    side: int


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    seeds: tuple[int, ...]
    size: _Size


def belongs(scene: Scene, pictures: Pictures) -> bool:
    """Whether a scene is one of those the configuration trains on."""
    return (
        (not pictures.grounds or scene.ground in pictures.grounds)
        and (not pictures.styles or scene.style in pictures.styles)
        and len(scene.subjects) <= pictures.max_subjects
        and all(subject.count <= pictures.max_count for subject in scene.subjects)
        and (not pictures.kinds or all(subject.kind in pictures.kinds for subject in scene.subjects))
    )


def is_kept_back(scene: Scene) -> bool:
    """Whether a scene is for judging only; by all that it shows, so that no other seed brings its like to a lesson."""
    return hashlib.sha256(repr(replace(scene, seed=0)).encode()).digest()[0] < KEPT_BACK


def seeds_of(pictures: Pictures, first: int) -> Iterator[int]:
    """The seeds from `first` on whose scenes belong, without end; `Unusable` where none does."""
    last = first
    for seed in count(first):
        if belongs(imagine(seed), pictures):
            last = seed
            yield seed
        elif seed - last > MOST_MISSES:
            raise Unusable(NONE_BELONGS)


def captions_of(seed: int, paraphrases: int) -> list[str]:
    """Several ways to say what the scene of a seed shows."""
    scene = imagine(seed)
    return [caption(scene, throw(seed, f"caption {number}")) for number in range(paraphrases)]


def whole_caption(seed: int) -> str:
    """One way to say everything that the scene of a seed shows, so that a painter has nothing left to choose."""
    return caption(imagine(seed), throw(seed, "whole caption"), whole=True)


def draw_small(pictures: Pictures, shards: Shards, side: int) -> Drawn:
    """The small pictures to learn from, made smaller to `side`; `Unfinished` when it is not wanted any more.

    `Unusable` where none belongs.
    """
    next(seeds_of(pictures, pictures.first_seed))  # said before hours of drawing
    paths = _drawn(everything(pictures), shards, _small(pictures))
    parts = [_chosen(_read(path), pictures, side) for path in paths]
    if not any(part.seeds for part in parts):
        raise Unusable(NONE_BELONGS)
    return _joined(parts)


def draw_whole(pictures: Pictures, shards: Shards) -> Drawn:
    """The decoder's pictures, in full size; `Unfinished` when it is not wanted any more."""
    return _joined([_read(path) for path in _drawn(pictures, shards, _whole(pictures))])


def draw(pictures: Pictures, shards: Shards) -> None:
    """All pictures that are missing, for every reader; `Unfinished` when it is not wanted any more."""
    _drawn(everything(pictures), shards, _small(pictures))
    _drawn(pictures, shards, _whole(pictures))


def are_drawn(pictures: Pictures, shards: Shards) -> bool:
    """Whether all of the small pictures lie there."""
    return all(path.is_file() for path, _ in _places(everything(pictures), shards, _small(pictures)))


def everything(pictures: Pictures) -> Pictures:
    """The same without any wish: all scenes there are."""
    return msgspec.structs.replace(pictures, grounds=(), styles=(), kinds=(), max_count=9, max_subjects=2)


def draw_held_out(pictures: Pictures, number: int, side: int) -> Drawn:
    """Pictures of scenes that are kept back, drawn here and now."""
    belonging = seeds_of(pictures, HELD_OUT_SEED)
    seeds = tuple(islice((seed for seed in belonging if is_kept_back(imagine(seed))), number))
    return Drawn(seeds, _pictures(seeds, side, side))


def average(pictures: Pixels, side: int) -> Pixels:
    """Square pictures made smaller by the mean of whole blocks, as the model's fixed encoder does."""
    number, large = pictures.shape[:2]
    if large == side:
        return pictures
    blocks = pictures.reshape(number, side, large // side, side, large // side, 3)
    small: Pixels = blocks.mean((2, 4), dtype=np.float32).round().astype(np.uint8)
    return small


def _small(pictures: Pictures) -> _Size:
    return _Size(pictures.count, pictures.draw_side, pictures.kept_side)


def _whole(pictures: Pictures) -> _Size:
    return _Size(pictures.whole_count, pictures.side, pictures.side)


def _chosen(drawn: Drawn, pictures: Pictures, side: int) -> Drawn:
    scenes_there = [imagine(seed) for seed in drawn.seeds]
    wanted = [n for n, scene in enumerate(scenes_there) if belongs(scene, pictures) and not is_kept_back(scene)]
    return Drawn(tuple(drawn.seeds[place] for place in wanted), average(drawn.pictures[wanted], side))


def _joined(parts: Sequence[Drawn]) -> Drawn:
    return Drawn(
        tuple(seed for part in parts for seed in part.seeds), np.concatenate([part.pictures for part in parts])
    )


def _places(pictures: Pictures, shards: Shards, size: _Size) -> list[tuple[Path, int]]:
    """Every shard's file and how many pictures it holds."""
    mark = _mark(pictures, size)
    return [
        (shards.folder / f"{mark}-{start:07}.npz", min(pictures.shard, size.number - start))
        for start in range(0, size.number, pictures.shard)
    ]


def _drawn(pictures: Pictures, shards: Shards, size: _Size) -> list[Path]:
    """Where all the shards lie, the missing ones drawn."""
    shards.folder.mkdir(parents=True, exist_ok=True)
    missing: list[_Task] = []
    places = _places(pictures, shards, size)
    next_seed = pictures.first_seed
    for path, wanted in places:
        seeds = _seeds_in(path)
        is_whole = len(seeds) == wanted
        # What a shard of this name begins with is settled, so its seeds need not be sought again.
        seeds = seeds if is_whole else tuple(islice(seeds_of(pictures, next_seed), wanted))
        missing += [] if is_whole else [_Task(path, seeds, size)]
        next_seed = seeds[-1] + 1
    _draw_missing(missing, shards)
    return [path for path, _ in places]


def _seeds_in(path: Path) -> tuple[int, ...]:
    """The seeds of a shard, none where it is missing; one is only ever put in place when it is finished."""
    if not path.is_file():
        return ()
    with np.load(path) as shard:
        return tuple(int(seed) for seed in shard["seeds"])


def _mark(pictures: Pictures, size: _Size) -> str:
    """A short name for everything that decides which scenes are drawn and how."""
    choice = (pictures.grounds, pictures.styles, pictures.kinds, pictures.max_count, pictures.max_subjects)
    said = (choice, pictures.first_seed, pictures.shard, size.draw_side, size.side)
    mark = hashlib.sha256(msgspec.json.encode(said))
    for path in sorted(Path(scenes.__path__[0]).glob("*.py")):
        if path.name != "caption.py":  # captions are made when they are read
            mark.update(path.read_bytes())
    return f"{size.side}-{mark.hexdigest()[:10]}"


def _draw_missing(tasks: Sequence[_Task], shards: Shards) -> None:
    if not tasks:
        return
    with ProcessPoolExecutor(shards.workers, mp_context=get_context("spawn")) as pool:
        for number, done in enumerate(as_completed([pool.submit(_write, task) for task in tasks]), 1):
            done.result()
            print(f"drawn {number} of {len(tasks)} shards", flush=True)
            if number < len(tasks) and not shards.is_wanted():
                pool.shutdown(cancel_futures=True)
                raise Unfinished(f"{number} of {len(tasks)} shards are drawn; the same command draws the rest")


def _write(task: _Task) -> None:
    unfinished = task.path.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        np.savez_compressed(
            file,
            seeds=np.array(task.seeds, np.int64),
            pictures=_pictures(task.seeds, task.size.draw_side, task.size.side),
        )
    unfinished.replace(task.path)


def _pictures(seeds: Sequence[int], draw_side: int, side: int) -> Pixels:
    drawn = np.stack([np.asarray(render(imagine(seed), draw_side, draw_side), np.uint8) for seed in seeds])
    return average(drawn, side)


def _read(path: Path) -> Drawn:
    with np.load(path) as shard:
        return Drawn(tuple(int(seed) for seed in shard["seeds"]), shard["pictures"])

"""A region holds the thing, and little else."""

from dataclasses import replace

import numpy as np
import pytest

from generator.starter.regions import regions
from generator.starter.scenes.description import Colour, Scene, Subject
from generator.starter.scenes.paint import render
from generator.starter.scenes.random_scene import imagine

SIDE = 64


def seeds(ground: str, number: int = 12) -> list[int]:
    found = (seed for seed in range(40_000) if _is_plainly(ground, seed))
    return [next(found) for _ in range(number)]


def _is_plainly(ground: str, seed: int) -> bool:
    scene = imagine(seed)
    bright = scene.time == "day" and scene.weather == "clear"
    return scene.ground == ground and scene.style == "flat" and bright and len(scene.subjects) > 0


def _of(colour: Colour, scene: Scene) -> tuple[Subject, ...]:
    return tuple(replace(subject, colour=colour) for subject in scene.subjects)


@pytest.mark.parametrize("ground", ["plain", "meadow", "road"])
def test_what_takes_the_colour_of_a_thing_lies_in_its_region(ground: str) -> None:
    for seed in seeds(ground):
        scene = imagine(seed)
        red, blue = (
            np.asarray(render(replace(scene, subjects=_of(colour, scene)), SIDE, SIDE), np.int16)
            for colour in ("red", "blue")
        )
        changed = np.abs(red - blue).max(2) > 60
        (there,) = regions([seed], SIDE)

        assert changed.any()
        assert (changed & there).sum() > 0.85 * changed.sum(), seed
        assert changed.sum() > 0.1 * there.sum(), seed


def test_a_scene_without_things_has_no_region() -> None:
    bare = [seed for seed in range(200) if not imagine(seed).subjects]

    assert regions(bare, 32).sum() == 0
    assert len(bare) > 3

"""Where things stand: near enough to be named, apart enough to be counted."""

import pytest

from generator.starter.scenes.compose import compose
from generator.starter.scenes.description import Ground, Scene, Subject
from generator.starter.scenes.kinds import KINDS
from generator.starter.scenes.random_scene import imagine
from generator.starter.scenes.rows import Placed

HORIZON = 0.56


def placed(kind: str, count: int, ground: Ground) -> list[Placed]:
    return compose(Scene(5, ground=ground, subjects=(Subject(kind, count=count),)), 1.0, 1.0, HORIZON)


@pytest.mark.parametrize("kind", sorted(kind.name for kind in KINDS.values() if kind.home != "any"))
def test_a_thing_alone_is_large_enough_to_be_named(kind: str) -> None:
    (alone,) = placed(kind, 1, KINDS[kind].ground)

    assert (alone.width * alone.height) ** 0.5 > 0.25
    assert alone.x - alone.width / 2 > 0.0
    assert alone.x + alone.width / 2 < 1.0
    assert alone.y - alone.height > 0.0


@pytest.mark.parametrize(
    ("kind", "ground"), [("ship", "sea"), ("whale", "sea"), ("plane", "meadow"), ("bird", "meadow")]
)
@pytest.mark.parametrize("count", [4, 5])
def test_many_wide_things_are_in_two_rows(kind: str, ground: Ground, count: int) -> None:
    things = placed(kind, count, ground)

    assert len(things) == count
    assert min(thing.width for thing in things) > 0.18
    assert all(
        abs(one.x - other.x) > 0.55 * (one.width + other.width) / 2 or abs(one.y - other.y) > 0.12
        for one in things
        for other in things
        if one is not other
    )


def test_things_of_a_row_that_fits_stay_in_it() -> None:
    levels = {round(thing.y, 1) for thing in placed("candle", 4, "table")}

    assert len(levels) == 1


def test_nearly_everything_is_also_shown_on_a_plain_ground() -> None:
    scenes = [imagine(seed) for seed in range(6000)]
    alone = {subject.kind for scene in scenes if scene.ground == "plain" for subject in scene.subjects}

    assert set(KINDS) - alone == {"bouquet", "island"}


@pytest.mark.parametrize("kind", ["circle", "square", "house", "cat", "whale"])
@pytest.mark.parametrize("count", [2, 3])
def test_things_of_one_kind_beside_another_do_not_touch(kind: str, count: int) -> None:
    subjects = (Subject(kind, count=count), Subject("star"))
    things = [
        thing for thing in compose(Scene(5, ground="plain", subjects=subjects), 1.0, 1.0, 1.0) if thing.subject == 0
    ]

    assert len(things) == count
    assert min(thing.x - thing.width / 2 for thing in things) >= 0.0
    assert all(
        abs(one.x - other.x) >= one.width or abs(one.y - other.y) >= one.height
        for one in things
        for other in things
        if one is not other
    )

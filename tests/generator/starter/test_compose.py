"""Where things stand: near enough to be named, apart enough to be counted."""

import math
from typing import Literal

import pytest

from generator.starter.scenes import stage
from generator.starter.scenes.canvas import Canvas
from generator.starter.scenes.compose import compose
from generator.starter.scenes.description import Ground, Layer, Relation, Scene, Sky, Subject, Where
from generator.starter.scenes.kinds import KINDS
from generator.starter.scenes.ladder import PATCH, RUNG, STEP
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


def test_things_of_a_kind_come_in_few_sizes_at_few_places() -> None:
    scenes = [imagine(seed) for seed in range(1500)]
    things = [
        thing
        for scene in scenes
        if not scene.pattern and not any(relation.where in ("above", "inside") for relation in scene.relations)
        for thing in compose(scene, 1.0, 1.0, HORIZON)
    ]

    steps = {round(2 * math.log(thing.height * math.sqrt(thing.kind.width) / 0.1, 2), 6) for thing in things}
    assert steps <= {float(rung) for rung in range(8)}
    beside = [thing for thing in things if (thing.x / STEP) % 1.0 or (thing.y / STEP) % 1.0]
    assert len(beside) < 0.01 * len(things)  # where a row is too full for the grid
    assert sum((thing.y / PATCH) % 1.0 == 0.0 for thing in things) > 0.7 * len(things)
    assert sum((thing.x / PATCH) % 1.0 == 0.0 for thing in things) > 0.7 * len(things)


@pytest.mark.parametrize(("kind", "ground"), [("apple", "road"), ("fox", "meadow"), ("candle", "table")])
@pytest.mark.parametrize("count", [3, 5, 9])
def test_things_alike_in_a_row_are_of_one_size(kind: str, ground: Ground, count: int) -> None:
    assert len({thing.height for thing in placed(kind, count, ground)}) == 1


@pytest.mark.parametrize("size", ["small", "big"])
def test_small_and_big_are_one_step_of_the_ladder_away(size: Literal["small", "big"]) -> None:
    usual, other = (
        compose(Scene(5, ground="meadow", subjects=(Subject("fox", size=each),)), 1.0, 1.0, 0.64)[0].height
        for each in ("medium", size)
    )

    assert other == pytest.approx(usual * RUNG if size == "big" else usual / RUNG)


@pytest.mark.parametrize("where", ["left", "right"])
@pytest.mark.parametrize("first", ["tower", "balloon"])
def test_a_group_moved_aside_stays_in_the_picture(where: Literal["left", "right"], first: str) -> None:
    second = "balloon" if first == "tower" else "tower"
    subjects = (Subject(first, count=3), Subject(second))
    scene = Scene(5, ground="meadow", subjects=subjects, relations=(Relation(0, where, 1),))
    things = compose(scene, 1.0, 1.0, 0.64)
    group, other = ([thing.x for thing in things if thing.subject == index] for index in (0, 1))

    assert min(thing.x - thing.width / 2 for thing in things) >= 0.0
    assert max(thing.x + thing.width / 2 for thing in things) <= 1.0
    assert (max(group) < other[0]) if where == "left" else (min(group) > other[0])


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


@pytest.mark.parametrize("ground", ["road", "sea", "plain", "table"])
def test_nine_and_nine_of_anything_find_their_places(ground: Ground) -> None:
    for kind in sorted(KINDS):
        subjects = (Subject(kind, count=9), Subject("car", count=9))
        related = (Relation(0, "left", 1),)
        for scene in (
            Scene(5, ground=ground, subjects=subjects[:1]),
            Scene(5, ground=ground, subjects=subjects, relations=related),
        ):
            things = compose(scene, 1.0, 1.0, 1.0 if ground == "plain" else 0.6)
            wanted = sum(1 if KINDS[subject.kind].gathers else 9 for subject in scene.subjects)
            assert len(things) == wanted
            assert min(thing.height for thing in things) > 0.01
            assert len({(thing.x, thing.y) for thing in things}) == wanted
            assert min(thing.x - thing.width / 2 for thing in things) > -0.03, (kind, scene)
            assert max(thing.x + thing.width / 2 for thing in things) < 1.03, (kind, scene)


@pytest.mark.parametrize(("width", "height"), [(1.0, 1.0), (2.0, 1.0), (1.0, 2.0)])
def test_all_things_stay_in_the_picture(width: float, height: float) -> None:
    for seed in range(3000):
        scene = imagine(seed)
        for thing in compose(scene, width, height, height * stage.HORIZON[scene.ground]):
            assert thing.x - thing.width / 2 > -1e-6, scene
            assert thing.x + thing.width / 2 < width + 1e-6, scene
            assert thing.y - thing.height > -1e-6, scene
            assert thing.y < height, scene


@pytest.mark.parametrize("where", ["left", "right", "above", "below"])
def test_things_moved_by_a_relation_stay_between_the_edges(where: Where) -> None:
    for first, second in (("plane", "house"), ("bird", "plane"), ("boat", "bird"), ("balloon", "castle")):
        for seed in range(20):
            subjects = (Subject(first, count=2), Subject(second))
            scene = Scene(seed, subjects=subjects, relations=(Relation(0, where, 1),))
            for thing in compose(scene, 1.0, 1.0, 0.64):
                assert thing.x - thing.width / 2 > -1e-6, (first, seed)
                assert thing.x + thing.width / 2 < 1.0 + 1e-6, (first, seed)


def test_a_low_sun_is_seen_over_mountains() -> None:
    for seed in range(40):
        scene = Scene(seed, ground="lake", time="sunset", sky=Sky("sun"), far=(Layer("mountains"),))
        found = stage.set_stage(scene, Canvas(64, 64, "solid", 1))
        assert found.orb is not None
        assert found.orb.y < 0.56 * found.horizon

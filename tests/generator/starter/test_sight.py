"""What a picture alone can tell: order-free, and silent on what nobody can see."""

from dataclasses import replace

import pytest

from generator.starter.scenes.description import Relation, Scene, Subject, Where
from generator.starter.scenes.random_scene import imagine
from generator.starter.sight import SIGHTS, THINGS, UNSEEN, sights, things

CAT, STAR = Subject("cat", "black", count=2), Subject("star", "yellow")


def said(scene: Scene) -> dict[str, str | None]:
    return {q: None if place == UNSEEN else SIGHTS[q][place] for q, place in sights(scene).items()}


def test_every_scene_can_be_looked_at() -> None:
    for seed in range(300):
        assert set(sights(imagine(seed))) == set(SIGHTS)
        assert things(imagine(seed)) <= set(THINGS)


@pytest.mark.parametrize(
    ("where", "arranged", "near", "beyond"),
    [
        ("left", "in a row", "cat", "star"),
        ("right", "in a row", "star", "cat"),
        ("above", "one above the other", "cat", "star"),
        ("below", "one above the other", "star", "cat"),
        ("inside", "one inside the other", "cat", "star"),
    ],
)
def test_the_same_picture_is_seen_alike_whoever_is_named_first(
    where: Where, arranged: str, near: str, beyond: str
) -> None:
    one = Scene(1, ground="plain", subjects=(CAT, STAR), relations=(Relation(0, where, 1),))
    other = Scene(1, ground="plain", subjects=(STAR, CAT), relations=(Relation(1, where, 0),))
    assert said(one) == said(other)
    assert (said(one)["arranged"], said(one)["near"], said(one)["beyond"]) == (arranged, near, beyond)
    assert things(one) == things(other) == {"cat", "star"}


def test_what_cannot_be_seen_is_not_asked() -> None:
    both = Scene(1, ground="plain", subjects=(CAT, STAR), relations=(Relation(0, "beside", 1),))
    assert (said(both)["arranged"], said(both)["count"], said(both)["time"], said(both)["weather"]) == (None,) * 4
    ink = Scene(1, ground="meadow", subjects=(CAT,), style="line", time="dawn", weather="fog")
    assert (said(ink)["time"], said(ink)["weather"], said(ink)["count"]) == (None, None, "2")
    assert said(replace(ink, time="night", weather="rain"))["time"] == "night"
    assert said(replace(ink, weather="rain"))["weather"] == "rain"


def test_a_pattern_is_a_thing_without_number() -> None:
    dots = Scene(1, ground="pattern", pattern="dots", ground_colour="red", second_colour="blue")
    assert things(dots) == {"dots"}
    assert said(dots)["count"] is None

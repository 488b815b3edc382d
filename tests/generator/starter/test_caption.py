"""Captions: true to their scene, and understood by the parser that reads people's prompts."""

import pytest

from generator.drawing import understand
from generator.starter.scenes.caption import caption
from generator.starter.scenes.description import COLOURS, Scene, Sky, Subject
from generator.starter.scenes.dice import throw
from generator.starter.scenes.random_scene import imagine

SEEDS = range(400)


def said(scene: Scene) -> str:
    return caption(scene, throw(scene.seed, "caption"))


def related(scene: Scene) -> set[tuple[str, str, str]]:
    """Who is where of whom, by kind; right of is left of the other way round."""
    pairs = [(scene.subjects[one.first].kind, one.where, scene.subjects[one.second].kind) for one in scene.relations]
    turned = {"right": "left", "below": "above", "behind": "before"}
    return {
        (second, turned[where], first) if where in turned else (first, where, second) for first, where, second in pairs
    }


def test_where_a_thing_is_at_home_the_place_may_be_left_out() -> None:
    fish = Scene(1, ground="underwater", subjects=(Subject("fish", "green"),))
    ways = {caption(fish, throw(seed, "caption")).split(",")[0] for seed in range(200)}

    assert {"a green fish", "a green fish under water"} <= ways
    assert all("under water" in caption(fish, throw(seed, "caption"), whole=True) for seed in range(50))


def test_a_seed_imagines_the_same_scene_every_time() -> None:
    assert imagine(12) == imagine(12)
    assert imagine(12) != imagine(13)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_caption_is_understood_as_its_scene(seed: int) -> None:
    scene = imagine(seed)

    meant, unknown = understand(said(scene), None, seed)

    assert unknown == ()
    assert meant.style == scene.style
    assert sorted((one.kind, one.count) for one in meant.subjects) == sorted(
        (one.kind, one.count) for one in scene.subjects
    )
    assert related(meant) == related(scene)
    if scene.style not in ("line", "neon"):  # these show no colour of a ground
        assert meant.ground == scene.ground


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if imagine(seed).style == "line"])
def test_line_art_is_captioned_without_colours(seed: int) -> None:
    assert not set(COLOURS) & set(said(imagine(seed)).replace(",", " ").split())


def test_neon_has_no_word_for_what_does_not_shine() -> None:
    scene = Scene(1, ground="plain", ground_colour="red", subjects=(Subject("cat", "black"),), style="neon")

    assert not {"red", "black"} & set(said(scene).replace(",", " ").split())


def test_rooms_have_no_weather() -> None:
    scene = Scene(1, ground="table", subjects=(Subject("apple", "red"),), time="night", weather="rain", sky=Sky("moon"))

    assert not {"night", "rain", "moon"} & set(said(scene).replace(",", " ").split())


def test_a_whole_caption_leaves_nothing_out() -> None:
    scene = Scene(3, ground="meadow", subjects=(Subject("cat", "red"),), time="day", weather="clear", sky=Sky("sun"))
    for number in range(20):
        said = caption(scene, throw(number, "whole"), whole=True)
        assert "with a clear sky" in said
        assert "with a sun" in said
        assert any(words in said for words in ("by day", "at noon"))

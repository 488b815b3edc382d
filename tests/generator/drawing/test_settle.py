"""From prompts to scenes: what was asked is in the scene, what was left open is chosen by the seed."""

import pytest

from generator.drawing.engine import understand
from generator.starter.scenes.description import PATTERNS, Scene, Subject


def scene(prompt: str, negative: str | None = None, seed: int = 3) -> Scene:
    return understand(prompt, negative, seed)[0]


@pytest.mark.parametrize(
    ("prompt", "attribute", "value"),
    [
        ("a house at dusk", "time", "sunset"),
        ("a house in the early morning", "time", "dawn"),
        ("a house at midnight", "time", "night"),
        ("a house at noon", "time", "day"),
        ("a house in the rain", "weather", "rain"),
        ("a foggy house", "weather", "fog"),
        ("a house under a cloudy sky", "weather", "cloudy"),
        ("a house in the snow", "weather", "snow"),
        ("a house in fall", "season", "autumn"),
        ("a house, line drawing", "style", "line"),
        ("a pixel art house", "style", "pixel"),
        ("an aquarelle of a house", "style", "watercolor"),
        ("a neon house", "style", "neon"),
        ("a house", "style", "flat"),
        ("a camel", "ground", "desert"),
        ("a house in the desert", "ground", "desert"),
        ("a cat on a beach", "ground", "beach"),
        ("a cat by the sea", "ground", "beach"),
        ("a lighthouse by the sea", "ground", "sea"),
        ("a robot on a table", "ground", "table"),
        ("a cat in outer space", "ground", "space"),
        ("a fish", "ground", "underwater"),
        ("a stormy sea", "rough", True),
        ("a green meadow", "ground_colour", "green"),
        ("a teal sea", "ground_colour", "teal"),
        ("a star on red", "ground", "plain"),
    ],
)
def test_a_word_is_obeyed(prompt: str, attribute: str, value: object) -> None:
    assert getattr(scene(prompt), attribute) == value


@pytest.mark.parametrize("count", ["one", "two", "three", "four", "five", "1", "2", "3", "4", "5"])
def test_counts_are_kept(count: str) -> None:
    wanted = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}.get(count) or int(count)

    assert scene(f"{count} cats" if wanted > 1 else f"{count} cat").subjects[0].count == wanted


def test_a_plural_is_several() -> None:
    assert {scene("cats", seed=seed).subjects[0].count for seed in range(30)} == {2, 3, 4}


def test_flowers_go_into_their_vase() -> None:
    assert scene("five yellow flowers in a blue vase").subjects == (Subject("bouquet", "yellow", "blue", 5),)


@pytest.mark.parametrize(
    "said", ["three roses to the left of a vase", "a tulip below a vase", "two roses and two vases"]
)
def test_flowers_beside_a_vase_stay_out_of_it(said: str) -> None:
    assert {subject.kind for subject in scene(said).subjects} & {"rose", "tulip"}


def test_a_field_of_flowers_is_the_ground() -> None:
    field = scene("a field of red tulips")

    assert (field.ground, field.ground_colour, field.subjects) == ("field", "red", ())


def test_stars_over_a_landscape_are_the_sky_s() -> None:
    night = scene("a cat under the stars")

    assert night.sky.stars
    assert [subject.kind for subject in night.subjects] == ["cat"]


def test_a_counted_star_is_a_shape() -> None:
    assert scene("three yellow stars on a blue background").subjects == (Subject("star", "yellow", None, 3),)


def test_a_moon_brings_the_night() -> None:
    assert scene("a house under a crescent moon").time == "night"


def test_the_palm_of_an_island_grows_on_it() -> None:
    assert [subject.kind for subject in scene("an island with a palm tree").subjects] == ["island"]


def test_the_negative_prompt_takes_things_away() -> None:
    bare = scene("a house and a tree with clouds", "tree, clouds")

    assert [subject.kind for subject in bare.subjects] == ["house"]
    assert not bare.sky.clouds


def test_a_prompt_without_a_subject_is_a_pleasant_scene() -> None:
    drawn, unknown = understand("frobnicate the gribble", None, 5)

    assert unknown == ("frobnicate", "gribble")
    assert drawn.is_outdoors


def test_open_questions_are_answered_by_the_seed() -> None:
    assert scene("a house", seed=1) == scene("a house", seed=1)
    assert len({scene("a house", seed=seed).time for seed in range(40)}) > 1


@pytest.mark.parametrize(
    ("prompt", "pattern"),
    [
        ("red and white stripes", "vertical stripes"),
        ("horizontal stripes", "horizontal stripes"),
        ("diagonal stripes", "diagonal stripes"),
        ("blue polka dots", "dots"),
        ("a checkerboard", "checkers"),
        ("a gradient from red to blue", "gradient"),
        ("concentric circles", "rings"),
        ("wavy lines", "waves"),
        ("zigzag lines", "zigzag"),
        ("a triangle pattern", "triangles"),
    ],
)
def test_every_pattern_has_its_words(prompt: str, pattern: str) -> None:
    assert pattern in PATTERNS
    assert scene(prompt).pattern == pattern

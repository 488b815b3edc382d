"""Painted scenes: that what a scene says really is in the pixels, at every size and in every style."""

import colorsys

import numpy as np
import pytest
from PIL import Image

from generator.starter.scenes.description import (
    FARS,
    GROUNDS,
    PATTERNS,
    SEASONS,
    STYLES,
    TIMES,
    WEATHERS,
    Colour,
    Far,
    Ground,
    Layer,
    Pattern,
    Relation,
    Scene,
    Sky,
    Style,
    Subject,
    Time,
    Weather,
    Where,
)
from generator.starter.scenes.kinds import KINDS
from generator.starter.scenes.paint import hearts, paint, render
from generator.starter.scenes.palette import NAMED
from generator.starter.scenes.styles import pixel_size, pixelate

# Their colour is that of leaves thinner than a pixel at this size.
LEAFY = {"palm", "island", "pine"}
HUES: tuple[Colour, ...] = ("red", "blue")


def colour_at(image: Image.Image, x: int, y: int) -> tuple[float, float, float]:
    patch = np.asarray(image)[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2].reshape(-1, 3)
    red, green, blue = np.median(patch, axis=0)
    return float(red), float(green), float(blue)


def nearest(colour: tuple[float, float, float]) -> str:
    return min(NAMED, key=lambda name: sum((a - b) ** 2 for a, b in zip(NAMED[name], colour, strict=True)))


def hue_apart(colour: tuple[float, float, float], name: Colour) -> float:
    apart = abs(
        colorsys.rgb_to_hsv(*(part / 255 for part in colour))[0]
        - colorsys.rgb_to_hsv(*(part / 255 for part in NAMED[name]))[0]
    )
    return min(apart, 1 - apart)


def test_a_scene_is_painted_alike_every_time() -> None:
    scene = Scene(5, ground="lake", far=(Layer("mountains"),), subjects=(Subject("swan"),))

    assert render(scene, 128, 96).tobytes() == render(scene, 128, 96).tobytes()


def test_another_seed_paints_another_picture() -> None:
    assert (
        render(Scene(1, far=(Layer("hills"),)), 96, 96).tobytes()
        != render(Scene(2, far=(Layer("hills"),)), 96, 96).tobytes()
    )


@pytest.mark.parametrize("kind", sorted(set(KINDS) - LEAFY))
@pytest.mark.parametrize("colour", HUES)
def test_a_thing_has_the_colour_it_is_given(kind: str, colour: Colour) -> None:
    scene = Scene(7, ground=KINDS[kind].ground, subjects=(Subject(kind, colour),))
    ((_, x, y),) = hearts(scene, 160, 160)

    assert hue_apart(colour_at(render(scene, 160, 160), x, y), colour) < 0.07


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("shape", ["circle", "square", "heart"])
def test_as_many_things_are_there_as_were_counted(shape: str, count: int) -> None:
    scene = Scene(3, ground="plain", ground_colour="yellow", subjects=(Subject(shape, "blue", count=count),))

    assert islands(is_near(render(scene, 128, 128), "blue")) == count


@pytest.mark.parametrize("kind", ["cat", "house", "balloon", "sailboat", "car", "fish", "planet", "flower"])
def test_every_single_thing_shows_its_colour(kind: str) -> None:
    scene = Scene(11, ground=KINDS[kind].ground, subjects=(Subject(kind, "red", count=3),))
    image = render(scene, 240, 160)
    places = hearts(scene, 240, 160)

    assert len(places) == 3
    assert all(hue_apart(colour_at(image, x, y), "red") < 0.07 for _, x, y in places)


@pytest.mark.parametrize("ground", ["meadow", "plain", "table", "space", "road", "sea"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_left_is_left_of_right(ground: Ground, seed: int) -> None:
    kinds = {"space": ("planet", "rocket"), "sea": ("sailboat", "ship")}.get(ground, ("cat", "apple"))
    for where, side in (("left", -1), ("right", 1)):
        relation = Relation(0, "left" if where == "left" else "right", 1)
        subjects = (Subject(kinds[0]), Subject(kinds[1]))
        (_, first, _), (_, second, _) = sorted(
            hearts(Scene(seed, ground=ground, subjects=subjects, relations=(relation,)), 200, 200)
        )

        assert (first - second) * side > 10


@pytest.mark.parametrize(("first", "second"), [("bird", "house"), ("cat", "car"), ("star", "circle")])
def test_above_is_higher_than_below(first: str, second: str) -> None:
    ground: Ground = "plain" if first == "star" else "meadow"
    wheres: tuple[tuple[Where, int], ...] = (("above", 1), ("below", -1)) if ground == "plain" else (("above", 1),)
    for where, side in wheres:
        scene = Scene(4, ground=ground, subjects=(Subject(first), Subject(second)), relations=(Relation(0, where, 1),))
        (_, _, upper), (_, _, lower) = sorted(hearts(scene, 200, 200))

        assert (lower - upper) * side > 10


def test_small_is_smaller_than_big() -> None:
    def area(size: str) -> int:
        subject = Subject("circle", "red", size="small" if size == "small" else "big")
        return int(
            is_near(render(Scene(1, ground="plain", ground_colour="white", subjects=(subject,)), 96, 96), "red").sum()
        )

    assert area("small") * 3 < area("big")


def test_night_is_darker_than_day() -> None:
    def brightness(time: Time) -> float:
        return float(np.asarray(render(Scene(1, far=(Layer("hills"),), time=time), 64, 64)).mean())

    assert brightness("night") < 0.6 * brightness("day")


def test_snow_lies_white_on_the_meadow() -> None:
    foot = np.asarray(render(Scene(1, weather="snow"), 64, 64))[-8:].mean(axis=(0, 1))

    assert foot.min() > 190


def test_a_colour_of_the_sky_is_the_sky_s() -> None:
    image = render(Scene(1, sky=Sky(colour="pink")), 64, 64)

    assert nearest(colour_at(image, 32, 10)) == "pink"


@pytest.mark.parametrize(("width", "height"), [(64, 64), (64, 640), (640, 64), (65, 127), (333, 200), (2048, 64)])
@pytest.mark.parametrize("style", STYLES)
def test_every_size_is_kept_in_every_style(width: int, height: int, style: Style) -> None:
    scene = Scene(9, ground="lake", far=(Layer("mountains"),), subjects=(Subject("cat"), Subject("swan")), style=style)

    image = render(scene, width, height)

    assert (image.size, image.mode) == ((width, height), "RGB")


def test_the_largest_size_is_painted() -> None:
    assert render(Scene(2, ground="sea", subjects=(Subject("sailboat"),)), 2048, 2048).size == (2048, 2048)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_painted_in_every_style(kind: str, style: Style) -> None:
    subject = Subject(kind, "red", "blue", 2, "small", smiling=True)
    image = render(Scene(1, ground=KINDS[kind].ground, subjects=(subject,), style=style, time="night"), 64, 64)

    assert np.asarray(image).std() > 2


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_ground_is_painted_in_every_style(ground: Ground, style: Style) -> None:
    scene = Scene(1, ground=ground, style=style, rough=True, pattern="dots")

    assert np.asarray(render(scene, 64, 64)).std() > 0.5


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("far", FARS)
def test_every_distance_is_painted_in_every_style(far: Far, style: Style) -> None:
    scene = Scene(1, far=(Layer(far, "purple", snowy=True),), style=style)

    assert np.asarray(render(scene, 64, 64)).std() > 0.5


@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("time", TIMES)
def test_every_hour_and_weather_is_painted(time: Time, weather: Weather) -> None:
    sky = Sky("moon" if time == "night" else "sun", stars=True, clouds=True, rainbow=True, aurora=True)
    for season in (None, *SEASONS):
        assert render(Scene(1, ground="beach", time=time, weather=weather, season=season, sky=sky), 64, 64).size == (
            64,
            64,
        )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_is_painted_in_every_style(pattern: Pattern, style: Style) -> None:
    image = render(
        Scene(1, ground="pattern", pattern=pattern, ground_colour="red", second_colour="white", style=style), 64, 64
    )

    assert np.asarray(image).std() > 10


def test_line_art_has_no_colour() -> None:
    pixels = np.asarray(render(Scene(1, subjects=(Subject("house", "red"),), style="line"), 96, 96), dtype=int)

    assert np.abs(pixels.max(axis=2) - pixels.min(axis=2)).max() < 20


def test_pixel_art_has_squares_and_contours() -> None:
    scene = Scene(1, ground="plain", ground_colour="white", subjects=(Subject("star", "red"),), style="pixel")
    picture = np.asarray(render(scene, 256, 256))
    squares = picture.reshape(64, 4, 64, 4, 3)
    assert (squares == squares[:, :1, :, :1]).all()
    assert pixel_size(1024, 512) == (128, 64)


def test_a_contour_is_on_the_darker_side() -> None:
    cells = Image.new("RGB", (9, 9), (40, 40, 40))
    cells.paste((200, 100, 50), (3, 3, 6, 6))
    drawn = np.asarray(pixelate(cells, 9, 9))
    assert (drawn[3:6, 3:6] == (200, 100, 50)).all()  # the light thing is whole
    assert (drawn[2, 3:6] == 18).all()
    assert (drawn[[0, 0, 8, 8, 2], [0, 8, 0, 8, 2]] == 40).all()  # away from it, and at its corners, nothing is drawn


def test_what_is_alike_has_no_contour() -> None:
    cells = Image.new("RGB", (4, 4), (100, 100, 100))
    cells.paste((130, 120, 110), (0, 0, 2, 4))
    assert np.array_equal(np.asarray(pixelate(cells, 4, 4)), np.asarray(cells))


def test_neon_is_bright_on_black() -> None:
    pixels = np.asarray(render(Scene(1, subjects=(Subject("house", "red"),), style="neon"), 96, 96))

    assert np.median(pixels) < 60
    assert pixels.max() > 220


def test_the_stages_are_all_shown() -> None:
    assert len(list(paint(Scene(1), 64, 64))) == 5


def is_near(image: Image.Image, colour: Colour) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(np.abs(np.asarray(image, dtype=int) - np.asarray(NAMED[colour])).sum(axis=2) < 90)


def islands(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    """How many separate patches a mask has."""
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    found = 0
    while left:
        found += 1
        edge = [left.pop()]
        while edge:
            row, column = edge.pop()
            for place in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if place in left:
                    left.remove(place)
                    edge.append(place)
    return found

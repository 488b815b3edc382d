"""Flowers: in a meadow, in a field that runs to the horizon, in a vase."""

import math
import random

from generator.starter.scenes.description import Colour
from generator.starter.scenes.dice import throw
from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import NAMED, Rgb, brightness, mix, shade, vary
from generator.starter.scenes.pen import Pen, path
from generator.starter.scenes.stage import Stage

BLOOMS = ("flower", "tulip", "rose", "sunflower")  # named together with a vase they stand in it: a bouquet
STEM: Rgb = (86, 146, 78)
HEART: Rgb = (250, 214, 100)
FIELD: tuple[Rgb, ...] = ((226, 72, 66), (246, 196, 74), (240, 140, 180), (168, 122, 204), (250, 250, 250))
# Places of the blooms of a bouquet: x and y of each, for one to nine.
SPREAD = path("0,-0.84 -0.2,-0.76 0.2,-0.77 -0.1,-0.63 0.11,-0.64 -0.31,-0.62 0.31,-0.61 -0.18,-0.9 0.19,-0.91")


def draw_flower(pen: Pen, look: Look) -> None:
    """A daisy-like flower on a stem with two leaves."""
    _stem(pen, look.dice, -0.78)
    _bloom(pen, 0.0, -0.78, 0.2, look)


def draw_tulip(pen: Pen, look: Look) -> None:
    """A tulip."""
    pen.curve([(0.0, 0.0), (0.015, -0.35), (0.0, -0.7)], STEM, 0.04)
    for side in (-1, 1):
        pen.blob(
            [(0.0, 0.0), (side * 0.12, -0.2), (side * 0.2, -0.48), (side * 0.14, -0.44), (side * 0.03, -0.16)],
            shade(STEM, 0.9 + 0.1 * side),
        )
    bloom = look.colour
    pen.blob(
        path("-0.15,-0.74 -0.17,-0.92 -0.13,-1 -0.05,-0.9 0,-0.99 0.05,-0.9 0.13,-1 0.17,-0.92 0.15,-0.74 0,-0.65"),
        mix(bloom, (255, 255, 255), 0.1),
        to=shade(bloom, 0.84),
    )
    pen.blob(path("0,-0.96 0.075,-0.82 0.05,-0.68 0,-0.655 -0.05,-0.68 -0.075,-0.82"), shade(bloom, 0.9), edge="none")


def draw_sunflower(pen: Pen, look: Look) -> None:
    """A sunflower with a broad dark heart."""
    _stem(pen, look.dice, -0.76)
    _petals(pen, (0.0, -0.76), 0.24, 18, look.colour)
    pen.ellipse(0.0, -0.76, 0.125, (110, 70, 44))
    pen.ellipse(0.0, -0.76, 0.075, (80, 50, 36), edge="none")


def draw_rose(pen: Pen, look: Look) -> None:
    """A rose: petals folded round each other."""
    _stem(pen, look.dice, -0.72)
    bloom = look.colour
    pen.ellipse(0.0, -0.78, 0.21, shade(bloom, 0.84), down=0.2)
    for turn, size, tone in (
        (0.4, 0.15, 0.96),
        (2.5, 0.15, 0.92),
        (4.5, 0.15, 1.0),
        (1.4, 0.1, 0.84),
        (3.6, 0.09, 1.06),
    ):
        pen.ellipse(
            0.07 * math.cos(turn), -0.78 + 0.065 * math.sin(turn), size, shade(bloom, tone), down=size * 0.8, turn=turn
        )
    pen.ellipse(0.0, -0.79, 0.05, shade(bloom, 0.7))
    for side in (-1, 1):
        pen.blob([(0.0, -0.57), (side * 0.12, -0.6), (side * 0.17, -0.67), (side * 0.06, -0.62)], shade(STEM, 0.85))


def _stem(pen: Pen, dice: random.Random, top: float) -> None:
    lean = dice.uniform(-0.04, 0.04)
    pen.curve([(0.0, 0.0), (lean, top * 0.5), (0.0, top)], STEM, 0.034)
    for side, at in ((-1, -0.2), (1, -0.32)):
        pen.blob(
            [(0.0, at), (side * 0.1, at - 0.1), (side * 0.22, at - 0.12), (side * 0.12, at - 0.01)],
            shade(STEM, 0.95 + 0.1 * side),
        )


def _bloom(pen: Pen, x: float, y: float, size: float, look: Look) -> None:
    _petals(pen, (x, y), size, look.dice.choice((7, 8, 9)), look.colour)
    heart = look.second or ((250, 206, 84) if brightness(look.colour) < 0.72 or look.colour[2] > 150 else (130, 82, 48))
    pen.ellipse(x, y, size * 0.36, heart, to=shade(heart, 0.88))


def _petals(pen: Pen, middle: tuple[float, float], size: float, count: int, colour: Rgb) -> None:
    wide = min(0.3, 2.2 / count)
    for ring, tone, far in ((0.5, 0.84, 0.6), (0.0, 1.0, 0.56)):
        for index in range(count):
            angle = math.tau * (index + ring) / count
            pen.ellipse(
                middle[0] + math.cos(angle) * size * far,
                middle[1] + math.sin(angle) * size * far,
                size * 0.44,
                mix(shade(colour, tone), (255, 255, 255), 0.05),
                down=size * wide,
                turn=angle,
                edge="outline" if ring == 0.0 else "none",
            )


def draw_bouquet(pen: Pen, look: Look) -> None:
    """Flowers in a vase: the flowers are the subject, their number is `look.number`, the vase has the second colour."""
    vase = look.second or look.dice.choice(((82, 130, 180), (236, 232, 224), (196, 110, 82), (70, 138, 132)))
    places = SPREAD[: look.number]
    for x, y in places:
        pen.curve([(x * 0.16, -0.38), (x * 0.6, y * 0.5 - 0.28), (x, y)], STEM, 0.018)
    for side in (-1, 1):
        for lift in (0.0, 0.12):
            pen.blob(
                [
                    (side * 0.03, -0.42),
                    (side * 0.14, -0.54 - lift),
                    (side * 0.27, -0.55 - lift),
                    (side * 0.16, -0.45 - lift * 0.6),
                ],
                shade(STEM, 0.9),
            )
    draw_vase(pen, Look(vase, None, look.dice))
    flower = Look(look.colour, None, look.dice)
    for x, y in sorted(places, key=lambda place: place[1]):
        _bloom(pen, x, y, 0.125, flower)


def draw_vase(pen: Pen, look: Look) -> None:
    """A round-bellied vase, 0.44 high."""
    vase = look.colour
    pen.shadow(0.36)
    pen.blob(
        path(
            "-0.085,-0.43 -0.07,-0.36 -0.17,-0.24 -0.185,-0.12 -0.1,0 0.1,0 0.185,-0.12 0.17,-0.24"
            " 0.07,-0.36 0.085,-0.43"
        ),
        mix(vase, (255, 255, 255), 0.14),
        to=shade(vase, 0.78),
    )
    pen.ellipse(0.0, -0.43, 0.095, mix(vase, (255, 255, 255), 0.3), down=0.022)
    pen.ellipse(0.0, -0.43, 0.075, shade(vase, 0.5), down=0.014, edge="none")
    side = pen.light.side * (-1 if pen.mirrored else 1)
    pen.ellipse(side * 0.09, -0.19, 0.022, (255, 255, 255), down=0.075, turn=side * 0.25, alpha=0.4, edge="none")


def draw_empty_vase(pen: Pen, look: Look) -> None:
    """A vase on its own."""
    draw_vase(pen.at(0.0, 0.0, 2.2), look)


def paint_field(stage: Stage) -> None:
    """Flowers without number, row behind row, over a painted meadow."""
    dice = throw(stage.scene.seed, "field")
    asked = stage.scene.ground_colour
    tints = (NAMED[asked],) if asked else tuple(dice.sample(FIELD, 2))
    depth = stage.height - stage.horizon
    rows = 9 if stage.is_solid else 6
    for row in range(rows):
        near = (row + 0.5) / rows
        y = stage.horizon + depth * (0.03 + 1.02 * near**1.7)
        size = 0.01 + 0.058 * near**1.6
        count = round(stage.width / (size * (2.6 if stage.is_solid else 3.4)))
        for index in range(count):
            x = (index + dice.uniform(-0.3, 1.3)) / count * stage.width
            _field_flower(
                stage, dice, (x, y + dice.uniform(-0.4, 0.4) * size), size, vary(dice, dice.choice(tints), 0.08)
            )


def _field_flower(stage: Stage, dice: random.Random, place: tuple[float, float], size: float, colour: Rgb) -> None:
    x, y = place
    pen = stage.pen.hazed(max(0.0, 0.3 - size * 5))
    if size > 0.028:
        wide = size * dice.uniform(0.48, 0.62)
        pen.curve([(x, y), (x - 0.1 * size, y + 0.7 * size), (x, y + 1.5 * size)], STEM, size * 0.1)
        pen.polygon(_rosette(x, y, wide), colour, to=shade(colour, 0.88))
        pen.ellipse(x, y, wide * 0.36, HEART, down=wide * 0.34, edge="none")
        return
    pen.ellipse(x, y, size * 0.42, colour, down=size * 0.34)
    if size > 0.014:
        pen.ellipse(x, y, size * 0.14, HEART, edge="none")


def _rosette(x: float, y: float, wide: float) -> list[tuple[float, float]]:
    """A flower of six petals seen from far away, in one outline."""
    angles = [math.tau * corner / 36 for corner in range(36)]
    reach = [wide * (0.8 + 0.2 * math.cos(6 * angle)) for angle in angles]
    return [(x + far * math.cos(at), y + 0.9 * far * math.sin(at)) for at, far in zip(angles, reach, strict=True)]


_BRIGHT: tuple[Colour, ...] = ("red", "yellow", "pink", "purple", "orange", "white", "blue")
KINDS = (
    Kind("flower", draw_flower, 0.46, 0.36, "front", _BRIGHT, body=(0.12, -0.78)),
    Kind("tulip", draw_tulip, 0.42, 0.36, "front", ("red", "yellow", "pink", "purple"), body=(0.1, -0.8)),
    Kind("sunflower", draw_sunflower, 0.56, 0.46, "front", ("yellow",), body=(0.19, -0.76)),
    Kind("rose", draw_rose, 0.46, 0.38, "front", ("red", "pink", "white", "yellow"), body=(0.1, -0.75)),
    Kind("bouquet", draw_bouquet, 0.85, 0.62, "front", _BRIGHT, "table", body=(0.07, -0.84), gathers=True),
    Kind("vase", draw_empty_vase, 0.9, 0.4, "front", ("blue", "white", "teal", "orange"), "table", body=(-0.1, -0.3)),
)

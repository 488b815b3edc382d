"""Water: it mirrors what stands over it, glitters under the sun, and rises into waves when it is rough."""

import math
import random
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.starter.scenes.canvas import Floats
from generator.starter.scenes.description import Time
from generator.starter.scenes.dice import throw
from generator.starter.scenes.kind import Look
from generator.starter.scenes.land import shore_of
from generator.starter.scenes.palette import NAMED, WHITE, Rgb, mix, shade
from generator.starter.scenes.pen import Pen
from generator.starter.scenes.rows import Placed
from generator.starter.scenes.stage import Stage, body_colour

DEEP: dict[Time, Rgb] = {"day": (30, 104, 156), "sunset": (58, 46, 96), "dawn": (104, 124, 168), "night": (8, 20, 50)}


def paint_water(stage: Stage) -> None:
    """Water from the horizon to the foot of the picture."""
    dice = throw(stage.scene.seed, "water")
    deep = _deep(stage)
    if stage.is_solid:
        _mirror(stage, deep)
    else:
        stage.pen.box(-0.02, stage.horizon, stage.width + 0.02, stage.height + 0.02, NAMED["blue"])
    if stage.scene.rough:
        _waves(stage, dice, deep)
    else:
        _ripples(stage, dice, deep)
    if stage.orb is not None and stage.scene.weather in ("clear", "cloudy", "snow"):
        _glitter(stage, dice)


def reflect(stage: Stage, pen: Pen, item: Placed, look: Look) -> None:
    """The image of something afloat, upside down in the water under it, broken by the ripples."""
    canvas = stage.canvas
    half, tall = item.width * 0.75, item.height * 0.75
    shore = shore_of(stage) - 0.03 if stage.scene.ground == "beach" else stage.height
    box = canvas.bounds(stage.pen.pixels([(item.x - half, item.y), (item.x + half, min(item.y + tall, shore))]))
    if box is None:
        return
    before = canvas.image.crop(box)
    item.kind.draw(replace(pen, rise=-0.68), look)
    after = np.asarray(canvas.image.crop(box))
    rows, columns = after.shape[0], np.arange(after.shape[1])
    depth = np.arange(rows, dtype=np.float32) / canvas.unit
    waves = np.sin(depth**0.8 * 150.0) + 0.6 * np.sin(depth * 310.0 + 1.0)
    shift = (waves * (0.0012 + 0.014 * depth) * canvas.unit).astype(int)
    places = np.clip(columns[None, :] + shift[:, None], 0, after.shape[1] - 1)
    shaken = Image.fromarray(np.take_along_axis(after, places[..., None], axis=1))
    fade = np.linspace(0.5, 0.06, rows) * 255
    mask = Image.fromarray(fade.astype(np.uint8)[:, None]).resize((after.shape[1], rows))
    canvas.image.paste(before, box[:2])
    canvas.image.paste(shaken, box[:2], mask)


def _deep(stage: Stage) -> Rgb:
    asked = stage.scene.ground_colour
    deep = stage.pen.light.tone(shade(NAMED[asked], 0.8)) if asked else DEEP[stage.scene.time]
    return mix(deep, stage.pen.light.haze, {"rain": 0.25, "fog": 0.4}.get(stage.scene.weather, 0.0))


def _mirror(stage: Stage, deep: Rgb) -> None:
    """The picture above the horizon, upside down, shaken row by row and sinking into the colour of the water.

    Made at the size of the finished picture: water is soft, and this is the largest surface there is.
    """
    canvas = stage.canvas
    top = min(canvas.pixels[1] - 1, max(1, round(stage.horizon * canvas.unit)))
    above = np.asarray(canvas.image.crop((0, 0, canvas.pixels[0], top)).reduce(canvas.factor))
    unit = canvas.unit / canvas.factor
    rows = max(1, (canvas.pixels[1] - top) // canvas.factor)
    depth = np.arange(rows, dtype=np.float32)
    scale = min(1.0, 0.97 * above.shape[0] / rows)
    source = np.clip(above.shape[0] - 1 - (depth * scale).astype(int), 0, above.shape[0] - 1)
    columns = np.arange(above.shape[1])[None, :] + _sway(depth / unit, unit, rough=stage.scene.rough)[:, None]
    water = above[source[:, None], np.clip(columns, 0, above.shape[1] - 1)]
    picture = Image.fromarray(water)
    picture.paste(deep, (0, 0), _depth_mask(picture.size, asked=stage.scene.ground_colour is not None))
    canvas.image.paste(picture.resize((canvas.pixels[0], canvas.pixels[1] - top)), (0, top))


def _sway(world: Floats, unit: float, *, rough: bool) -> NDArray[np.intp]:
    """By how many pixels each row of a mirror image is moved, `world` being its distance from the horizon."""
    calm = 0.006 if rough else 0.0022
    swing = (calm + 0.03 * world) * np.sin(world**0.6 * 190.0) + 0.4 * calm * np.sin(world * 410.0)
    moved: NDArray[np.intp] = np.rint(swing * unit * 0.55).astype(np.intp)
    return moved


def _depth_mask(size: tuple[int, int], *, asked: bool) -> Image.Image:
    """How much of its own colour the water has from the horizon to our feet; more if a colour was asked for."""
    far, near = (0.72, 0.9) if asked else (0.3, 0.82)
    strength = np.linspace(far, near, size[1]) * 255
    return Image.fromarray(strength.astype(np.uint8)[:, None]).resize(size)


def _ripples(stage: Stage, dice: random.Random, deep: Rgb) -> None:
    depth = stage.height - stage.horizon
    for _ in range(round(70 * stage.width)):
        near = dice.random()
        x, y = dice.random() * stage.width, stage.horizon + depth * (0.02 + near**1.4 * 0.97)
        half, thick = (0.012 + 0.05 * near) * dice.uniform(0.5, 1.3), 0.0009 + 0.0028 * near
        colour = mix(stage.stops[-1], WHITE, 0.25) if dice.random() < 0.6 else shade(deep, 0.8)
        _dash(stage, x, y, half, thick, colour, 0.28)


def _dash(stage: Stage, x: float, y: float, half: float, thick: float, colour: Rgb, alpha: float) -> None:
    """A flat lens: one wave seen from far; in drawn styles a short line, and fewer of them."""
    if stage.is_solid:
        points = [
            (x - half, y),
            (x - half * 0.3, y - thick),
            (x + half * 0.4, y - thick),
            (x + half, y),
            (x + half * 0.3, y + thick),
            (x - half * 0.4, y + thick),
        ]
        stage.pen.polygon(points, colour, alpha=alpha, edge="none", lit=True)
    elif round(x * 977) % 3 == 0:
        far = replace(stage.pen, scale=1.0, haze=0.6)
        far.curve([(x - half, y), (x, y - 0.006), (x + half, y)], NAMED["blue"], 0.003)


def _waves(stage: Stage, dice: random.Random, deep: Rgb) -> None:
    depth = stage.height - stage.horizon
    for index in range(7):
        near = (index + 0.6) / 7
        level = stage.horizon + depth * near**1.25
        tall, long = 0.008 + 0.045 * near, 0.1 + 0.3 * near
        start = dice.uniform(0, math.tau)
        crest = [
            (
                x,
                level
                - tall * (abs(math.sin(x / long * math.pi + start)) ** 1.6)
                - 0.3 * tall * math.sin(x / long * 1.7),
            )
            for x in (step / 90 * (stage.width + 0.04) - 0.02 for step in range(91))
        ]
        foot = [(stage.width + 0.02, stage.height + 0.02), (-0.02, stage.height + 0.02)]
        colour = mix(mix(deep, stage.stops[-1], 0.42), deep, near)
        stage.pen.polygon([*crest, *foot], mix(colour, WHITE, 0.12), to=shade(colour, 0.8), lit=True)
        foam = [*crest, *[(x, y + 0.006 + 0.009 * near) for x, y in crest[::-1]]]
        stage.pen.polygon(foam, mix(stage.stops[-1], WHITE, 0.5), alpha=0.4, edge="none", lit=True)


def _glitter(stage: Stage, dice: random.Random) -> None:
    """The path of light from the sun or moon to our feet."""
    orb = stage.orb
    if orb is None:
        return
    depth = stage.height - stage.horizon
    colour = mix(body_colour(stage.scene), WHITE, 0.25)
    for index in range(64):
        near = (index + dice.random()) / 64
        spread = orb.radius * (0.75 + 1.3 * near)
        x = orb.x + dice.gauss(0.0, 0.45) * spread
        half, thick = (0.008 + 0.034 * near) * dice.uniform(0.6, 1.4), 0.0012 + 0.0028 * near
        _dash(stage, x, stage.horizon + depth * (0.01 + 0.97 * near**1.2), half, thick, colour, 0.75 - 0.35 * near)

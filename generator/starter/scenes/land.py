"""The ground: meadow, field, beach, desert, road, hills and snow. Water is water's, distant peaks are mountains'."""

import math
import random

from generator.starter.scenes.description import Layer
from generator.starter.scenes.dice import throw
from generator.starter.scenes.kinds import KINDS
from generator.starter.scenes.palette import NAMED, Rgb, mix, shade, vary
from generator.starter.scenes.stage import Stage

GRASS: dict[str | None, tuple[Rgb, Rgb]] = {  # near the horizon, and at our feet
    None: ((150, 190, 96), (66, 128, 74)),
    "spring": ((166, 204, 104), (84, 152, 78)),
    "summer": ((160, 190, 88), (70, 130, 66)),
    "autumn": ((214, 178, 92), (148, 108, 56)),
    "winter": ((236, 242, 250), (206, 220, 238)),
}
SAND: tuple[Rgb, Rgb] = ((246, 222, 172), (226, 186, 126))
DUNE: tuple[Rgb, Rgb] = ((244, 204, 138), (214, 150, 84))
SNOW: tuple[Rgb, Rgb] = ((240, 244, 251), (208, 221, 240))


def paint_hills(stage: Stage, layer: Layer) -> None:
    """Round hills one behind the other."""
    dice = throw(stage.scene.seed, "hills")
    near, far = grass(stage)
    if layer.colour:
        near = far = NAMED[layer.colour]
    for index in range(3):
        haze = 0.52 - 0.19 * index
        level = stage.horizon - (0.17 - 0.06 * index) + dice.uniform(-0.02, 0.02)
        colour = mix(near, shade(far, 0.9), 0.5 + 0.2 * index)
        _roll(stage, dice, level, 0.045, colour, haze, foot=stage.horizon + 0.02)


def paint_meadow(stage: Stage) -> None:
    """Grass or snow in two swells, with tufts and flowers at our feet."""
    dice = throw(stage.scene.seed, "meadow")
    far, near = grass(stage)
    bottom = stage.height
    depth = bottom - stage.horizon
    _roll(stage, dice, stage.horizon - 0.012, 0.016, far, 0.22, foot=bottom)
    _roll(stage, dice, stage.horizon + depth * 0.16, 0.016, mix(far, near, 0.35), 0.06, foot=bottom)
    _roll(stage, dice, stage.horizon + depth * 0.52, 0.022, mix(far, near, 0.75), 0.0, foot=bottom, dark=near)
    _tufts(stage, dice, near)


def paint_sand(stage: Stage) -> None:
    """A desert floor with long dunes."""
    dice = throw(stage.scene.seed, "sand")
    far, near = _tinted(stage, SNOW if stage.scene.is_snowy else DUNE)
    depth = stage.height - stage.horizon
    stage.pen.box(-0.02, stage.horizon, stage.width + 0.02, stage.height + 0.02, far, to=near)
    for index in range(3):
        level = stage.horizon + depth * (0.02 + 0.27 * index)
        paint_dune(stage, dice, level, 0.1 + 0.03 * index, mix(far, near, 0.3 * index), 0.3 - 0.14 * index)


def paint_dunes(stage: Stage, layer: Layer) -> None:
    """Dunes on the horizon."""
    dice = throw(stage.scene.seed, "dunes")
    far, near = (NAMED[layer.colour], shade(NAMED[layer.colour], 0.8)) if layer.colour else DUNE
    for index in range(2):
        paint_dune(
            stage, dice, stage.horizon - 0.03 + 0.03 * index, 0.12, mix(far, near, 0.3 * index), 0.5 - 0.2 * index
        )


def paint_dune(stage: Stage, dice: random.Random, level: float, tall: float, colour: Rgb, haze: float) -> None:
    """One dune: a long lit slope, a crest that winds down, and the shaded lee behind it."""
    crest = stage.width * dice.uniform(0.2, 0.8)
    wide = max(0.6, stage.width * dice.uniform(0.5, 0.75))
    top, foot = level - tall * 0.5, stage.height + 0.02
    slope = [
        (crest + wide * (part - 1), level + tall * 0.5 - (level + tall * 0.5 - top) * (part**1.7))
        for part in _parts(16)
    ]
    lee = [
        (crest + wide * part, top + (level + tall * 0.6 - top) * math.sin(part * math.pi / 2)) for part in _parts(16)
    ]
    pen = stage.pen.hazed(haze)
    light_left = stage.pen.light.side < 0
    lit, dark = mix(colour, (255, 240, 205), 0.25), mix(shade(colour, 0.8), (150, 80, 90), 0.15)
    whole = [
        (-0.02, foot),
        (-0.02, slope[0][1]),
        *slope,
        *lee,
        (stage.width + 0.02, lee[-1][1]),
        (stage.width + 0.02, foot),
    ]
    pen.polygon(whole, lit if light_left else dark, to=mix(colour, dark, 0.35))
    ridge = [(crest + wide * 0.2 * math.sin(part * 3.6) * part, top + (foot - top) * part**1.15) for part in _parts(18)]
    shaded = [*ridge, (stage.width + 0.02, foot), (stage.width + 0.02, lee[-1][1]), *lee[::-1]]
    pen.polygon(
        shaded, dark if light_left else lit, to=mix(colour, lit, 0.4) if not light_left else mix(colour, dark, 0.5)
    )


def paint_beach(stage: Stage) -> None:
    """Sand in front of the sea, with a line of foam."""
    far, near = _tinted(stage, SNOW if stage.scene.is_snowy else SAND)
    shore = shore_of(stage)
    line = [
        (x * stage.width, shore + 0.018 * math.sin(x * 5 + stage.scene.seed % 7) - 0.03 * x)
        for x in _parts(30, -0.02, 1.02)
    ]
    foot = [(stage.width * 1.02, stage.height + 0.02), (-0.02, stage.height + 0.02)]
    for lift, colour, alpha in ((-0.026, (255, 255, 255), 0.35), (-0.012, (255, 255, 255), 0.9)):
        stage.pen.polygon([(x, y + lift) for x, y in line] + foot, colour, alpha=alpha, edge="none")
    stage.pen.polygon(line + foot, far, to=near)
    stage.pen.polygon([*line, *[(x, y + 0.028) for x, y in line[::-1]]], shade(near, 0.86), alpha=0.5, edge="none")


def paint_banks(stage: Stage) -> None:
    """A strip of grass behind a lake, and in front of it where somebody stands on land."""
    dice = throw(stage.scene.seed, "banks")
    far, near = GRASS["winter" if stage.scene.is_snowy else stage.scene.season]
    _roll(stage, dice, stage.horizon - 0.004, 0.006, far, 0.3, foot=stage.horizon - 0.012)
    if any(KINDS[subject.kind].home in ("front", "any") for subject in stage.scene.subjects):
        level = stage.horizon + (stage.height - stage.horizon) * 0.7
        _roll(stage, dice, level, 0.016, mix(far, near, 0.6), 0.0, foot=stage.height, dark=near)


def shore_of(stage: Stage) -> float:
    """World y of the line where sea and sand meet."""
    return stage.horizon + (stage.height - stage.horizon) * 0.36


def paint_road(stage: Stage) -> None:
    """A street across the picture, with its kerb and middle line, and grass or paving behind it."""
    far, near = grass(stage)
    if any(layer.kind == "city" for layer in stage.scene.far):
        far, near = (176, 178, 184), (150, 152, 160)
    depth = stage.height - stage.horizon
    left, right = -0.02, stage.width + 0.02
    stage.pen.box(left, stage.horizon, right, stage.height + 0.02, far, to=near)
    top, bottom = stage.horizon + depth * 0.34, stage.horizon + depth * 0.92
    asphalt = (206, 214, 226) if stage.scene.is_snowy else (92, 95, 106)
    stage.pen.box(left, top - 0.022, right, top + 0.01, (208, 206, 200))
    stage.pen.box(left, top, right, bottom, asphalt, to=shade(asphalt, 0.86))
    middle = (top + bottom) / 2
    for index in range(-1, round(stage.width * 4) + 1):
        x = index * 0.25 + 0.05
        stage.pen.polygon(
            [(x, middle - 0.008), (x + 0.13, middle - 0.008), (x + 0.12, middle + 0.01), (x - 0.012, middle + 0.01)],
            (246, 236, 200),
            edge="fill",
        )


def grass(stage: Stage) -> tuple[Rgb, Rgb]:
    """The colours of the grass, far and near, as the season and the snow leave it."""
    season = "winter" if stage.scene.is_snowy else stage.scene.season
    return _tinted(stage, GRASS[season])


def _tinted(stage: Stage, colours: tuple[Rgb, Rgb]) -> tuple[Rgb, Rgb]:
    asked = stage.scene.ground_colour
    if asked is not None:
        return mix(NAMED[asked], (255, 255, 255), 0.15), shade(NAMED[asked], 0.85)
    dice = throw(stage.scene.seed, "ground colour")
    return vary(dice, colours[0], 0.07), vary(dice, colours[1], 0.07)


def _roll(
    stage: Stage,
    dice: random.Random,
    level: float,
    swing: float,
    colour: Rgb,
    haze: float,
    *,
    foot: float,
    dark: Rgb | None = None,
) -> None:
    slow, quick = dice.uniform(2.4, 4.2), dice.uniform(5, 8)
    start, other = dice.uniform(0, math.tau), dice.uniform(0, math.tau)
    line = [
        (
            x * (stage.width + 0.04) - 0.02,
            level
            - swing
            * (0.75 * math.sin(slow * x * stage.width + start) + 0.25 * math.sin(quick * x * stage.width + other)),
        )
        for x in _parts(48)
    ]
    outline = [(-0.02, foot + 0.02), *line, (stage.width + 0.02, foot + 0.02)]
    stage.pen.hazed(haze).polygon(outline, mix(colour, (255, 244, 200), 0.12), to=dark or shade(colour, 0.82))


def _tufts(stage: Stage, dice: random.Random, near: Rgb) -> None:
    depth = stage.height - stage.horizon
    if not stage.is_solid:
        return
    blooms: tuple[Rgb, ...] = ((255, 255, 255), (250, 214, 90), (240, 150, 180), (190, 150, 220))
    if stage.scene.season == "autumn":
        blooms = ((222, 120, 48), (196, 74, 48), (240, 186, 70))
    for _ in range(round(70 * stage.width)):
        near_us = dice.random() ** 0.7
        x, y = dice.random() * stage.width, stage.horizon + depth * (0.2 + 0.8 * near_us)
        size = 0.006 + 0.016 * near_us
        if stage.scene.is_snowy:
            stage.pen.ellipse(x, y, size * 1.6, (255, 255, 255), down=size * 0.3, alpha=0.45, edge="none")
        elif dice.random() < 0.26 and stage.scene.season != "winter":
            stage.pen.ellipse(x, y, size * 0.32, dice.choice(blooms), edge="none")
        else:
            blade = mix(near, (220, 230, 120), 0.25) if dice.random() < 0.5 else shade(near, 0.85)
            stage.pen.polygon(
                [
                    (x - size * 0.5, y),
                    (x - size * 0.55, y - size * 0.8),
                    (x - size * 0.1, y - size * 0.1),
                    (x, y - size * 1.2),
                    (x + size * 0.15, y - size * 0.1),
                    (x + size * 0.6, y - size * 0.8),
                    (x + size * 0.5, y),
                ],
                blade,
                alpha=0.75,
                edge="none",
            )


def _parts(count: int, start: float = 0.0, end: float = 1.0) -> list[float]:
    return [start + (end - start) * index / count for index in range(count + 1)]

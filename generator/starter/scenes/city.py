"""A city: three rows of towers in the haze, windows lit when it grows dark."""

import random

from generator.starter.scenes.description import Layer
from generator.starter.scenes.dice import throw
from generator.starter.scenes.palette import NAMED, Rgb, mix, shade, vary
from generator.starter.scenes.stage import Stage

STONES: tuple[Rgb, ...] = ((86, 104, 146), (104, 96, 142), (74, 110, 132), (120, 100, 118))
LAMP: Rgb = (255, 214, 120)


def paint_city(stage: Stage, layer: Layer) -> None:
    """The skyline, farthest towers first."""
    dice = throw(stage.scene.seed, "city")
    base = NAMED[layer.colour] if layer.colour else dice.choice(STONES)
    alone = not stage.scene.subjects
    rise = min(stage.horizon * (0.8 if alone else 0.62), 0.56)
    for row in range(3):
        near = row / 2
        colour = (
            shade(mix(base, (40, 46, 80), 0.12 + 0.2 * near), 1.05 - 0.2 * near)
            if not layer.colour
            else shade(base, 1.1 - 0.24 * near)
        )
        _row(stage, dice, rise * (1.0 - 0.28 * near), colour, haze=0.62 - 0.28 * row, near=near)


def _row(stage: Stage, dice: random.Random, rise: float, colour: Rgb, *, haze: float, near: float) -> None:
    x = -dice.uniform(0.0, 0.06)
    foot = stage.horizon + 0.015
    while x < stage.width:
        wide = dice.uniform(0.05, 0.1) * (0.85 + 0.35 * near)
        # Towers crowd in the middle and step down to the sides.
        crowd = 1.0 - 0.55 * abs((x + wide / 2) / stage.width - 0.5) * 2
        tall = rise * crowd * dice.uniform(0.5, 1.0)
        _tower(stage, dice, (x, foot - tall, x + wide, foot), vary(dice, colour, 0.08), haze)
        x += wide + (dice.uniform(0.0, 0.03) if dice.random() < 0.4 else 0.003)


def _tower(stage: Stage, dice: random.Random, box: tuple[float, float, float, float], colour: Rgb, haze: float) -> None:
    left, top, right, foot = box
    pen = stage.pen.hazed(haze)
    middle, wide = (left + right) / 2, right - left
    crown = dice.random()
    if crown < 0.22:
        pen.stroke([(middle, top), (middle, top - 0.06)], colour, 0.004)
        pen.box(left + wide * 0.25, top - 0.025, right - wide * 0.25, top, colour)
    elif crown < 0.38:
        pen.polygon([(left, top), (middle, top - wide * 0.6), (right, top)], colour)
    elif crown < 0.5:
        pen.polygon([(left, top), (right, top - wide * 0.45), (right, top)], colour)
    pen.box(left, top, right, foot, colour, to=mix(colour, stage.stops[-1], 0.35))
    side = pen.light.side
    shaded = (left, right - wide * 0.62) if side > 0 else (left + wide * 0.62, right)
    pen.box(shaded[0], top, shaded[1], foot, (20, 18, 50), alpha=0.1, edge="none")
    _windows(stage, dice, box, haze)


def _windows(stage: Stage, dice: random.Random, box: tuple[float, float, float, float], haze: float) -> None:
    left, top, right, foot = box
    lit = stage.pen.light.lamps_lit
    columns, step = max(2, round((right - left) / 0.019)), 0.026
    rows = min(22, int((foot - top - 0.02) / step))
    if haze > 0.5 and not lit:
        return
    gap = (right - left) / (columns + 0.6)
    glass = (214, 232, 246)
    share = {"night": 0.55, "sunset": 0.4, "dawn": 0.2, "day": 0.75}[stage.scene.time]
    for row in range(rows):
        for column in range(columns):
            if dice.random() > share:
                continue
            x, y = left + gap * (column + 0.42), top + 0.014 + row * step
            colour = LAMP if lit else glass
            stage.pen.polygon(
                [(x, y), (x + gap * 0.6, y), (x + gap * 0.6, y + 0.012), (x, y + 0.012)],
                colour,
                alpha=(1.0 - haze) * (0.95 if lit else 0.4),
                edge="fill" if haze < 0.2 else "none",
                lit=True,
            )

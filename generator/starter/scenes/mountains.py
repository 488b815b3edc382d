"""Mountains: faceted peaks with snow, and ridge behind ridge in the mist."""

import itertools
import random

from generator.starter.scenes.description import Layer
from generator.starter.scenes.dice import throw
from generator.starter.scenes.palette import NAMED, Rgb, mix, shade, vary
from generator.starter.scenes.stage import Stage

BASES: tuple[Rgb, ...] = ((88, 108, 148), (104, 96, 142), (84, 118, 134), (112, 104, 118))
TUBES: tuple[Rgb, ...] = ((190, 60, 220), (60, 160, 240), (240, 70, 150))
SNOW: Rgb = (248, 250, 254)


def paint_mountains(stage: Stage, layer: Layer) -> None:
    """A massif of peaks behind two or three softer ridges."""
    dice = throw(stage.scene.seed, "mountains")
    bases = TUBES if stage.canvas.manner == "neon" else BASES
    base = vary(dice, NAMED[layer.colour] if layer.colour else dice.choice(bases))
    rise = min(stage.horizon * 0.62, 0.46)
    if layer.kind == "mountains":
        _massif(stage, dice, base, rise, snowy=layer.snowy or stage.scene.is_snowy or dice.random() < 0.55)
    ridges = 3
    for index in range(ridges):
        near = (index + 1) / ridges
        height = rise * (0.4 - 0.24 * near + dice.uniform(-0.04, 0.04))
        colour = mix(base, (46, 66, 84), 0.15 + 0.28 * near) if not layer.colour else shade(base, 1.05 - 0.25 * near)
        _ridge(stage, dice, height, colour, haze=0.5 - 0.4 * near)


def _massif(stage: Stage, dice: random.Random, base: Rgb, rise: float, *, snowy: bool) -> None:
    count = max(2, round(stage.width * 2.4))
    step = stage.width / count
    highest = dice.randrange(count)
    order = sorted(range(count), key=lambda index: abs(index - highest), reverse=True)
    for index in order:
        x = (index + 0.5 + dice.uniform(-0.25, 0.25)) * step
        tall = rise * (1.0 if index == highest else dice.uniform(0.55, 0.82))
        _peak(stage, dice, x, tall, base, snowy=snowy)


def _peak(stage: Stage, dice: random.Random, x: float, tall: float, base: Rgb, *, snowy: bool) -> None:
    """One peak: a lit face, a shaded face, and snow that runs down in tongues."""
    foot, top = stage.horizon + 0.01, stage.horizon - tall
    spread = tall * dice.uniform(0.85, 1.1)
    left = _flank(dice, (x, top), (x - spread, foot))
    right = _flank(dice, (x, top), (x + spread, foot))
    spine = _spine(dice, (x, top), (x + dice.uniform(-0.12, 0.12) * spread, foot))
    pen = stage.pen.hazed(0.2)
    light_left = stage.pen.light.side < 0
    lit, dark = mix(base, (255, 236, 214), 0.2), shade(base, 0.78)
    pen.polygon(left + spine[::-1], lit if light_left else dark, to=mix(base, stage.stops[-1], 0.55))
    pen.polygon(right + spine[::-1], dark if light_left else lit, to=mix(base, stage.stops[-1], 0.5))
    if not snowy:
        return
    line = top + tall * dice.uniform(0.34, 0.46)
    bright, blue = SNOW, mix(SNOW, base, 0.42)
    snow = stage.pen.hazed(0.06)
    snow.polygon(_cap(dice, left, spine, line), bright if light_left else blue)
    snow.polygon(_cap(dice, right, spine, line), blue if light_left else bright)


def _flank(dice: random.Random, top: tuple[float, float], foot: tuple[float, float]) -> list[tuple[float, float]]:
    points = [top]
    for step in range(1, 9):
        part = step / 9
        sway = dice.uniform(-0.035, 0.035) * (1 - 0.5 * part)
        points.append(
            (
                top[0] + (foot[0] - top[0]) * (part**1.12) + sway * (top[1] - foot[1]) * 0.4,
                top[1] + (foot[1] - top[1]) * part,
            )
        )
    return [*points, foot]


def _spine(dice: random.Random, top: tuple[float, float], foot: tuple[float, float]) -> list[tuple[float, float]]:
    tall = foot[1] - top[1]
    middle = [
        (top[0] + (foot[0] - top[0]) * step / 7 + dice.uniform(-0.055, 0.055) * tall, top[1] + tall * step / 7)
        for step in range(1, 7)
    ]
    return [top, *middle, foot]


def _cap(
    dice: random.Random, flank: list[tuple[float, float]], spine: list[tuple[float, float]], line: float
) -> list[tuple[float, float]]:
    outer = _down_to(flank, line)
    inner = _down_to(spine, line + dice.uniform(-0.01, 0.03))
    start, end = outer[-1], inner[-1]
    teeth = []
    for step in range(1, 6):
        part = step / 6
        deep = (0.05 if step % 2 else -0.018) * abs(end[0] - start[0]) * 4 * dice.uniform(0.6, 1.2)
        teeth.append((start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part + deep))
    return outer + teeth + inner[::-1]


def _down_to(points: list[tuple[float, float]], line: float) -> list[tuple[float, float]]:
    kept = [points[0]]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if y1 >= line:
            part = (line - y0) / (y1 - y0) if y1 > y0 else 0.0
            return [*kept, (x0 + (x1 - x0) * part, line)]
        kept.append((x1, y1))
    return kept


def _ridge(stage: Stage, dice: random.Random, height: float, colour: Rgb, *, haze: float) -> None:
    points = ridge_line(dice, stage.width, stage.horizon - height, height * 0.55)
    foot = stage.horizon + 0.01
    outline = [(-0.02, foot), *points, (stage.width + 0.02, foot)]
    pen = stage.pen.hazed(haze)
    pen.polygon(outline, colour, to=mix(colour, stage.stops[-1], 0.42))


def ridge_line(
    dice: random.Random, width: float, level: float, swing: float, rough: float = 0.5
) -> list[tuple[float, float]]:
    """A mountain skyline across the picture by midpoint displacement."""
    heights = [level + dice.uniform(-swing, swing) for _ in range(max(3, round(width * 3)) + 1)]
    for _ in range(5):
        swing *= rough
        between = [(a + b) / 2 + dice.uniform(-swing, swing) for a, b in itertools.pairwise(heights)]
        heights = [value for pair in zip(heights, between, strict=False) for value in pair] + [heights[-1]]
    last = len(heights) - 1
    return [(-0.02 + index / last * (width + 0.04), height) for index, height in enumerate(heights)]

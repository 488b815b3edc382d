"""Plain grounds and patterns that fill the whole picture."""

import math
import random
from collections.abc import Callable

from generator.starter.scenes.description import COLOURS, Colour, Pattern
from generator.starter.scenes.dice import throw
from generator.starter.scenes.palette import NAMED, Rgb, mix, shade, vary
from generator.starter.scenes.pen import oval
from generator.starter.scenes.stage import Stage

Shapes = list[list[tuple[float, float]]]
_PAPERS: tuple[Rgb, ...] = ((244, 236, 222), (228, 238, 240), (246, 226, 214), (232, 230, 244), (226, 238, 226))


def paint_plain(stage: Stage) -> None:
    """One colour, with a breath of light on it."""
    dice = throw(stage.scene.seed, "plain")
    asked = stage.scene.ground_colour
    base = vary(dice, NAMED[asked], 0.03) if asked else dice.choice(_PAPERS)
    if stage.is_solid:
        stage.canvas.gradient((mix(base, (255, 255, 255), 0.08), base, shade(base, 0.95)))


def pattern_colours(stage: Stage) -> tuple[Rgb, Rgb]:
    """The figure's colour and the ground's."""
    dice = throw(stage.scene.seed, "pattern colours")
    thrown = dice.choice(COLOURS[:9])
    first = stage.scene.ground_colour or thrown
    usual: Colour = "white" if first != "white" else thrown
    return vary(dice, NAMED[first], 0.03), vary(dice, NAMED[stage.scene.second_colour or usual], 0.03)


def paint_pattern(stage: Stage) -> None:
    """The pattern of the scene over the whole picture."""
    name: Pattern = stage.scene.pattern or "vertical stripes"
    figure, ground = pattern_colours(stage)
    dice = throw(stage.scene.seed, "pattern")
    if name == "gradient":
        _gradient(stage, figure, ground)
        return
    if stage.is_solid:
        stage.canvas.gradient((ground, ground))
    count = dice.randint(4, 8)
    for points in SHAPES[name](stage, dice, count):
        stage.pen.polygon(points, figure, lit=True)


def _gradient(stage: Stage, figure: Rgb, ground: Rgb) -> None:
    if stage.is_solid:
        stage.canvas.gradient((figure, mix(figure, ground, 0.5), ground))
        return
    for index in range(12):
        y = (index / 12) ** 1.4 * stage.height
        stage.pen.stroke([(0.0, y), (stage.width, y)], mix(figure, ground, index / 11), 0.004)


def _upright(stage: Stage, dice: random.Random, count: int) -> Shapes:
    step = stage.width / count
    return [
        [(x, -1), (x + step / 2, -1), (x + step / 2, 99), (x, 99)] for x in (index * step for index in range(count))
    ]


def _level(stage: Stage, dice: random.Random, count: int) -> Shapes:
    step = stage.height / count
    return [
        [(-1, y), (99, y), (99, y + step / 2), (-1, y + step / 2)] for y in (index * step for index in range(count))
    ]


def _slanting(stage: Stage, dice: random.Random, count: int) -> Shapes:
    step, long = 1.4 / count, stage.height
    starts = [index * step - long for index in range(math.ceil((stage.width + long) / step))]
    return [[(x, long), (x + step / 2, long), (x + step / 2 + long, 0), (x + long, 0)] for x in starts]


def _dots(stage: Stage, dice: random.Random, count: int) -> Shapes:
    step = 1.0 / count
    rows, columns = math.ceil(stage.height / step), math.ceil(stage.width / step) + 1
    return [
        oval((column + (0.5 if row % 2 else 0.0)) * step, (row + 0.5) * step, step * 0.28, step * 0.28)
        for row in range(rows)
        for column in range(columns)
    ]


def _checkers(stage: Stage, dice: random.Random, count: int) -> Shapes:
    step = 1.0 / count
    return [
        [(x * step, y * step), ((x + 1) * step, y * step), ((x + 1) * step, (y + 1) * step), (x * step, (y + 1) * step)]
        for x in range(math.ceil(stage.width / step))
        for y in range(math.ceil(stage.height / step))
        if (x + y) % 2
    ]


def _rings(stage: Stage, dice: random.Random, count: int) -> Shapes:
    x, y, step = stage.width / 2, stage.height / 2, 0.5 / count
    rings = []
    for index in range(math.ceil(math.hypot(x, y) / step / 2) + 1):
        outer, inner = oval(x, y, step * (2 * index + 1), step * (2 * index + 1), corners=96), []
        if index:
            inner = oval(x, y, step * 2 * index, step * 2 * index, corners=96)
        rings.append([*outer, outer[0], *([inner[0], *inner[::-1]] if inner else [])])
    return rings


def _bands(stage: Stage, count: int, rise: Callable[[float], float]) -> Shapes:
    step = stage.height / count
    across = [stage.width * index / 160 for index in range(161)]
    return [
        [(x, (row + 0.25) * step + rise(x) * step) for x in across]
        + [(x, (row + 0.75) * step + rise(x) * step) for x in across[::-1]]
        for row in range(-1, count + 1)
    ]


def _waves(stage: Stage, dice: random.Random, count: int) -> Shapes:
    pace = dice.uniform(10, 20)
    return _bands(stage, count, lambda x: 0.3 * math.sin(pace * x))


def _zigzag(stage: Stage, dice: random.Random, count: int) -> Shapes:
    pace = dice.choice((4, 5, 6, 8))
    return _bands(stage, count, lambda x: 0.4 * (4 * abs((pace * x) % 1 - 0.5) - 1))


def _triangles(stage: Stage, dice: random.Random, count: int) -> Shapes:
    step = 1.0 / count
    return [
        [(x * step, (y + 1) * step), ((x + 1) * step, (y + 1) * step), ((x + 0.5) * step, y * step)]
        for x in range(math.ceil(stage.width / step))
        for y in range(math.ceil(stage.height / step))
    ]


SHAPES: dict[Pattern, Callable[[Stage, random.Random, int], Shapes]] = {
    "vertical stripes": _upright,
    "horizontal stripes": _level,
    "diagonal stripes": _slanting,
    "dots": _dots,
    "checkers": _checkers,
    "rings": _rings,
    "waves": _waves,
    "zigzag": _zigzag,
    "triangles": _triangles,
}

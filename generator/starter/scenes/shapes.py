"""Plain shapes: circle, square, triangle, star, heart, hexagon, diamond."""

import math
from collections.abc import Callable

from generator.starter.scenes.description import COLOURS
from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import mix, shade
from generator.starter.scenes.pen import Pen, oval, path, star

Outline = Callable[[], list[tuple[float, float]]]


def circle() -> list[tuple[float, float]]:
    """A circle one high."""
    return oval(0.0, -0.5, 0.5, 0.5, corners=72)


def square() -> list[tuple[float, float]]:
    """A square a little smaller than the circle, so that they look alike in size."""
    return list(path("-0.45,-0.95 0.45,-0.95 0.45,-0.05 -0.45,-0.05"))


def triangle() -> list[tuple[float, float]]:
    """An upright triangle."""
    return [(0.0, -0.97), (0.55, -0.03), (-0.55, -0.03)]


def five_pointed() -> list[tuple[float, float]]:
    """A star."""
    return star(0.0, -0.47, 5, 0.53, 0.46)


def heart() -> list[tuple[float, float]]:
    """A heart."""
    points = []
    for step in range(64):
        angle = math.tau * step / 64
        rise = 13 * math.cos(angle) - 5 * math.cos(2 * angle) - 2 * math.cos(3 * angle) - math.cos(4 * angle)
        points.append((0.52 * math.sin(angle) ** 3, -0.57 - rise / 30.5))
    return points


def hexagon() -> list[tuple[float, float]]:
    """A hexagon on its point."""
    return star(0.0, -0.5, 6, 0.5)


def diamond() -> list[tuple[float, float]]:
    """A diamond on its point."""
    return list(path("0,-1 0.37,-0.5 0,0 -0.37,-0.5"))


def _drawn(outline: Outline) -> Callable[[Pen, Look], None]:
    points = outline()

    def draw(pen: Pen, look: Look) -> None:
        for step in range(3):
            soft = [(x + 0.01, y + 0.022 - 0.004 * step) for x, y in points]
            pen.polygon(soft, (20, 20, 40), alpha=0.06, edge="none")
        pen.polygon(points, mix(look.colour, (255, 255, 255), 0.07), to=shade(look.colour, 0.94))

    return draw


_OUTLINES: dict[str, tuple[Outline, float]] = {
    "circle": (circle, 1.0),
    "square": (square, 0.95),
    "triangle": (triangle, 1.1),
    "star": (five_pointed, 1.05),
    "heart": (heart, 1.05),
    "hexagon": (hexagon, 0.9),
    "diamond": (diamond, 0.75),
}
KINDS = tuple(
    Kind(name, _drawn(outline), width, 0.3, "any", COLOURS[:8], "plain", body=(0.0, -0.5), faces=False)
    for name, (outline, width) in _OUTLINES.items()
)

"""The pen things are drawn with: local coordinates, the light of the hour, and the manner of the style.

A thing stands with its foot on (0, 0) and reaches up to y = -1; the pen puts it where and as large as it belongs.
"""

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from generator.starter.scenes.canvas import Canvas, Points, ink, tube
from generator.starter.scenes.palette import Light, Rgb, brightness, shade

# What a drawn line does with a patch of colour: go round it, fill it with ink, or leave it out (shading, shadows).
Edge = Literal["outline", "fill", "none"]


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in its own coordinates on a canvas."""

    canvas: Canvas
    light: Light
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    mirrored: bool = False
    haze: float = 0.0
    turn: float = 0.0
    rise: float = 1.0  # how tall upright things come out; below zero they hang upside down, as in water

    def at(self, x: float, y: float, scale: float = 1.0, *, mirrored: bool = False, turn: float = 0.0) -> "Pen":
        """A pen with its foot at a place of this pen, `scale` times as large, turned by radians clockwise."""
        ((left, top),) = self.world([(x, y)])
        flip = self.mirrored != mirrored
        spin = self.turn + (-turn if self.mirrored else turn)
        return replace(self, x=left, y=top, scale=self.scale * scale, mirrored=flip, turn=spin)

    def hazed(self, haze: float) -> "Pen":
        """The same pen, its colours lost to distance by `haze`."""
        return replace(self, haze=haze)

    def world(self, points: Points) -> list[tuple[float, float]]:
        """World coordinates of some points."""
        side = -self.scale if self.mirrored else self.scale
        if not self.turn:
            return [(self.x + side * x, self.y + self.scale * self.rise * y) for x, y in points]
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        return [
            (
                self.x + side * x * cos - self.scale * y * sin,
                self.y + self.rise * (side * x * sin + self.scale * y * cos),
            )
            for x, y in points
        ]

    def pixels(self, points: Points) -> list[tuple[float, float]]:
        """Pixel coordinates of some points."""
        unit = self.canvas.unit
        return [(x * unit, y * unit) for x, y in self.world(points)]

    def polygon(
        self,
        points: Points,
        colour: Rgb,
        *,
        to: Rgb | None = None,
        alpha: float = 1.0,
        edge: Edge = "outline",
        lit: bool = False,
    ) -> None:
        """A filled shape; `to` is its colour at the bottom, `lit` means it shines by itself."""
        placed = self.pixels(points)
        if self.canvas.manner != "solid":
            self._outlined(placed, colour, edge)
            return
        last = None if to is None else self._seen(to, lit=lit)
        self.canvas.polygon(placed, self._seen(colour, lit=lit), to=last, alpha=alpha)

    def blob(
        self,
        points: Points,
        colour: Rgb,
        *,
        to: Rgb | None = None,
        alpha: float = 1.0,
        edge: Edge = "outline",
        lit: bool = False,
    ) -> None:
        """A shape with a smooth outline through the points."""
        self.polygon(smooth(points), colour, to=to, alpha=alpha, edge=edge, lit=lit)

    def ellipse(
        self,
        x: float,
        y: float,
        across: float,
        colour: Rgb,
        *,
        down: float | None = None,
        turn: float = 0.0,
        to: Rgb | None = None,
        alpha: float = 1.0,
        edge: Edge = "outline",
        lit: bool = False,
    ) -> None:
        """A disc around (x, y), `across` and `down` being its half widths."""
        points = oval(x, y, across, across if down is None else down, turn)
        self.polygon(points, colour, to=to, alpha=alpha, edge=edge, lit=lit)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: Rgb,
        *,
        to: Rgb | None = None,
        alpha: float = 1.0,
        edge: Edge = "outline",
        lit: bool = False,
    ) -> None:
        """An upright rectangle."""
        points = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.polygon(points, colour, to=to, alpha=alpha, edge=edge, lit=lit)

    def stroke(
        self,
        points: Points,
        colour: Rgb,
        width: float,
        *,
        alpha: float = 1.0,
        edge: Edge = "outline",
        lit: bool = False,
    ) -> None:
        """A line with round ends; in drawn styles a thick one is outlined and a thin one is the line itself."""
        placed = self.pixels(points)
        thick = width * self.scale * self.canvas.unit
        if self.canvas.manner == "solid":
            self.canvas.line(placed, self._seen(colour, lit=lit), thick, alpha)
        elif edge != "none":
            self._drawn_line(placed, colour, thick)

    def curve(
        self,
        points: Points,
        colour: Rgb,
        width: float,
        *,
        alpha: float = 1.0,
        edge: Edge = "outline",
        lit: bool = False,
    ) -> None:
        """A smooth line through the points."""
        self.stroke(smooth(points, closed=False), colour, width, alpha=alpha, edge=edge, lit=lit)

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float = 0.6) -> None:
        """Light spreading from a place of this pen."""
        ((left, top),) = self.world([(x, y)])
        self.canvas.glow(left, top, radius * self.scale, colour, strength)

    def shadow(self, width: float, strength: float = 0.22) -> None:
        """The soft shadow of something `width` wide that stands at the foot of this pen."""
        for grow, part in ((1.0, 0.35), (0.8, 0.3), (0.58, 0.35)):
            self.ellipse(
                0.03 * self.light.side * -width,
                0.0,
                width * 0.62 * grow,
                (18, 22, 44),
                down=width * 0.1 * grow,
                alpha=strength * part,
                edge="none",
            )

    def _seen(self, colour: Rgb, *, lit: bool) -> Rgb:
        return colour if lit else self.light.tone(colour, self.haze)

    def _outlined(self, placed: Points, colour: Rgb, edge: Edge) -> None:
        if edge == "none":
            return
        canvas = self.canvas
        line, inside = tube(colour) if canvas.manner == "neon" else ink()
        canvas.draw.polygon(placed, fill=line if edge == "fill" else inside)
        if edge == "outline":
            canvas.line([*placed, placed[0]], line, self._weight())

    def _drawn_line(self, placed: Points, colour: Rgb, thick: float) -> None:
        weight = self._weight()
        line, inside = tube(colour) if self.canvas.manner == "neon" else ink()
        if thick < 3.2 * weight:
            self.canvas.line(placed, line, max(weight * 0.8, min(thick, weight * 1.3)))
            return
        self.canvas.line(placed, line, thick + weight)
        self.canvas.line(placed, inside, thick - weight)

    def _weight(self) -> float:
        """Thinner lines for small and far things, so that they do not clot."""
        size = min(1.0, 0.45 + 1.6 * min(self.scale, 1.0))
        return max(1.0, self.canvas.stroke * size * (1.0 - 0.45 * self.haze))


@cache
def path(places: str) -> tuple[tuple[float, float], ...]:
    """Points written as "x,y x,y": outlines of things are drawn by hand and read better so."""
    pairs = (place.split(",") for place in places.split())
    return tuple((float(x), float(y)) for x, y in pairs)


def smooth(points: Points, *, closed: bool = True, steps: int = 7) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    around = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    curve: list[tuple[float, float]] = []
    for index in range(count if closed else count - 1):
        before, start, end, after = around[index : index + 4]
        curve += [_between(before, start, end, after, step / steps) for step in range(steps)]
    return curve if closed else [*curve, points[-1]]


def _between(
    before: tuple[float, float],
    start: tuple[float, float],
    end: tuple[float, float],
    after: tuple[float, float],
    t: float,
) -> tuple[float, float]:
    a, b = -0.5 * t + t * t - 0.5 * t**3, 1 - 2.5 * t * t + 1.5 * t**3
    c, d = 0.5 * t + 2 * t * t - 1.5 * t**3, -0.5 * t * t + 0.5 * t**3
    return (
        a * before[0] + b * start[0] + c * end[0] + d * after[0],
        a * before[1] + b * start[1] + c * end[1] + d * after[1],
    )


def oval(
    x: float, y: float, across: float, down: float, turn: float = 0.0, corners: int = 44
) -> list[tuple[float, float]]:
    """Points around an ellipse."""
    if not turn:
        return [(x + across * cos, y + down * sin) for cos, sin in _circle(corners)]
    right, left = across * math.cos(turn), down * math.sin(turn)
    below, above = across * math.sin(turn), down * math.cos(turn)
    return [(x + right * cos - left * sin, y + below * cos + above * sin) for cos, sin in _circle(corners)]


@cache
def _circle(corners: int) -> tuple[tuple[float, float], ...]:
    angles = [math.tau * index / corners for index in range(corners)]
    return tuple((math.cos(angle), math.sin(angle)) for angle in angles)


def star(
    x: float, y: float, corners: int, radius: float, inner: float | None = None, turn: float = -math.pi / 2
) -> list[tuple[float, float]]:
    """Points of a regular polygon, or of a star where `inner` gives its inner radius as a part of the outer."""
    count = corners * 2 if inner else corners
    reach = [radius * (inner if inner and index % 2 else 1.0) for index in range(count)]
    return [
        (x + far * math.cos(turn + math.tau * index / count), y + far * math.sin(turn + math.tau * index / count))
        for index, far in enumerate(reach)
    ]


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> list[tuple[float, float]]:
    """Points of a rectangle with round corners."""
    corners = (
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
    )
    return [
        (x + radius * math.cos(math.radians(start + step * 15)), y + radius * math.sin(math.radians(start + step * 15)))
        for x, y, start in corners
        for step in range(7)
    ]


def dark_on(colour: Rgb, factor: float = 0.72) -> Rgb:
    """A shade of the colour for folds and seams that shows on black too."""
    return shade(colour, factor) if brightness(colour) > 0.2 else shade(colour, 1.22)

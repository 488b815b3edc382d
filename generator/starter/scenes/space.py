"""Space: nebulae and stars, planets with rings, rockets."""

import math

import numpy as np
from PIL import Image

from generator.starter.scenes.canvas import clouds_of
from generator.starter.scenes.dice import throw
from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import NAMED, Rgb, mix, shade
from generator.starter.scenes.pen import Pen, oval, path
from generator.starter.scenes.sky import paint_stars
from generator.starter.scenes.stage import Stage

CLOUDS: tuple[tuple[Rgb, Rgb], ...] = (
    ((92, 52, 168), (32, 120, 190)),
    ((170, 52, 120), (56, 60, 170)),
    ((30, 130, 140), (90, 50, 150)),
    ((190, 90, 60), (90, 40, 120)),
)


def paint_space(stage: Stage) -> None:
    """A deep sky with two drifting clouds of light, and many stars."""
    dice = throw(stage.scene.seed, "space")
    if stage.canvas.manner != "line":
        asked = stage.scene.ground_colour
        pair = (NAMED[asked], shade(NAMED[asked], 0.7)) if asked else dice.choice(CLOUDS)
        stage.canvas.gradient(((7, 8, 26), (15, 12, 40), (9, 8, 30)))
        stage.canvas.add_light(_nebula(stage, dice.randrange(1 << 30), pair))
    paint_stars(stage, stage.height * 1.4, density=1.5)


def _nebula(stage: Stage, seed: int, pair: tuple[Rgb, Rgb]) -> Image.Image:
    width, height = (max(16, side // 10) for side in stage.canvas.pixels)
    across, down = max(2, round(3 * stage.width)), max(2, round(3 * stage.height))
    light = np.zeros((height, width, 3), dtype=np.float32)
    for index, colour in enumerate(pair):
        size = (width, height)
        large = clouds_of(seed + index * 3, across, down, size)
        fine = (
            clouds_of(seed + index * 3 + 1, across * 4, down * 4, size) * 0.6
            + clouds_of(seed + index * 3 + 2, across * 9, down * 9, size) * 0.4
        )
        strength = np.clip(large * 1.35 - 0.5, 0.0, 1.0) * (0.4 + 0.6 * fine)
        light += strength[..., None] * np.asarray(colour, dtype=np.float32)
    return Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))


def draw_planet(pen: Pen, look: Look) -> None:
    """A banded globe with a dark side; with a second colour, or by chance, it has a ring."""
    ring = look.second or (mix(look.colour, (255, 244, 214), 0.6) if look.dice.random() < 0.45 else None)
    radius = 0.36 if ring else 0.49
    pen.glow(0.0, -0.5, radius * 1.7, mix(look.colour, (255, 255, 255), 0.2), 0.32)
    if ring:
        _ring(pen, radius, ring, behind=True)
    _globe(pen, look, radius)
    if ring:
        _ring(pen, radius, ring, behind=False)


def _globe(pen: Pen, look: Look, radius: float) -> None:
    colour = look.colour
    pen.ellipse(0.0, -0.5, radius, mix(colour, (255, 255, 255), 0.16), to=shade(colour, 0.86))
    for _ in range(4):
        y = look.dice.uniform(-0.75, 0.75)
        half, thick = math.sqrt(1 - y * y), look.dice.uniform(0.05, 0.14)
        low = min(0.97, y + thick)
        band = [
            (-half, y),
            (0.0, y + 0.07),
            (half, y),
            (math.sqrt(1 - low * low), low),
            (0.0, low + 0.07),
            (-math.sqrt(1 - low * low), low),
        ]
        tone = shade(colour, look.dice.choice((0.82, 1.22)))
        pen.polygon([(x * radius * 0.985, -0.5 + top * radius) for x, top in band], tone, alpha=0.55, edge="none")
    for step in range(7):
        _dusk(pen, radius, 0.5 - 0.11 * step)


def _dusk(pen: Pen, radius: float, reach: float) -> None:
    """The night side, as a crescent from the limb inwards; several laid over each other make it soft."""
    limb = [-math.pi / 2 + math.pi * step / 24 for step in range(25)]
    outer = [(math.cos(angle), math.sin(angle)) for angle in limb]
    inner = [(math.cos(angle) * reach, math.sin(angle)) for angle in reversed(limb)]
    turned = [(x * 0.9 - y * 0.43, x * 0.43 + y * 0.9) for x, y in outer + inner]
    pen.polygon([(x * radius, -0.5 + y * radius) for x, y in turned], (8, 6, 26), alpha=0.12, edge="none")


def _ring(pen: Pen, radius: float, colour: Rgb, *, behind: bool) -> None:
    tilt = -0.28
    for far, thick, tone in ((1.95, 0.2, 0.92), (1.66, 0.16, 1.0)):
        angles = [math.pi * (step / 36) + (math.pi if behind else 0.0) for step in range(37)]
        outer = [(math.cos(angle) * far, math.sin(angle) * far * 0.26) for angle in angles]
        inner = [
            (math.cos(angle) * (far - thick), math.sin(angle) * (far - thick) * 0.26) for angle in reversed(angles)
        ]
        cos, sin = math.cos(tilt), math.sin(tilt)
        points = [((x * cos - y * sin) * radius, -0.5 + (x * sin + y * cos) * radius) for x, y in outer + inner]
        pen.polygon(points, shade(colour, tone), alpha=0.95)


def draw_rocket(pen: Pen, look: Look) -> None:
    """A rocket on its flame, leaning a little."""
    lean = pen.at(0.0, -0.05, 0.95, turn=0.22)
    hull, fin = (
        look.colour,
        look.second or ((226, 78, 66) if look.colour[0] < 190 or brightness_low(look.colour) else (74, 92, 140)),
    )
    lean.glow(0.0, -0.12, 0.4, (255, 170, 80), 0.6)
    lean.blob(path("-0.09,-0.24 -0.1,-0.12 0,0.03 0.1,-0.12 0.09,-0.24"), (252, 158, 52), lit=True)
    lean.blob(path("-0.045,-0.24 -0.05,-0.16 0,-0.07 0.05,-0.16 0.045,-0.24"), (255, 240, 170), edge="none", lit=True)
    for side in (-1, 1):
        lean.blob([(side * 0.12, -0.5), (side * 0.26, -0.32), (side * 0.28, -0.17), (side * 0.12, -0.28)], fin)
    lean.blob(
        path("-0.12,-0.24 -0.165,-0.48 -0.13,-0.74 0,-0.99 0.13,-0.74 0.165,-0.48 0.12,-0.24 0,-0.22"),
        mix(hull, (255, 255, 255), 0.1),
        to=shade(hull, 0.86),
    )
    lean.blob(
        path("0.03,-0.93 0.13,-0.74 0.165,-0.48 0.12,-0.24 0.06,-0.23 0.09,-0.5"), (20, 16, 50), alpha=0.16, edge="none"
    )
    lean.blob(path("-0.098,-0.82 0,-0.99 0.098,-0.82 0,-0.8"), fin)
    lean.polygon(oval(0.0, -0.6, 0.075, 0.075), (240, 242, 248))
    lean.polygon(oval(0.0, -0.6, 0.052, 0.052), (96, 176, 224))
    lean.box(-0.12, -0.27, 0.12, -0.23, shade(hull, 0.6))


def brightness_low(colour: Rgb) -> bool:
    """Whether a hull is so light that red fins suit it."""
    return min(colour) > 150


KINDS = (
    Kind(
        "planet",
        draw_planet,
        1.25,
        0.5,
        "space",
        ("orange", "purple", "teal", "blue", "red"),
        "space",
        body=(-0.12, -0.55),
    ),
    Kind("rocket", draw_rocket, 0.62, 0.6, "space", ("white", "red", "teal", "orange"), "space", body=(0.03, -0.4)),
)

"""Trees, and the forest they make."""

import math
import random
from functools import cache

from generator.starter.scenes.description import Layer
from generator.starter.scenes.dice import throw
from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import NAMED, WHITE, Rgb, mix, shade, vary
from generator.starter.scenes.pen import Pen, path
from generator.starter.scenes.stage import Stage

TRUNK: Rgb = (112, 78, 56)
SNOW: Rgb = (246, 249, 254)
# Middle and radius of the balls a crown is made of.
CROWN = (
    (-0.2, -0.5, 0.17),
    (0.2, -0.48, 0.17),
    (0.0, -0.45, 0.19),
    (-0.15, -0.68, 0.19),
    (0.16, -0.66, 0.18),
    (0.0, -0.8, 0.19),
)


def draw_tree(pen: Pen, look: Look) -> None:
    """A round leafy tree: trunk, a crown in three tones, light on the sunny side."""
    pen.shadow(0.5)
    side = pen.light.side * (-1 if pen.mirrored else 1)
    pen.polygon(path("-0.05,0 -0.03,-0.3 -0.035,-0.55 0.035,-0.55 0.03,-0.3 0.055,0"), TRUNK, to=shade(TRUNK, 0.75))
    pen.stroke([(0.0, -0.36), (0.11, -0.5)], TRUNK, 0.03)
    pen.stroke([(0.0, -0.32), (-0.1, -0.46)], TRUNK, 0.026)
    outline = _crown_outline(1.0)
    pen.polygon(outline, look.colour, to=shade(look.colour, 0.74))
    if look.snowy:
        pen.polygon(_snow_cap(), SNOW, edge="none")
    lit = mix(look.colour, (255, 246, 170), 0.24) if look.colour != NAMED["white"] else WHITE
    for x, y, radius in CROWN:
        pen.ellipse(
            x + side * 0.035,
            y - 0.035,
            radius * 0.68,
            SNOW if look.snowy and y < -0.7 else lit,
            alpha=0.42,
            edge="none",
        )
    for _ in range(12):
        x, y, radius = look.dice.choice(CROWN)
        angle, far = look.dice.uniform(0, math.tau), radius * look.dice.uniform(0.2, 0.85)
        tone = lit if look.dice.random() < 0.5 else shade(look.colour, 0.7)
        pen.ellipse(
            x + far * math.cos(angle), y + far * math.sin(angle), 0.022, tone, down=0.014, alpha=0.6, edge="none"
        )


@cache
def _crown_outline(grow: float, below: float = 1.0) -> list[tuple[float, float]]:
    """The balls of the crown as one outline, seen from their common middle."""
    points = []
    for step in range(72):
        angle = math.tau * step / 72
        away = 0.0
        cos, sin = math.cos(angle), math.sin(angle)
        for x, y, radius in CROWN:
            along = x * cos + (y + 0.62) * sin
            across = x * sin - (y + 0.62) * cos
            if abs(across) < radius:
                away = max(away, along + math.sqrt(radius**2 - across**2))
        points.append((cos * away * grow, min(below, -0.62 + sin * away * grow)))
    return points


def _snow_cap() -> list[tuple[float, float]]:
    """The upper rim of the crown, with a scalloped lower edge."""
    rim = [(x * 1.02, y - 0.012) for x, y in _crown_outline(1.0) if y < -0.72]
    rim.sort()
    left, right = rim[0][0], rim[-1][0]
    hem = [
        (
            right + (left - right) * step / 18,
            -0.755 + 0.03 * math.sin(step * 1.75) - 0.06 * math.sin(math.pi * step / 18),
        )
        for step in range(19)
    ]
    return rim + hem


def draw_pine(pen: Pen, look: Look) -> None:
    """A conifer of four skirts, each ragged at its hem."""
    pen.shadow(0.42)
    pen.box(-0.035, -0.16, 0.035, 0, TRUNK, to=shade(TRUNK, 0.75))
    side = pen.light.side * (-1 if pen.mirrored else 1)
    for tier in range(4):
        foot, half, tall = -0.1 - 0.2 * tier, 0.27 - 0.052 * tier, 0.36 - 0.025 * tier
        hem = [(half * (1 - step / 4), foot + (0.028 if step % 2 else 0.0)) for step in range(9)]
        skirt = [(0.0, foot - tall), (half * 0.45, foot - tall * 0.42), *hem, (-half * 0.45, foot - tall * 0.42)]
        tone = shade(look.colour, 0.84 + 0.07 * tier)
        pen.polygon(skirt, mix(tone, (230, 240, 190), 0.08), to=shade(tone, 0.78))
        dark = [
            (0.0, foot - tall),
            (-side * half * 0.45, foot - tall * 0.42),
            (-side * half, foot),
            (-side * half * 0.15, foot + 0.01),
        ]
        pen.polygon(dark, shade(look.colour, 0.55), alpha=0.25, edge="none")
        if look.snowy:
            cap = [
                (0.0, foot - tall),
                (half * 0.55, foot - tall * 0.36),
                (half * 0.2, foot - tall * 0.42),
                (0.0, foot - tall * 0.24),
                (-half * 0.25, foot - tall * 0.42),
                (-half * 0.55, foot - tall * 0.34),
            ]
            pen.polygon(cap, SNOW, edge="none")


def draw_palm(pen: Pen, look: Look) -> None:
    """A leaning palm with drooping leaves and nuts."""
    pen.shadow(0.4)
    trunk = path("-0.05,0 0,-0.3 0.09,-0.56 0.17,-0.74")
    pen.curve(trunk, (150, 108, 72), 0.062)
    for step in range(1, 9):
        part = step / 9
        x, y = -0.05 + 0.22 * part**1.5, -0.74 * part
        pen.stroke([(x - 0.028, y + 0.004), (x + 0.028, y - 0.008)], (118, 82, 54), 0.009, edge="none")
    for angle in (-2.75, -2.2, -1.5, -0.85, -0.35, 0.25, 3.05):
        _leaf(pen, 0.17, -0.75, angle, look.colour)
    for x in (0.13, 0.18, 0.21):
        pen.ellipse(x, -0.715, 0.026, (116, 74, 44))


def _leaf(pen: Pen, x: float, y: float, angle: float, colour: Rgb) -> None:
    reach, droop = 0.4, 0.17
    spine = [
        (x + math.cos(angle) * reach * part, y + math.sin(angle) * reach * 0.62 * part + droop * part**2)
        for part in (0, 0.25, 0.5, 0.75, 1.0)
    ]
    over = [(left, top - 0.052 * math.sin(math.pi * index / 4) ** 0.8) for index, (left, top) in enumerate(spine)]
    under = [(left, top + 0.03 * math.sin(math.pi * index / 4)) for index, (left, top) in enumerate(spine)]
    pen.blob(over + under[::-1], colour if math.sin(angle) < 0.1 else shade(colour, 0.8))
    pen.curve(spine, shade(colour, 0.7), 0.008, edge="none")


def paint_forest(stage: Stage, layer: Layer) -> None:
    """Rows of trees fading into the haze, the nearest row darkest."""
    dice = throw(stage.scene.seed, "forest")
    pines = stage.scene.season != "autumn" and dice.random() < 0.75
    base = NAMED[layer.colour] if layer.colour else _forest_green(stage, dice, pines=pines)
    rows = 4
    for row in range(rows):
        near = row / (rows - 1)
        tall = 0.17 + 0.16 * near
        foot = stage.horizon - 0.035 + 0.05 * near
        count = max(4, round(stage.width * (13 - 5 * near)))
        for index in range(count):
            x = (index + dice.uniform(-0.25, 1.25)) / count * stage.width
            # A clearing in the middle, deeper towards us, leaves room for whoever stands there.
            if near > 0.5 and abs(x / stage.width - 0.5) < 0.2 * near and stage.scene.subjects:
                continue
            pen = stage.pen.hazed(0.62 - 0.5 * near).at(x, foot, tall * dice.uniform(0.75, 1.15))
            look = Look(
                vary(dice, _leaf_colour(stage, dice, base), 0.1), None, dice, stage.scene.season, stage.scene.is_snowy
            )
            (draw_pine if pines else draw_tree)(pen, look)


def _forest_green(stage: Stage, dice: random.Random, *, pines: bool) -> Rgb:
    return dice.choice(((44, 104, 82), (54, 112, 70), (38, 92, 92))) if pines else (86, 150, 76)


def _leaf_colour(stage: Stage, dice: random.Random, base: Rgb) -> Rgb:
    if stage.scene.season != "autumn":
        return base
    return dice.choice(((214, 110, 44), (196, 70, 46), (234, 168, 62), base))


KINDS = (
    Kind("tree", draw_tree, 0.76, 0.46, "back", ("green",), body=(0.0, -0.6)),
    Kind("pine", draw_pine, 0.58, 0.5, "back", ("green", "teal"), body=(0.0, -0.42)),
    Kind("palm", draw_palm, 0.9, 0.55, "back", ("green",), "beach", body=(0.17, -0.75)),
)

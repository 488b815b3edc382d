"""Buildings: house, castle, tower, windmill, barn, church, tent, lighthouse."""

import math

from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import Rgb, brightness, mix, shade
from generator.starter.scenes.pen import Pen, dark_on, path

GLASS: Rgb = (186, 220, 238)
FAR = 40.0  # beyond the edge of the widest picture, in heights of a lighthouse
LAMP: Rgb = (255, 216, 116)
STONE: Rgb = (186, 178, 172)
SNOW: Rgb = (248, 250, 254)
ROOFS: tuple[Rgb, ...] = ((176, 74, 58), (120, 78, 64), (92, 104, 124), (196, 104, 62))


def draw_house(pen: Pen, look: Look) -> None:
    """A cottage: lit front, roof with eaves, chimney, two windows, a door and a step."""
    roof = look.second or look.dice.choice([colour for colour in ROOFS if _apart(colour, look.colour)])
    pen.shadow(1.25)
    pen.box(0.2, -0.98, 0.33, -0.6, mix(STONE, roof, 0.3))
    pen.box(0.18, -1.0, 0.35, -0.94, SNOW if look.snowy else shade(roof, 0.75))
    wall = look.colour
    pen.box(-0.5, -0.56, 0.5, 0.0, mix(wall, (255, 250, 235), 0.1), to=shade(wall, 0.9))
    dark = 0.5 if pen.light.side < 0 else -0.5
    pen.polygon([(0.1 * dark, -0.56), (dark, -0.56), (dark, 0), (0.1 * dark, 0)], (30, 24, 60), alpha=0.08, edge="none")
    pen.box(-0.5, -0.57, 0.5, -0.51, (40, 30, 60), alpha=0.2, edge="none")
    pen.polygon(
        path("-0.6,-0.53 -0.38,-0.92 0.38,-0.92 0.6,-0.53"), mix(roof, (255, 240, 220), 0.1), to=shade(roof, 0.86)
    )
    for row in range(1, 4):
        y = -0.92 + 0.098 * row
        half = 0.38 + 0.0555 * row
        pen.stroke([(-half, y), (half, y)], shade(roof, 0.8), 0.008, edge="none")
    if look.snowy:
        pen.polygon(
            path("-0.57,-0.58 -0.38,-0.94 0.38,-0.94 0.57,-0.58 0.42,-0.66 0.2,-0.6 0,-0.67 -0.22,-0.6 -0.42,-0.66"),
            SNOW,
            edge="none",
        )
    door = (108, 66, 48) if _apart((108, 66, 48), wall) else (240, 228, 206)
    pen.polygon(path("-0.085,0 -0.085,-0.3 -0.05,-0.335 0.05,-0.335 0.085,-0.3 0.085,0"), door, to=shade(door, 0.8))
    pen.ellipse(0.05, -0.15, 0.014, (240, 210, 120), edge="fill")
    pen.box(-0.13, -0.02, 0.13, 0.015, STONE)
    for x in (-0.3, 0.3):
        _window(pen, x, -0.28, 0.1, wall)


def _window(pen: Pen, x: float, y: float, half: float, wall: Rgb) -> None:
    frame = (250, 246, 236) if brightness(wall) < 0.8 else (150, 118, 92)
    lit = pen.light.lamps_lit
    pen.box(x - half - 0.018, y - half - 0.018, x + half + 0.018, y + half + 0.018, frame)
    glass = LAMP if lit else GLASS
    pen.box(x - half, y - half, x + half, y + half, glass, to=mix(glass, (255, 255, 255), 0.35), lit=lit)
    pen.stroke([(x, y - half), (x, y + half)], frame, 0.016)
    pen.stroke([(x - half, y), (x + half, y)], frame, 0.016)
    pen.box(x - half - 0.03, y + half + 0.014, x + half + 0.03, y + half + 0.04, shade(frame, 0.9), edge="none")
    if lit:
        pen.glow(x, y, half * 3.4, (255, 190, 90), 0.4)


def _apart(one: Rgb, other: Rgb) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 110


def draw_barn(pen: Pen, look: Look) -> None:
    """A barn with a bent roof and a crossed door."""
    roof = look.second or (96, 92, 98)
    trim = (248, 244, 236)
    pen.shadow(1.3)
    front = path("-0.52,0 -0.52,-0.55 -0.36,-0.82 0,-0.97 0.36,-0.82 0.52,-0.55 0.52,0")
    pen.polygon(front, mix(look.colour, (255, 240, 220), 0.08), to=shade(look.colour, 0.84))
    for index in range(-4, 5):
        pen.stroke([(index * 0.11, -0.52), (index * 0.11, -0.01)], shade(look.colour, 0.86), 0.008, edge="none")
    edge = path("-0.57,-0.5 -0.38,-0.83 0,-0.99 0.38,-0.83 0.57,-0.5")
    pen.stroke(edge, SNOW if look.snowy else roof, 0.055)
    pen.box(-0.2, -0.4, 0.2, 0.0, trim)
    pen.box(-0.175, -0.375, 0.175, 0.0, shade(look.colour, 0.8))
    pen.stroke([(-0.175, -0.375), (0.175, 0.0)], trim, 0.024)
    pen.stroke([(0.175, -0.375), (-0.175, 0.0)], trim, 0.024)
    _window(pen, 0.0, -0.64, 0.07, look.colour)


def draw_tower(pen: Pen, look: Look) -> None:
    """A round stone tower with a pointed roof and a flag."""
    roof = look.second or (150, 62, 66)
    pen.shadow(0.5)
    _turret(pen, 0.0, 0.0, 0.15, 0.66, look.colour, roof)
    pen.polygon(path("-0.05,0 -0.05,-0.12 0,-0.17 0.05,-0.12 0.05,0"), (84, 58, 46))


def draw_castle(pen: Pen, look: Look) -> None:
    """A castle: keep, curtain wall with battlements, two towers, a gate."""
    roof = look.second or look.dice.choice(((170, 66, 70), (74, 92, 142), (120, 76, 140)))
    wall = look.colour
    pen.shadow(1.35)
    _turret(pen, 0.0, -0.2, 0.13, 0.44, shade(wall, 0.93), roof)
    _battlement(pen, -0.3, 0.3, -0.52, shade(wall, 0.97))
    _turret(pen, -0.44, 0.0, 0.115, 0.56, wall, roof)
    _turret(pen, 0.44, 0.0, 0.115, 0.56, wall, roof)
    _battlement(pen, -0.36, 0.36, -0.34, wall)
    gate = path("-0.1,0 -0.1,-0.17 -0.06,-0.235 0,-0.26 0.06,-0.235 0.1,-0.17 0.1,0")
    pen.polygon(gate, (78, 56, 48))
    for x in (-0.05, 0.0, 0.05):
        pen.stroke([(x, 0), (x, -0.22)], (50, 36, 34), 0.01, edge="none")


def _battlement(pen: Pen, left: float, right: float, top: float, wall: Rgb) -> None:
    teeth = 7
    step = (right - left) / (2 * teeth - 1)
    crown: list[tuple[float, float]] = []
    for index in range(2 * teeth - 1):
        level = top if index % 2 == 0 else top + 0.05
        crown += [(left + index * step, level), (left + (index + 1) * step, level)]
    pen.polygon([(left, 0), *crown, (right, 0)], mix(wall, (255, 250, 240), 0.1), to=shade(wall, 0.82))


def _turret(pen: Pen, x: float, foot: float, half: float, tall: float, wall: Rgb, roof: Rgb) -> None:
    top = foot - tall
    side = pen.light.side * (-1 if pen.mirrored else 1)
    pen.box(x - half, top, x + half, foot, mix(wall, (255, 250, 240), 0.12), to=shade(wall, 0.84))
    pen.box(min(x, x - side * half), top, max(x, x - side * half), foot, (30, 24, 60), alpha=0.12, edge="none")
    pen.box(x - half * 1.22, top - 0.06, x + half * 1.22, top + 0.02, shade(wall, 0.95))
    pen.polygon(
        [(x - half * 1.35, top - 0.05), (x, top - 0.3), (x + half * 1.35, top - 0.05)],
        mix(roof, (255, 230, 210), 0.12),
        to=shade(roof, 0.82),
    )
    lit = pen.light.lamps_lit
    pen.polygon(
        [
            (x - 0.028, top + 0.2),
            (x - 0.028, top + 0.1),
            (x, top + 0.065),
            (x + 0.028, top + 0.1),
            (x + 0.028, top + 0.2),
        ],
        LAMP if lit else (70, 66, 84),
        lit=lit,
    )
    pen.stroke([(x, top - 0.3), (x, top - 0.35)], (90, 76, 70), 0.01)
    pen.polygon([(x, top - 0.355), (x + 0.085, top - 0.335), (x, top - 0.31)], roof)


def draw_lighthouse(pen: Pen, look: Look) -> None:
    """A banded tower on its rock; its lamp throws beams when it is dark."""
    second = look.second or ((246, 243, 236) if brightness(look.colour) < 0.85 else (206, 62, 54))
    pen.blob(
        path("-0.34,0.02 -0.26,-0.07 -0.12,-0.1 0.1,-0.095 0.24,-0.06 0.36,0.02 0,0.05"),
        (116, 106, 104),
        to=(78, 72, 78),
    )
    lit = pen.light.time != "day"
    if lit:
        _beams(pen)
    bands = 5
    for band in range(bands):
        foot, top = -0.08 - 0.137 * band, -0.08 - 0.137 * (band + 1)
        low, high = 0.125 - 0.011 * band, 0.125 - 0.011 * (band + 1)
        colour = look.colour if band % 2 == 0 else second
        pen.polygon([(-low, foot), (-high, top), (high, top), (low, foot)], colour)
    side = pen.light.side * (-1 if pen.mirrored else 1)
    pen.polygon(
        [(-side * 0.125, -0.08), (-side * 0.07, -0.765), (-side * 0.02, -0.765), (-side * 0.035, -0.08)],
        (30, 24, 60),
        alpha=0.16,
        edge="none",
    )
    pen.polygon(path("-0.035,-0.08 -0.035,-0.155 0,-0.185 0.035,-0.155 0.035,-0.08"), (74, 56, 54))
    pen.box(-0.115, -0.79, 0.115, -0.755, dark_on(look.colour, 0.6))
    pen.box(-0.06, -0.89, 0.06, -0.79, LAMP if lit else (214, 234, 242), lit=lit)
    pen.stroke([(0, -0.89), (0, -0.79)], (90, 84, 90), 0.012)
    pen.polygon(path("-0.09,-0.885 -0.06,-0.945 0,-0.98 0.06,-0.945 0.09,-0.885"), look.colour)
    pen.ellipse(0, -0.985, 0.015, dark_on(look.colour))
    if lit:
        pen.glow(0, -0.84, 0.3, (255, 226, 140), 0.8)


def _beams(pen: Pen) -> None:
    for side in (-1, 1):
        for spread, alpha in ((0.2, 0.1), (0.12, 0.12), (0.06, 0.16)):
            tip = [(side * FAR, -0.84 - (0.06 + spread) * FAR / 1.9), (side * FAR, -0.84 + (spread - 0.06) * FAR / 1.9)]
            pen.polygon([(0, -0.845), *tip, (0, -0.835)], (255, 238, 176), alpha=alpha, edge="none", lit=True)


def draw_windmill(pen: Pen, look: Look) -> None:
    """A tower mill with four lattice sails."""
    pen.shadow(0.6)
    wall = look.colour
    pen.polygon(path("-0.2,0 -0.12,-0.6 0.12,-0.6 0.2,0"), mix(wall, (255, 250, 235), 0.12), to=shade(wall, 0.86))
    pen.polygon(path("0.2,0 0.12,-0.6 0.02,-0.6 0.04,0"), (30, 24, 60), alpha=0.1, edge="none")
    pen.blob(path("-0.14,-0.59 -0.1,-0.68 0,-0.73 0.1,-0.68 0.14,-0.59"), look.second or (134, 72, 58))
    pen.polygon(path("-0.05,0 -0.05,-0.12 0,-0.15 0.05,-0.12 0.05,0"), (98, 66, 50))
    _window(pen, 0.0, -0.38, 0.042, wall)
    start = look.dice.uniform(0.3, 0.9)
    for blade in range(4):
        arm = pen.at(0, -0.63, turn=start + blade * math.pi / 2)
        arm.stroke([(0, 0), (0, -0.37)], (104, 76, 58), 0.016)
        arm.polygon(path("0.012,-0.09 0.095,-0.09 0.085,-0.36 0.012,-0.36"), look.second or (248, 240, 222), alpha=0.96)
        for y in (-0.15, -0.22, -0.29):
            arm.stroke([(0.012, y), (0.09, y)], (150, 120, 96), 0.006, edge="none")
    pen.ellipse(0, -0.63, 0.026, (90, 66, 52))


def draw_church(pen: Pen, look: Look) -> None:
    """A chapel with a steeple."""
    roof = look.second or (96, 100, 122)
    pen.shadow(0.95)
    pen.box(-0.1, -0.34, 0.46, 0, look.colour, to=shade(look.colour, 0.88))
    pen.polygon(path("-0.14,-0.33 0,-0.55 0.36,-0.55 0.5,-0.33"), SNOW if look.snowy else roof, to=shade(roof, 0.85))
    pen.box(-0.34, -0.6, -0.06, 0, mix(look.colour, (255, 255, 255), 0.1), to=shade(look.colour, 0.88))
    pen.polygon([(-0.38, -0.58), (-0.2, -0.92), (-0.02, -0.58)], SNOW if look.snowy else roof, to=shade(roof, 0.85))
    pen.stroke([(-0.2, -0.9), (-0.2, -1.0)], (120, 96, 60), 0.014)
    pen.stroke([(-0.235, -0.965), (-0.165, -0.965)], (120, 96, 60), 0.014)
    pen.polygon(path("-0.26,0 -0.26,-0.16 -0.2,-0.23 -0.14,-0.16 -0.14,0"), (96, 64, 50))
    for x, y in ((-0.2, -0.42), (0.08, -0.17), (0.28, -0.17)):
        _window(pen, x, y, 0.042, look.colour)


def draw_tent(pen: Pen, look: Look) -> None:
    """A ridge tent, glowing from inside at night."""
    pen.shadow(1.3)
    pen.polygon(
        [(-0.75, 0), (0.0, -0.95), (0.75, 0)], mix(look.colour, (255, 244, 220), 0.12), to=shade(look.colour, 0.86)
    )
    pen.polygon([(0.0, -0.95), (0.75, 0), (0.34, 0)], (30, 24, 60), alpha=0.16, edge="none")
    lit = pen.light.lamps_lit
    pen.polygon([(-0.26, 0), (0.0, -0.68), (0.26, 0)], LAMP if lit else shade(look.colour, 0.45), lit=lit)
    pen.polygon(path("-0.26,0 0,-0.68 -0.02,-0.5 -0.12,0"), shade(look.colour, 0.72))
    pen.stroke([(0, -0.95), (0, -1.0)], (90, 72, 60), 0.03)
    if lit:
        pen.glow(0, -0.2, 0.9, (255, 180, 80), 0.35)


KINDS = (
    Kind("house", draw_house, 1.25, 0.38, "back", ("white", "yellow", "red", "blue", "orange"), body=(0.0, -0.45)),
    Kind("barn", draw_barn, 1.2, 0.38, "back", ("red",), body=(-0.35, -0.5)),
    Kind("castle", draw_castle, 1.25, 0.52, "back", ("gray", "white", "brown"), body=(-0.2, -0.2), faces=False),
    Kind("tower", draw_tower, 0.5, 0.55, "back", ("gray", "brown"), body=(0.0, -0.3)),
    Kind("windmill", draw_windmill, 0.8, 0.52, "back", ("white", "brown"), body=(0.0, -0.22)),
    Kind("church", draw_church, 0.95, 0.48, "back", ("white",), body=(-0.2, -0.52)),
    Kind("tent", draw_tent, 1.5, 0.24, "front", ("orange", "teal", "red", "yellow"), body=(-0.45, -0.2)),
    Kind("lighthouse", draw_lighthouse, 0.5, 0.62, "back", ("red", "white"), "sea", body=(0.0, -0.7)),
)

"""What flies: bird, gull, owl, butterfly, kite, plane."""

import math

from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import Rgb, brightness, mix, shade
from generator.starter.scenes.pen import Pen, oval, path

DARK: Rgb = (28, 24, 32)
CREAM: Rgb = (252, 244, 230)
BEAK: Rgb = (244, 156, 48)


def draw_bird(pen: Pen, look: Look) -> None:
    """A bird in flight, one wing up and one behind."""
    body = look.colour
    wing = look.second or shade(body, 0.8)
    pen.blob(path("-0.1,-0.5 -0.34,-0.98 -0.16,-0.92 0.12,-0.62 0.14,-0.45"), shade(wing, 0.86))
    pen.polygon(path("-0.4,-0.42 -0.86,-0.56 -0.78,-0.42 -0.9,-0.32 -0.4,-0.3"), shade(wing, 0.95))
    pen.blob(
        path("-0.52,-0.38 -0.2,-0.54 0.2,-0.62 0.46,-0.66 0.62,-0.54 0.5,-0.36 0.2,-0.22 -0.2,-0.24"),
        body,
        to=shade(body, 0.88),
    )
    pen.blob(
        path("0.5,-0.4 0.2,-0.23 -0.15,-0.25 0.1,-0.36 0.35,-0.42"),
        CREAM if brightness(body) < 0.85 else shade(body, 0.9),
        edge="none",
    )
    pen.polygon([(0.58, -0.6), (0.86, -0.5), (0.58, -0.47)], BEAK)
    pen.ellipse(0.46, -0.56, 0.04, DARK, edge="fill")
    pen.ellipse(0.475, -0.575, 0.014, (255, 255, 255), edge="none")
    pen.blob(path("0.16,-0.5 0.02,-0.3 -0.3,0 -0.36,-0.08 -0.3,-0.3 -0.14,-0.48"), wing, to=shade(wing, 0.84))


def draw_owl(pen: Pen, look: Look) -> None:
    """An owl on a branch, looking at us with large eyes."""
    coat = look.colour
    face = look.second or mix(coat, CREAM, 0.62)
    pen.curve(path("-0.62,-0.09 -0.2,-0.12 0.2,-0.09 0.64,-0.14"), (104, 74, 54), 0.085)
    pen.blob(path("0.42,-0.13 0.52,-0.26 0.64,-0.28 0.56,-0.17"), (92, 140, 76))
    pen.blob(path("-0.16,-0.1 -0.1,0.02 0,0.04 0.1,0.02 0.16,-0.1"), shade(coat, 0.7))
    pen.blob(
        path(
            "-0.3,-0.3 -0.33,-0.6 -0.3,-0.84 -0.34,-0.99 -0.16,-0.93 0,-0.92 0.16,-0.93 0.34,-0.99"
            " 0.3,-0.84 0.33,-0.6 0.3,-0.3 0.16,-0.12 -0.16,-0.12"
        ),
        coat,
        to=shade(coat, 0.85),
    )
    pen.ellipse(0.0, -0.38, 0.2, face, down=0.24, edge="none")
    for row in range(3):
        for column in range(-1, 2):
            x, y = column * 0.11 + (0.055 if row % 2 else 0.0), -0.5 + row * 0.1
            pen.curve([(x - 0.035, y), (x, y + 0.03), (x + 0.035, y)], shade(coat, 0.72), 0.014, edge="none")
    for side in (-1, 1):
        pen.blob(
            [(side * 0.3, -0.62), (side * 0.37, -0.4), (side * 0.28, -0.16), (side * 0.2, -0.36)], shade(coat, 0.78)
        )
        pen.ellipse(side * 0.14, -0.73, 0.145, face)
        pen.ellipse(side * 0.13, -0.73, 0.088, (250, 196, 66))
        pen.ellipse(side * 0.13, -0.73, 0.052, DARK, edge="fill")
        pen.ellipse(side * 0.13 + 0.02, -0.755, 0.019, (255, 255, 255), edge="none")
        for toe in (0.05, 0.09, 0.13):
            pen.ellipse(side * toe, -0.11, 0.022, BEAK, down=0.034, edge="none")
    pen.polygon([(-0.04, -0.7), (0.04, -0.7), (0.0, -0.6)], BEAK)


def draw_butterfly(pen: Pen, look: Look) -> None:
    """A butterfly with open wings, spotted in a lighter tone."""
    wing = look.colour
    spot = look.second or (mix(wing, (255, 255, 255), 0.62) if brightness(wing) < 0.85 else (240, 190, 110))
    rim = shade(wing, 0.52) if brightness(wing) > 0.2 else shade(wing, 1.3)
    for side in (-1, 1):
        upper = [
            (side * x, y) for x, y in path("0.03,-0.52 0.2,-0.86 0.48,-0.99 0.64,-0.86 0.58,-0.6 0.36,-0.46 0.06,-0.46")
        ]
        lower = [(side * x, y) for x, y in path("0.04,-0.48 0.3,-0.46 0.5,-0.34 0.5,-0.14 0.34,-0.03 0.16,-0.14")]
        pen.blob(lower, rim)
        pen.blob([(x * 0.86 + side * 0.02, -0.42 + (y + 0.42) * 0.86) for x, y in lower], shade(wing, 0.88))
        pen.blob(upper, rim)
        pen.blob([(x * 0.88 + side * 0.02, -0.58 + (y + 0.58) * 0.87) for x, y in upper], wing, to=shade(wing, 0.92))
        pen.ellipse(side * 0.42, -0.78, 0.085, spot, edge="none")
        pen.ellipse(side * 0.27, -0.62, 0.05, spot, edge="none")
        pen.ellipse(side * 0.34, -0.24, 0.06, spot, edge="none")
        pen.curve([(side * 0.01, -0.66), (side * 0.07, -0.84), (side * 0.15, -0.92)], DARK, 0.014)
        pen.ellipse(side * 0.155, -0.925, 0.02, DARK, edge="fill")
    pen.ellipse(0.0, -0.44, 0.038, (48, 38, 44), down=0.24)


def draw_plane(pen: Pen, look: Look) -> None:
    """A small propeller plane."""
    body = look.colour
    wing = look.second or shade(body, 0.78)
    pen.polygon(path("-1,-0.52 -1.16,-0.98 -0.9,-0.98 -0.62,-0.55"), wing)
    pen.blob(
        path("-1.1,-0.5 -0.5,-0.66 0.3,-0.72 0.9,-0.6 1.02,-0.42 0.85,-0.26 0.2,-0.2 -0.5,-0.32"),
        mix(body, (255, 255, 255), 0.14),
        to=shade(body, 0.84),
    )
    for x in (-0.1, 0.16, 0.42):
        pen.ellipse(x, -0.53, 0.075, (198, 228, 242))
    pen.polygon(path("-0.25,-0.38 0.35,-0.38 -0.12,-0.02 -0.46,-0.02"), wing)
    pen.ellipse(1.04, -0.43, 0.045, (70, 66, 76))
    pen.ellipse(1.08, -0.43, 0.022, (230, 230, 236), down=0.3, alpha=0.75)


def draw_kite(pen: Pen, look: Look) -> None:
    """A diamond kite with a tail of bows."""
    colour = look.colour
    light = look.second or mix(colour, (255, 255, 255), 0.5)
    pen.polygon(path("0,-1 0.26,-0.68 0,-0.26 -0.26,-0.68"), colour)
    pen.polygon([(0.0, -1.0), (0.26, -0.68), (0.0, -0.68)], light)
    pen.polygon([(0.0, -0.26), (-0.26, -0.68), (0.0, -0.68)], light)
    tail = path("0,-0.26 0.07,-0.18 -0.05,-0.1 0.05,0")
    pen.curve(tail, (120, 96, 90), 0.012)
    for x, y in ((0.06, -0.18), (-0.04, -0.1), (0.04, -0.02)):
        pen.polygon([(x, y), (x - 0.06, y - 0.03), (x - 0.06, y + 0.03)], colour)
        pen.polygon([(x, y), (x + 0.06, y - 0.03), (x + 0.06, y + 0.03)], colour)


def draw_balloon(pen: Pen, look: Look) -> None:
    """A hot-air balloon in gores of two colours, with its basket."""
    first = look.colour
    second = look.second or (mix(first, (255, 255, 255), 0.72) if brightness(first) < 0.85 else (232, 120, 92))
    pen.polygon(path("-0.09,-0.2 0.09,-0.2 0.075,0 -0.075,0"), (150, 102, 64), to=(112, 72, 46))
    for x in (-0.08, 0.08):
        pen.stroke([(x * 1.9, -0.33), (x, -0.19)], (96, 76, 66), 0.009)
    pen.box(-0.1, -0.215, 0.1, -0.185, (176, 126, 82))
    gores = ((0.40, first), (0.33, second), (0.235, first), (0.125, second), (0.045, first))
    for half, colour in gores:
        pen.polygon(_gore(half), mix(colour, (255, 250, 235), 0.1), to=shade(colour, 0.84))
    side = pen.light.side * (-1 if pen.mirrored else 1)
    pen.polygon(oval(side * 0.2, -0.76, 0.09, 0.13, -side * 0.5), (255, 255, 255), alpha=0.22, edge="none")
    if pen.light.lamps_lit:
        pen.glow(0.0, -0.42, 0.5, (255, 190, 90), 0.45)


def _gore(half: float) -> list[tuple[float, float]]:
    """Half widths down the envelope: a round top, and straight towards the mouth."""
    around = [math.pi / 2 * step / 8 for step in range(9)]
    dome = [(-0.62 - 0.38 * math.cos(angle), math.sin(angle)) for angle in around]
    profile = [*dome, *path("-0.52,0.96 -0.43,0.75 -0.34,0.47 -0.31,0.37")]
    return [(half * wide, y) for y, wide in profile] + [(-half * wide, y) for y, wide in profile[::-1]]


KINDS = (
    Kind("bird", draw_bird, 1.7, 0.2, "sky", ("blue", "red", "white", "teal", "yellow"), body=(0.2, -0.5)),
    Kind("owl", draw_owl, 1.2, 0.36, "front", ("brown", "gray"), body=(-0.25, -0.85)),
    Kind(
        "butterfly", draw_butterfly, 1.3, 0.24, "sky", ("orange", "blue", "purple", "yellow"), "field", body=(0.3, -0.7)
    ),
    Kind("plane", draw_plane, 2.3, 0.17, "sky", ("white", "red", "yellow", "blue"), body=(0.6, -0.5)),
    Kind("kite", draw_kite, 0.55, 0.34, "sky", ("red", "yellow", "purple", "teal"), body=(-0.1, -0.75)),
    Kind(
        "balloon",
        draw_balloon,
        0.8,
        0.46,
        "sky",
        ("red", "orange", "blue", "purple", "teal"),
        body=(0.36, -0.62),
        faces=False,
    ),
)

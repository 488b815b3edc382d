"""What stands in a desert: cactus, pyramid, camel."""

import math

from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import Rgb, mix, shade
from generator.starter.scenes.pen import Pen, path

DARK: Rgb = (30, 24, 28)


def draw_cactus(pen: Pen, look: Look) -> None:
    """A saguaro with two arms, ribbed, with a flower on top."""
    green = look.colour
    pen.shadow(0.55)
    pen.curve(path("0,-0.34 -0.2,-0.34 -0.24,-0.4 -0.24,-0.62"), shade(green, 0.92), 0.105)
    pen.curve(path("0,-0.46 0.19,-0.46 0.23,-0.52 0.23,-0.78"), shade(green, 0.92), 0.1)
    pen.blob(
        path("-0.085,0 -0.095,-0.4 -0.085,-0.82 0,-0.93 0.085,-0.82 0.095,-0.4 0.085,0"),
        mix(green, (255, 250, 200), 0.1),
        to=shade(green, 0.8),
    )
    for x in (-0.045, 0.0, 0.045):
        pen.stroke([(x, -0.02), (x, -0.82)], shade(green, 0.72), 0.009, edge="none")
    bloom = look.second or (238, 110, 150)
    for angle in range(5):
        pen.ellipse(0.035 * math.cos(angle * 1.257), -0.94 + 0.025 * math.sin(angle * 1.257), 0.03, bloom)


def draw_pyramid(pen: Pen, look: Look) -> None:
    """A pyramid with a lit and a shaded face and courses of stone."""
    stone = look.colour
    side = pen.light.side * (-1 if pen.mirrored else 1)
    edge = 0.3 * -side
    lit, dark = mix(stone, (255, 236, 190), 0.16), shade(stone, 0.76)
    left, right = (lit, dark) if side < 0 else (dark, lit)
    pen.polygon([(0.0, -1.0), (-0.82, 0.0), (edge, 0.04)], left, to=shade(left, 0.92))
    pen.polygon([(0.0, -1.0), (edge, 0.04), (0.82, 0.0)], right, to=shade(right, 0.92))
    for row in range(1, 9):
        part = row / 9
        pen.stroke(
            [(-0.82 * part, -1.0 + part), (edge * part, -1.0 + 1.04 * part), (0.82 * part, -1.0 + part)],
            shade(stone, 0.6),
            0.005,
            alpha=0.3,
            edge="none",
        )


def draw_camel(pen: Pen, look: Look) -> None:
    """A camel with one hump and a saddle blanket."""
    coat = look.colour
    pen.shadow(1.0)
    for x, tone in path("-0.3,0.74 0.16,0.74 -0.38,1 0.24,1"):
        leg = shade(coat, tone)
        pen.blob(
            [
                (x - 0.06, -0.5),
                (x + 0.06, -0.5),
                (x + 0.035, -0.26),
                (x + 0.03, -0.03),
                (x + 0.06, 0.0),
                (x - 0.035, 0.0),
                (x - 0.025, -0.24),
            ],
            leg,
        )
    pen.blob(
        path(
            "-0.5,-0.5 -0.4,-0.64 -0.2,-0.68 -0.05,-0.88 0.1,-0.68 0.28,-0.6 0.4,-0.56 0.5,-0.66"
            " 0.54,-0.84 0.64,-0.82 0.62,-0.62 0.5,-0.46 0.3,-0.38 -0.1,-0.36 -0.42,-0.4"
        ),
        coat,
        to=shade(coat, 0.86),
    )
    pen.blob(path("0.53,-0.8 0.56,-0.94 0.66,-0.98 0.78,-0.93 0.84,-0.85 0.78,-0.81 0.66,-0.8"), coat)
    pen.ellipse(0.67, -0.92, 0.016, DARK, edge="fill")
    pen.curve([(-0.49, -0.52), (-0.56, -0.42), (-0.55, -0.32)], shade(coat, 0.8), 0.025)
    blanket = look.second or (196, 62, 66)
    pen.blob(path("-0.2,-0.69 -0.05,-0.89 0.1,-0.69 0.13,-0.46 -0.04,-0.44 -0.22,-0.46"), blanket)
    pen.stroke([(-0.2, -0.5), (0.12, -0.5)], (248, 214, 120), 0.022, edge="none")


KINDS = (
    Kind("cactus", draw_cactus, 0.62, 0.42, "back", ("green",), "desert", body=(0.065, -0.55)),
    Kind(
        "pyramid",
        draw_pyramid,
        1.6,
        0.36,
        "back",
        ("yellow", "orange", "brown"),
        "desert",
        body=(0.1, -0.5),
        faces=False,
    ),
    Kind("camel", draw_camel, 1.4, 0.34, "front", ("brown", "orange"), "desert", body=(0.3, -0.5)),
)

"""Animals on land, sitting or standing, seen from the side and facing right."""

from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import Rgb, brightness, mix, shade
from generator.starter.scenes.pen import Pen, path

DARK: Rgb = (28, 24, 32)
CREAM: Rgb = (252, 244, 230)
BLUSH: Rgb = (240, 158, 164)


def draw_cat(pen: Pen, look: Look) -> None:
    """A sitting cat with its tail around it, looking at us."""
    coat = look.colour
    second = look.second or (CREAM if brightness(coat) < 0.9 else (236, 226, 214))
    pen.shadow(0.8)
    pen.curve(path("-0.2,-0.06 -0.42,-0.05 -0.48,-0.2 -0.4,-0.34 -0.44,-0.46"), shade(coat, 0.9), 0.085)
    pen.blob(
        path("-0.33,-0.02 -0.36,-0.2 -0.24,-0.42 -0.13,-0.58 0.1,-0.6 0.24,-0.4 0.27,-0.14 0.25,-0.01 0,0.01"),
        coat,
        to=shade(coat, 0.86),
    )
    pen.blob(path("0.02,-0.55 0.12,-0.45 0.12,-0.25 0.05,-0.18 -0.03,-0.3 -0.04,-0.48"), second, edge="none")
    for x in (-0.02, 0.14):
        pen.blob([(x - 0.055, -0.3), (x + 0.055, -0.3), (x + 0.065, -0.05), (x + 0.08, 0.0), (x - 0.06, 0.005)], coat)
        pen.ellipse(x + 0.015, -0.012, 0.07, second, down=0.03)
    for side in (-1, 1):
        x = 0.03
        pen.blob(
            [(x + side * 0.24, -0.98), (x + side * 0.05, -0.88), (x + side * 0.2, -0.7), (x + side * 0.255, -0.8)], coat
        )
        pen.blob([(x + side * 0.215, -0.93), (x + side * 0.1, -0.865), (x + side * 0.19, -0.77)], BLUSH, edge="none")
    pen.ellipse(0.03, -0.7, 0.245, coat, down=0.2)
    pen.ellipse(0.03, -0.625, 0.11, second, down=0.075, edge="none")
    _cat_face(pen, look)


def _cat_face(pen: Pen, look: Look) -> None:
    coat = look.colour
    for side in (-1, 1):
        x = 0.03 + side * 0.1
        pen.ellipse(x, -0.725, 0.05, (238, 220, 110) if brightness(coat) < 0.55 else (110, 160, 92), down=0.055)
        pen.ellipse(x, -0.725, 0.02, DARK, down=0.047, edge="fill")
        pen.ellipse(x + 0.012, -0.745, 0.011, (255, 255, 255), edge="none")
        for lift in (0.0, 0.035):
            pen.stroke(
                [(0.03 + side * 0.09, -0.63 + lift * 0.5), (0.03 + side * 0.3, -0.65 + lift)],
                (246, 246, 246) if brightness(coat) < 0.4 else (96, 80, 76),
                0.008,
                edge="none",
            )
    pen.polygon(
        [(0.0, -0.66), (0.06, -0.66), (0.03, -0.63)], BLUSH if brightness(coat) < 0.4 else (214, 110, 116), edge="fill"
    )
    mouth = 0.035 if look.smiling else 0.02
    pen.curve(
        [(-0.02, -0.61), (0.005, -0.61 + mouth), (0.03, -0.625), (0.055, -0.61 + mouth), (0.08, -0.61)], DARK, 0.01
    )


def draw_fox(pen: Pen, look: Look) -> None:
    """A sitting fox: pointed face, white bib, a great brush with a white tip."""
    coat = look.colour
    socks = look.second or (62, 44, 44)
    pen.shadow(1.0)
    pen.blob(
        path("-0.14,-0.05 -0.36,0 -0.6,-0.08 -0.7,-0.28 -0.6,-0.48 -0.5,-0.52 -0.5,-0.36 -0.4,-0.22 -0.2,-0.2"),
        shade(coat, 0.96),
        to=shade(coat, 0.82),
    )
    pen.blob(path("-0.685,-0.36 -0.6,-0.49 -0.49,-0.56 -0.49,-0.4 -0.55,-0.37 -0.58,-0.33 -0.63,-0.35"), CREAM)
    pen.blob(
        path("-0.3,0 -0.32,-0.2 -0.2,-0.38 -0.06,-0.54 0.1,-0.6 0.22,-0.5 0.23,-0.3 0.2,-0.12 0.2,0 -0.05,0.01"),
        coat,
        to=shade(coat, 0.85),
    )
    for x, tone in ((0.08, 0.88), (0.19, 1.0)):
        pen.blob(
            [
                (x - 0.06, -0.36),
                (x + 0.05, -0.34),
                (x + 0.045, -0.06),
                (x + 0.09, -0.02),
                (x + 0.08, 0.01),
                (x - 0.045, 0.01),
                (x - 0.04, -0.1),
            ],
            shade(coat, tone),
        )
        pen.blob(
            [
                (x - 0.045, -0.13),
                (x + 0.045, -0.13),
                (x + 0.045, -0.05),
                (x + 0.09, -0.02),
                (x + 0.08, 0.01),
                (x - 0.045, 0.01),
            ],
            socks,
            edge="none",
        )
    pen.blob(path("0.12,-0.56 0.25,-0.52 0.24,-0.36 0.17,-0.22 0.1,-0.34 0.07,-0.48"), CREAM, edge="none")
    _fox_head(pen, look)


def _fox_head(pen: Pen, look: Look) -> None:
    coat = look.colour
    pen.blob(path("-0.02,-0.8 -0.05,-1 0.02,-0.97 0.12,-0.84"), shade(coat, 0.86))
    pen.blob(path("0.13,-0.84 0.19,-1.02 0.27,-0.95 0.28,-0.8"), coat)
    pen.blob(path("0.17,-0.85 0.2,-0.96 0.24,-0.91 0.25,-0.82"), (62, 44, 44), edge="none")
    pen.blob(
        path(
            "-0.06,-0.66 -0.03,-0.8 0.1,-0.87 0.27,-0.83 0.36,-0.72 0.52,-0.625 0.53,-0.59"
            " 0.36,-0.565 0.15,-0.54 0,-0.58"
        ),
        coat,
    )
    pen.blob(
        path("-0.05,-0.63 0.08,-0.66 0.2,-0.68 0.33,-0.63 0.5,-0.6 0.36,-0.565 0.15,-0.535 0,-0.57"), CREAM, edge="none"
    )
    pen.ellipse(0.52, -0.612, 0.03, DARK, edge="fill")
    pen.ellipse(0.25, -0.715, 0.028, DARK, down=0.034, edge="fill")
    pen.ellipse(0.26, -0.727, 0.01, (255, 255, 255), edge="none")
    if look.smiling:
        pen.curve([(0.34, -0.59), (0.39, -0.575), (0.44, -0.59)], DARK, 0.012)


def draw_dog(pen: Pen, look: Look) -> None:
    """A sitting dog with hanging ears and its tongue out."""
    coat = look.colour
    patch = look.second or (shade(coat, 0.68) if brightness(coat) > 0.25 else CREAM)
    pen.shadow(0.9)
    pen.curve([(-0.24, -0.08), (-0.42, -0.16), (-0.48, -0.32)], coat, 0.07)
    pen.blob(
        path("-0.3,0 -0.32,-0.2 -0.2,-0.42 -0.04,-0.6 0.14,-0.62 0.23,-0.42 0.22,-0.15 0.22,0"),
        coat,
        to=shade(coat, 0.86),
    )
    pen.blob(
        path("0.08,-0.56 0.22,-0.54 0.22,-0.36 0.14,-0.24 0.08,-0.38"),
        CREAM if brightness(coat) < 0.85 else patch,
        edge="none",
    )
    for x, tone in ((0.08, 0.88), (0.19, 1.0)):
        pen.blob(
            [
                (x - 0.06, -0.36),
                (x + 0.055, -0.34),
                (x + 0.05, -0.07),
                (x + 0.11, -0.02),
                (x + 0.09, 0.01),
                (x - 0.05, 0.01),
            ],
            shade(coat, tone),
        )
    pen.blob(
        path(
            "-0.06,-0.7 -0.05,-0.88 0.1,-0.97 0.28,-0.93 0.36,-0.8 0.5,-0.76 0.53,-0.67 0.46,-0.6 0.24,-0.57 0.04,-0.58"
        ),
        coat,
    )
    pen.blob(
        path("0.3,-0.77 0.5,-0.76 0.53,-0.67 0.46,-0.6 0.3,-0.58"),
        CREAM if brightness(coat) < 0.85 else (236, 226, 214),
        edge="none",
    )
    pen.blob(path("0.34,-0.6 0.43,-0.6 0.43,-0.51 0.38,-0.48 0.34,-0.52"), (232, 108, 118))
    pen.ellipse(0.5, -0.75, 0.045, DARK, down=0.036, edge="fill")
    pen.ellipse(0.24, -0.795, 0.032, DARK, edge="fill")
    pen.ellipse(0.25, -0.807, 0.011, (255, 255, 255), edge="none")
    pen.blob(path("0,-0.93 0.1,-0.9 0.13,-0.75 0.07,-0.57 -0.04,-0.53 -0.11,-0.63 -0.08,-0.8"), patch)


def draw_deer(pen: Pen, look: Look) -> None:
    """A standing stag."""
    coat = look.colour
    horn = look.second or (110, 80, 60)
    pen.shadow(0.75)
    for x, tone in ((-0.22, 0.74), (0.13, 0.74)):
        _leg(pen, x, shade(coat, tone))
    pen.blob(
        path(
            "-0.36,-0.52 -0.2,-0.56 0.05,-0.53 0.16,-0.6 0.2,-0.76 0.28,-0.78 0.31,-0.62"
            " 0.24,-0.42 0.14,-0.31 -0.1,-0.29 -0.3,-0.31 -0.38,-0.4"
        ),
        coat,
        to=shade(coat, 0.86),
    )
    for x in (-0.3, 0.19):
        _leg(pen, x, coat)
    pen.blob(path("-0.36,-0.52 -0.43,-0.48 -0.4,-0.4 -0.35,-0.44"), CREAM)
    pen.blob(path("0.19,-0.76 0.22,-0.83 0.3,-0.84 0.36,-0.79 0.46,-0.745 0.46,-0.71 0.36,-0.7 0.26,-0.69"), coat)
    pen.blob(path("0.19,-0.8 0.1,-0.85 0.09,-0.8 0.18,-0.76"), shade(coat, 0.9))
    pen.ellipse(0.455, -0.73, 0.018, DARK, edge="fill")
    pen.ellipse(0.315, -0.785, 0.014, DARK, edge="fill")
    for lean in (-0.1, 0.04):
        pen.curve([(0.25, -0.83), (0.25 + lean * 0.6, -0.92), (0.25 + lean, -1.0)], horn, 0.018)
        pen.curve([(0.25 + lean * 0.5, -0.9), (0.3 + lean * 0.6, -0.94), (0.31 + lean * 0.6, -0.99)], horn, 0.014)
        pen.curve([(0.25 + lean * 0.75, -0.95), (0.19 + lean, -0.97), (0.17 + lean, -1.0)], horn, 0.013)


def _leg(pen: Pen, x: float, colour: Rgb) -> None:
    pen.blob(
        [
            (x - 0.055, -0.42),
            (x + 0.05, -0.42),
            (x + 0.028, -0.24),
            (x + 0.026, -0.02),
            (x + 0.034, 0.0),
            (x - 0.018, 0.0),
            (x - 0.014, -0.2),
        ],
        colour,
    )


def draw_rabbit(pen: Pen, look: Look) -> None:
    """A rabbit sitting up."""
    coat = look.colour
    pen.shadow(0.7)
    pen.ellipse(-0.28, -0.13, 0.08, CREAM)
    for lean in (-0.07, 0.07):
        pen.blob(
            [
                (0.1 + lean * 0.4, -0.66),
                (0.04 + lean, -0.84),
                (0.07 + lean * 1.3, -1.0),
                (0.14 + lean, -0.97),
                (0.19 + lean * 0.6, -0.8),
            ],
            shade(coat, 0.94 if lean < 0 else 1.0),
        )
        pen.blob(
            [(0.1 + lean * 0.6, -0.72), (0.07 + lean, -0.85), (0.09 + lean * 1.2, -0.95), (0.14 + lean, -0.84)],
            BLUSH,
            edge="none",
        )
    pen.blob(path("-0.26,-0.02 -0.3,-0.2 -0.18,-0.38 0,-0.45 0.2,-0.36 0.24,-0.15 0.2,0"), coat, to=shade(coat, 0.86))
    pen.blob(path("0.06,-0.36 0.2,-0.36 0.22,-0.16 0.14,-0.08 0.05,-0.18"), CREAM, edge="none")
    pen.blob(path("-0.05,0.01 0,-0.06 0.16,-0.07 0.26,-0.02 0.24,0.01"), shade(coat, 0.92))
    pen.blob(path("-0.06,-0.52 0,-0.66 0.14,-0.7 0.28,-0.62 0.34,-0.5 0.26,-0.4 0.08,-0.38 -0.03,-0.43"), coat)
    pen.ellipse(0.19, -0.56, 0.034, DARK, edge="fill")
    pen.ellipse(0.2, -0.572, 0.012, (255, 255, 255), edge="none")
    pen.ellipse(0.335, -0.5, 0.02, BLUSH, edge="fill")


def draw_bear(pen: Pen, look: Look) -> None:
    """A bear sitting and facing us."""
    coat = look.colour
    muzzle = look.second or mix(coat, CREAM, 0.55)
    pen.shadow(0.85)
    pen.ellipse(0.0, -0.3, 0.36, coat, down=0.31, to=shade(coat, 0.85))
    pen.ellipse(0.0, -0.28, 0.22, muzzle, down=0.21, edge="none")
    for side in (-1, 1):
        pen.ellipse(side * 0.32, -0.38, 0.1, coat, down=0.18, turn=-side * 0.5)
        pen.ellipse(side * 0.27, -0.08, 0.14, coat, down=0.09)
        pen.ellipse(side * 0.28, -0.075, 0.07, muzzle, down=0.05, edge="none")
        pen.ellipse(side * 0.2, -0.92, 0.085, coat)
        pen.ellipse(side * 0.2, -0.915, 0.045, muzzle, edge="none")
    pen.ellipse(0.0, -0.74, 0.26, coat, down=0.225)
    pen.ellipse(0.0, -0.66, 0.12, muzzle, down=0.09)
    pen.ellipse(0.0, -0.7, 0.04, DARK, down=0.028, edge="fill")
    for side in (-1, 1):
        pen.ellipse(side * 0.1, -0.78, 0.026, DARK, edge="fill")
    pen.curve([(-0.045, -0.625), (0.0, -0.605), (0.045, -0.625)], DARK, 0.012)


KINDS = (
    Kind("cat", draw_cat, 0.85, 0.32, "front", ("orange", "black", "gray", "white"), body=(-0.2, -0.2)),
    Kind("fox", draw_fox, 1.25, 0.32, "front", ("orange",), body=(-0.1, -0.3)),
    Kind("dog", draw_dog, 1.0, 0.34, "front", ("brown", "white", "black", "orange"), body=(-0.15, -0.25)),
    Kind("deer", draw_deer, 0.95, 0.4, "front", ("brown",), body=(-0.1, -0.42)),
    Kind("rabbit", draw_rabbit, 0.7, 0.26, "front", ("white", "gray", "brown"), body=(-0.12, -0.2)),
    Kind("bear", draw_bear, 0.9, 0.36, "front", ("brown",), body=(-0.29, -0.4)),
)

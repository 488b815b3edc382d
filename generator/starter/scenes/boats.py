"""What floats: sailboat, rowing boat, ship, swan, duck, whale, island. The foot of each is its water line."""

from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import Rgb, brightness, mix, shade
from generator.starter.scenes.pen import Pen, dark_on, path
from generator.starter.scenes.trees import draw_palm

WOOD: Rgb = (128, 82, 54)


def draw_sailboat(pen: Pen, look: Look) -> None:
    """A sloop under main and jib; the colour asked for is the sails'."""
    sail = look.colour
    pen.stroke([(0.0, -0.1), (0.0, -0.99)], (98, 70, 52), 0.018)
    pen.blob(
        path("0.03,-0.95 0.2,-0.62 0.38,-0.2 0.21,-0.165 0.03,-0.16 0.025,-0.55"),
        mix(sail, (255, 255, 255), 0.14),
        to=shade(sail, 0.9),
    )
    jib = (
        look.second or mix(sail, (255, 255, 255), 0.42) if brightness(sail) < 0.85 else (look.second or (236, 220, 200))
    )
    pen.blob(path("-0.03,-0.86 -0.16,-0.55 -0.36,-0.19 -0.19,-0.165 -0.03,-0.17 -0.028,-0.5"), jib, to=shade(jib, 0.88))
    for y in (-0.62, -0.4):
        pen.stroke([(0.035, y), (0.17 - 0.22 * (y + 0.7), y + 0.01)], shade(sail, 0.82), 0.006, edge="none")
    hull = look.second or WOOD
    pen.blob(
        path("-0.48,-0.125 -0.2,-0.11 0.2,-0.11 0.52,-0.145 0.4,-0.03 0.32,0.015 -0.3,0.015 -0.4,-0.03"),
        mix(hull, (255, 240, 220), 0.15),
        to=shade(hull, 0.66),
    )
    pen.stroke([(-0.46, -0.118), (0.0, -0.105), (0.5, -0.135)], (250, 244, 230), 0.014, edge="none")
    pen.polygon([(0.0, -0.99), (-0.09, -0.965), (0.0, -0.94)], dark_on(sail, 0.8))


def draw_boat(pen: Pen, look: Look) -> None:
    """A wooden rowing boat with its oars out."""
    hull = look.colour
    pen.blob(
        path("-1.1,-0.62 -0.6,-0.44 0,-0.38 0.6,-0.44 1.15,-0.68 0.86,-0.1 0.6,0.04 -0.6,0.04 -0.88,-0.12"),
        mix(hull, (255, 240, 220), 0.16),
        to=shade(hull, 0.68),
    )
    pen.curve(path("-1.08,-0.6 -0.6,-0.42 0,-0.36 0.6,-0.42 1.12,-0.66"), (250, 240, 220), 0.07)
    pen.stroke([(-0.2, -0.62), (0.5, 0.06)], (150, 110, 74), 0.06)
    pen.stroke([(0.28, -0.62), (-0.5, 0.06)], (150, 110, 74), 0.06)
    pen.box(-0.5, -0.44, -0.2, -0.34, WOOD)


def draw_ship(pen: Pen, look: Look) -> None:
    """A steamer with white decks and two funnels."""
    hull = look.colour
    white = (248, 245, 238)
    for x in (-0.22, 0.14):
        pen.polygon(
            [(x - 0.075, -0.55), (x - 0.06, -0.93), (x + 0.085, -0.93), (x + 0.075, -0.55)],
            look.second or (214, 74, 58),
        )
        pen.box(x - 0.065, -0.98, x + 0.09, -0.88, (48, 46, 58))
        for puff in range(4):
            pen.ellipse(
                x - 0.12 - 0.17 * puff,
                -1.0 - 0.045 * puff,
                0.06 + 0.032 * puff,
                (224, 226, 232),
                alpha=0.42,
                edge="none",
            )
    pen.box(-0.6, -0.58, 0.55, -0.44, white, to=(226, 226, 230))
    pen.box(-0.8, -0.46, 0.75, -0.3, white, to=(226, 226, 230))
    lit = pen.light.lamps_lit
    for index in range(11):
        x = -0.7 + 0.135 * index
        pen.box(x - 0.03, -0.42, x + 0.03, -0.36, (255, 216, 116) if lit else (92, 118, 146), edge="fill", lit=lit)
    pen.polygon(path("-1.1,-0.32 1.2,-0.4 1,0.02 -0.98,0.02"), mix(hull, (255, 255, 255), 0.1), to=shade(hull, 0.72))
    pen.polygon(path("-1.1,-0.32 1.2,-0.4 1.185,-0.36 -1.09,-0.28"), white, edge="none")
    for index in range(8):
        pen.ellipse(-0.75 + 0.21 * index, -0.17, 0.026, (255, 216, 116) if lit else (230, 238, 244), lit=lit)


def draw_island(pen: Pen, look: Look) -> None:
    """A sandy island with a palm."""
    pen.blob(
        path("-0.72,0.02 -0.4,-0.07 -0.05,-0.12 0.35,-0.08 0.75,0.02 0.3,0.05 -0.3,0.05"),
        (250, 226, 172),
        to=(222, 184, 126),
    )
    palm = pen.at(-0.06, -0.09, 0.9)
    draw_palm(palm, look)
    for x in (0.22, 0.28, 0.34):
        pen.blob([(x - 0.06, -0.07), (x - 0.02, -0.15), (x + 0.03, -0.13), (x + 0.07, -0.06)], shade(look.colour, 0.85))


def draw_swan(pen: Pen, look: Look) -> None:
    """A swan with raised wing feathers."""
    body = look.colour
    pen.blob(
        path("-0.66,-0.3 -0.4,-0.12 0,-0.01 0.4,-0.06 0.55,-0.2 0.42,-0.36 0.1,-0.34 -0.2,-0.46 -0.5,-0.48"),
        body,
        to=shade(body, 0.84),
    )
    pen.curve(path("0.44,-0.2 0.62,-0.42 0.52,-0.66 0.48,-0.84 0.58,-0.95 0.68,-0.9"), body, 0.11)
    pen.ellipse(0.63, -0.91, 0.095, body, down=0.075)
    pen.polygon([(0.7, -0.945), (0.88, -0.86), (0.7, -0.86)], (238, 132, 52))
    pen.ellipse(0.66, -0.93, 0.018, (24, 22, 30), edge="fill")
    pen.blob(
        path("-0.62,-0.46 -0.3,-0.2 0.15,-0.16 0.3,-0.28 0,-0.44 -0.3,-0.56"),
        mix(body, (255, 255, 255), 0.3),
        to=shade(body, 0.9),
    )


def draw_duck(pen: Pen, look: Look) -> None:
    """A duck with a tail curl and an orange bill."""
    body = look.colour
    pen.blob(
        path("-0.72,-0.5 -0.55,-0.14 -0.1,0 0.35,-0.04 0.52,-0.24 0.44,-0.5 0.1,-0.44 -0.3,-0.4"),
        body,
        to=shade(body, 0.84),
    )
    pen.ellipse(0.4, -0.7, 0.26, body)
    pen.blob(path("0.6,-0.72 0.82,-0.66 0.8,-0.58 0.58,-0.58"), (244, 150, 48))
    pen.ellipse(0.47, -0.77, 0.04, (24, 22, 30), edge="fill")
    pen.blob(path("-0.5,-0.38 -0.2,-0.14 0.2,-0.16 0.22,-0.36 -0.1,-0.38"), shade(body, 0.86))


def draw_whale(pen: Pen, look: Look) -> None:
    """A whale at the surface with its tail up and a spout."""
    body = look.colour
    pen.curve(path("0.62,-0.5 0.6,-0.75 0.46,-0.92 0.34,-0.9"), (226, 242, 250), 0.035, alpha=0.9)
    pen.curve(path("0.64,-0.5 0.66,-0.75 0.8,-0.92 0.92,-0.9"), (226, 242, 250), 0.035, alpha=0.9)
    pen.blob(
        path(
            "-1,-0.62 -1.22,-0.8 -1.02,-0.84 -0.9,-0.72 -0.74,-0.86 -0.62,-0.78 -0.8,-0.58"
            " -0.62,-0.3 -0.2,-0.4 0.3,-0.56 0.8,-0.5 1.1,-0.24 1.12,0 -0.6,0 -0.92,-0.28"
        ),
        mix(body, (255, 255, 255), 0.1),
        to=shade(body, 0.74),
    )
    pen.blob(path("1.12,-0.02 1.08,-0.16 0.7,-0.13 0.3,-0.06 0.1,0"), (228, 236, 240), edge="none")
    pen.ellipse(0.8, -0.25, 0.038, (20, 22, 34), edge="fill")
    pen.curve([(1.1, -0.14), (0.96, -0.12), (0.88, -0.16)], shade(body, 0.6), 0.02)


KINDS = (
    Kind("sailboat", draw_sailboat, 0.95, 0.4, "water", ("white", "red", "orange", "yellow"), "sea", body=(0.14, -0.4)),
    Kind("boat", draw_boat, 2.2, 0.14, "water", ("red", "blue", "brown", "white", "teal"), "lake", body=(0.5, -0.3)),
    Kind("ship", draw_ship, 2.2, 0.3, "water", ("blue", "black", "red"), "sea", body=(0.0, -0.15)),
    Kind("island", draw_island, 1.4, 0.5, "water", ("green",), "sea", body=(0.1, -0.77)),
    Kind("swan", draw_swan, 1.5, 0.2, "water", ("white",), "lake", body=(-0.2, -0.36)),
    Kind("duck", draw_duck, 1.5, 0.14, "water", ("yellow", "brown", "white"), "lake", body=(0.38, -0.72)),
    Kind("whale", draw_whale, 2.4, 0.26, "water", ("blue", "gray", "teal"), "sea", body=(0.3, -0.35)),
)

"""Things on a table, in the grass or on the road: apple, cup, mushroom, car, robot, book, candle, campfire."""

from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import Rgb, brightness, mix, shade
from generator.starter.scenes.pen import Pen, dark_on, path, rounded

DARK: Rgb = (34, 32, 42)
GLASS: Rgb = (200, 230, 242)


def draw_apple(pen: Pen, look: Look) -> None:
    """An apple with a leaf and a shine."""
    skin = look.colour
    pen.shadow(0.8)
    pen.blob(
        path(
            "0,-0.74 -0.2,-0.82 -0.42,-0.72 -0.47,-0.45 -0.36,-0.14 -0.16,0 0,-0.03 0.16,0"
            " 0.36,-0.14 0.47,-0.45 0.42,-0.72 0.2,-0.82"
        ),
        mix(skin, (255, 255, 220), 0.12),
        to=shade(skin, 0.78),
    )
    pen.curve([(0.0, -0.73), (0.02, -0.86), (0.08, -0.97)], (104, 72, 50), 0.045)
    pen.blob(path("0.05,-0.82 0.18,-0.97 0.38,-0.95 0.26,-0.8"), look.second or (98, 166, 80))
    side = pen.light.side * (-1 if pen.mirrored else 1)
    pen.ellipse(side * 0.26, -0.58, 0.055, (255, 255, 255), down=0.13, turn=side * 0.4, alpha=0.5, edge="none")


def draw_cup(pen: Pen, look: Look) -> None:
    """A cup of coffee on a saucer, steaming."""
    cup = look.colour
    pen.ellipse(0.0, -0.06, 0.62, mix(cup, (255, 255, 255), 0.4), down=0.075, to=shade(cup, 0.82))
    pen.ellipse(0.0, -0.065, 0.34, shade(cup, 0.72), down=0.035, edge="none")
    pen.curve(path("0.36,-0.5 0.58,-0.52 0.58,-0.3 0.3,-0.2"), shade(cup, 0.9), 0.075)
    pen.blob(
        path("-0.42,-0.62 -0.38,-0.3 -0.22,-0.09 0,-0.07 0.22,-0.09 0.38,-0.3 0.42,-0.62"),
        mix(cup, (255, 255, 255), 0.12),
        to=shade(cup, 0.78),
    )
    pen.ellipse(0.0, -0.62, 0.425, mix(cup, (255, 255, 255), 0.35), down=0.085)
    pen.ellipse(0.0, -0.615, 0.37, look.second or (110, 70, 46), down=0.062)
    for x in (-0.15, 0.0, 0.15):
        pen.curve(
            [(x, -0.68), (x + 0.06, -0.76), (x - 0.04, -0.86), (x + 0.03, -0.97)], (255, 255, 255), 0.032, alpha=0.55
        )


def draw_mushroom(pen: Pen, look: Look) -> None:
    """A toadstool with a spotted cap."""
    cap, stem = look.colour, (244, 232, 210)
    spot = look.second or ((252, 246, 234) if brightness(cap) < 0.85 else (214, 84, 70))
    pen.shadow(0.7)
    pen.blob(
        path("-0.13,-0.5 -0.12,-0.25 -0.18,-0.04 0,0.01 0.18,-0.04 0.12,-0.25 0.13,-0.5"), stem, to=shade(stem, 0.82)
    )
    pen.ellipse(0.0, -0.43, 0.4, shade(stem, 0.86), down=0.07)
    pen.blob(
        path(
            "-0.47,-0.43 -0.43,-0.66 -0.24,-0.91 0,-0.99 0.24,-0.91 0.43,-0.66 0.47,-0.43"
            " 0.25,-0.41 0,-0.42 -0.25,-0.41"
        ),
        mix(cap, (255, 240, 220), 0.1),
        to=shade(cap, 0.84),
    )
    for x, y, size in (
        (-0.24, -0.6, 0.07),
        (0.02, -0.75, 0.09),
        (0.27, -0.61, 0.065),
        (-0.1, -0.9, 0.045),
        (0.05, -0.53, 0.05),
        (-0.38, -0.48, 0.035),
    ):
        pen.ellipse(x, y, size, spot, down=size * 0.82)


def draw_car(pen: Pen, look: Look) -> None:
    """A small round car."""
    paint = look.colour
    pen.shadow(2.1)
    pen.blob(path("-0.78,-0.5 -0.62,-0.86 -0.3,-0.99 0.2,-0.99 0.5,-0.84 0.76,-0.52 0,-0.44"), shade(paint, 0.9))
    pen.blob(path("-0.62,-0.54 -0.5,-0.8 -0.28,-0.89 -0.06,-0.89 -0.06,-0.54"), GLASS)
    pen.blob(path("0.04,-0.54 0.04,-0.89 0.2,-0.88 0.4,-0.77 0.56,-0.54"), GLASS)
    pen.blob(
        path(
            "-1.06,-0.22 -1.04,-0.44 -0.86,-0.54 -0.3,-0.56 0.5,-0.55 0.92,-0.48 1.08,-0.36"
            " 1.08,-0.2 0.9,-0.15 -0.9,-0.15"
        ),
        mix(paint, (255, 255, 255), 0.14),
        to=shade(paint, 0.8),
    )
    pen.stroke([(-0.02, -0.53), (-0.02, -0.18)], shade(paint, 0.72), 0.014, edge="none")
    pen.box(0.08, -0.45, 0.22, -0.42, shade(paint, 0.6), edge="none")
    lit = pen.light.lamps_lit
    pen.ellipse(1.02, -0.36, 0.06, (255, 240, 170), down=0.075, lit=lit)
    pen.ellipse(-1.03, -0.38, 0.035, (214, 60, 56), down=0.06)
    if lit:
        pen.glow(1.2, -0.34, 0.7, (255, 234, 160), 0.55)
    for x in (-0.6, 0.62):
        pen.ellipse(x, -0.17, 0.205, DARK)
        pen.ellipse(x, -0.17, 0.1, look.second or (206, 210, 216))


def draw_robot(pen: Pen, look: Look) -> None:
    """A friendly robot with a screen for a face."""
    body = look.colour
    dark = dark_on(body, 0.7)
    pen.shadow(0.66)
    for side in (-1, 1):
        pen.box(side * 0.15 - 0.06, -0.16, side * 0.15 + 0.06, -0.02, dark)
        pen.polygon(rounded(side * 0.16 - 0.12, -0.07, side * 0.16 + 0.12, 0.0, 0.03), shade(body, 0.85))
        pen.curve([(side * 0.27, -0.44), (side * 0.4, -0.36), (side * 0.42, -0.22)], dark, 0.06)
        pen.ellipse(side * 0.42, -0.19, 0.055, shade(body, 0.9))
    pen.polygon(rounded(-0.29, -0.52, 0.29, -0.13, 0.08), mix(body, (255, 255, 255), 0.08), to=shade(body, 0.82))
    pen.polygon(rounded(-0.15, -0.42, 0.15, -0.24, 0.03), shade(body, 0.72))
    for x, colour in ((-0.08, (244, 96, 86)), (0.0, (250, 206, 90)), (0.08, (110, 220, 150))):
        pen.ellipse(x, -0.33, 0.03, colour, lit=True)
    pen.box(-0.07, -0.57, 0.07, -0.5, dark)
    pen.stroke([(0.0, -0.88), (0.0, -0.96)], dark, 0.026)
    pen.ellipse(0.0, -0.965, 0.036, (244, 96, 86), lit=True)
    pen.polygon(rounded(-0.34, -0.89, 0.34, -0.55, 0.1), mix(body, (255, 255, 255), 0.14), to=shade(body, 0.86))
    pen.polygon(rounded(-0.26, -0.83, 0.26, -0.61, 0.07), (32, 38, 56))
    for side in (-1, 1):
        pen.ellipse(side * 0.11, -0.735, 0.042, look.second or (110, 236, 240), down=0.052, edge="fill", lit=True)
        pen.ellipse(side * 0.36, -0.72, 0.03, dark, down=0.07)
    pen.curve([(-0.05, -0.66), (0.0, -0.64), (0.05, -0.66)], look.second or (110, 236, 240), 0.018, lit=True)


def draw_book(pen: Pen, look: Look) -> None:
    """A closed book lying on another."""
    for foot, cover, shift in ((0.0, look.second or dark_on(look.colour, 0.7), 0.06), (-0.5, look.colour, 0.0)):
        pen.polygon(rounded(-1.0 + shift, foot - 0.5, 0.95 + shift, foot, 0.08), cover, to=shade(cover, 0.84))
        pen.box(-0.84 + shift, foot - 0.4, 0.96 + shift, foot - 0.1, (250, 244, 228), to=(226, 214, 190))
        for line in range(3):
            y = foot - 0.34 + 0.09 * line
            pen.stroke([(-0.82 + shift, y), (0.95 + shift, y)], (206, 194, 168), 0.016, edge="none")
        pen.box(-1.0 + shift, foot - 0.44, -0.86 + shift, foot - 0.06, shade(cover, 0.9), edge="none")


def draw_candle(pen: Pen, look: Look) -> None:
    """A lit candle in a holder."""
    wax = look.colour
    pen.glow(0.0, -0.85, 0.9, (255, 196, 110), 0.5)
    pen.ellipse(0.0, -0.05, 0.26, (176, 132, 74), down=0.06)
    pen.box(-0.1, -0.7, 0.1, -0.06, mix(wax, (255, 255, 255), 0.2), to=shade(wax, 0.84))
    pen.ellipse(0.0, -0.7, 0.1, mix(wax, (255, 255, 255), 0.35), down=0.028)
    pen.stroke([(0.0, -0.7), (0.0, -0.76)], DARK, 0.014)
    pen.blob(path("0,-0.99 0.06,-0.86 0.045,-0.76 0,-0.735 -0.045,-0.76 -0.055,-0.85"), (255, 186, 66), lit=True)
    pen.blob(
        path("0,-0.9 0.03,-0.82 0.02,-0.76 0,-0.745 -0.02,-0.76 -0.03,-0.82"), (255, 244, 190), edge="none", lit=True
    )


def draw_campfire(pen: Pen, look: Look) -> None:
    """Flames over crossed logs."""
    flame = look.colour
    pen.glow(0.0, -0.35, 1.5, (255, 160, 70), 0.5)
    for turn in (-0.35, 0.35):
        log = pen.at(0.0, -0.08, turn=turn)
        log.stroke([(-0.42, 0.0), (0.42, 0.0)], (112, 76, 52), 0.11)
        log.ellipse(0.46, 0.0, 0.05, (196, 150, 104), down=0.055)
    pen.blob(
        path("-0.3,-0.14 -0.32,-0.4 -0.18,-0.62 -0.14,-0.48 0,-0.98 0.12,-0.55 0.2,-0.68 0.32,-0.4 0.28,-0.14 0,-0.06"),
        flame,
        lit=True,
    )
    pen.blob(
        path("-0.17,-0.13 -0.18,-0.32 -0.06,-0.44 0,-0.66 0.1,-0.42 0.18,-0.3 0.16,-0.13 0,-0.07"),
        mix(flame, (255, 220, 90), 0.7),
        edge="none",
        lit=True,
    )
    pen.blob(path("-0.08,-0.12 -0.07,-0.26 0,-0.38 0.07,-0.26 0.08,-0.12"), (255, 246, 200), edge="none", lit=True)


KINDS = (
    Kind("apple", draw_apple, 0.96, 0.3, "front", ("red", "green", "yellow"), "table", body=(-0.2, -0.35)),
    Kind("cup", draw_cup, 1.3, 0.38, "front", ("white", "blue", "teal", "orange"), "table", body=(-0.15, -0.35)),
    Kind("mushroom", draw_mushroom, 0.96, 0.26, "front", ("red", "orange", "brown"), body=(0.22, -0.78)),
    Kind("car", draw_car, 2.2, 0.22, "front", ("red", "blue", "yellow", "teal", "orange"), "road", body=(-0.3, -0.35)),
    Kind("robot", draw_robot, 0.95, 0.42, "front", ("gray", "teal", "orange", "blue"), body=(-0.22, -0.3), faces=False),
    Kind("book", draw_book, 2.0, 0.17, "front", ("red", "blue", "green", "brown"), "table", body=(-0.93, -0.75)),
    Kind("candle", draw_candle, 0.55, 0.42, "front", ("white", "red", "yellow"), "table", body=(0.0, -0.35)),
    Kind("campfire", draw_campfire, 1.0, 0.2, "front", ("orange",), body=(-0.24, -0.3)),
)

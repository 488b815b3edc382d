"""People, as small figures and silhouettes without faces, so that anyone may be meant."""

from generator.starter.scenes.description import Colour
from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import Rgb, mix, shade
from generator.starter.scenes.pen import Pen, path

SKINS: tuple[Rgb, ...] = ((244, 206, 176), (226, 172, 130), (180, 120, 84), (120, 78, 56))
HAIRS: tuple[Rgb, ...] = ((48, 38, 40), (96, 62, 44), (168, 112, 62), (216, 176, 110))
TROUSERS: tuple[Rgb, ...] = ((62, 74, 104), (84, 72, 66), (52, 62, 66))


def draw_person(pen: Pen, look: Look) -> None:
    """Somebody standing in a coat; the colour asked for is the coat's."""
    skin, hair = look.dice.choice(SKINS), look.dice.choice(HAIRS)
    trousers = look.second or look.dice.choice(TROUSERS)
    pen.shadow(0.4)
    for x in (-0.05, 0.05):
        pen.stroke([(x, -0.44), (x * 1.15, -0.03)], trousers, 0.075)
        pen.ellipse(x * 1.15 + 0.02, -0.015, 0.05, shade(trousers, 0.6), down=0.022)
    coat = look.colour
    pen.stroke([(-0.1, -0.7), (-0.155, -0.52), (-0.145, -0.4)], shade(coat, 0.84), 0.06)
    pen.blob(
        path("-0.115,-0.72 -0.06,-0.77 0.06,-0.77 0.115,-0.72 0.125,-0.5 0.135,-0.36 0,-0.34 -0.135,-0.36 -0.125,-0.5"),
        mix(coat, (255, 255, 255), 0.08),
        to=shade(coat, 0.84),
    )
    pen.stroke([(0.1, -0.7), (0.155, -0.52), (0.145, -0.4)], shade(coat, 0.92), 0.06)
    pen.ellipse(0.145, -0.385, 0.028, skin)
    pen.box(-0.03, -0.82, 0.03, -0.75, shade(skin, 0.9))
    pen.ellipse(0.0, -0.88, 0.085, skin, down=0.098)
    pen.blob(path("-0.09,-0.85 -0.1,-0.95 0,-1 0.1,-0.95 0.09,-0.89 0.03,-0.93 -0.05,-0.91"), hair)


def draw_woman(pen: Pen, look: Look) -> None:
    """Somebody in a long dress, with long hair."""
    skin, hair = look.dice.choice(SKINS), look.second or look.dice.choice(HAIRS)
    pen.shadow(0.42)
    pen.blob(path("-0.1,-0.96 0,-1 0.1,-0.96 0.125,-0.82 0.12,-0.66 -0.12,-0.66 -0.125,-0.82"), hair)
    dress = look.colour
    for side in (-1, 1):
        pen.curve([(side * 0.08, -0.72), (side * 0.15, -0.56), (side * 0.14, -0.42)], skin, 0.045)
    pen.blob(
        path("-0.09,-0.74 0.09,-0.74 0.075,-0.55 0.16,-0.25 0.2,-0.03 0,0 -0.2,-0.03 -0.16,-0.25 -0.075,-0.55"),
        mix(dress, (255, 255, 255), 0.1),
        to=shade(dress, 0.84),
    )
    pen.box(-0.028, -0.81, 0.028, -0.73, shade(skin, 0.9))
    pen.ellipse(0.0, -0.87, 0.08, skin, down=0.095)
    pen.blob(path("-0.09,-0.84 -0.09,-0.95 0,-0.99 0.09,-0.95 0.09,-0.84 0.05,-0.92 -0.04,-0.93"), hair, edge="none")


def draw_child(pen: Pen, look: Look) -> None:
    """A child waving."""
    skin, hair = look.dice.choice(SKINS), look.dice.choice(HAIRS)
    pen.shadow(0.5)
    for x in (-0.07, 0.07):
        pen.stroke([(x, -0.36), (x, -0.04)], look.second or (72, 88, 124), 0.1)
        pen.ellipse(x + 0.02, -0.02, 0.07, (70, 56, 56), down=0.03)
    shirt = look.colour
    pen.stroke([(0.12, -0.6), (0.26, -0.72), (0.3, -0.86)], shade(shirt, 0.95), 0.075)
    pen.ellipse(0.3, -0.88, 0.042, skin)
    pen.stroke([(-0.13, -0.6), (-0.2, -0.44)], shade(shirt, 0.85), 0.075)
    pen.blob(
        path("-0.14,-0.62 0,-0.67 0.14,-0.62 0.16,-0.4 0.15,-0.3 -0.15,-0.3 -0.16,-0.4"), shirt, to=shade(shirt, 0.85)
    )
    pen.ellipse(0.0, -0.81, 0.145, skin, down=0.15)
    pen.blob(path("-0.15,-0.79 -0.16,-0.93 0,-1 0.16,-0.93 0.15,-0.82 0.04,-0.89 -0.07,-0.87"), hair)


def draw_snowman(pen: Pen, look: Look) -> None:
    """A snowman with hat, scarf and carrot."""
    snow, scarf = (248, 250, 254), look.second or (212, 62, 60)
    body = snow if look.second is None and sum(look.colour) > 600 else look.colour
    pen.shadow(0.62)
    for side in (-1, 1):
        pen.curve([(side * 0.17, -0.5), (side * 0.34, -0.62), (side * 0.42, -0.6)], (104, 74, 54), 0.02)
    for y, size in ((-0.2, 0.235), (-0.52, 0.175), (-0.77, 0.125)):
        pen.ellipse(0.0, y, size, body, down=size * 0.94, to=mix(shade(body, 0.85), (150, 180, 230), 0.3))
    pen.blob(path("-0.13,-0.67 0,-0.64 0.13,-0.67 0.135,-0.62 0,-0.585 -0.135,-0.62"), scarf)
    pen.polygon(path("0.06,-0.62 0.13,-0.62 0.15,-0.42 0.07,-0.43"), shade(scarf, 0.88))
    for y in (-0.53, -0.45):
        pen.ellipse(0.0, y, 0.018, (40, 38, 46), edge="fill")
    for side in (-1, 1):
        pen.ellipse(side * 0.045, -0.8, 0.015, (34, 32, 40), edge="fill")
    pen.polygon([(0.0, -0.79), (0.16, -0.745), (0.0, -0.745)], (240, 136, 48))
    pen.box(-0.13, -0.895, 0.13, -0.865, (48, 46, 58))
    pen.box(-0.085, -1.0, 0.085, -0.88, (48, 46, 58))
    pen.box(-0.085, -0.92, 0.085, -0.89, scarf, edge="none")


_COATS: tuple[Colour, ...] = ("red", "yellow", "blue", "teal", "orange", "purple")
KINDS = (
    Kind("person", draw_person, 0.42, 0.32, "front", _COATS, body=(0.0, -0.55)),
    Kind("woman", draw_woman, 0.42, 0.32, "front", _COATS, body=(0.0, -0.4)),
    Kind("child", draw_child, 0.56, 0.24, "front", _COATS, body=(0.0, -0.5)),
    Kind("snowman", draw_snowman, 0.8, 0.36, "front", ("white",), body=(-0.1, -0.22)),
)

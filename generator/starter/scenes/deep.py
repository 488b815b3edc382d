"""Under water: light from above, sand, weed and corals, and who swims there."""

import math

from generator.starter.scenes.dice import throw
from generator.starter.scenes.kind import Kind, Look
from generator.starter.scenes.palette import NAMED, Rgb, brightness, mix, shade
from generator.starter.scenes.pen import Pen, path
from generator.starter.scenes.stage import Stage

CORALS: tuple[Rgb, ...] = ((240, 112, 118), (250, 160, 92), (196, 108, 190), (246, 196, 96))


def paint_deep(stage: Stage) -> None:
    """Blue water with slanting rays, a sandy bottom and what grows on it."""
    dice = throw(stage.scene.seed, "deep")
    base = (
        NAMED[stage.scene.ground_colour]
        if stage.scene.ground_colour
        else dice.choice(((34, 130, 186), (24, 138, 160), (40, 104, 178)))
    )
    if stage.is_solid:
        stage.canvas.gradient((mix(base, (220, 255, 250), 0.55), base, shade(base, 0.62)))
    for _ in range(6):
        x, wide = dice.uniform(-0.1, 1.0) * stage.width, dice.uniform(0.04, 0.13)
        ray = [(x, -0.02), (x + wide, -0.02), (x + wide * 2.4 + 0.25, stage.height), (x + 0.25 - wide, stage.height)]
        stage.pen.polygon(ray, (240, 255, 250), alpha=0.07, edge="none")
    sand = (226, 206, 160)
    for lift, tone in ((0.1, 0.78), (0.06, 0.95)):
        start = dice.uniform(0, 6)
        line = [(x / 20 * stage.width, stage.height - lift - 0.02 * math.sin(x * 0.35 + start)) for x in range(-1, 22)]
        foot = [(stage.width * 1.1, stage.height + 0.02), (-0.1, stage.height + 0.02)]
        stage.pen.polygon(line + foot, mix(shade(sand, tone), base, 0.25), to=mix(shade(sand, tone * 0.8), base, 0.4))
    _plants(stage)
    for _ in range(round(16 * stage.width * stage.height)):
        x, y, size = dice.random() * stage.width, dice.random() * stage.height * 0.9, dice.uniform(0.004, 0.013)
        stage.pen.ellipse(x, y, size, (236, 252, 255), alpha=0.35)
        stage.pen.ellipse(x - size * 0.3, y - size * 0.3, size * 0.3, (255, 255, 255), alpha=0.7, edge="none")


def _plants(stage: Stage) -> None:
    dice = throw(stage.scene.seed, "weed")
    for _ in range(round(11 * stage.width)):
        x, foot = dice.random() * stage.width, stage.height - dice.uniform(0.0, 0.07)
        if abs(x / stage.width - 0.5) < 0.16:
            continue
        if dice.random() < 0.6:
            tall, sway = dice.uniform(0.12, 0.32), dice.uniform(-0.04, 0.04)
            green = shade(dice.choice(((58, 150, 104), (86, 164, 84), (36, 126, 112))), dice.uniform(0.75, 1.0))
            points = [
                (x + math.sin(part * 6 + sway * 90) * 0.014 + sway * part, foot - tall * part)
                for part in (0, 0.2, 0.4, 0.6, 0.8, 1.0)
            ]
            stage.pen.curve(points, green, 0.014)
        else:
            _coral(stage.pen.at(x, foot, dice.uniform(0.09, 0.17)), dice.choice(CORALS))


def _coral(pen: Pen, colour: Rgb) -> None:
    pen.stroke([(0.0, 0.0), (0.0, -0.5)], colour, 0.16)
    for side, start, end in ((-1, -0.25, -0.8), (1, -0.35, -0.9), (-0.4, -0.5, -1.0), (0.5, -0.5, -0.85)):
        pen.curve([(0.0, start), (side * 0.26, start - 0.1), (side * 0.34, end)], colour, 0.12)


def draw_fish(pen: Pen, look: Look) -> None:
    """A round fish with stripes, fins and a large eye."""
    skin = look.colour
    fin = look.second or shade(skin, 0.82)
    stripe = look.second or (mix(skin, (255, 255, 255), 0.6) if brightness(skin) < 0.85 else (240, 160, 90))
    pen.blob(path("-0.5,-0.5 -0.86,-0.92 -0.8,-0.5 -0.86,-0.1 -0.5,-0.42"), fin, to=shade(fin, 0.85))
    pen.blob(path("-0.3,-0.76 -0.1,-1 0.22,-0.96 0.32,-0.78"), fin)
    pen.blob(path("-0.06,-0.2 -0.16,0 0.08,-0.06 0.16,-0.2"), fin)
    pen.blob(
        path("0.74,-0.47 0.56,-0.74 0.16,-0.86 -0.3,-0.74 -0.62,-0.48 -0.3,-0.24 0.16,-0.13 0.56,-0.24"),
        mix(skin, (255, 255, 255), 0.14),
        to=shade(skin, 0.82),
    )
    for x, half in ((-0.3, 0.22), (-0.02, 0.32)):
        pen.blob(
            [
                (x - 0.06, -0.49 - half),
                (x + 0.06, -0.49 - half),
                (x + 0.1, -0.49),
                (x + 0.06, -0.49 + half),
                (x - 0.06, -0.49 + half),
                (x - 0.02, -0.49),
            ],
            stripe,
            edge="none",
        )
    pen.blob(path("0.02,-0.44 -0.2,-0.34 -0.14,-0.24 0.06,-0.3"), fin)
    pen.ellipse(0.46, -0.56, 0.1, (255, 255, 255))
    pen.ellipse(0.49, -0.56, 0.055, (24, 24, 34), edge="fill")
    pen.ellipse(0.505, -0.585, 0.02, (255, 255, 255), edge="none")
    pen.curve([(0.7, -0.4), (0.62, -0.37), (0.56, -0.38)], shade(skin, 0.6), 0.02)


def draw_turtle(pen: Pen, look: Look) -> None:
    """A sea turtle seen from the side."""
    skin, shell = mix(look.colour, (240, 230, 170), 0.4), look.second or look.colour
    for points in (path("0.3,-0.3 0.5,-0.1 0.42,0.05 0.2,-0.2"), path("-0.4,-0.3 -0.66,-0.12 -0.74,-0.18 -0.5,-0.4")):
        pen.blob(points, shade(skin, 0.9))
    pen.blob(path("0.55,-0.55 0.74,-0.78 0.95,-0.78 1.02,-0.62 0.86,-0.5 0.6,-0.38"), skin)
    pen.blob(
        path("-0.7,-0.32 -0.5,-0.72 -0.1,-0.94 0.3,-0.86 0.62,-0.5 0.6,-0.36 0,-0.24"),
        mix(shell, (255, 255, 255), 0.1),
        to=shade(shell, 0.78),
    )
    for x, y in path("-0.3,-0.62 0.02,-0.7 0.32,-0.62 -0.12,-0.44 0.18,-0.46"):
        pen.ellipse(x, y, 0.12, shade(shell, 0.76), down=0.095)
    pen.blob(path("0.28,-0.34 0.2,0 0.06,-0.02 0.08,-0.3"), skin)
    pen.ellipse(0.9, -0.68, 0.03, (24, 24, 34), edge="fill")


KINDS = (
    Kind("fish", draw_fish, 1.65, 0.24, "deep", ("orange", "yellow", "red", "purple"), "underwater", body=(0.2, -0.6)),
    Kind("turtle", draw_turtle, 1.8, 0.26, "deep", ("green", "teal"), "underwater", body=(-0.5, -0.45)),
)

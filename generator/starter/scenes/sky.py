"""The sky: its colours, sun, moon, stars, clouds, rainbow and northern lights. What is below the horizon is land."""

import math
import random

import numpy as np
from PIL import Image

from generator.starter.scenes.canvas import NIGHT_GLASS, clouds_of
from generator.starter.scenes.description import Colour, Time
from generator.starter.scenes.dice import throw
from generator.starter.scenes.palette import NAMED, WHITE, Rgb, mix, shade
from generator.starter.scenes.pen import Edge
from generator.starter.scenes.stage import Orb, Stage, body_colour

CLOUD: dict[Time, tuple[Rgb, Rgb]] = {  # lit top and shaded foot
    "day": ((255, 255, 255), (214, 228, 240)),
    "sunset": ((255, 206, 168), (200, 110, 128)),
    "dawn": ((255, 240, 232), (232, 190, 200)),
    "night": ((112, 122, 160), (58, 66, 110)),
}
RAINBOW: tuple[Colour, ...] = ("red", "orange", "yellow", "green", "blue", "purple")


def paint_sky(stage: Stage) -> None:
    """All of the sky, back to front."""
    scene = stage.scene
    if stage.is_solid:
        stage.canvas.gradient(stage.stops, 0.0, stage.horizon)
        stage.canvas.gradient((stage.stops[-1], stage.stops[-1]), stage.horizon)
    elif stage.canvas.manner == "neon":
        stage.canvas.gradient((NIGHT_GLASS, mix(NIGHT_GLASS, (96, 24, 120), 0.42)), 0.0, stage.horizon)
    if scene.sky.aurora:
        _aurora(stage)
    if scene.sky.stars:
        paint_stars(stage, stage.horizon * 0.92)
    if stage.orb is not None:
        _paint_body(stage, stage.orb)
    if scene.sky.rainbow:
        _rainbow(stage)
    _clouds(stage)


def paint_stars(stage: Stage, down_to: float, *, density: float = 1.0) -> None:
    """Stars of several sizes, fewer towards the horizon; the largest sparkle."""
    dice = throw(stage.scene.seed, "stars")
    for _ in range(round(85 * density * stage.width * max(0.4, down_to))):
        x, y = dice.random() * stage.width, dice.random() ** 1.35 * down_to
        size = dice.choice((0.0016, 0.0016, 0.0022, 0.003, 0.0042))
        if stage.canvas.manner == "line":
            size *= 1.3
        tint = dice.choice(((255, 255, 255), (255, 240, 214), (210, 226, 255)))
        faint = dice.uniform(0.45, 1.0) * (1.0 - 0.5 * y / max(0.01, stage.height))
        _star(stage, x, y, size, tint, faint)


def _star(stage: Stage, x: float, y: float, size: float, tint: Rgb, faint: float) -> None:
    pen = stage.pen
    if size > 0.004:
        stage.canvas.glow(x, y, size * 6, tint, 0.5 * faint)
        rays = (
            (x, y - size * 3.4),
            (x + size * 0.5, y - size * 0.5),
            (x + size * 3.4, y),
            (x + size * 0.5, y + size * 0.5),
            (x, y + size * 3.4),
            (x - size * 0.5, y + size * 0.5),
            (x - size * 3.4, y),
            (x - size * 0.5, y - size * 0.5),
        )
        pen.polygon(rays, tint, alpha=faint, edge="fill", lit=True)
        return
    pen.polygon([(x - size, y), (x, y - size), (x + size, y), (x, y + size)], tint, alpha=faint, edge="fill", lit=True)


def _paint_body(stage: Stage, orb: Orb) -> None:
    colour = body_colour(stage.scene)
    veiled = {"clear": 1.0, "cloudy": 0.8, "snow": 0.6, "rain": 0.35, "fog": 0.45}[stage.scene.weather]
    wide = {"day": 7.0, "sunset": 8.5, "dawn": 7.5, "night": 5.5}[stage.scene.time]
    if stage.canvas.manner == "neon":
        colour = mix(colour, (255, 92, 150), 0.6) if stage.scene.sky.body == "sun" else colour
    stage.canvas.glow(orb.x, orb.y, orb.radius * wide, mix(colour, stage.stops[-1], 0.35), 0.5 * veiled)
    stage.canvas.glow(orb.x, orb.y, orb.radius * 2.6, colour, 0.55 * veiled)
    if stage.scene.sky.body == "sun":
        _sun(stage, orb, colour)
    elif stage.scene.sky.body == "crescent":
        _crescent(stage, orb, colour)
    else:
        _moon(stage, orb, colour)


def _sun(stage: Stage, orb: Orb, colour: Rgb) -> None:
    pen = stage.pen
    low = stage.scene.time in ("sunset", "dawn") and stage.scene.sky.body_colour is None
    foot = mix(colour, (255, 140, 84), 0.65) if low else shade(colour, 0.97)
    top = mix(colour, WHITE, 0.3) if low else colour
    pen.ellipse(orb.x, orb.y, orb.radius, top, to=foot, edge=_edge(stage), lit=True)
    if stage.canvas.manner == "neon":
        _slits(stage, orb)
    if stage.canvas.manner != "line":
        return
    for index in range(12):
        angle = math.tau * index / 12
        near, far = orb.radius * 1.35, orb.radius * 1.75
        pen.stroke(
            [
                (orb.x + near * math.cos(angle), orb.y + near * math.sin(angle)),
                (orb.x + far * math.cos(angle), orb.y + far * math.sin(angle)),
            ],
            colour,
            0.004,
        )


def _edge(stage: Stage) -> Edge:
    """A lamp is bright all over; a drawn sun is an outline."""
    return "fill" if stage.canvas.manner == "neon" else "outline"


def _slits(stage: Stage, orb: Orb) -> None:
    """The dark bars across a neon sun, closer towards its top."""
    for step in range(5):
        y = orb.y + orb.radius * (0.08 + 0.19 * step)
        thick = orb.radius * (0.02 + 0.016 * step)
        points = [(orb.x - orb.radius * 1.02, y), (orb.x + orb.radius * 1.02, y)]
        box = [*points, *[(x, y + 2 * thick) for x, _ in points[::-1]]]
        stage.canvas.draw.polygon(stage.pen.pixels(box), fill=mix(NIGHT_GLASS, (96, 24, 120), 0.3))


def _moon(stage: Stage, orb: Orb, colour: Rgb) -> None:
    stage.pen.ellipse(orb.x, orb.y, orb.radius, colour, to=shade(colour, 0.94), edge=_edge(stage), lit=True)
    for x, y, size in (
        (-0.35, -0.25, 0.22),
        (0.28, 0.1, 0.3),
        (-0.18, 0.42, 0.16),
        (0.3, -0.5, 0.12),
        (-0.6, 0.2, 0.1),
    ):
        stage.pen.ellipse(
            orb.x + x * orb.radius,
            orb.y + y * orb.radius,
            size * orb.radius,
            shade(colour, 0.86),
            alpha=0.6,
            edge="none",
            lit=True,
        )


def _crescent(stage: Stage, orb: Orb, colour: Rgb) -> None:
    outer = [math.pi * (0.5 + index / 30) for index in range(31)]
    points = [(orb.x + orb.radius * math.cos(angle), orb.y + orb.radius * math.sin(angle)) for angle in outer]
    inner = [(orb.x + 0.48 * orb.radius * math.cos(a), orb.y + orb.radius * math.sin(a)) for a in reversed(outer)]
    tilted = [
        (orb.x + (x - orb.x) * 0.92 - (y - orb.y) * 0.36, orb.y + (x - orb.x) * 0.36 + (y - orb.y) * 0.92)
        for x, y in points + inner
    ]
    stage.pen.polygon(tilted, colour, edge=_edge(stage), lit=True)


def _clouds(stage: Stage) -> None:
    scene = stage.scene
    dice = throw(scene.seed, "clouds")
    asked = scene.sky.clouds or scene.weather in ("cloudy", "rain")
    if not asked and (scene.time == "night" or scene.sky.colour or scene.weather == "fog" or dice.random() < 0.25):
        return
    spread = stage.width / max(0.7, stage.horizon)
    amount = dice.randint(5, 7) if asked else dice.randint(2, 3)
    count = max(1, round(amount * min(3.0, max(0.6, spread * 0.55))))
    streaks = scene.time in ("sunset", "dawn") and scene.weather == "clear"
    for index in range(count):
        x = (index + dice.uniform(0.15, 0.85)) / count * stage.width
        if streaks:
            _streak(stage, dice, x, dice.uniform(0.12, 0.82) * stage.horizon)
        else:
            _cloud(stage, dice, x, dice.uniform(0.12, 0.5) * stage.horizon, dice.uniform(0.1, 0.2))


def _cloud(stage: Stage, dice: random.Random, x: float, y: float, size: float) -> None:
    """A heap of round tops over a flat foot, as one outline."""
    scene = stage.scene
    top, foot = CLOUD[scene.time]
    if scene.weather == "rain":
        top, foot = shade(top, 0.8), shade(foot, 0.72)
    puffs = [(dice.uniform(-0.75, 0.75), dice.uniform(0.2, 0.36)) for _ in range(dice.randint(3, 5))] + [
        (0.0, 0.42),
        (-0.85, 0.14),
        (0.85, 0.14),
    ]
    outline: list[tuple[float, float]] = []
    for step in range(61):
        across = -1.0 + step / 30
        rises = [radius**2 - (across - at) ** 2 for at, radius in puffs]
        outline.append((x + across * size, y - math.sqrt(max(0.0, *rises)) * size * (1.15 - 0.3 * abs(across))))
    foot_line = [(x + math.cos(angle) * size, y + math.sin(angle) * size * 0.07) for angle in (0.2, 1.0, 2.1, 2.94)]
    sky = stage.stops[min(1, len(stage.stops) - 1)]
    stage.pen.polygon(outline + foot_line, top, to=mix(foot, sky, 0.4), alpha=0.92, lit=True)


def _streak(stage: Stage, dice: random.Random, x: float, y: float) -> None:
    top, foot = CLOUD[stage.scene.time]
    nearness = y / stage.horizon
    colour = mix(foot, top, min(1.0, nearness * 1.2))
    for _ in range(3):
        half = dice.uniform(0.09, 0.26)
        left, down, thick = x + dice.uniform(-0.15, 0.15), y + dice.uniform(-0.02, 0.02), dice.uniform(0.004, 0.011)
        points = [
            (
                left - half + 2 * half * step / 16,
                down - thick * math.sin(math.pi * step / 16) * (1 + 0.3 * math.sin(step)),
            )
            for step in range(17)
        ] + [
            (left + half - 2 * half * step / 8, down + 0.4 * thick * math.sin(math.pi * step / 8)) for step in range(9)
        ]
        stage.pen.polygon(points, colour, alpha=0.62, edge="none", lit=True)


def _rainbow(stage: Stage) -> None:
    middle, foot = stage.width * 0.5, stage.horizon * 1.04
    outer = min(stage.width * 0.46, stage.horizon * 0.92)
    band = outer * 0.042
    for index, name in enumerate(RAINBOW):
        radius = outer - index * band
        angles = [math.pi * (1 + step / 60) for step in range(61)]
        arc = [(middle + radius * math.cos(angle), foot + radius * math.sin(angle)) for angle in angles]
        under = radius - band * 1.05
        arc += [(middle + under * math.cos(angle), foot + under * math.sin(angle)) for angle in reversed(angles)]
        stage.pen.polygon(arc, mix(NAMED[name], WHITE, 0.15), alpha=0.62, lit=True)


def _aurora(stage: Stage) -> None:
    """Curtains of green and violet light, summed at a quarter of the size."""
    if stage.canvas.manner == "line":
        return
    width, height = (max(8, side // 8) for side in stage.canvas.pixels)
    seed = throw(stage.scene.seed, "aurora").randrange(1 << 30)
    drift = clouds_of(seed, 5, 2, (width, 1))[0]
    rays = clouds_of(seed + 1, 40, 2, (width, 1))[0]
    rows = np.linspace(0.0, stage.height / stage.horizon, height, dtype=np.float32)[:, None]
    light = np.zeros((height, width, 3), dtype=np.float32)
    for level, colour in ((0.62, (70, 255, 170)), (0.46, (60, 220, 220)), (0.34, (170, 90, 255))):
        foot = level + (drift[None, :] - 0.5) * 0.5
        over = np.clip((foot - rows) / 0.38, 0.0, 1.0)
        curtain = np.where(over > 0, (1.0 - over) ** 1.6 * np.clip(over * 14, 0, 1), 0.0) * (
            0.35 + 0.65 * rays[None, :]
        )
        light += curtain[..., None] * np.asarray(colour, dtype=np.float32) * 0.5
    layer = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    stage.canvas.add_light(layer)

"""Rain, snow and fog over a painted picture."""

import math

import numpy as np
from PIL import Image

from generator.starter.scenes.description import Time
from generator.starter.scenes.dice import throw
from generator.starter.scenes.palette import Rgb
from generator.starter.scenes.stage import Stage

FOG: dict[Time, Rgb] = {
    "day": (226, 231, 236),
    "sunset": (226, 184, 170),
    "dawn": (238, 218, 216),
    "night": (70, 80, 108),
}


def paint_weather(stage: Stage) -> None:
    """What falls or hangs in the air before everything else."""
    if not stage.scene.is_outdoors:
        return
    if stage.scene.weather == "rain":
        _rain(stage)
    elif stage.scene.weather == "snow":
        _snow(stage)
    elif stage.scene.weather == "fog":
        _fog(stage)


def _rain(stage: Stage) -> None:
    dice = throw(stage.scene.seed, "rain")
    lean = dice.uniform(0.12, 0.3)
    colour = (150, 170, 210) if stage.scene.time == "night" else (226, 236, 246)
    sparse = 1.0 if stage.is_solid else 0.4
    for _ in range(round(190 * sparse * stage.width * stage.height)):
        near = dice.random()
        x, y = dice.random() * (stage.width + 0.3), dice.random() * stage.height * 1.05
        long = 0.018 + 0.045 * near
        line = [(x, y - long), (x - lean * long, y)]
        stage.pen.stroke(line, colour, 0.0012 + 0.0018 * near, alpha=0.25 + 0.35 * near, lit=True)


def _snow(stage: Stage) -> None:
    dice = throw(stage.scene.seed, "snow")
    for _ in range(round(75 * stage.width * stage.height)):
        near = dice.random() ** 2.2
        x, y = dice.random() * stage.width, dice.random() * stage.height
        size = 0.0045 + 0.0065 * near
        stage.pen.polygon(
            [(x + size * math.cos(k * math.pi / 5), y + size * math.sin(k * math.pi / 5)) for k in range(10)],
            (255, 255, 255),
            alpha=0.9 - 0.35 * near,
            edge="outline" if near > 0.25 else "none",
            lit=True,
        )


def _fog(stage: Stage) -> None:
    rows = np.linspace(0.0, stage.height, 64)
    around = [0.0, stage.horizon * 0.55, stage.horizon * 1.05, stage.height]
    strength = np.interp(rows, around, [0.1, 0.38, 0.62, 0.22])
    mask = Image.fromarray((strength * 255).astype(np.uint8)[:, None])
    stage.canvas.veil(mask, FOG[stage.scene.time])

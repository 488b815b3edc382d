"""The stage of one picture: canvas, light, horizon and the place of sun or moon, decided before anything is painted."""

from dataclasses import dataclass

from generator.starter.scenes.canvas import Canvas, Manner
from generator.starter.scenes.description import Far, Ground, Scene, Style, Time
from generator.starter.scenes.dice import throw
from generator.starter.scenes.ladder import snapped
from generator.starter.scenes.palette import CLOUDED, NAMED, Light, Rgb, mix, sky_colours
from generator.starter.scenes.pen import Pen

# How far down the horizon lies, as a part of the height: water wants more room than a street.
HORIZON: dict[Ground, float] = {
    "meadow": 0.64,
    "field": 0.56,
    "beach": 0.5,
    "sea": 0.56,
    "lake": 0.56,
    "desert": 0.6,
    "road": 0.6,
    "table": 0.68,
    "plain": 1.0,
    "space": 1.0,
    "underwater": 0.9,
    "pattern": 1.0,
}
MANNERS: dict[Style, Manner] = {"line": "line", "neon": "neon"}
# How high over the horizon the sun or moon stands, as a part of the sky.
HEIGHTS: dict[Time, tuple[float, float]] = {
    "day": (0.56, 0.74),
    "sunset": (0.1, 0.3),
    "dawn": (0.12, 0.34),
    "night": (0.5, 0.72),
}

HIDING: tuple[Far, ...] = ("mountains", "city")  # what a low sun would be lost behind


@dataclass(frozen=True, slots=True)
class Orb:
    """The sun or the moon: world coordinates of its middle, and its radius."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the painters of one picture share."""

    scene: Scene
    canvas: Canvas
    pen: Pen
    stops: tuple[Rgb, ...]
    horizon: float
    orb: Orb | None

    @property
    def width(self) -> float:
        """World width of the picture."""
        return self.canvas.width

    @property
    def height(self) -> float:
        """World height of the picture."""
        return self.canvas.height

    @property
    def is_solid(self) -> bool:
        """Whether surfaces are painted, not only their outlines drawn."""
        return self.canvas.manner == "solid"


def set_stage(scene: Scene, canvas: Canvas) -> Stage:
    """Decide light, horizon and the height of the sun."""
    dice = throw(scene.seed, "stage")
    stops = sky_colours(scene, dice)
    horizon = canvas.height * HORIZON[scene.ground]
    across, up = dice.random(), dice.random()
    orb = _orb(scene, canvas, horizon, across, up)
    side = -1 if (orb.x < canvas.width / 2 if orb else across < 0.5) else 1
    haze = mix(stops[-1], CLOUDED[scene.time], 0.25) if scene.weather in ("fog", "rain") else stops[-1]
    light = Light(scene.time if scene.is_outdoors else "day", haze, side)
    return Stage(scene, canvas, Pen(canvas, light), stops, horizon, orb)


def _orb(scene: Scene, canvas: Canvas, horizon: float, across: float, up: float) -> Orb | None:
    if scene.sky.body is None:
        return None
    low, high = HEIGHTS[scene.time]
    if any(layer.kind in HIDING for layer in scene.far):
        low, high = max(low, 0.48), max(high, 0.64)
    height = horizon * (1.0 - (low + (high - low) * up))
    # Beside the middle, where subjects stand.
    place = 0.25 if across < 0.5 else 0.75
    radius = {"day": 0.055, "sunset": 0.085, "dawn": 0.075, "night": 0.062}[scene.time]
    grown = radius * (1.35 if scene.sky.body_colour or scene.style == "pixel" else 1.0)
    return Orb(snapped(canvas.width * place), snapped(max(grown * 1.4, height)), grown)


def body_colour(scene: Scene) -> Rgb:
    """The colour of the sun or moon."""
    if scene.sky.body_colour is not None:
        return NAMED[scene.sky.body_colour]
    if scene.sky.body != "sun":
        return (250, 244, 220)
    suns: dict[Time, Rgb] = {
        "day": (255, 240, 186),
        "sunset": (255, 214, 138),
        "dawn": (255, 236, 200),
        "night": (255, 220, 140),
    }
    return suns[scene.time]

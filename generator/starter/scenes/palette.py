"""Named colours, mixing, and the light of each time of day. It knows no shapes."""

import colorsys
import random
from dataclasses import dataclass

from generator.starter.scenes.description import Colour, Scene, Time

Rgb = tuple[int, int, int]

NAMED: dict[Colour, Rgb] = {
    "red": (212, 54, 50),
    "orange": (240, 134, 44),
    "yellow": (247, 203, 62),
    "green": (84, 160, 84),
    "teal": (44, 152, 148),
    "blue": (58, 116, 204),
    "purple": (130, 82, 176),
    "pink": (242, 138, 178),
    "brown": (130, 84, 54),
    "black": (36, 36, 46),
    "white": (247, 245, 240),
    "gray": (144, 149, 158),
}
WHITE: Rgb = (255, 255, 255)
INK: Rgb = (34, 34, 44)
PAPER: Rgb = (251, 249, 244)

# From the top of the sky down to the horizon; several of each, so that seeds differ.
SKIES: dict[Time, tuple[tuple[Rgb, ...], ...]] = {
    "day": (
        ((58, 138, 212), (130, 194, 238), (214, 236, 246)),
        ((74, 160, 216), (160, 214, 234), (250, 241, 222)),
        ((46, 122, 200), (110, 182, 232), (196, 228, 242)),
        ((94, 178, 214), (176, 222, 226), (254, 238, 208)),
    ),
    "sunset": (
        ((44, 40, 92), (138, 62, 122), (238, 110, 84), (254, 190, 100)),
        ((66, 56, 118), (200, 92, 124), (250, 156, 108), (255, 222, 158)),
        ((30, 60, 102), (118, 98, 146), (230, 140, 108), (255, 210, 140)),
        ((86, 42, 98), (206, 70, 96), (250, 130, 70), (255, 206, 98)),
    ),
    "dawn": (
        ((126, 166, 214), (214, 182, 212), (249, 206, 192), (255, 240, 210)),
        ((94, 136, 190), (186, 170, 214), (246, 186, 182), (253, 228, 192)),
        ((142, 190, 214), (230, 206, 214), (255, 216, 178), (255, 240, 204)),
    ),
    "night": (
        ((8, 12, 38), (20, 32, 78), (44, 64, 118)),
        ((12, 14, 48), (36, 38, 94), (78, 70, 132)),
        ((6, 18, 36), (14, 46, 76), (34, 84, 110)),
    ),
}
CLOUDED: dict[Time, Rgb] = {
    "day": (188, 198, 210),
    "sunset": (176, 130, 128),
    "dawn": (208, 188, 192),
    "night": (38, 44, 64),
}
GAIN: dict[Time, float] = {"day": 1.0, "sunset": 0.93, "dawn": 0.99, "night": 0.76}
TINT: dict[Time, tuple[Rgb, float]] = {
    "day": ((255, 250, 235), 0.0),
    "sunset": ((236, 96, 64), 0.14),
    "dawn": ((255, 196, 190), 0.13),
    "night": ((46, 68, 156), 0.22),
}


def mix(first: Rgb, second: Rgb, amount: float) -> Rgb:
    """The colour `amount` (0 to 1) of the way from the first to the second."""
    keep = 1.0 - amount
    return (
        int(first[0] * keep + second[0] * amount),
        int(first[1] * keep + second[1] * amount),
        int(first[2] * keep + second[2] * amount),
    )


def shade(colour: Rgb, factor: float) -> Rgb:
    """Darker below 1, lighter above it; black gains a little light so that folds still show."""
    if factor > 1.0:
        return mix(colour, WHITE, min(1.0, factor - 1.0))
    return (int(colour[0] * factor), int(colour[1] * factor), int(colour[2] * factor))


def brightness(colour: Rgb) -> float:
    """0 for black to 1 for white, as the eye weighs it."""
    return (0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]) / 255.0


def vary(dice: random.Random, colour: Rgb, amount: float = 0.05) -> Rgb:
    """The same colour by another hand: still called by the same name."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255.0 for part in colour))
    hue = (hue + dice.uniform(-0.2, 0.2) * amount) % 1.0
    saturation = min(1.0, max(0.0, saturation * (1.0 + dice.uniform(-1, 1) * amount)))
    value = min(1.0, max(0.0, value * (1.0 + dice.uniform(-1, 1) * amount)))
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return (int(red * 255), int(green * 255), int(blue * 255))


def neon(colour: Rgb) -> Rgb:
    """The colour as a lit glass tube; brown, gray and black have no such light and become warm or cool white."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255.0 for part in colour))
    if saturation < 0.28 or value < 0.22:
        return (206, 226, 255)
    red, green, blue = colorsys.hsv_to_rgb(hue, max(0.74, saturation), 1.0)
    return (int(red * 255), int(green * 255), int(blue * 255))


@dataclass(frozen=True, slots=True)
class Light:
    """How the hour changes a colour, and what colour distance has."""

    time: Time
    haze: Rgb
    side: int  # where the light comes from: -1 left, 1 right

    @property
    def is_dark(self) -> bool:
        """Whether lamps are lit."""
        return self.time == "night"

    @property
    def lamps_lit(self) -> bool:
        """Whether windows glow."""
        return self.time in ("night", "sunset")

    def tone(self, colour: Rgb, haze: float = 0.0) -> Rgb:
        """The colour in this light, `haze` (0 to 1) of it lost to distance."""
        tint, amount = TINT[self.time]
        seen = mix(shade(colour, GAIN[self.time]), tint, amount)
        return mix(seen, self.haze, haze) if haze else seen


def sky_colours(scene: Scene, dice: random.Random) -> tuple[Rgb, ...]:
    """The stops of the sky, top first."""
    stops = dice.choice(SKIES[scene.time])
    if scene.sky.colour is not None:
        stops = _coloured(NAMED[scene.sky.colour], scene.time)
    grayness = {"clear": 0.0, "cloudy": 0.28, "rain": 0.62, "snow": 0.42, "fog": 0.55}[scene.weather]
    return tuple(mix(stop, CLOUDED[scene.time], grayness) for stop in stops)


def _coloured(colour: Rgb, time: Time) -> tuple[Rgb, ...]:
    if time == "night":
        return (shade(colour, 0.22), shade(colour, 0.4), shade(colour, 0.62))
    return (shade(colour, 0.86), colour, mix(colour, WHITE, 0.45))

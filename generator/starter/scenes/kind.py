"""What the composer needs to know about a thing, and what the thing is told when it is drawn."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from generator.starter.scenes.description import Colour, Ground, Season
from generator.starter.scenes.palette import Rgb
from generator.starter.scenes.pen import Pen

# Where a thing is at home: tall things stand at the back, small ones in front; a shape hangs anywhere.
Home = Literal["back", "front", "water", "sky", "space", "deep", "any"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one single thing is to look."""

    colour: Rgb
    second: Rgb | None
    dice: random.Random
    season: Season | None = None
    snowy: bool = False
    smiling: bool = False
    number: int = 1  # how many the one thing holds: flowers in a vase


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: `draw` fills the box from (-width / 2, -1) to (width / 2, 0) of its pen."""

    name: str
    draw: Callable[[Pen, Look], None]
    width: float  # in heights
    height: float  # as a part of the short side, when alone and of medium size
    home: Home
    colours: tuple[Colour, ...]  # what it may be when no colour is asked
    ground: Ground = "meadow"  # where it is when no place is asked
    body: tuple[float, float] = (0.0, -0.4)  # a place that always shows its colour
    faces: bool = True  # whether it may be mirrored
    gathers: bool = False  # whether all of a subject are drawn as one thing

"""What a picture holds, as plain data: the true attributes a caption may name. Nothing here draws or chooses."""

from dataclasses import dataclass, field
from typing import Literal, get_args

Colour = Literal[
    "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "black", "white", "gray"
]
Size = Literal["small", "medium", "big"]
Time = Literal["day", "sunset", "dawn", "night"]
Weather = Literal["clear", "cloudy", "rain", "snow", "fog"]
Season = Literal["spring", "summer", "autumn", "winter"]
Style = Literal["flat", "watercolor", "pixel", "line", "neon"]
Where = Literal["left", "right", "above", "below", "inside", "beside", "before", "behind"]
Ground = Literal[
    "meadow", "field", "beach", "sea", "lake", "desert", "road", "table", "plain", "space", "underwater", "pattern"
]
Far = Literal["mountains", "hills", "city", "forest", "dunes"]
Pattern = Literal[
    "horizontal stripes",
    "vertical stripes",
    "diagonal stripes",
    "dots",
    "checkers",
    "gradient",
    "rings",
    "waves",
    "zigzag",
    "triangles",
]
Body = Literal["sun", "moon", "crescent"]

COLOURS: tuple[Colour, ...] = get_args(Colour)
TIMES: tuple[Time, ...] = get_args(Time)
WEATHERS: tuple[Weather, ...] = get_args(Weather)
SEASONS: tuple[Season, ...] = get_args(Season)
STYLES: tuple[Style, ...] = get_args(Style)
GROUNDS: tuple[Ground, ...] = get_args(Ground)
FARS: tuple[Far, ...] = get_args(Far)
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)

# More of one thing than this cannot be told apart at 256 pixels.
MAX_COUNT = 9


@dataclass(frozen=True, slots=True)
class Subject:
    """Some things of one kind: `kind` is a name in `kinds.KINDS`, `second` the colour of a part (a roof)."""

    kind: str
    colour: Colour | None = None
    second: Colour | None = None
    count: int = 1
    size: Size = "medium"
    smiling: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Subject number `first` stands `where` subject number `second` is: left of it, above it."""

    first: int
    where: Where
    second: int


@dataclass(frozen=True, slots=True)
class Layer:
    """Land in the distance."""

    kind: Far
    colour: Colour | None = None
    snowy: bool = False


@dataclass(frozen=True, slots=True)
class Sky:
    """What the sky shows; a colour here is one that was asked for."""

    body: Body | None = None
    body_colour: Colour | None = None
    colour: Colour | None = None
    stars: bool = False
    clouds: bool = False
    rainbow: bool = False
    aurora: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole picture. The same scene and size always give the same pixels."""

    seed: int
    ground: Ground = "meadow"
    ground_colour: Colour | None = None
    second_colour: Colour | None = None  # the other colour of a pattern
    pattern: Pattern | None = None
    far: tuple[Layer, ...] = ()
    subjects: tuple[Subject, ...] = ()
    relations: tuple[Relation, ...] = ()
    sky: Sky = field(default_factory=Sky)
    time: Time = "day"
    weather: Weather = "clear"
    season: Season | None = None
    style: Style = "flat"
    rough: bool = False  # a stormy sea

    @property
    def is_outdoors(self) -> bool:
        """Whether there is a sky and a horizon."""
        return self.ground not in ("table", "plain", "space", "underwater", "pattern")

    @property
    def is_snowy(self) -> bool:
        """Whether the ground is white."""
        return self.is_outdoors and (self.weather == "snow" or self.season == "winter")

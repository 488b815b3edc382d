"""What a prompt asked for, before anything it left open is chosen."""

from dataclasses import dataclass, field

from generator.starter.scenes.description import (
    Body,
    Colour,
    Ground,
    Layer,
    Pattern,
    Relation,
    Season,
    Size,
    Style,
    Time,
    Weather,
)


@dataclass(slots=True)
class Asked:
    """One subject as it was asked for; a count of None is one, or several where the word was plural."""

    kind: str
    colours: list[Colour] = field(default_factory=list)
    second: Colour | None = None
    count: int | None = None
    plural: bool = False
    size: Size = "medium"
    smiling: bool = False


@dataclass(slots=True)
class Wish:
    """The whole prompt, understood; `unknown` are the words that were not."""

    subjects: list[Asked] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    far: list[Layer] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    ground_colour: Colour | None = None
    second_colour: Colour | None = None
    background: Colour | None = None
    pattern: Pattern | None = None
    body: Body | None = None
    body_colour: Colour | None = None
    sky_colour: Colour | None = None
    stars: bool = False
    clouds: bool = False
    rainbow: bool = False
    aurora: bool = False
    time: Time | None = None
    weather: Weather | None = None
    season: Season | None = None
    style: Style | None = None
    rough: bool = False
    snowcapped: bool = False
    unwanted: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)

"""From a wish to a scene: everything the prompt left open is chosen here, tastefully and by the seed."""

import random
from collections.abc import Sequence
from dataclasses import replace

from generator.drawing.wish import Asked, Wish
from generator.starter.scenes.description import Far, Ground, Layer, Scene, Sky, Subject, Time, Weather
from generator.starter.scenes.dice import throw
from generator.starter.scenes.kind import Kind
from generator.starter.scenes.kinds import KINDS

# Of several grounds that were named the first of these is where we stand; the others are seen from there.
STANDPOINTS: tuple[Ground, ...] = (
    "space",
    "underwater",
    "beach",
    "road",
    "table",
    "lake",
    "sea",
    "desert",
    "field",
    "meadow",
)
# Where one subject asks for its own ground, the others follow it there.
OPEN: tuple[Ground, ...] = ("sea", "lake", "beach", "desert", "road")
SKIED: tuple[Ground, ...] = ("meadow", "field", "beach", "sea", "lake", "desert", "road")
FARTHEST: tuple[Far, ...] = ("mountains", "dunes", "hills", "city", "forest")
PLEASANT: tuple[tuple[Ground, tuple[Far, ...], tuple[str, ...]], ...] = (
    ("lake", ("mountains",), ()),
    ("sea", (), ("sailboat",)),
    ("meadow", ("hills",), ("house", "tree")),
    ("meadow", ("mountains", "forest"), ("deer",)),
    ("beach", (), ("palm",)),
    ("lake", ("forest",), ("swan",)),
    ("meadow", ("hills",), ("windmill",)),
    ("sea", (), ("lighthouse",)),
    ("field", ("mountains",), ()),
)


def settle(wish: Wish, seed: int) -> Scene:
    """The scene that fulfils a wish; another seed chooses otherwise where there is a choice."""
    dice = throw(seed, "settle")
    if not (wish.subjects or wish.far or wish.grounds or wish.pattern or wish.background):
        _imagine(wish, dice)
    subjects = tuple(_subject(asked, dice) for asked in wish.subjects)
    ground = _ground(wish, subjects, dice)
    time = _time(wish, ground, subjects, dice)
    weather: Weather = wish.weather or ("cloudy" if wish.clouds else "clear")
    return Scene(
        seed=seed,
        ground=ground,
        ground_colour=wish.background if ground == "plain" else wish.ground_colour,
        second_colour=wish.second_colour,
        pattern=wish.pattern,
        far=_far(wish, ground, subjects, dice),
        subjects=subjects,
        relations=tuple(wish.relations),
        sky=_sky(wish, ground, time, weather, dice),
        time=time,
        weather=weather,
        season=wish.season,
        style=wish.style or "flat",
        rough=wish.rough,
    )


def _subject(asked: Asked, dice: random.Random) -> Subject:
    several = dice.randint(2, 4)
    count = asked.count if asked.count is not None and not (asked.count == 1 and asked.plural) else None
    if count is None:
        count = several if asked.plural else 1
    colour = asked.colours[0] if asked.colours else None
    return Subject(asked.kind, colour, asked.second, count, asked.size, asked.smiling)


def _imagine(wish: Wish, dice: random.Random) -> None:
    """A pleasant scene for a prompt that names nothing we know."""
    ground, fars, kinds = dice.choice(PLEASANT)
    wish.grounds.append(ground)
    wish.far += [Layer(far) for far in fars]
    wish.subjects += [Asked(kind) for kind in kinds]
    wish.time = wish.time or dice.choice(("day", "sunset", "dawn", "sunset"))


def _ground(wish: Wish, subjects: tuple[Subject, ...], dice: random.Random) -> Ground:
    if wish.pattern is not None:
        return "pattern"
    if wish.background is not None:
        return "plain"
    kinds = [KINDS[subject.kind] for subject in subjects]
    named = [ground for ground in STANDPOINTS if ground in wish.grounds]
    ground = named[0] if named else _natural(wish, kinds, dice)
    if ground == "sea" and any(kind.home in ("front", "back") and kind.name != "lighthouse" for kind in kinds):
        return "beach"
    return "lake" if ground == "meadow" and any(kind.home == "water" for kind in kinds) else ground


def _natural(wish: Wish, kinds: Sequence[Kind], dice: random.Random) -> Ground:
    """Where the things that were named are at home."""
    if not kinds:
        mirrored = any(layer.kind in ("mountains", "city") for layer in wish.far)
        return "lake" if mirrored and dice.random() < 0.65 else "meadow"
    homes = [kind.ground for kind in kinds]
    for ground in OPEN:
        if ground in homes:
            return ground
    indoors = homes[0] in ("plain", "table", "space", "underwater")
    if indoors and (_names_weather(wish) or len(set(homes)) > 1 or any(layer for layer in wish.far)):
        return "meadow"
    return homes[0]


def _names_weather(wish: Wish) -> bool:
    named = (wish.body, wish.clouds, wish.rainbow, wish.time, wish.weather, wish.sky_colour, wish.season)
    return any(value for value in named)


def _time(wish: Wish, ground: Ground, subjects: tuple[Subject, ...], dice: random.Random) -> Time:
    chosen: Time = dice.choices(("day", "sunset", "dawn"), (0.6, 0.22, 0.18))[0]
    if wish.time is not None:
        return wish.time
    if wish.body in ("moon", "crescent") or wish.stars or wish.aurora or any(one.kind == "owl" for one in subjects):
        return "night"
    if wish.rainbow or wish.sky_colour or wish.weather in ("rain", "snow", "fog") or ground not in SKIED:
        return "day"
    return chosen


def _far(wish: Wish, ground: Ground, subjects: tuple[Subject, ...], dice: random.Random) -> tuple[Layer, ...]:
    """What was asked for, largest farthest; else now and then a suitable distance."""
    suitable: dict[Ground, tuple[tuple[Far, ...], ...]] = {
        "meadow": (("hills",), ("mountains",), ("hills",), ("mountains", "hills"), ("forest",), ()),
        "field": (("hills",), ("mountains",), ("forest",)),
        "lake": (("mountains",), ("forest",), ("hills",), ("mountains", "forest")),
        "sea": ((), (), (), ("hills",)),
        "beach": ((), (), ("hills",)),
        "desert": (("dunes",), ("dunes",), ("mountains",)),
        "road": (("hills",), ("forest",), ("city",), ("hills",)),
    }
    thrown = dice.choice(suitable.get(ground, ((),)))
    if ground not in SKIED:
        return ()
    asked = {layer.kind: replace(layer, snowy=layer.snowy or wish.snowcapped) for layer in wish.far}
    if not asked:
        return tuple(Layer(far, snowy=wish.snowcapped) for far in thrown if far not in wish.unwanted)
    return tuple(asked[far] for far in FARTHEST if far in asked)


def _sky(wish: Wish, ground: Ground, time: Time, weather: Weather, dice: random.Random) -> Sky:
    body, chance = wish.body, dice.random()
    often = {"day": 0.5, "sunset": 0.85, "dawn": 0.75, "night": 0.7}[time]
    if body is None and weather not in ("rain", "fog") and ground in SKIED and chance < often:
        body = "sun" if time != "night" else dice.choice(("moon", "crescent"))
        body = None if body in wish.unwanted else body
    night = time == "night" and weather in ("clear", "snow") and "star" not in wish.unwanted
    return Sky(
        body,
        wish.body_colour,
        wish.sky_colour,
        stars=wish.stars or night,
        clouds=wish.clouds,
        rainbow=wish.rainbow,
        aurora=wish.aurora,
    )

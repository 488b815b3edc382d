"""A scene in words. It names only what is there to be seen: never what the style takes away."""

import random
from collections.abc import Sequence

from generator.starter.scenes.description import (
    Colour,
    Ground,
    Layer,
    Relation,
    Scene,
    Season,
    Size,
    Style,
    Subject,
    Time,
    Weather,
    Where,
)
from generator.starter.scenes.kinds import KINDS

NUMBERS = ("", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PLURALS = {
    "fish": "fish",
    "deer": "deer",
    "butterfly": "butterflies",
    "fox": "foxes",
    "cactus": "cacti",
    "person": "people",
    "woman": "women",
    "child": "children",
    "church": "churches",
    "bouquet": "bouquets",
}
NAMES = {"pine": "pine tree", "palm": "palm tree", "balloon": "hot air balloon"}
STYLES: dict[Style, tuple[str, ...]] = {
    "flat": ("", "", "", "flat style", "vector art"),
    "watercolor": ("watercolor", "watercolor painting", "in watercolor style"),
    "pixel": ("pixel art", "8-bit pixel art", "pixel art style"),
    "line": ("line art", "line drawing", "ink line art"),
    "neon": ("neon", "neon style", "glowing neon lines"),
}
TIMES: dict[Time, tuple[str, ...]] = {
    "day": ("", "", "by day", "at noon"),
    "sunset": ("at sunset", "at dusk", "in the evening"),
    "dawn": ("at dawn", "at sunrise", "in the early morning"),
    "night": ("at night", "by night", "at midnight"),
}
WEATHERS: dict[Weather, tuple[str, ...]] = {
    "clear": ("", "", "with a clear sky"),
    "cloudy": ("with clouds", "under a cloudy sky", "cloudy"),
    "rain": ("in the rain", "rainy"),
    "snow": ("in the snow", "snowy"),
    "fog": ("in the fog", "in the mist", "foggy"),
}
SEASONS: dict[Season, tuple[str, ...]] = {
    "spring": ("in spring",),
    "summer": ("in summer",),
    "autumn": ("in autumn", "in fall"),
    "winter": ("in winter",),
}
WHERES: dict[Where, tuple[str, ...]] = {
    "left": ("to the left of", "left of"),
    "right": ("to the right of", "right of"),
    "above": ("above",),
    "below": ("below",),
    "inside": ("inside",),
    "beside": ("beside", "next to"),
    "before": ("in front of",),
    "behind": ("behind",),
}
SIZES: dict[Size, tuple[str, ...]] = {"small": ("small", "tiny"), "medium": ("",), "big": ("big", "large")}
GROUNDS: dict[Ground, str] = {
    "sea": "on the sea",
    "lake": "on a lake",
    "beach": "on a beach",
    "desert": "in the desert",
    "road": "on a road",
    "table": "on a table",
    "space": "in space",
    "underwater": "under water",
    "field": "in a field of flowers",
    "meadow": "in a meadow",
}
PATTERNS = {
    "dots": "polka dots",
    "waves": "wavy lines",
    "rings": "concentric circles",
    "triangles": "triangle pattern",
    "checkers": "checkerboard",
    "zigzag": "zigzag lines",
}
# Tubes have no dark or muddy light, and the ground behind them stays black.
_NEON: frozenset[Colour] = frozenset({"red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"})


def caption(scene: Scene, dice: random.Random, *, whole: bool = False) -> str:
    """One way to say what is in the picture; the `whole` of it leaves out nothing that can be seen."""
    words = [_things(scene, dice), _place(scene, dice, whole=whole), *_air(scene, dice, whole=whole)]
    said = (", " if dice.random() < 0.3 else " ").join(word for word in words if word)
    style = dice.choice(STYLES[scene.style])
    if not style:
        return said
    return f"{said}, {style}" if style.startswith("in ") or dice.random() < 0.6 else f"{style}, {said}"


def shows(scene: Scene, colour: Colour | None, *, ground: bool = False) -> bool:
    """Whether a colour can be seen in the style of the scene, as a thing's or as the ground's."""
    if colour is None or scene.style == "line":
        return False
    return scene.style != "neon" or (colour in _NEON and not ground)


def _things(scene: Scene, dice: random.Random) -> str:
    if scene.ground == "pattern":
        return _pattern(scene)
    named = [_subject(scene, subject, dice) for subject in scene.subjects]
    if not named:
        return " and ".join(_far(scene, layer) for layer in scene.far)
    if len(named) > 1 and scene.relations:
        relation: Relation = scene.relations[0]
        return f"{named[relation.first]} {dice.choice(WHERES[relation.where])} {named[relation.second]}"
    return " and ".join(named)


def _subject(scene: Scene, subject: Subject, dice: random.Random) -> str:
    if subject.kind == "bouquet":
        flowers = "flower" if subject.count == 1 else "flowers"
        return _phrase([NUMBERS[subject.count], _colour(scene, subject.colour), flowers]) + " in a vase"
    name = NAMES.get(subject.kind, subject.kind)
    if subject.count > 1:
        name = PLURALS.get(name, name + "s")
    size = dice.choice(SIZES[subject.size])
    return _phrase([NUMBERS[subject.count], size, _colour(scene, subject.colour), name])


def _phrase(words: list[str]) -> str:
    """Words joined, with "an" where it belongs."""
    kept = [word for word in words if word]
    if kept[0] == "a" and kept[1][0] in "aeiou":
        kept[0] = "an"
    return " ".join(kept)


def _colour(scene: Scene, colour: Colour | None) -> str:
    return colour if colour is not None and shows(scene, colour) else ""


def _far(scene: Scene, layer: Layer) -> str:
    article = "" if layer.kind in ("mountains", "hills", "dunes") else "a"
    return _phrase([word for word in (article, _colour(scene, layer.colour), layer.kind) if word])


def _pattern(scene: Scene) -> str:
    name = PATTERNS.get(str(scene.pattern), str(scene.pattern))
    first, second = scene.ground_colour, scene.second_colour
    if scene.style in ("line", "neon") or first is None or second is None:
        return f"a {name}" if name in ("checkerboard", "gradient", "triangle pattern") else name
    return f"{first} and {second} {name}"


def _place(scene: Scene, dice: random.Random, *, whole: bool) -> str:
    if scene.ground == "plain":
        colour = scene.ground_colour
        return "on " + _phrase(["a", f"{colour} background"]) if shows(scene, colour, ground=True) else ""
    far = ""
    if scene.subjects and scene.far:
        far = dice.choice(("in front of ", "with ")) + " and ".join(_far(scene, layer) for layer in scene.far)
    # Where things are at home people often leave the place out: "a fish", "a rocket", "roses in a vase".
    at_home = bool(scene.subjects) and all(KINDS[subject.kind].ground == scene.ground for subject in scene.subjects)
    ground = "" if not whole and at_home and dice.random() < 0.2 else GROUNDS.get(scene.ground, "")
    return " ".join(word for word in (ground, far) if word)


def _air(scene: Scene, dice: random.Random, *, whole: bool) -> list[str]:
    if not scene.is_outdoors:
        return []
    drawn = scene.style in ("line", "neon")
    ways: list[Sequence[str]] = []
    if scene.time == "night" or not drawn:
        ways.append(TIMES[scene.time])
    if scene.weather != "fog" or not drawn:
        ways.append(WEATHERS[scene.weather])
    if scene.season and scene.weather == "clear" and not drawn:
        ways.append(SEASONS[scene.season])
    if scene.sky.body:
        name = {"sun": "sun", "moon": "full moon", "crescent": "crescent moon"}[scene.sky.body]
        tint = _colour(scene, scene.sky.body_colour) if scene.style != "neon" else ""
        ways.append(("with " + _phrase(["a", tint, name]),))
    words = [_perhaps(dice, way, whole=whole) for way in ways]
    return [*words, "with a rainbow"] if scene.sky.rainbow and not drawn else words


def _perhaps(dice: random.Random, ways: Sequence[str], *, whole: bool) -> str:
    """One of the ways to say something; captions leave things out, as people do."""
    if whole:
        return dice.choice([way for way in ways if way])
    word = dice.choice(ways)
    return word if dice.random() < 0.85 else ""

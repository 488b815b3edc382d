"""Scenes by the seed alone, for training and for looking at: every attribute is chosen, none is left open."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from generator.starter.scenes.description import (
    COLOURS,
    PATTERNS,
    SEASONS,
    Body,
    Colour,
    Far,
    Ground,
    Layer,
    Relation,
    Scene,
    Season,
    Size,
    Sky,
    Style,
    Subject,
    Time,
    Weather,
    Where,
)
from generator.starter.scenes.dice import throw
from generator.starter.scenes.flowers import BLOOMS
from generator.starter.scenes.kind import Kind
from generator.starter.scenes.kinds import KINDS

T = TypeVar("T")
_STYLES: dict[Style, float] = {"flat": 0.64, "watercolor": 0.11, "pixel": 0.11, "line": 0.07, "neon": 0.07}
_TIMES: dict[Time, float] = {"day": 0.46, "sunset": 0.2, "dawn": 0.12, "night": 0.22}
_WEATHERS: dict[Weather, float] = {"clear": 0.6, "cloudy": 0.16, "rain": 0.07, "snow": 0.1, "fog": 0.07}
_COUNTS: dict[int, float] = {1: 0.58, 2: 0.16, 3: 0.13, 4: 0.07, 5: 0.06}
_GROUNDS: dict[Ground, float] = {
    "meadow": 0.19,
    "sea": 0.09,
    "lake": 0.07,
    "beach": 0.05,
    "desert": 0.06,
    "road": 0.04,
    "field": 0.04,
    "table": 0.06,
    "plain": 0.26,  # where things are learned by their shape alone
    "space": 0.05,
    "underwater": 0.04,
    "pattern": 0.05,
}
_FARS: dict[Ground, tuple[Far, ...]] = {
    "meadow": ("mountains", "hills", "forest", "city"),
    "lake": ("mountains", "hills", "forest", "city"),
    "sea": ("mountains", "hills"),
    "beach": ("hills",),
    "desert": ("dunes", "mountains"),
    "road": ("city", "hills", "forest"),
    "field": ("hills", "mountains"),
}
# Colours too near each other to be told apart when one lies on the other.
_ALIKE: tuple[frozenset[Colour], ...] = (
    frozenset({"red", "orange"}),
    frozenset({"teal", "green"}),
    frozenset({"brown", "black"}),
    frozenset({"gray", "white"}),
    frozenset({"brown", "red"}),
    frozenset({"teal", "blue"}),
    frozenset({"red", "pink"}),
    frozenset({"purple", "blue"}),
)
# Named together, flowers stand in the vase, and that is a thing of its own.
_IN_VASES = tuple({"vase", bloom} for bloom in BLOOMS)


def imagine(seed: int) -> Scene:
    """The scene of a seed."""
    dice = throw(seed, "imagine")
    ground = _pick(dice, _GROUNDS)
    scene = Scene(seed, ground=ground, style=_pick(dice, _STYLES))
    if ground == "pattern":
        first, second = dice.sample(COLOURS, 2)
        pattern = dice.choice(PATTERNS)
        # Lines alone cannot show a gradient.
        style: Style = "flat" if pattern == "gradient" else scene.style
        return replace(scene, pattern=pattern, ground_colour=first, second_colour=second, style=style)
    if ground == "plain":
        scene = replace(scene, ground_colour=dice.choice(COLOURS))
    elif scene.is_outdoors:
        scene = _outdoors(scene, dice)
    return _peopled(scene, dice)


def _pick(dice: random.Random, weights: Mapping[T, float]) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]


def _outdoors(scene: Scene, dice: random.Random) -> Scene:
    time, weather = _pick(dice, _TIMES), _pick(dice, _WEATHERS)
    season: Season | None = dice.choice(SEASONS) if dice.random() < 0.2 and weather == "clear" else None
    far: tuple[Layer, ...] = ()
    if dice.random() < 0.6:
        tinted = dice.random() < 0.4
        far = (Layer(dice.choice(_FARS[scene.ground]), dice.choice(COLOURS[:8]) if tinted else None),)
    body: Body | None = None
    if weather not in ("rain", "fog") and dice.random() < 0.6:
        body = "sun" if time != "night" else dice.choice(("moon", "crescent"))
    bright: Colour | None = dice.choice(COLOURS[:8]) if body and dice.random() < 0.25 else None
    sky = Sky(body, bright, stars=time == "night" and weather in ("clear", "snow"), rainbow=dice.random() < 0.03)
    return replace(scene, far=far, time=time, weather=weather, season=season, sky=sky)


def _peopled(scene: Scene, dice: random.Random) -> Scene:
    """The scene with one or two subjects that are at home on its ground."""
    fitting = [kind for kind in KINDS.values() if _fits(kind, scene.ground)]
    if scene.is_outdoors and scene.far and dice.random() < 0.2:
        return scene
    first = _subject(dice, dice.choice(fitting), scene, _pick(dice, _COUNTS))
    if first.count > 2 or dice.random() < 0.6:
        return replace(scene, subjects=(first,))
    others = [kind for kind in fitting if kind.name != first.kind and {kind.name, first.kind} not in _IN_VASES]
    second = _subject(dice, dice.choice(others or fitting), scene, 1 if first.count > 1 else dice.choice((1, 1, 1, 2)))
    wheres: tuple[Where, ...] = ("left", "right", "beside")
    if scene.ground == "plain":
        wheres = ("left", "right", "beside", "above", "below", "inside")
    where = dice.choice(wheres)
    if where == "inside" and (first.count > 1 or second.count > 1 or first.colour == second.colour):
        where = "left"
    related = (Relation(0, where, 1),) if dice.random() < 0.75 or where == "inside" else ()
    plain: Size = "medium"
    return replace(scene, subjects=(replace(first, size=plain), replace(second, size=plain)), relations=related)


def _fits(kind: Kind, ground: Ground) -> bool:
    if ground == "plain":
        return kind.name != "island" and not kind.gathers
    if ground in ("table", "space", "underwater"):
        return kind.ground == ground
    if kind.home in ("any", "space", "deep") or kind.ground in ("table", "plain"):
        return False
    if ground in ("sea", "lake"):
        return kind.home == "water" or (kind.name == "lighthouse" and ground == "sea")
    if ground in ("desert", "beach", "road") and kind.ground == ground:
        return True
    return kind.home in ("back", "front", "sky") and kind.ground in ("meadow", "field")


def _subject(dice: random.Random, kind: Kind, scene: Scene, count: int) -> Subject:
    allowed = [colour for colour in COLOURS if not _alike(colour, scene.ground_colour)]
    colour = dice.choice(allowed) if dice.random() < 0.8 else _usual(dice, kind.colours, allowed)
    size: Size = "medium" if count > 1 else dice.choices(("small", "medium", "big"), (0.15, 0.7, 0.15))[0]
    return Subject(kind.name, colour, None, count, size)


def _usual(dice: random.Random, colours: Sequence[Colour], allowed: Sequence[Colour]) -> Colour:
    return dice.choice([colour for colour in colours if colour in allowed] or list(allowed))


def _alike(colour: Colour, ground: Colour | None) -> bool:
    return ground is not None and (colour == ground or frozenset({colour, ground}) in _ALIKE)

"""What a picture alone can tell of its scene: the questions that the judge of painted pictures is asked.

They are not the caption's (`attributes`). Of two things side by side nobody sees which was named first, so kinds are
a set; of related things is asked how they are arranged, which is the near one (to the left, above, inside) and which
lies beyond. What cannot be seen is not asked: the time of day of a line drawing, the weather in space.
"""

from collections.abc import Mapping

from generator.starter.scenes.description import GROUNDS, PATTERNS, STYLES, TIMES, WEATHERS, Scene, Where
from generator.starter.scenes.kinds import KINDS

UNSEEN = -100  # in the place of an answer; torch's cross entropy passes it over

THINGS: tuple[str, ...] = (*sorted(KINDS), *PATTERNS)
SIGHTS: Mapping[str, tuple[str, ...]] = {
    "count": tuple(str(number) for number in range(10)),
    "arranged": ("in a row", "one above the other", "one inside the other"),
    "near": THINGS,
    "beyond": THINGS,
    "ground": GROUNDS,
    "time": TIMES,
    "weather": WEATHERS,
    "style": STYLES,
}
# How things are arranged, and whether the one that is named first is the near one.
_ARRANGED: Mapping[Where, tuple[str, bool]] = {
    "left": ("in a row", True),
    "right": ("in a row", False),
    "above": ("one above the other", True),
    "below": ("one above the other", False),
    "inside": ("one inside the other", True),
}


def things(scene: Scene) -> frozenset[str]:
    """The kinds of things, or the pattern, that are in the picture."""
    if scene.pattern:
        return frozenset((scene.pattern,))
    return frozenset(subject.kind for subject in scene.subjects)


def sights(scene: Scene) -> dict[str, int]:
    """The place of the right answer to each of `SIGHTS`, or `UNSEEN`."""
    said = {**_air(scene), **_arranged(scene)}
    said |= {"count": _count(scene), "ground": scene.ground, "style": scene.style}
    return {
        question: UNSEEN if said[question] is None else options.index(str(said[question]))
        for question, options in SIGHTS.items()
    }


def _air(scene: Scene) -> dict[str, str | None]:
    if not scene.is_outdoors:
        return {"time": None, "weather": None}
    drawn = scene.style in ("line", "neon")  # black on white or light on black
    return {
        "time": scene.time if scene.time == "night" or not drawn else None,
        "weather": scene.weather if scene.weather != "fog" or not drawn else None,
    }


def _count(scene: Scene) -> str | None:
    """How many there are where they are all of one kind; of two kinds nobody sees which count was meant."""
    if scene.pattern or len(scene.subjects) > 1:
        return None
    return str(scene.subjects[0].count if scene.subjects else 0)


def _arranged(scene: Scene) -> dict[str, str | None]:
    relation = scene.relations[0] if len(scene.subjects) == 2 and scene.relations else None
    if relation is None or relation.where not in _ARRANGED:
        return {"arranged": None, "near": None, "beyond": None}
    arranged, first_is_near = _ARRANGED[relation.where]
    first, second = (scene.subjects[place].kind for place in (relation.first, relation.second))
    near, beyond = (first, second) if first_is_near else (second, first)
    return {"arranged": arranged, "near": near, "beyond": beyond}

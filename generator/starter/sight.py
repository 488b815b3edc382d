"""What a picture alone can tell of its scene: the questions that the judge of painted pictures is asked.

They are not the caption's (`attributes`). Of two things side by side nobody sees which was named first, so kinds are
a set, and a relation is asked from the kind that comes first in the alphabet. What cannot be seen is not asked: the
time of day of a line drawing, the weather in space.
"""

from collections.abc import Mapping

from generator.starter.scenes.description import GROUNDS, PATTERNS, STYLES, TIMES, WEATHERS, Scene, Where
from generator.starter.scenes.kinds import KINDS

UNSEEN = -100  # in the place of an answer; torch's cross entropy passes it over

THINGS: tuple[str, ...] = (*sorted(KINDS), *PATTERNS)
SIGHTS: Mapping[str, tuple[str, ...]] = {
    "count": tuple(str(number) for number in range(10)),
    "where": ("left", "right", "above", "below", "inside", "around"),
    "ground": GROUNDS,
    "time": TIMES,
    "weather": WEATHERS,
    "style": STYLES,
}
_TURNED: Mapping[Where, str] = {
    "left": "right",
    "right": "left",
    "above": "below",
    "below": "above",
    "inside": "around",
}


def things(scene: Scene) -> frozenset[str]:
    """The kinds of things, or the pattern, that are in the picture."""
    if scene.pattern:
        return frozenset((scene.pattern,))
    return frozenset(subject.kind for subject in scene.subjects)


def sights(scene: Scene) -> dict[str, int]:
    """The place of the right answer to each of `SIGHTS`, or `UNSEEN`."""
    said = {**_air(scene), "count": _count(scene), "where": _where(scene), "ground": scene.ground, "style": scene.style}
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


def _where(scene: Scene) -> str | None:
    if len(scene.subjects) != 2 or not scene.relations:
        return None
    relation = scene.relations[0]
    first, second = (scene.subjects[place].kind for place in (relation.first, relation.second))
    if relation.where not in _TURNED or first == second:
        return None
    return relation.where if first < second else _TURNED[relation.where]

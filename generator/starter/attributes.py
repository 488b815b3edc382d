"""The true attributes of a scene as numbers to be learned: one question with a closed list of answers each."""

from collections.abc import Mapping

from generator.starter.scenes.description import (
    COLOURS,
    FARS,
    GROUNDS,
    PATTERNS,
    SEASONS,
    STYLES,
    TIMES,
    WEATHERS,
    Scene,
    Subject,
)
from generator.starter.scenes.kinds import KINDS

NONE = "none"
_WHERES = (NONE, "left", "right", "above", "below", "inside", "beside", "before", "behind")
_COLOURS = (NONE, *COLOURS)
_KINDS = (NONE, *sorted(KINDS))

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "kind": _KINDS,
    "colour": _COLOURS,
    "count": tuple(str(number) for number in range(10)),
    "size": (NONE, "small", "medium", "big"),
    "second kind": _KINDS,
    "second colour": _COLOURS,
    "where": _WHERES,
    "ground": GROUNDS,
    "ground colour": _COLOURS,
    "other colour": _COLOURS,
    "pattern": (NONE, *PATTERNS),
    "far": (NONE, *FARS),
    "far colour": _COLOURS,
    "body": (NONE, "sun", "moon", "crescent"),
    "time": TIMES,
    "weather": WEATHERS,
    "season": (NONE, *SEASONS),
    "style": STYLES,
}


def answers(scene: Scene) -> dict[str, int]:
    """The place of the right answer to each of `QUESTIONS`."""
    said = _about(scene)
    return {question: options.index(said[question]) for question, options in QUESTIONS.items()}


def _about(scene: Scene) -> dict[str, str]:
    first = scene.subjects[0] if scene.subjects else None
    second = scene.subjects[1] if len(scene.subjects) > 1 else None
    far = scene.far[0] if scene.far else None
    relation = scene.relations[0] if scene.relations else None
    return {
        **_subject("", first),
        "count": str(first.count if first else 0),
        "size": first.size if first else NONE,
        **_subject("second ", second),
        "where": relation.where if relation else NONE,
        "ground": scene.ground,
        "ground colour": scene.ground_colour or NONE,
        "other colour": scene.second_colour or NONE,
        "pattern": scene.pattern or NONE,
        "far": far.kind if far else NONE,
        "far colour": (far.colour or NONE) if far else NONE,
        "body": scene.sky.body or NONE,
        "time": scene.time,
        "weather": scene.weather,
        "season": scene.season or NONE,
        "style": scene.style,
    }


def _subject(prefix: str, subject: Subject | None) -> dict[str, str]:
    if subject is None:
        return {f"{prefix}kind": NONE, f"{prefix}colour": NONE}
    return {f"{prefix}kind": subject.kind, f"{prefix}colour": subject.colour or NONE}

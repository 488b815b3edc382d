"""What a single word means, in the singular or the plural. The tables are the lexicon's, the grammar the parser's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.drawing import lexicon
from generator.drawing.phrases import PHRASES
from generator.starter.scenes.description import COLOURS

Role = Literal[
    "colour",
    "count",
    "several",
    "size",
    "time",
    "weather",
    "season",
    "style",
    "subject",
    "far",
    "ground",
    "pattern",
    "body",
    "sky",
    "relation",
    "on",
    "in",
    "part",
    "background",
    "without",
    "mood",
    "filler",
]
IRREGULAR: Mapping[str, str] = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "snowmen": "snowman",
    "children": "child",
    "leaves": "leaf",
    "skies": "sky",
    "cacti": "cactus",
    "geese": "goose",
}
# Endings that look like a plural and are none.
SINGULAR = frozenset("grass cosmos lens glass this is its has was hers".split())  # noqa: SIM905
# Words made up for phrases; nobody types them.
_MADE_UP = frozenset(word for _, word in PHRASES) - {
    word
    for table in (lexicon.SUBJECT_WORDS, lexicon.TIME_WORDS, lexicon.FAR_WORDS)
    for words in table.values()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Word:
    """What a word means; `value` is a name in the scene description."""

    role: Role
    value: str
    plural: bool = False


def look_up(token: str) -> Word | None:
    """What a lower-case word means, whether it stands for one or for several; None for a word nobody taught us."""
    if token in WORDS:
        return WORDS[token]
    if token in SINGULAR:
        return None
    if token in IRREGULAR:
        return _plural(WORDS[IRREGULAR[token]])
    for ending, singular in (("ies", "y"), ("s", ""), ("es", "")):
        stem = token[: -len(ending)] + singular
        if token.endswith(ending) and len(stem) > 2 and stem in WORDS:
            return _plural(WORDS[stem])
    return None


def vocabulary() -> tuple[str, ...]:
    """The words worth showing to somebody who asks what can be drawn."""
    shown = ("subject", "far", "ground", "pattern", "body", "sky", "time", "weather", "season", "style", "size")
    return (*COLOURS, *(word for word, meaning in WORDS.items() if meaning.role in shown and word not in _MADE_UP))


def _plural(word: Word) -> Word:
    return Word(word.role, word.value, plural=True)


def _table() -> dict[str, Word]:
    """All words; where one stands in two tables the later one wins (a rose is a flower before it is a colour)."""
    table = {word: Word("filler", word) for word in lexicon.FILLER_WORDS.split()}
    groups: tuple[tuple[Role, Mapping[str, str]], ...] = (
        ("part", lexicon.PART_WORDS),
        ("colour", {str(name): words for name, words in lexicon.COLOUR_WORDS.items()}),
        ("count", lexicon.COUNT_WORDS),
        ("size", {str(name): words for name, words in lexicon.SIZE_WORDS.items()}),
        ("time", {str(name): words for name, words in lexicon.TIME_WORDS.items()}),
        ("weather", {str(name): words for name, words in lexicon.WEATHER_WORDS.items()}),
        ("season", {str(name): words for name, words in lexicon.SEASON_WORDS.items()}),
        ("style", {str(name): words for name, words in lexicon.STYLE_WORDS.items()}),
        ("far", {str(name): words for name, words in lexicon.FAR_WORDS.items()}),
        ("ground", {str(name): words for name, words in lexicon.GROUND_WORDS.items()}),
        ("pattern", {str(name): words for name, words in lexicon.PATTERN_WORDS.items()}),
        ("body", {str(name): words for name, words in lexicon.BODY_WORDS.items()}),
        ("relation", {str(name): words for name, words in lexicon.WHERE_WORDS.items()}),
        ("sky", lexicon.SKY_WORDS),
        ("mood", lexicon.MOOD_WORDS),
        ("subject", lexicon.SUBJECT_WORDS),
    )
    for role, names in groups:
        for name, words in names.items():
            table.update({word: Word(role, name) for word in words.split()})
    return table | {
        "on": Word("on", "on"),
        "in": Word("in", "in"),
        "and": Word("filler", "and"),
        "with": Word("filler", "with"),
        "several": Word("several", "3"),
        "many": Word("several", "5"),
        "no": Word("without", "no"),
        "without": Word("without", "no"),
        "background": Word("background", "background"),
        "backdrop": Word("background", "background"),
        "fieldof": Word("ground", "field"),
    }


WORDS: Mapping[str, Word] = _table()

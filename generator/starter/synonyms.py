"""Words that people write and no caption does, as the words of captions that mean the same.

The drawing engine knows many words for one thing; the model learned one or two of them. Its tokenizer hears the others
as those: "a grey cottage" as "a gray house". Words that change nothing are left out. It must not touch a word that
captions use.
"""

import re
from collections.abc import Iterable, Mapping

from tokenizers import Regex, normalizers
from transformers import PreTrainedTokenizerFast

from generator.drawing.phrases import PHRASES
from generator.drawing.words import IRREGULAR, WORDS, Role, Word, look_up, vocabulary
from generator.starter.tokenizer import PLAIN

# What captions say where none of the lexicon's own words is one of theirs.
_SAID: Mapping[tuple[Role, str], str] = {
    ("style", "line"): "line art",
    ("style", "pixel"): "pixel art",
    ("ground", "underwater"): "under water",
    ("several", "3"): "three",
    ("several", "5"): "five",
}
_MEANINGLESS: tuple[Role, ...] = ("filler", "mood")
_BESIDE_AN_ARTICLE = {"single", "lone", "lonely"}  # "a lone tree" is "a tree"
_COUNTED: tuple[Role, ...] = ("subject", "far", "pattern", "sky")  # nouns of which there may be several
_MEANT = {" ".join(words): meaning for words, meaning in PHRASES}


def find_synonyms(known: Iterable[str]) -> dict[str, str]:
    """For each word or phrase that is not `known` what to hear in its place, in words that are; "" is nothing."""
    captions = frozenset(known)
    heard = {}
    for text in (*WORDS, *_plurals(), *_MEANT):
        if not captions.issuperset(text.split()):
            instead = _instead(text, captions)
            if instead is not None:
                heard[text] = instead
    return heard


def choose_shown(known: Iterable[str], synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """The words to show to somebody who asks what the model can paint."""
    understood = {*known, *(text for text, instead in synonyms.items() if instead)}
    return tuple(word for word in vocabulary() if word in understood)


def hear(tokenizer: PreTrainedTokenizerFast, synonyms: Mapping[str, str]) -> None:
    """Have the tokenizer hear synonyms, the longest first, as what they mean."""
    by_meaning: dict[tuple[int, str], list[str]] = {}
    for text, instead in synonyms.items():
        by_meaning.setdefault((-len(text.split()), instead), []).append(text)
    replacing = [_replacing(texts, instead) for (_, instead), texts in sorted(by_meaning.items())]
    tokenizer.backend_tokenizer.normalizer = normalizers.Sequence([*PLAIN, *replacing])


def _plurals() -> list[str]:
    return [*IRREGULAR, *(_plural_of(word) for word, meaning in WORDS.items() if meaning.role in _COUNTED)]


def _plural_of(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def _instead(text: str, captions: frozenset[str]) -> str | None:
    meaning = look_up(_MEANT.get(text, text))
    if meaning is None:
        return None
    if meaning.role in _MEANINGLESS or text in _BESIDE_AN_ARTICLE:
        return ""
    return _SAID.get((meaning.role, meaning.value)) or _caption_word(meaning, captions)


def _caption_word(meaning: Word, captions: frozenset[str]) -> str | None:
    """The first word of the lexicon with this meaning that captions use, in the same number if they use both."""
    one = [word for word, other in WORDS.items() if (other.role, other.value) == (meaning.role, meaning.value)]
    many = [text for text, word in IRREGULAR.items() if word in one] + [_plural_of(word) for word in one]
    return next((word for word in ([*many, *one] if meaning.plural else [*one, *many]) if word in captions), None)


def _replacing(texts: Iterable[str], instead: str) -> normalizers.Replace:
    choices = "|".join(r"\s+".join(map(re.escape, text.split())) for text in sorted(texts))
    return normalizers.Replace(Regex(rf"(?<![\w-])(?:{choices})(?![\w-])"), instead)

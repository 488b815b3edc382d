"""Reads a post that begins with the command word: a prompt with options, in the short syntax of docs/clients.md.

Unlike a commission it comes from one of our own people, who is told of every mistake. It must not look anything up.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from server.actions.painting.request_picture import SEED_BITS
from server.problems import Invalid

# Apps put the names of a thread before what is typed.
_NAMES = re.compile(r"(?:\s*@[\w.-]+(?:@[\w.-]+(?::\d+)?)?)*\s*")
_LIFTED = re.compile(r"(?<![\w/&])(?:@[\w.-]*\w(?:@[\w.-]*\w(?::\d+)?)?|#\w*[^\W\d]\w*)")
# Phones turn two hyphens into a dash, and straight quotes into curly ones.
_OPTION = re.compile(r"(?:--|[—–])([A-Za-z][\w-]*)")
_QUOTED = re.compile(r"""\s*["“”„]([^"“”„]*)["“”]""")
_WORD = re.compile(r"\s*(\S+)")
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?")
_SHAPE = re.compile(r"([1-9][0-9]{0,3})[:x/]([1-9][0-9]{0,3})")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OPTIONS = ("seed", "ar", "model", "no", "steps", "guidance")
STEPS_AT_MOST = 200
GUIDANCE_AT_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is to be painted. `shape` is width divided by height, `caption` the names and hashtags of the post."""

    prompt: str
    caption: str = ""
    negative: str | None = None
    seed: int | None = None
    shape: float | None = None
    model: str | None = None
    steps: int | None = None
    guidance: float | None = None


def is_command(text: str, word: str | None) -> bool:
    """Whether a post begins with the command word, after the names that an app puts first."""
    return word is not None and _rest(text, word) is not None


def read_command(text: str, word: str, models: Collection[str]) -> Command:
    """Read a post that begins with `word`; `models` are the names that `--model` may give.

    Raises:
        Invalid: there is nothing to paint, or an option that is none or has no such value.
    """
    rest = _rest(text, word)
    if rest is None:
        raise Invalid(f"This does not begin with {word}.", field="status")
    names = text[: _NAMES.match(text).end()]  # type: ignore[union-attr]
    caption = " ".join(dict.fromkeys([*names.split(), *_LIFTED.findall(rest)]))
    prompt, given = _part(_UNSEEN.sub(" ", _LIFTED.sub(" ", rest)))
    if not prompt:
        raise Invalid(f"Say after {word} what is to be painted.", field="status")
    return Command(
        prompt=prompt,
        caption=caption,
        negative=given.get("no") or None,
        seed=_whole(given, "seed", most=(1 << SEED_BITS) - 1),
        shape=_shape(given.get("ar")),
        model=_model(given.get("model"), models),
        steps=_whole(given, "steps", most=STEPS_AT_MOST, least=1),
        guidance=_guidance(given.get("guidance")),
    )


def _rest(text: str, word: str) -> str | None:
    names = _NAMES.match(text)
    after = text[names.end() :] if names else text
    if after[: len(word)].lower() != word.lower():
        return None
    rest = after[len(word) :]
    return rest if not rest or rest[0].isspace() else None


def _part(text: str) -> tuple[str, dict[str, str]]:
    """The prompt, and each option with its value. `--no` takes what is quoted, or every word up to the next option."""
    given: dict[str, str] = {}
    prompt: list[str] = []
    position = 0
    while found := _WORD.match(text, position):
        option = _OPTION.fullmatch(found[1])
        if option is None:
            prompt.append(found[1])
            position = found.end()
            continue
        name = option[1].lower()
        if name not in OPTIONS:
            raise Invalid(f"There is no option --{name}; there are {_listed(OPTIONS)}.", field="status")
        given[name], position = _value(text, found.end(), name)
    return " ".join(prompt), given


def _value(text: str, position: int, name: str) -> tuple[str, int]:
    quoted = _QUOTED.match(text, position)
    if quoted is not None:
        return " ".join(quoted[1].split()), quoted.end()
    words: list[str] = []
    while (found := _WORD.match(text, position)) and not _OPTION.fullmatch(found[1]) and (name == "no" or not words):
        words.append(found[1])
        position = found.end()
    if not words:
        raise Invalid(f"--{name} needs a value.", field="status")
    return " ".join(words), position


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"--{name}" for name in names)


def _whole(given: dict[str, str], name: str, *, most: int, least: int = 0) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise Invalid(f"--{name} is a whole number from {least} to {most}.", field="status")
    return int(text)


def _shape(text: str | None) -> float | None:
    if text is None:
        return None
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise Invalid("--ar is the shape, width to height, such as 3:2.", field="status")
    return int(found[1]) / int(found[2])


def _model(name: str | None, models: Collection[str]) -> str | None:
    if name is None:
        return None
    known = next((model for model in models if model.lower() == name.lower()), None)
    if known is None:
        raise Invalid(f"There is no model {name[:100]}; there are {', '.join(models)}.", field="status")
    return known


def _guidance(text: str | None) -> float | None:
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or float(text) > GUIDANCE_AT_MOST:
        raise Invalid(f"--guidance is a number from 0 to {GUIDANCE_AT_MOST}.", field="status")
    return float(text)

"""Reads a prompt and its options from the plain text of a post. It must not know who asks, nor refuse anything.

What is no option that we know stays in the prompt as it was written (docs/commissions.md).
"""

import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from server.actions.painting.request_picture import SEED_BITS

_MENTION = re.compile(r"(?<![\w/])@[\w.-]+(?:@[\w.-]+(?::\d+)?)?")
_HASHTAG = re.compile(r"(?<![\w/&])#\w*[^\W\d]\w*")
# Control characters, which models do not read, and marks that turn the direction of writing, which would garble our
# answer; a text in a right-to-left script needs none of them.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Phones turn two hyphens into a dash.
_OPTION = re.compile(r"(?:--|[—–])(seed|ar|model|no)", re.IGNORECASE)
_SHAPE = re.compile(r"([1-9]\d{0,3}):([1-9]\d{0,3})")
_SEED = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a post asks for; `shape` is width divided by height."""

    prompt: str
    negative: str | None = None
    seed: int | None = None
    shape: float | None = None
    model: str | None = None


def read_prompt(text: str, models: Collection[str] = ()) -> Asked:
    """Read `text`; `models` are the names that `--model` may give."""
    bare = _UNSEEN.sub(" ", _HASHTAG.sub(" ", _MENTION.sub(" ", text)))
    words = deque(bare.split())
    prompt: list[str] = []
    negative: list[str] = []
    into = prompt
    chosen: dict[str, str] = {}
    while words:
        word = words.popleft()
        option = _OPTION.fullmatch(word)
        name = option[1].lower() if option else ""
        if name == "no" and words:
            into = negative
        elif name and words and _is_value(name, words[0], models):
            chosen[name] = words.popleft()
            into = prompt
        else:
            into.append(word)
    return _settle(prompt, negative, chosen, models)


def _is_value(name: str, word: str, models: Collection[str]) -> bool:
    if name == "seed":
        return _SEED.fullmatch(word) is not None and int(word) < 1 << SEED_BITS
    if name == "ar":
        return _SHAPE.fullmatch(word) is not None
    return name == "model" and word.lower() in {model.lower() for model in models}


def _settle(prompt: list[str], negative: list[str], chosen: dict[str, str], models: Collection[str]) -> Asked:
    shape = _SHAPE.fullmatch(chosen.get("ar", ""))
    wanted = chosen.get("model", "").lower()
    return Asked(
        prompt=" ".join(prompt),
        negative=" ".join(negative) or None,
        seed=int(chosen["seed"]) if "seed" in chosen else None,
        shape=int(shape[1]) / int(shape[2]) if shape else None,
        model=next((model for model in models if model.lower() == wanted), None),
    )

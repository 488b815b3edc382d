"""Pictures as objects of their own, before or after they are part of a post: also those that are only wished for.

A prompt takes the place of the file in our own terms, which stand inline (FEDERATION.md, "Prompts from clients").
Nothing here may decide who sees a prompt.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from activitypub import fields
from activitypub.context import note_context
from activitypub.errors import Malformed
from activitypub.notes import AttachmentFields, build_attachment
from activitypub.provenance import CONTEXT_TERMS

Document = dict[str, object]

WISH_TERMS: dict[str, object] = {
    "generationState": "pinxit:generationState",
    "generationStep": {"@id": "pinxit:generationStep", "@type": "xsd:integer"},
    "generationStepsTotal": {"@id": "pinxit:generationStepsTotal", "@type": "xsd:integer"},
    "generationError": "pinxit:generationError",
}
PROMPT = "generationPrompt"
PREFIX = "pinxit:"
_NAMES = (
    *(PROMPT, "generationNegativePrompt", "generationSeed", "generationSteps", "generationGuidance"),
    *("generationSize", "generationModel", *WISH_TERMS),
)
# What a client may write of a wish, and what we answer to it; a post keeps none of it from its client.
WISH_NAMES = frozenset(_NAMES) | frozenset(f"{PREFIX}{name}" for name in _NAMES)
# Longer than any text encoder reads; what is too long for us is refused by name, further in.
LONGEST = 100_000
_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")
_WHOLE = re.compile(r"[0-9]{1,20}")
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedPicture:
    """What a client wishes for; `alt` is the alternative text."""

    prompt: str
    negative: str | None
    seed: int | None
    steps: int | None
    guidance: float | None
    width: int | None
    height: int | None
    model: str | None
    alt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """How a wish fares. `state` is waiting, running, painted, failed or cancelled."""

    state: str
    prompt: str
    step: int
    steps_total: int
    error: str | None = None


def picture_context() -> object:
    """The context of a picture, and of a post with one that is not painted yet."""
    return note_context({**CONTEXT_TERMS, **WISH_TERMS})


def build_picture(id: str, owner: str, published: str, file: AttachmentFields) -> Document:
    """The object of a picture that is there."""
    named = {"@context": picture_context(), "id": id, "attributedTo": owner, "published": published}
    return named | build_attachment(file)


def build_painting(id: str, owner: str, published: str, alt: str, painting: Painting) -> Document:
    """The object of a picture that is not there, for its owner."""
    return {"@context": picture_context(), "attributedTo": owner, "published": published} | build_place(
        id, alt, painting
    )


def build_place(id: str, alt: str, painting: Painting) -> Document:
    """The same as part of a post."""
    place: Document = {"id": id, "type": "Image", "generationState": painting.state, PROMPT: painting.prompt}
    if alt:
        place |= {"name": alt, "summary": alt}
    if painting.steps_total:
        place |= {"generationStep": painting.step, "generationStepsTotal": painting.steps_total}
    return place | ({"generationError": painting.error} if painting.error else {})


def read_wished(document: Mapping[str, object]) -> WishedPicture | None:
    """Read what a client wishes for; None for an object without a prompt.

    Raises:
        Malformed: the prompt is no text, or a number is none.
    """
    known = {name.removeprefix(PREFIX): value for name, value in document.items()}
    prompt = known.get(PROMPT)
    if prompt is None:
        return None
    if not isinstance(prompt, str):
        raise Malformed(f"expected a text as {PROMPT!r}")
    size = _read(known, "generationSize", _SIZE)
    width, height = (int(part) for part in size.split("x")) if size else (None, None)
    seed, steps = _read(known, "generationSeed", _WHOLE), _read(known, "generationSteps", _WHOLE)
    guidance = _read(known, "generationGuidance", _NUMBER)
    return WishedPicture(
        prompt=prompt[:LONGEST],
        negative=fields.text(known, "generationNegativePrompt", LONGEST),
        seed=int(seed) if seed else None,
        steps=int(steps) if steps else None,
        guidance=float(guidance) if guidance else None,
        width=width,
        height=height,
        model=fields.text(known, "generationModel", 200),
        alt=read_alt(document),
    )


def read_alt(document: Mapping[str, object]) -> str | None:
    """The alternative text, under whichever of its three names a client writes it."""
    plain = dict(document)
    return next(
        (text for name in ("summary", "name", "description") if (text := fields.text(plain, name, LONGEST))), None
    )


def _read(document: Mapping[str, object], name: str, pattern: re.Pattern[str]) -> str | None:
    """A number or size, written as text or, where it is short, as a JSON number."""
    value = document.get(name)
    if value is None:
        return None
    text = str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
    if not pattern.fullmatch(text):
        raise Malformed(f"cannot read {name!r}")
    return text

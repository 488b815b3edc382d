"""Whether a request may be painted, and with which numbers: the one place where an Order is made.

It must not paint, and it must not know engines: what a model can do stands in its capabilities.
"""

from collections.abc import Mapping
from typing import TypeVar

from generator.engine import Failure, ModelCapabilities, Order, Request, Source

MAX_PROMPT_CHARACTERS = 4_000  # the longest text encoders read some 1,000 tokens; Mastodon's largest posts fit too
MAX_SEED = 2**63 - 1  # what a signed 64-bit column and torch's generator both hold
MAX_SOURCE_SIDE = 4096  # the frame's own limit, see generator.messages
_LINE_CHARACTERS = frozenset("\t\n\r")  # a text field in a page may hold these

Number = TypeVar("Number", int, float)


class _Refused(Exception):
    """The request cannot be painted; the text is for the person who asked."""


def settle(request: Request, models: Mapping[str, ModelCapabilities]) -> Order | Failure:
    """Fill what was left out from the model's defaults, or say in one sentence what is wrong."""
    try:
        return _settle(request, models)
    except _Refused as refusal:
        return Failure(request.id, "invalid", str(refusal))


def _settle(request: Request, models: Mapping[str, ModelCapabilities]) -> Order:
    model = models.get(request.model)
    if model is None:
        known = ", ".join(sorted(models)) or "none"
        raise _Refused(f"There is no model {request.model[:80]!r} here; there is: {known}.")
    if not 0 <= request.seed <= MAX_SEED:
        raise _Refused(f"The seed must be between 0 and {MAX_SEED}.")
    width, height = _size(request, model)
    return Order(
        id=request.id,
        prompt=_text(request.prompt, "prompt"),
        negative=_negative(request.negative, model),
        seed=request.seed,
        steps=_within(request.steps, model.default_steps, model.min_steps, model.max_steps, "number of steps"),
        guidance=_within(request.guidance, model.default_guidance, 0.0, model.max_guidance, "guidance"),
        width=width,
        height=height,
        model=model.name,
        previews=request.previews and model.has_previews,
        source=_source(request.source, model),
    )


def _text(text: str, name: str) -> str:
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise _Refused(f"The {name} has {len(text)} characters; {MAX_PROMPT_CHARACTERS} are allowed.")
    if any(_is_control(character) for character in text):
        raise _Refused(f"The {name} holds a control character.")
    if not text.strip():
        raise _Refused(f"The {name} is empty.")
    return text


def _is_control(character: str) -> bool:
    return (character < " " or "\x7f" <= character <= "\x9f") and character not in _LINE_CHARACTERS


def _negative(negative: str | None, model: ModelCapabilities) -> str | None:
    if negative is None or not negative.strip():
        return None
    if not model.has_negative:
        raise _Refused(f"{model.label} takes no negative prompt.")
    return _text(negative, "negative prompt")


def _within(asked: Number | None, default: Number, least: Number, most: Number, name: str) -> Number:
    if asked is None:
        return default
    if not least <= asked <= most:
        raise _Refused(f"The {name} must be between {least} and {most}, not {asked}.")
    return asked


def _size(request: Request, model: ModelCapabilities) -> tuple[int, int]:
    default_width, default_height = _default_size(request.source, model)
    width = default_width if request.width is None else request.width
    height = default_height if request.height is None else request.height
    for name, side in (("width", width), ("height", height)):
        if not model.min_side <= side <= model.max_side:
            raise _Refused(f"The {name} must be between {model.min_side} and {model.max_side}, not {side}.")
        if side % model.multiple:
            raise _Refused(f"The {name} must be a multiple of {model.multiple}, which {side} is not.")
    return width, height


def _default_size(source: Source | None, model: ModelCapabilities) -> tuple[int, int]:
    """Of the sizes offered take the first, or for a remix the one nearest in shape to its source."""
    if source is None or source.width < 1 or source.height < 1:
        return model.sizes[0]
    shape = source.width / source.height
    return min(model.sizes, key=lambda size: abs(size[0] / size[1] - shape))


def _source(source: Source | None, model: ModelCapabilities) -> Source | None:
    if source is None:
        return None
    if model.remix == "none":
        raise _Refused(f"{model.label} cannot start from a picture.")
    if not (1 <= source.width <= MAX_SOURCE_SIDE and 1 <= source.height <= MAX_SOURCE_SIDE):
        raise _Refused(f"The picture to start from may have {MAX_SOURCE_SIDE} pixels a side.")
    if len(source.pixels) != source.width * source.height * 3:
        raise _Refused("The picture to start from is not as large as it says.")
    if not 0.0 < source.strength <= 1.0:
        raise _Refused("The strength must be above 0 and at most 1.")
    return source

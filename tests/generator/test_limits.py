"""Which requests become orders, with which numbers, and what the others are told."""

from dataclasses import replace

import pytest

from generator.engine import Failure, ModelCapabilities, Order, Source
from generator.limits import MAX_SEED, settle
from tests.generator.scripted import CAPABILITIES, MODELS, request

PICTURE = Source(20, 10, bytes(600), 0.5)
ABLE = replace(CAPABILITIES, has_negative=True, remix="strength", has_previews=False)


def order(model: ModelCapabilities = CAPABILITIES, **changes: object) -> Order:
    settled = settle(request(**changes), {model.name: model})  # type: ignore[arg-type]
    assert isinstance(settled, Order), settled
    return settled


def test_what_is_left_out_comes_from_the_model() -> None:
    settled = order()

    assert (settled.steps, settled.guidance, settled.width, settled.height) == (3, 0.0, 8, 8)


def test_what_is_asked_is_kept() -> None:
    settled = order(ABLE, steps=9, guidance=2.5, width=64, height=32, negative=" blur ", seed=MAX_SEED)

    assert (settled.steps, settled.guidance, settled.width, settled.height) == (9, 2.5, 64, 32)
    assert (settled.negative, settled.seed) == (" blur ", MAX_SEED)


def test_a_blank_negative_is_none_even_where_there_are_none() -> None:
    assert order(negative="  ").negative is None


def test_a_remix_takes_the_offered_size_that_is_nearest_in_shape() -> None:
    settled = order(ABLE, source=PICTURE)

    assert (settled.width, settled.height) == (16, 8)


def test_previews_are_made_only_where_they_can_be() -> None:
    assert order(previews=True).previews
    assert not order(ABLE, previews=True).previews


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model": "sdxl"}, "There is no model 'sdxl' here; there is: scripted."),
        ({"prompt": "x" * 4001}, "The prompt has 4001 characters; 4000 are allowed."),
        ({"prompt": "a\x1b[2Jb"}, "The prompt holds a control character."),
        ({"prompt": "a\x85b"}, "The prompt holds a control character."),
        ({"prompt": " \n"}, "The prompt is empty."),
        ({"negative": "blur"}, "Scripted takes no negative prompt."),
        ({"seed": -1}, f"The seed must be between 0 and {MAX_SEED}."),
        ({"seed": MAX_SEED + 1}, f"The seed must be between 0 and {MAX_SEED}."),
        ({"steps": 0}, "The number of steps must be between 1 and 10, not 0."),
        ({"steps": 11}, "The number of steps must be between 1 and 10, not 11."),
        ({"guidance": 5.1}, "The guidance must be between 0.0 and 5.0, not 5.1."),
        ({"guidance": float("nan")}, "The guidance must be between 0.0 and 5.0, not nan."),
        ({"width": 4096}, "The width must be between 8 and 2048, not 4096."),
        ({"height": 0}, "The height must be between 8 and 2048, not 0."),
        ({"height": 12}, "The height must be a multiple of 8, which 12 is not."),
        ({"source": PICTURE}, "Scripted cannot start from a picture."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(changes: dict[str, object], reason: str) -> None:
    assert settle(request("7", **changes), MODELS) == Failure("7", "invalid", reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [
        Source(20, 10, bytes(599), 0.5),
        Source(20, 10, bytes(600), 0.0),
        Source(20, 10, bytes(600), 1.01),
        Source(0, 0, b"", 0.5),
        Source(5000, 1, bytes(15000), 0.5),
    ],
)
def test_a_source_that_is_no_picture_is_refused(source: Source) -> None:
    settled = settle(request(source=source), {"scripted": ABLE})

    assert isinstance(settled, Failure)
    assert settled.kind == "invalid"


def test_line_breaks_and_tabs_are_no_control_characters() -> None:
    assert order(prompt="a fox\r\n\tin snow").prompt == "a fox\r\n\tin snow"


def test_a_model_that_needs_several_steps_is_not_asked_for_one() -> None:
    slow = replace(CAPABILITIES, min_steps=2)
    refused = settle(request(steps=1), {slow.name: slow})
    assert isinstance(refused, Failure)
    assert refused.message == "The number of steps must be between 2 and 10, not 1."
    assert order(slow, steps=2).steps == 2

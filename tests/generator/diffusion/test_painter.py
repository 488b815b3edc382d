"""Four architectures through the real engine, from folders on the disk."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from PIL import Image

from generator.engine import Event, Failure, Order, Picture, Preview, Source, Step
from tests.generator.diffusion.tiny import KINDS, STEPS, Studio

pytestmark = [pytest.mark.diffusers, pytest.mark.parametrize("kind", KINDS)]

SOURCE = Source(96, 48, bytes(range(96)) * 48 * 3, 0.5)


def distance(one: Picture, other: Picture) -> int:
    return max(abs(a - b) for a, b in zip(one.pixels, other.pixels, strict=True))


def until(step: int, *names: str) -> tuple[list[Event], Callable[[Event], bool]]:
    """A listener that wants no more of the orders `names` (of all, without) once `step` is done."""
    heard: list[Event] = []

    def on_event(event: Event) -> bool:
        heard.append(event)
        return event.step < step or (bool(names) and event.id not in names)

    return heard, on_event


def count_decodes(studio: Studio, order: Order) -> list[object]:
    """What the VAE has decoded since; the model is loaded by painting once."""
    studio.paint(order)
    decodes: list[object] = []
    vae: Any = studio.loaded[order.model].pipeline.vae
    vae.decoder.register_forward_hook(lambda *_: decodes.append(1))
    return decodes


def test_every_step_is_counted_and_the_picture_says_how_it_was_made(kind: str) -> None:
    studio, heard = Studio(kind), []
    order = studio.order(guidance=2.0)
    picture = studio.paint(order, lambda event: heard.append(event) is None)

    assert heard == [Step("1", step, STEPS) for step in range(1, STEPS + 1)]
    assert (picture.id, picture.width, picture.height, len(picture.pixels)) == ("1", 64, 64, 64 * 64 * 3)
    made = picture.manifest
    assert (made.engine, made.model, made.seed, made.steps, made.guidance) == ("diffusers", f"tiny-{kind}", 7, 4, 2.0)
    assert (made.device, made.dtype, made.drawn_by_rules) == ("cpu", "float32", False)
    assert set(made.library_versions) == {"diffusers", "torch", "transformers"}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(kind: str) -> None:
    studio = Studio(kind)
    order = studio.order()
    first = studio.paint(order).pixels

    assert studio.paint(order).pixels == first
    assert Studio(kind).paint(order).pixels == first
    assert studio.paint(studio.order(seed=8)).pixels != first
    assert studio.paint(studio.order(prompt="a blue house")).pixels != first


def test_a_cancelled_picture_is_never_decoded_and_leaves_no_trace_in_the_next(kind: str) -> None:
    studio = Studio(kind)
    order = studio.order(steps=6)
    untouched = studio.paint(order).pixels
    decodes = count_decodes(studio, order)

    heard, on_event = until(2)
    answer = studio.answer(order, on_event)

    assert isinstance(answer, Failure) and answer.kind == "cancelled"
    assert heard == [Step("1", 1, 6), Step("1", 2, 6)]
    assert decodes == []
    assert studio.paint(order).pixels == untouched


def test_a_negative_prompt_changes_the_picture_only_where_there_is_one(kind: str) -> None:
    studio = Studio(kind)
    plain = studio.paint(studio.order())

    assert studio.models[f"tiny-{kind}"].has_negative == (kind != "flux")
    if kind != "flux":
        assert studio.paint(studio.order(negative="blue houses")).pixels != plain.pixels


def test_a_batch_gives_what_each_order_gives_alone(kind: str) -> None:
    studio = Studio(kind)
    orders = [studio.order(str(n), seed=n, prompt=prompt) for n, prompt in enumerate(["a fox", "a house", "the sea"])]

    together = studio.painter.generate(orders, lambda _event: True)

    for answer, order in zip(together, orders, strict=True):
        assert isinstance(answer, Picture)
        assert distance(answer, studio.paint(order)) <= 1


def test_in_a_batch_one_order_is_cancelled_and_the_others_are_painted(kind: str) -> None:
    studio = Studio(kind)
    orders = [studio.order(name) for name in "abc"]

    heard, on_event = until(2, "b")
    first, second, third = studio.painter.generate(orders, on_event)

    assert isinstance(first, Picture) and isinstance(third, Picture)
    assert isinstance(second, Failure) and second.kind == "cancelled"
    assert [event.step for event in heard if event.id == "b"] == [1, 2]


def test_previews_are_small_jpegs_of_every_second_step(kind: str) -> None:
    studio, heard = Studio(kind), []
    studio.paint(studio.order(previews=True, steps=5, width=128, height=64), lambda event: heard.append(event) is None)

    previews = [event for event in heard if isinstance(event, Preview)]
    assert [preview.step for preview in previews] == [2, 4]
    for preview in previews:
        with Image.open(io.BytesIO(preview.jpeg)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (128, 64))


def test_a_remix_starts_from_the_picture_and_runs_fewer_steps(kind: str) -> None:
    studio, heard = Studio(kind), []
    order = studio.order(source=SOURCE)
    picture = studio.paint(order, lambda event: heard.append(event) is None)

    assert heard == [Step("1", 1, 2), Step("1", 2, 2)]
    assert (picture.width, picture.height, picture.manifest.strength) == (64, 64, 0.5)
    assert studio.paint(order).pixels == picture.pixels
    assert studio.paint(replace(order, source=replace(SOURCE, pixels=bytes(len(SOURCE.pixels))))).pixels != (
        picture.pixels
    )


def test_the_weakest_remix_still_runs_one_step(kind: str) -> None:
    studio, heard = Studio(kind), []
    studio.paint(
        studio.order(source=replace(SOURCE, strength=0.01), steps=49), lambda event: heard.append(event) is None
    )

    # SD and SDXL round the steps down, SD3 and FLUX up
    assert heard in ([Step("1", 1, 1)], [Step("1", 1, 2), Step("1", 2, 2)])


def test_a_cancelled_remix_leaves_no_trace_either(kind: str) -> None:
    studio = Studio(kind)
    order, remix = studio.order(), studio.order(source=SOURCE)
    untouched = studio.paint(order).pixels

    _, on_event = until(1)
    assert isinstance(studio.answer(remix, on_event), Failure)
    assert studio.paint(order).pixels == untouched


def test_noise_is_made_on_the_cpu_and_leaves_the_global_generator_alone(kind: str) -> None:
    studio = Studio(kind)
    order = studio.order()
    studio.paint(order)
    before = torch.get_rng_state()
    studio.paint(order)

    assert torch.equal(torch.get_rng_state(), before)

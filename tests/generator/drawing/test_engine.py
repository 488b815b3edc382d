"""The engine as the generator's loop sees it: steps, previews, cancelling, and pictures that can be made again."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.drawing import build
from generator.engine import Event, Failure, ModelSettings, Order, Picture, Preview, Step
from generator.starter.scenes.paint import STAGES


def order(prompt: str = "a red fox in snow", **changes: object) -> Order:
    known: dict[str, object] = {
        "id": "one",
        "prompt": prompt,
        "negative": None,
        "seed": 7,
        "steps": len(STAGES),
        "guidance": 0.0,
        "width": 96,
        "height": 64,
        "model": "drawing",
        "previews": False,
    }
    return Order(**(known | changes))  # type: ignore[arg-type]


def draw(*orders: Order, events: list[Event] | None = None, stop_after: int = 1000) -> list[Picture | Failure]:
    seen: list[Event] = [] if events is None else events

    def on_event(event: Event) -> bool:
        seen.append(event)
        return len(seen) < stop_after

    return build([ModelSettings("drawing", "drawing")]).generate(orders, on_event)


def drawn(*orders: Order) -> Picture:
    (picture,) = draw(*orders)
    assert isinstance(picture, Picture), picture
    return picture


def test_the_same_order_gives_the_same_bytes() -> None:
    assert drawn(order()).pixels == drawn(order()).pixels


def test_another_seed_gives_another_picture() -> None:
    assert drawn(order()).pixels != drawn(order(seed=8)).pixels


def test_a_picture_has_as_many_bytes_as_pixels() -> None:
    picture = drawn(order())

    assert (picture.width, picture.height, len(picture.pixels)) == (96, 64, 96 * 64 * 3)


def test_the_manifest_says_that_rules_drew_it() -> None:
    manifest = drawn(order("a purple gribble and a cat")).manifest

    assert (manifest.engine, manifest.drawn_by_rules, manifest.license) == ("drawing", True, "CC0-1.0")
    assert manifest.unknown_words == ("gribble",)


def test_every_stage_is_a_step() -> None:
    events: list[Event] = []
    draw(order(), events=events)

    assert events == [Step("one", number, len(STAGES)) for number in range(1, len(STAGES) + 1)]


def test_previews_are_small_jpegs_and_only_on_request() -> None:
    events: list[Event] = []
    draw(order(width=512, height=256, previews=True), events=events)

    previews = [event for event in events if isinstance(event, Preview)]
    assert previews
    assert {Image.open(io.BytesIO(preview.jpeg)).size for preview in previews} == {(192, 96)}


@pytest.mark.parametrize("stop_after", [1, 2, 4])
def test_an_order_nobody_wants_any_more_is_cancelled(stop_after: int) -> None:
    events: list[Event] = []
    (failure,) = draw(order(), events=events, stop_after=stop_after)

    assert isinstance(failure, Failure)
    assert failure.kind == "cancelled"
    assert len(events) == stop_after


def test_orders_are_answered_in_their_order() -> None:
    answers = draw(order(id="first"), order(id="second", prompt="a cat"))

    assert [answer.id for answer in answers] == ["first", "second"]


def test_every_configured_model_is_offered_by_its_name() -> None:
    engine = build([ModelSettings("drawing", "drawing"), ModelSettings("rules", "drawing", label="Rules")])

    assert [model.name for model in engine.capabilities()] == ["drawing", "rules"]
    assert all(model.drawn_by_rules and "fox" in model.vocabulary for model in engine.capabilities())


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " ",
        "\x00\x01\x02",
        "🦊🦊🦊",
        "9999999999999999999999999 cats",
        "²³¹ ½ cats",
        "no no no without",
        "left of right of above",
        "a" * 4_000,
        "cat " * 1_000,
        "on on in in red red",
        "\u202e evil \u200f",
        "٣ قطط",
        "三只猫",
    ],
)
def test_hostile_prompts_are_drawn_all_the_same(prompt: str) -> None:
    assert drawn(order(prompt, width=64, height=64)).pixels


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.integers(0, 2**63 - 1))
def test_any_text_and_seed_is_drawn(prompt: str, seed: int) -> None:
    assert drawn(order(prompt, seed=seed, width=64, height=64)).pixels

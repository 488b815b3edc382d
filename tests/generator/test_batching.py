"""The line of waiting orders."""

import threading
from dataclasses import replace

import pytest

from generator.batching import MAX_WAITING, Waiting, batch_key
from generator.engine import Order, Source

ORDER = Order("1", "a fox", None, 7, 4, 5.0, 64, 64, "sdxl", previews=False)


def take(waiting: Waiting, most: int = 4) -> list[str]:
    return [order.id for order in waiting.take(lambda _model: most)]


def test_prompts_and_seeds_may_differ_in_a_batch() -> None:
    assert batch_key(ORDER) == batch_key(replace(ORDER, id="2", prompt="a hare", seed=8, previews=True))


@pytest.mark.parametrize(
    "change",
    [
        {"model": "sd15"},
        {"width": 128},
        {"height": 128},
        {"steps": 5},
        {"guidance": 4.0},
        {"negative": "blur"},
        {"source": Source(1, 1, b"abc", 0.5)},
    ],
)
def test_everything_else_may_not(change: dict[str, object]) -> None:
    assert batch_key(ORDER) != batch_key(replace(ORDER, id="2", **change))  # type: ignore[arg-type]


def test_two_remixes_never_share_a_batch() -> None:
    remix = replace(ORDER, source=Source(1, 1, b"abc", 0.5))

    assert batch_key(remix) != batch_key(replace(remix, id="2"))


def test_the_oldest_goes_first_with_its_like_and_the_rest_keep_their_order() -> None:
    waiting = Waiting()
    for number, steps in enumerate([4, 9, 4, 9, 4]):
        waiting.put(replace(ORDER, id=str(number), steps=steps))

    assert [take(waiting, 2), take(waiting, 2), take(waiting, 2)] == [["0", "2"], ["1", "3"], ["4"]]


def test_a_removed_order_is_not_taken() -> None:
    waiting = Waiting()
    waiting.put(ORDER)
    waiting.put(replace(ORDER, id="2"))

    assert [waiting.remove("1"), waiting.remove("1")] == [True, False]
    assert take(waiting) == ["2"]


def test_a_full_line_takes_no_more() -> None:
    waiting = Waiting()

    assert all(waiting.put(replace(ORDER, id=str(number))) for number in range(MAX_WAITING))
    assert not waiting.put(ORDER)


def test_closing_releases_who_waits_and_takes_no_more() -> None:
    waiting = Waiting()
    taken: list[list[str]] = []
    thread = threading.Thread(target=lambda: taken.append(take(waiting)))
    thread.start()
    waiting.close()
    thread.join()

    assert taken == [[]]
    assert not waiting.put(ORDER)

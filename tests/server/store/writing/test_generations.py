"""The life of a wish: waiting, running, then painted, failed or cancelled, once."""

import pytest

from server.store.people import actors
from server.store.writing import generations
from server.store.writing.generations import CANCELLED, FAILED, PAINTED, RUNNING
from tests.rows import make_actor, make_generation

ALICE = make_actor("alice", host="pinxit.example", local=True)
BEN = make_actor("ben", host="pinxit.example", local=True)


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        for one in (ALICE, BEN):
            await actors.add(tx, one)
        yield tx


@pytest.fixture
async def wish(tx):
    wish = make_generation(ALICE)
    await generations.add(tx, wish)
    return wish


async def test_a_wish_is_begun_again_after_a_crash_and_counts_how_often(tx, wish):
    assert await generations.begin(tx, wish.id, at=5)
    assert await generations.begin(tx, wish.id, at=6)

    found = await generations.find(tx, wish.id)
    assert (found.state, found.started_at, found.attempts, found.is_open) == (RUNNING, 6, 2, True)


async def test_a_wish_of_no_model_is_kept_with_the_one_that_painted_it(tx, wish):
    await generations.begin(tx, wish.id, at=5)
    await generations.finish(tx, wish.id, PAINTED, at=1_000_005, manifest="{}", model="painter")

    assert (await generations.find(tx, wish.id)).model == "painter"
    assert await generations.typical_seconds(tx, "painter") == 1.0


@pytest.mark.parametrize("state", [PAINTED, FAILED, CANCELLED])
async def test_a_wish_ends_once(tx, wish, state):
    await generations.begin(tx, wish.id, at=5)

    assert await generations.finish(tx, wish.id, state, at=9, error="e", manifest="{}")
    for other in (PAINTED, FAILED, CANCELLED):
        assert not await generations.finish(tx, wish.id, other, at=10)
    assert not await generations.begin(tx, wish.id, at=11)
    found = await generations.find(tx, wish.id)
    assert (found.state, found.finished_at, found.error, found.is_open) == (state, 9, "e", False)


async def test_a_wish_may_be_cancelled_while_it_waits(tx, wish):
    assert await generations.finish(tx, wish.id, CANCELLED, at=9)
    assert not await generations.begin(tx, wish.id, at=10)


async def test_progress_shows_the_newest_preview_and_is_gone_with_the_end(tx, wish):
    await generations.begin(tx, wish.id, at=5)
    await generations.progress(tx, wish.id, step=1, total=4, preview=b"one")
    await generations.progress(tx, wish.id, step=2, total=4, preview=b"two")
    await generations.progress(tx, wish.id, step=3, total=4, preview=None)

    found = await generations.find(tx, wish.id)
    assert (found.step, found.steps_total) == (3, 4)
    assert await generations.find_preview(tx, wish.id) == (2, b"two")
    await generations.finish(tx, wish.id, PAINTED, at=9)
    assert await generations.find_preview(tx, wish.id) is None


async def test_progress_that_comes_after_the_end_leaves_no_preview(tx, wish):
    await generations.begin(tx, wish.id, at=5)
    await generations.finish(tx, wish.id, CANCELLED, at=9)

    await generations.progress(tx, wish.id, step=3, total=4, preview=b"late")

    assert await generations.find_preview(tx, wish.id) is None


async def test_the_place_in_the_queue_counts_the_open_wishes_before(tx):
    wishes = [make_generation(one) for one in (ALICE, BEN, ALICE, BEN)]
    for one in wishes:
        await generations.add(tx, one)
    await generations.begin(tx, wishes[0].id, at=1)
    await generations.finish(tx, wishes[1].id, CANCELLED, at=1)

    assert [await generations.count_ahead(tx, one.id) for one in wishes] == [0, 1, 1, 2]
    assert await generations.count_open_of(tx, ALICE.id) == 2
    assert await generations.count_open_of(tx, BEN.id) == 1


async def test_a_scrubbed_wish_keeps_no_words_and_no_seed(tx):
    wish = make_generation(ALICE, prompt="secret", negative="secret", caption="secret", alt="secret", seed=7)
    await generations.add(tx, wish)
    await generations.finish(tx, wish.id, PAINTED, at=1, manifest='{"prompt":"secret"}')

    await generations.scrub(tx, wish.id)

    found = await generations.find(tx, wish.id)
    assert "secret" not in repr(found)
    assert found.seed == 0


async def test_the_typical_time_is_the_mean_of_the_model_that_is_asked_about(tx):
    assert await generations.typical_seconds(tx, "fake") is None
    for model, seconds in (("fake", 2), ("fake", 4), ("slow", 100)):
        one = make_generation(ALICE, model=model)
        await generations.add(tx, one)
        await generations.begin(tx, one.id, at=1_000_000)
        await generations.finish(tx, one.id, PAINTED, at=1_000_000 + seconds * 1_000_000)

    assert await generations.typical_seconds(tx, "fake") == 3

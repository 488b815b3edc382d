"""Jobs run side by side, so an Undo may be handled while what it undoes still waits for its turn."""

import pytest
from sqlalchemy import bindparam, update

from server.jobs.table import jobs
from tests.instance import run_jobs_until_idle

_HOLD = update(jobs).where(jobs.c.id == bindparam("wanted")).values(leased_until=bindparam("until"))
LEASE_SECONDS = 60


async def hold_up_what_came_first(street):
    """The first of the jobs that wait is another worker's, which died: its turn comes when the lease has lapsed."""
    first = (await street.house.jobs())[0]
    until = street.house.clock.now() + LEASE_SECONDS * 1_000_000
    async with street.house.database.write() as tx:
        await tx.run(_HOLD, wanted=first.id, until=until)


@pytest.mark.parametrize("form", ["id", "embedded"])
async def test_an_undo_waits_for_the_follow_that_it_undoes(street, form):
    follow = street.bob.activity("Follow", street.alice.uri)
    await street.bob.send(follow, f"{street.house.origin}/inbox")
    await hold_up_what_came_first(street)
    undo = street.bob.activity("Undo", follow["id"] if form == "id" else follow)
    await street.bob.send(undo, f"{street.house.origin}/inbox")

    for _ in range(3):
        await run_jobs_until_idle(street.house)
        street.house.clock.advance(LEASE_SECONDS + 1)

    assert await street.house.outcome(undo["id"]) == "undone"
    assert await street.followers() == []


async def test_an_undo_does_not_wait_for_ever(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    await street.bob.send(follow, f"{street.house.origin}/inbox")
    undo = street.bob.activity("Undo", follow["id"])
    await street.bob.send(undo, f"{street.house.origin}/inbox")

    for _ in range(20):
        await hold_up_what_came_first(street)
        await run_jobs_until_idle(street.house)
        street.house.clock.advance(LEASE_SECONDS - 1)

    assert await street.house.outcome(undo["id"]) == "ignored: there is nothing to undo"


async def test_an_undo_does_not_wait_for_what_another_actor_sent(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    await street.bob.send(follow, f"{street.house.origin}/inbox")
    await hold_up_what_came_first(street)

    assert await street.arrive(street.mallory, street.mallory.activity("Undo", follow["id"])) == (
        "ignored: there is nothing to undo"
    )

"""The job that lets go what is over, once an hour."""

import pytest
from sqlalchemy import text

from server.agenda import housekeeping
from server.agenda.housekeeping import DUTIES, EVERY_SECONDS
from server.ids import MICROSECONDS
from server.jobs.queue import Job
from server.store.network import walks

JOB = Job(1, "housekeeping", {}, 1)


async def walked_and_forgotten(desk):
    """Whether what was walked two days ago is forgotten."""
    async with desk.house.database.read() as reader:
        return not await walks.is_recent(reader, "walked", since=0)


@pytest.fixture
async def old_walk(desk):
    now = desk.house.clock.now()
    async with desk.house.database.write() as tx:
        await walks.begin(tx, "walked", at=now - 2 * 86_400 * MICROSECONDS, before=now)


@pytest.mark.usefixtures("old_walk")
async def test_it_is_done_and_planned_for_the_next_hour(desk):
    await housekeeping.handle(JOB, desk.house.services)

    assert await walked_and_forgotten(desk)
    (planned,) = await desk.house.jobs()
    assert (planned.kind, planned.not_before) == ("housekeeping", desk.house.clock.now() + EVERY_SECONDS * MICROSECONDS)


@pytest.mark.usefixtures("old_walk")
async def test_a_duty_that_fails_is_named_and_keeps_no_other_from_being_done(desk):
    assert list(DUTIES).index("submissions") < list(DUTIES).index("walks")
    async with desk.house.database.write() as tx:
        await tx.run(text("drop table idempotency_keys"))

    with pytest.raises(ExceptionGroup, match="not done: submissions") as failed:
        await housekeeping.handle(JOB, desk.house.services)

    assert len(failed.value.exceptions) == 1
    assert await walked_and_forgotten(desk)
    assert [job.kind for job in await desk.house.jobs()] == ["housekeeping"]

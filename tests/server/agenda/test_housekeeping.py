"""The job that lets go what is over, once an hour."""

import pytest
from sqlalchemy import text

from server.agenda import housekeeping
from server.agenda.housekeeping import DUTIES, EVERY_SECONDS, FAILED_SECONDS
from server.ids import MICROSECONDS
from server.jobs.queue import Job
from server.jobs.sqlite import list_jobs
from server.jobs.table import FAILED, WAITING
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


async def test_a_failed_job_is_kept_for_a_quarter_of_a_year_and_one_that_waits_for_ever(desk):
    # Given one that was planned long before it failed
    services, clock = desk.house.services, desk.house.clock
    async with services.database.write() as tx:
        await services.site.queue.enqueue(tx, "quoted", {})
        clock.advance(-FAILED_SECONDS)
        await services.site.queue.enqueue(tx, "poll", {}, not_before=clock.now() + FAILED_SECONDS * MICROSECONDS)
        await tx.run(text("update jobs set state = 'failed' where kind = 'poll'"))

    clock.advance(2 * FAILED_SECONDS)
    await housekeeping.handle(JOB, services)
    async with services.database.read() as reader:
        assert [job.kind for job in await list_jobs(reader, FAILED)] == ["poll"]

    clock.advance(1)
    await housekeeping.handle(JOB, services)
    async with services.database.read() as reader:
        assert await list_jobs(reader, FAILED) == []
        assert {job.kind for job in await list_jobs(reader, WAITING)} == {"quoted", "housekeeping"}

"""What only the embedded queue has: the operator's view of its table, and ids that it makes itself."""

import asyncio

import pytest
import structlog

from server.jobs.queue import Discard, Job
from server.jobs.sqlite import SqliteQueue, count_jobs, forget_failed, list_jobs, retry_failed
from server.jobs.table import FAILED, WAITING
from server.store.database import SqliteDatabase
from tests.fakes import FakeClock
from tests.instance import empty_database


class Numbers:
    """Ids that are told."""

    def __init__(self, *numbers):
        self._numbers = list(numbers)

    def new(self):
        return self._numbers.pop(0)


@pytest.fixture
async def database(tmp_path):
    path = tmp_path / "jobs.db"
    path.write_bytes(empty_database())
    database = await SqliteDatabase.open(path, readers=1)
    yield database
    await database.close()


async def put_aside(database, queue, clock):
    stop = asyncio.Event()

    async def refuse(job):
        stop.set()
        raise Discard("never")

    async with database.write() as tx:
        await queue.enqueue(tx, "a", {}, unique="a:1")
    await queue.run({"a": refuse}, concurrency=1, stop=stop)


async def test_an_id_made_twice_fails_loudly_instead_of_losing_the_job(database):
    queue = SqliteQueue(database, FakeClock(), Numbers(7, 7))

    async def enqueue():
        async with database.write() as tx:
            await queue.enqueue(tx, "a", {})

    await enqueue()
    with pytest.raises(Exception, match=r"(?i)unique"):
        await enqueue()


async def test_the_operator_sees_what_failed_and_lets_it_run_again(database):
    clock = FakeClock()
    queue = SqliteQueue(database, clock, Numbers(*range(1, 50)))
    await put_aside(database, queue, clock)
    async with database.read() as reader:
        assert await count_jobs(reader, now=clock.now()) == [(FAILED, "a", 1, 0)]
        (failed,) = await list_jobs(reader, FAILED)

    async with database.write() as tx:
        assert await retry_failed(tx, 12345, now=clock.now()) == 0
        assert await retry_failed(tx, failed.id, now=clock.now()) == 1

    async with database.read() as reader:
        assert [(job.id, job.attempts) for job in await list_jobs(reader, WAITING)] == [(failed.id, 0)]


async def test_of_what_failed_the_oldest_is_forgotten_and_what_waits_is_not(database):
    clock = FakeClock()
    queue = SqliteQueue(database, clock, Numbers(*range(1, 50)))
    for _ in range(3):
        await put_aside(database, queue, clock)
        clock.advance(seconds=10)
    moment = clock.now()
    await put_aside(database, queue, clock)
    async with database.write() as tx:
        await queue.enqueue(tx, "b", {})
        kept = (await list_jobs(tx, FAILED))[2:]

        assert await forget_failed(tx, before=moment, limit=2) == 2
        assert await list_jobs(tx, FAILED) == kept
        assert await forget_failed(tx, before=moment, limit=2) == 1

        assert await list_jobs(tx, FAILED) == kept[1:]
        assert [job.kind for job in await list_jobs(tx, WAITING)] == ["b"]


async def test_all_that_failed_can_run_again_at_once(database):
    clock = FakeClock()
    queue = SqliteQueue(database, clock, Numbers(*range(1, 50)))
    await put_aside(database, queue, clock)
    await put_aside(database, queue, clock)

    async with database.write() as tx:
        assert await retry_failed(tx, None, now=clock.now()) == 2


async def test_what_runs_is_counted_as_running(database):
    clock, seen, stop = FakeClock(), [], asyncio.Event()
    queue = SqliteQueue(database, clock, Numbers(*range(1, 50)))

    async def look(job):
        async with database.read() as reader:
            seen.extend(await count_jobs(reader, now=clock.now()))
        stop.set()

    async with database.write() as tx:
        await queue.enqueue(tx, "a", {})
        await queue.enqueue(tx, "a", {})
    await queue.run({"a": look}, concurrency=1, stop=stop)

    assert seen == [(WAITING, "a", 2, 1)]


async def test_a_living_worker_keeps_what_it_leased(database):
    clock, stop = FakeClock(), asyncio.Event()
    queue = SqliteQueue(database, clock, Numbers(*range(1, 50)), lease_seconds=1)
    leases = []

    async def take_long(job):
        """Until the lease was renewed, which happens every third of a second."""
        while len(set(leases)) < 2:
            clock.advance(0.01)
            async with database.read() as reader:
                leases.extend(row.leased_until for row in await list_jobs(reader, WAITING))
            await asyncio.sleep(0.01)
        stop.set()

    async with database.write() as tx:
        await queue.enqueue(tx, "a", {})
    await queue.run({"a": take_long}, concurrency=1, stop=stop)

    assert len(set(leases)) == 2


def test_a_payload_holds_numbers_where_numbers_are_wanted():
    with pytest.raises(TypeError):
        Job(1, "a", {"batch": "7"}, 1).number("batch")


async def test_a_failure_is_logged_with_the_job_and_not_its_payload(database):
    stop = asyncio.Event()
    queue = SqliteQueue(database, FakeClock(), Numbers(*range(1, 50)))

    async def fail(job):
        stop.set()
        raise ValueError("broken")

    async with database.write() as tx:
        await queue.enqueue(tx, "a", {"uri": "https://secret.example/"})
    with structlog.testing.capture_logs() as lines:
        await queue.run({"a": fail}, concurrency=1, stop=stop)

    (line,) = [line for line in lines if line["event"] == "job failed"]
    assert (line["kind"], line["attempt"]) == ("a", 1)
    assert "secret" not in str(line)

"""A worker in trouble: the database refuses it for a moment, or a job kills its process again and again."""

import asyncio
import contextlib
import sqlite3

import pytest
from sqlalchemy import bindparam, update

from server.ids import Ids
from server.jobs.sqlite import SqliteQueue, list_jobs
from server.jobs.table import FAILED, WAITING, jobs
from server.jobs.worker import CLAIMS_AT_MOST
from server.store.database import SqliteDatabase
from tests.fakes import FakeClock
from tests.instance import empty_database

_LAPSE = update(jobs).values(attempts=bindparam("tries"), leased_until=1, lease=1)


class Busy:
    """A database that refuses one transaction when it is told to."""

    def __init__(self, inner):
        self._inner = inner
        self.read = inner.read
        self.refusals = 0

    @contextlib.asynccontextmanager
    async def write(self, *, durable=True):
        if self.refusals:
            self.refusals -= 1
            raise sqlite3.OperationalError("database is locked")
        async with self._inner.write(durable=durable) as tx:
            yield tx


@pytest.fixture
async def database(tmp_path):
    path = tmp_path / "jobs.db"
    path.write_bytes(empty_database())
    database = await SqliteDatabase.open(path, readers=1)
    yield database
    await database.close()


async def test_a_lease_is_renewed_although_the_database_was_busy_once(database):
    clock, busy, stop, leases = FakeClock(), Busy(database), asyncio.Event(), set()
    queue = SqliteQueue(busy, clock, Ids(clock), lease_seconds=1)

    async def take_long(job):
        busy.refusals = 1
        while len(leases) < 2:
            clock.advance(0.01)
            async with database.read() as reader:
                leases.update(row.leased_until for row in await list_jobs(reader, WAITING))
            await asyncio.sleep(0.01)
        stop.set()

    async with database.write() as tx:
        await queue.enqueue(tx, "a", {})
    async with asyncio.timeout(10):
        await queue.run({"a": take_long}, concurrency=1, stop=stop)

    assert busy.refusals == 0


async def test_a_job_that_never_ended_in_many_tries_is_put_aside_untried(database):
    clock, stop, ran = FakeClock(), asyncio.Event(), []
    queue = SqliteQueue(database, clock, Ids(clock))

    async def run(job):
        ran.append(job.kind)
        stop.set()

    async with database.write() as tx:
        await queue.enqueue(tx, "deadly", {})
        await tx.run(_LAPSE, tries=CLAIMS_AT_MOST)
        await queue.enqueue(tx, "harmless", {})
    await queue.run({"deadly": run, "harmless": run}, concurrency=1, stop=stop)

    assert ran == ["harmless"]
    async with database.read() as reader:
        (aside,) = await list_jobs(reader, FAILED)
    assert aside.kind == "deadly"
    assert "never came to an end" in aside.error

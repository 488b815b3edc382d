"""The engines that the contracts are held against. Another engine is another entry in a table here, and no new test."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.ids import Ids
from server.jobs.queue import IntakeQueue
from server.jobs.sqlite import SqliteQueue, list_jobs
from server.jobs.table import JobRow
from server.media.storage import MediaStorage
from server.store.database import Database, SqliteDatabase
from tests.fakes import FakeClock
from tests.instance import empty_database

LEASE_SECONDS = 60


@dataclass(frozen=True)
class Engine:
    """One engine with one empty database; each `open` is the connections of one more process."""

    open: Callable[[], AbstractAsyncContextManager[Database]]
    queue: Callable[[Database, FakeClock], IntakeQueue]
    jobs: Callable[[Database, str], Awaitable[list[JobRow]]]


def _sqlite(folder: Path) -> Engine:
    path = folder / "contract.db"
    path.write_bytes(empty_database())

    @contextlib.asynccontextmanager
    async def open_database() -> AsyncIterator[Database]:
        database = await SqliteDatabase.open(path, readers=2)
        try:
            yield database
        finally:
            await database.close()

    def queue(database: Database, clock: FakeClock) -> IntakeQueue:
        return SqliteQueue(database, clock, Ids(clock), lease_seconds=LEASE_SECONDS)

    async def jobs(database: Database, state: str) -> list[JobRow]:
        async with database.read() as reader:
            return await list_jobs(reader, state)

    return Engine(open_database, queue, jobs)


ENGINES = {"sqlite": _sqlite}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return ENGINES[request.param](tmp_path)


@pytest.fixture
async def database(engine: Engine) -> AsyncIterator[Database]:
    async with engine.open() as database:
        yield database


STORAGES: dict[str, Callable[[Path], MediaStorage]] = {
    "memory": lambda folder: MediaStorage.in_memory(),
    "folder": lambda folder: MediaStorage.open("media", folder),
    "url": lambda folder: MediaStorage.open(folder.as_uri(), folder),
}


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStorage:
    return STORAGES[request.param](tmp_path)

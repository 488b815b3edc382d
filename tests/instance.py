"""A whole instance in this process: real database file, queue, files, keys and doors; time and network held by hand.

    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path / "a", network, clock) as house:
        alice = await house.register("alice")
        ...
        await run_jobs_until_idle(house)

Its web process and its worker are one life (`tests.mortal`): after `house.life.die_after(7)` it is killed at the eighth
step, and `house.restart()` begins the next one.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from quart import Quart
from sqlalchemy import bindparam, select

from activitypub.keys import private_pem, public_pem
from server.actions.people.register import KeyPair, ensure_instance_actor, register
from server.app import create_app
from server.config import Config, SiteConfig
from server.federation.fast_inbox import FastInbox
from server.ids import MICROSECONDS, Ids
from server.jobs import sqlite as jobs
from server.jobs.queue import Handler, Job
from server.jobs.sqlite import SqliteQueue
from server.jobs.table import JobRow
from server.media.storage import MediaStorage
from server.services import Services
from server.site import Site
from server.store import migration
from server.store.database import SqliteDatabase
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.studio.render import Studio
from server.studio.render import handler as render_handler
from server.work import plain_handlers
from tests.fakes import FakeClock, FakePainter, FakePeers, Network, key_of
from tests.mortal import Killed, Life, MortalDatabase, MortalStorage

SECRET = b"a secret of thirty-two bytes....."
JOBS_AT_MOST = 500  # more than any story has; a loop of jobs that enqueue each other ends here


@cache
def empty_database() -> bytes:
    """A database file that the migrations made, once per run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        migration.upgrade(path)
        return path.read_bytes()


@cache
def pair_of(name: str) -> KeyPair:
    """The key of `name`, as registering wants it."""
    return KeyPair(private_pem(key_of(name)), public_pem(key_of(name)))


@dataclass
class Instance:
    """One server. What dies with its process is made anew by `restart`; the rest is what lies on the disk."""

    folder: Path
    network: Network
    clock: FakeClock
    config: Config
    storage: MediaStorage = field(default_factory=MediaStorage.in_memory)
    life: Life = field(init=False)
    painter: FakePainter = field(init=False)
    services: Services = field(init=False)
    handlers: Mapping[str, Handler] = field(init=False)
    _inner: SqliteDatabase | None = field(init=False, default=None)
    _app: Quart | None = field(init=False, default=None)

    @property
    def site(self) -> Site:
        return self.services.site

    @property
    def origin(self) -> str:
        return self.services.site.origin

    @property
    def app(self) -> Quart:
        """The web application of this life."""
        if self._app is None:
            self._app = create_app(self.services)
        return self._app

    @property
    def database(self) -> MortalDatabase:
        return self.services.database  # type: ignore[return-value]

    async def start(self) -> None:
        """Begin a life on what lies on the disk, and answer on the network."""
        self.life = Life()
        self._inner = await SqliteDatabase.open(self.folder / "pinxit.db", readers=2)
        database = MortalDatabase(self._inner, self.life)
        ids = Ids(self.clock)
        queue = SqliteQueue(database, self.clock, ids, lease_seconds=self.config.jobs.lease_seconds)
        site = Site(self.config, self.clock, ids, queue, SECRET)
        peers = FakePeers(self.network, self.config.federation, site.origin, self.clock, self.life)
        storage = MortalStorage(self.storage, self.life)
        self.services = Services(site=site, database=database, peers=peers, storage=storage)
        self.painter = FakePainter(self.life)
        studio = Studio(self.painter, "fake")  # type: ignore[arg-type]
        self.handlers = plain_handlers(self.services) | {"render": render_handler(self.services, studio)}
        self._app = None
        # In front as in the whole application, which takes 50 ms to build and is not always asked.
        self.network.connect(site.origin, FastInbox(self._answer, self.services))

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    async def stop(self) -> None:
        """End this life, killed or not, begun or not."""
        self.life.dead = True
        if hasattr(self, "services"):
            self.network.disconnect(self.origin)
        if self._inner is not None:
            await self._inner.close()
            self._inner = None

    async def restart(self) -> None:
        """Begin the next life after what the last one leased has lapsed."""
        await self.stop()
        self.clock.advance(self.config.jobs.lease_seconds + 1)
        await self.start()

    async def register(self, name: str, *, locked: bool = False) -> Actor:
        """Make an account, if it is not there yet; its key is `key_of(name)`."""
        async with self.database.write() as tx:
            known = await actors.find_by_uri(tx, self.site.actor_uri(name))
            if known is not None:
                return known
            actor = await register(tx, self.site, name, password_hash="no password", keys=pair_of(name))
            if locked:
                actor = replace(actor, locked=True)
                await actors.replace(tx, actor)
        return actor

    async def actor(self, uri: str) -> Actor:
        """An actor that must be known here."""
        async with self.database.read() as reader:
            found = await actors.find_by_uri(reader, uri)
        assert found is not None, f"{uri} is not known at {self.origin}"
        return found

    async def outcome(self, activity_uri: str) -> str | None:
        """How a received activity ended; it must have come."""
        async with self.database.read() as reader:
            found = await activities.find_by_uri(reader, activity_uri)
        assert found is not None, f"{activity_uri} never came"
        return found.outcome

    async def sent(self, type: str) -> list[Activity]:
        """The outgoing activities of one type, oldest first."""
        async with self.database.read() as reader:
            rows = await reader.all(_SENT, kind=type)
        return [Activity(*row) for row in rows]

    async def jobs(self, state: str = jobs.WAITING) -> list[JobRow]:
        """The jobs that wait, or that failed."""
        async with self.database.read() as reader:
            return await jobs.list_jobs(reader, state, limit=JOBS_AT_MOST)


_rows = activities.activities
_SENT = select(_rows).where(_rows.c.outgoing, _rows.c.type == bindparam("kind")).order_by(_rows.c.id)


@contextlib.asynccontextmanager
async def open_instance(
    folder: Path, network: Network, clock: FakeClock, *, domain: str = "pinxit.example", config: Config | None = None
) -> AsyncIterator[Instance]:
    """Start the instance in `folder`; a new one has nobody in it but the instance itself."""
    _lay_database(folder)
    house = Instance(folder, network, clock, config or Config(site=SiteConfig(domain=domain)))
    try:
        await house.start()
        async with house.database.write() as tx:
            await ensure_instance_actor(tx, house.site, pair_of(f"instance of {domain}"))
        yield house
    finally:
        await house.stop()


def _lay_database(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pinxit.db"
    if not path.exists():
        path.write_bytes(empty_database())


async def run_next_job(house: Instance) -> JobRow | None:
    """Run the one job whose turn it is, to its end; None when nothing is due. Raises Killed when the process dies."""
    now = house.clock.now()
    due = [job for job in await house.jobs() if job.not_before <= now and job.leased_until <= now]
    if not due:
        return None
    job = max(due, key=lambda one: (one.priority, -one.id))
    stop = asyncio.Event()
    handler = partial(_run_one, house, house.handlers[job.kind], stop)
    await house.site.queue.run({job.kind: handler}, concurrency=1, stop=stop)
    return job


async def _run_one(house: Instance, handler: Handler, stop: asyncio.Event, job: Job) -> None:
    try:
        await handler(job)
    except Killed:
        # What a dead process leaves behind ends in silence.
        raise asyncio.CancelledError from None
    finally:
        stop.set()


async def run_jobs_until_idle(*houses: Instance) -> list[str]:
    """Run what is due, one job at a time in turns, until nothing is; return the kinds that ran."""
    ran: list[str] = []
    while len(ran) < JOBS_AT_MOST:
        round_ = [(house, await run_next_job(house)) for house in houses]
        done = [job.kind for _, job in round_ if job is not None]
        if not done:
            return ran
        ran += done
    raise AssertionError(f"the jobs never end: {ran[-20:]}")


async def let_time_pass(*houses: Instance, seconds: float = 4 * 86_400) -> None:
    """Run every job of the next `seconds` at its time, as the clock goes on."""
    clock = houses[0].clock
    until = clock.now() + int(seconds * MICROSECONDS)
    while True:
        await run_jobs_until_idle(*houses)
        times = [max(job.not_before, job.leased_until) for house in houses for job in await house.jobs()]
        if not times or min(times) > until:
            return
        clock.moment = max(clock.moment, min(times))


async def live_on(*houses: Instance) -> int:
    """Let time pass until nothing waits any more; a house that is killed is started again. Return how many were."""
    deaths = 0
    while True:
        with contextlib.suppress(Killed):
            await let_time_pass(*houses)
        dead = [house for house in houses if house.life.dead]
        if not dead:
            return deaths
        for house in dead:
            await house.restart()
            deaths += 1

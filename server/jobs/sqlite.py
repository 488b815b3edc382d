"""The embedded queue: a lease table beside the data. Owns `jobs`. It must not know what the kinds mean.

A job is leased, its handler runs, and the row is deleted. When the process dies the lease lapses and another takes it.
Ends are written in batches: a job that ended but whose end was lost runs again, which handlers must bear anyway.
"""

import asyncio
import contextlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import structlog
from sqlalchemy import (
    Column,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.ids import MICROSECONDS, Clock, Ids
from server.jobs.queue import Discard, Handler, Job, Payload, Retry
from server.store.activities import activities
from server.store.database import Change, Database, Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import Row

WAITING = "waiting"
FAILED = "failed"
# A handler that keeps raising what it should not is tried this often, then put aside for the operator.
ATTEMPTS_AT_MOST = 8
# How often an idle worker looks; `pragma data_version` costs a microsecond when nothing was written.
LOOK_SECONDS = 0.05
# Even when nobody writes, times come: delayed jobs and lapsed leases are looked for this often.
WAKE_SECONDS = 1.0

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("unique_name", Text),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("not_before", Id, nullable=False),
    Column("leased_until", Id, nullable=False),
    Column("lease", Id, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("created_at", Id, nullable=False),
)
# The times stand in it so that thousands of delayed jobs are passed over without reading their rows.
Index(
    "ix_jobs_due", jobs.c.state, jobs.c.kind, jobs.c.priority.desc(), jobs.c.id, jobs.c.not_before, jobs.c.leased_until
)
_NAMED_AND_WAITING = (
    jobs.c.unique_name.is_not(None) & (jobs.c.state == text("'waiting'")) & (jobs.c.leased_until == text("0"))
)
Index(
    "uq_jobs_waiting_name",
    jobs.c.unique_name,
    unique=True,
    sqlite_where=_NAMED_AND_WAITING,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as the operator sees it."""

    id: int
    kind: str
    payload: str
    unique_name: str | None
    state: str
    priority: int
    not_before: int
    leased_until: int
    lease: int
    attempts: int
    error: str | None
    created_at: int


# Only the name: an id that two processes made in the same millisecond must fail and be tried again, not vanish.
_insert = upsert(jobs).on_conflict_do_nothing(index_elements=["unique_name"], index_where=_NAMED_AND_WAITING)
_follow_up = insert(jobs).from_select(
    [column.name for column in jobs.columns],
    select(
        bindparam("job"),
        bindparam("kind"),
        bindparam("payload"),
        literal(None, Text),
        literal(WAITING),
        literal(0),
        bindparam("moment"),
        literal(0),
        literal(0),
        literal(0),
        literal(None, Text),
        bindparam("moment"),
    ).where(select(activities.c.id).where(activities.c.id == bindparam("activity")).exists()),
    include_defaults=False,
)
_due = (
    select(jobs.c.id)
    .where(jobs.c.state == WAITING, jobs.c.kind == bindparam("kind"))
    .where(jobs.c.not_before <= bindparam("moment"), jobs.c.leased_until <= bindparam("moment"))
    .order_by(jobs.c.priority.desc(), jobs.c.id)
    .limit(bindparam("most"))
)
_claim = (
    update(jobs)
    .where(jobs.c.id.in_(_due))
    .values(leased_until=bindparam("until"), lease=bindparam("new_lease"), attempts=jobs.c.attempts + 1)
    .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts)
)
_extend = (
    update(jobs)
    .where(jobs.c.lease == bindparam("held"), jobs.c.leased_until > 0)
    .values(leased_until=bindparam("until"))
)
_done = delete(jobs).where(jobs.c.id == bindparam("wanted"), jobs.c.lease == bindparam("held"))
_again = (
    update(jobs)
    .where(jobs.c.id == bindparam("wanted"), jobs.c.lease == bindparam("held"))
    .values(
        not_before=bindparam("moment"),
        leased_until=0,
        lease=0,
        # A waiting twin may have come meanwhile; the name is only a brake, so the retried one gives it up.
        unique_name=None,
        error=bindparam("reason"),
    )
)
_fail = (
    update(jobs)
    .where(jobs.c.id == bindparam("wanted"), jobs.c.lease == bindparam("held"))
    .values(state=FAILED, leased_until=0, lease=0, error=bindparam("reason"))
)
_release = (
    update(jobs)
    .where(jobs.c.lease == bindparam("held"))
    .values(leased_until=0, lease=0, unique_name=None, attempts=jobs.c.attempts - 1)
)
_list = select(jobs).where(jobs.c.state == bindparam("state")).order_by(jobs.c.id).limit(bindparam("most"))
_count = select(jobs.c.state, jobs.c.kind, func.count(), func.sum(jobs.c.leased_until > bindparam("moment"))).group_by(
    jobs.c.state, jobs.c.kind
)
_retry = (
    update(jobs)
    .where(jobs.c.state == FAILED, (jobs.c.id == bindparam("wanted")) | (bindparam("wanted") == 0))
    .values(state=WAITING, attempts=0, not_before=bindparam("moment"), leased_until=0, unique_name=None)
)
_version = text("pragma data_version")


class SqliteQueue:
    """The lease table."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, *, lease_seconds: int = 60) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._lease_seconds = lease_seconds

    async def enqueue(
        self,
        tx: Transaction,
        kind: str,
        payload: Payload,
        *,
        not_before: int | None = None,
        unique: str | None = None,
        priority: int = 0,
    ) -> None:
        """Add a job in the caller's transaction; nothing happens while one named `unique` waits."""
        now = self._clock.now()
        await tx.run(
            _insert,
            id=self._ids.new(),
            kind=kind,
            payload=msgspec.json.encode(payload).decode(),
            unique_name=unique,
            state=WAITING,
            priority=priority,
            not_before=now if not_before is None else not_before,
            leased_until=0,
            lease=0,
            attempts=0,
            error=None,
            created_at=now,
        )

    def follow_up(self, kind: str, activity_id: int, *, now: int) -> Change:
        """Return the change that adds a job about an activity stored in the same commit, and none if it was known."""
        payload = f'{{"received":{activity_id}}}'
        return _follow_up, {
            "job": self._ids.new(),
            "kind": kind,
            "payload": payload,
            "moment": now,
            "activity": activity_id,
        }

    async def run(
        self, handlers: Mapping[str, Handler], *, concurrency: Mapping[str, int] | int, stop: asyncio.Event
    ) -> None:
        """Run jobs of these kinds until `stop` is set; what is under way is finished first."""
        limits = {kind: concurrency if isinstance(concurrency, int) else concurrency[kind] for kind in handlers}
        await _Worker(self._database, self._clock, self._ids, handlers, limits, self._lease_seconds).run(stop)


async def list_jobs(reader: Reader, state: str, *, limit: int = 100) -> list[JobRow]:
    """Return waiting or failed jobs, oldest first."""
    return [JobRow(*row) for row in await reader.all(_list, state=state, most=limit)]


async def count_jobs(reader: Reader, *, now: int) -> list[tuple[str, str, int, int]]:
    """Return (state, kind, how many, how many of them running)."""
    return [(row[0], row[1], int(row[2]), int(row[3] or 0)) for row in await reader.all(_count, moment=now)]


async def retry_failed(tx: Transaction, job_id: int | None, *, now: int) -> int:
    """Let one failed job, or all of them, wait again; return how many."""
    return await tx.run(_retry, wanted=job_id or 0, moment=now)


class _Worker:
    """One process's share of the queue: claims, runs, and writes ends in batches."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        handlers: Mapping[str, Handler],
        limits: Mapping[str, int],
        lease_seconds: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._limits = limits
        self._lease_seconds = lease_seconds
        # One lease number for this process's life: renewed as a whole, given back as a whole.
        self._lease = ids.new()
        self._running: dict[str, set[asyncio.Task[None]]] = {kind: set() for kind in handlers}
        self._ends: list[Change] = []
        self._ended = asyncio.Event()
        self._last_version = -1
        # Bound once: doing it for each line costs more than a query.
        self._log = log.bind()

    async def run(self, stop: asyncio.Event) -> None:
        keeper = asyncio.create_task(self._keep_leases())
        try:
            while not stop.is_set():
                if not await self._exchange():
                    await self._rest(stop)
            await self._drain()
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
            await self._give_back()

    async def _exchange(self) -> bool:
        """Write down what has ended and take what is due, in one transaction; false when nothing was taken."""
        wanted = {kind: limit - len(self._running[kind]) for kind, limit in self._limits.items()}
        wanted = {kind: most for kind, most in wanted.items() if most > 0}
        is_due = bool(wanted) and await self._anything_due(wanted)
        ends, self._ends = self._ends, []
        if not is_due and not ends:
            return False
        async with self._database.write(durable=False) as tx:
            await _write_ends(tx, ends)
            found = await self._claim(tx, wanted) if is_due else []
        for job_id, kind, payload, attempts in found:
            job = Job(job_id, kind, msgspec.json.decode(payload, type=dict[str, int | str]), attempts)
            task = asyncio.create_task(self._do(job))
            self._running[kind].add(task)
            task.add_done_callback(self._running[kind].discard)
        return bool(found)

    async def _claim(self, tx: Transaction, wanted: Mapping[str, int]) -> list[Row]:
        now = self._clock.now()
        until = now + self._lease_seconds * MICROSECONDS
        found: list[Row] = []
        for kind, most in wanted.items():
            found += await tx.all(_claim, kind=kind, most=most, moment=now, until=until, new_lease=self._lease)
        return found

    async def _anything_due(self, kinds: Mapping[str, int]) -> bool:
        now = self._clock.now()
        async with self._database.read() as reader:
            for kind in kinds:
                if await reader.one(_due, kind=kind, moment=now, most=1) is not None:
                    return True
        return False

    async def _do(self, job: Job) -> None:
        how, error = "done", ""
        try:
            await self._handlers[job.kind](job)
            self._end(_done, job)
        except Retry as retry:
            how, error = "retry", str(retry)
            self._end(_again, job, moment=self._after(retry.after_seconds), reason=error)
        except Discard as reason:
            how, error = "discarded", str(reason)
            self._end(_fail, job, reason=error)
        except asyncio.CancelledError:
            raise
        except Exception as failure:
            how, error = "failed", f"{type(failure).__name__}: {failure}"
            self._end_failure(job, error)
            self._log.exception("job failed", kind=job.kind, job=job.id, attempt=job.attempt)
            return
        self._log.debug("job", kind=job.kind, job=job.id, attempt=job.attempt, how=how, reason=error or None)

    def _end_failure(self, job: Job, error: str) -> None:
        if job.attempt >= ATTEMPTS_AT_MOST:
            self._end(_fail, job, reason=error)
            return
        # 2, 4, 8 … seconds with jitter: a fault of ours is mended by a restart or never.
        self._end(_again, job, moment=self._after(2**job.attempt * random.uniform(0.5, 1.5)), reason=error)

    def _end(self, statement: object, job: Job, **values: object) -> None:
        self._ends.append((statement, {"wanted": job.id, "held": self._lease, **values}))  # type: ignore[arg-type]
        self._ended.set()

    def _after(self, seconds: float) -> int:
        return self._clock.now() + int(seconds * MICROSECONDS)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait until a job ended, somebody wrote, or a second passed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + WAKE_SECONDS
        while loop.time() < until and not stop.is_set():
            self._ended.clear()
            if self._ends:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), LOOK_SECONDS)
            async with self._database.read() as reader:
                row = await reader.one(_version)
            version = int(row[0]) if row else 0
            if version != self._last_version:
                self._last_version = version
                return

    async def _drain(self) -> None:
        tasks = [task for running in self._running.values() for task in running]
        if tasks:
            await asyncio.wait(tasks, timeout=self._lease_seconds / 2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with self._database.write(durable=False) as tx:
            await _write_ends(tx, self._ends)

    async def _give_back(self) -> None:
        async with self._database.write() as tx:
            await tx.run(_release, held=self._lease)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            async with self._database.write(durable=False) as tx:
                await tx.run(_extend, held=self._lease, until=self._clock.now() + self._lease_seconds * MICROSECONDS)


async def _write_ends(tx: Transaction, ends: Sequence[Change]) -> None:
    grouped: dict[int, list[Change]] = {}
    for change in ends:
        grouped.setdefault(id(change[0]), []).append(change)
    for changes in grouped.values():
        await tx.run_many(changes[0][0], [values for _, values in changes])

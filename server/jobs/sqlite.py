"""The embedded queue: a lease table beside the data. It must not know what the kinds mean.

A job is leased, its handler runs, and the row is deleted. When the process dies the lease lapses and another takes it.
"""

import asyncio
from collections.abc import Mapping

import msgspec
from sqlalchemy import Text, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from server.ids import Clock, Ids
from server.jobs.queue import Handler, Payload
from server.jobs.table import FAILED, NAMED_AND_WAITING, WAITING, JobRow, jobs
from server.jobs.worker import Worker
from server.store.database import Change, Database, Reader, Transaction
from server.store.network.activities import activities

# Only the name: an id that two processes made in the same millisecond must fail and be tried again, not vanish.
_insert = upsert(jobs).on_conflict_do_nothing(index_elements=["unique_name"], index_where=NAMED_AND_WAITING)
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
_list = select(jobs).where(jobs.c.state == bindparam("state")).order_by(jobs.c.id).limit(bindparam("most"))
_count = select(jobs.c.state, jobs.c.kind, func.count(), func.sum(jobs.c.leased_until > bindparam("moment"))).group_by(
    jobs.c.state, jobs.c.kind
)
# By the index of due jobs alone; it stops at the one that is asked for.
_nth = (
    select(jobs.c.id)
    .where(jobs.c.state == bindparam("state"), jobs.c.kind == bindparam("kind"))
    .limit(1)
    .offset(bindparam("most"))
)
_retry = (
    update(jobs)
    .where(jobs.c.state == FAILED, (jobs.c.id == bindparam("wanted")) | (bindparam("wanted") == 0))
    .values(state=WAITING, attempts=0, not_before=bindparam("moment"), leased_until=0, unique_name=None)
)
_failed_before = (
    select(jobs.c.id)
    .where(jobs.c.state == FAILED, jobs.c.not_before < bindparam("moment"))
    .order_by(jobs.c.id)
    .limit(bindparam("most"))
)
_forget_failed = delete(jobs).where(jobs.c.id.in_(_failed_before))


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

    async def has_waiting(self, reader: Reader, kind: str, number: int) -> bool:
        """Say whether so many jobs of a kind wait."""
        return await reader.one(_nth, state=WAITING, kind=kind, most=number - 1) is not None

    async def run(
        self, handlers: Mapping[str, Handler], *, concurrency: Mapping[str, int] | int, stop: asyncio.Event
    ) -> None:
        """Run jobs of these kinds until `stop` is set; what is under way is finished first."""
        limits = {kind: concurrency if isinstance(concurrency, int) else concurrency[kind] for kind in handlers}
        await Worker(self._database, self._clock, self._ids, handlers, limits, self._lease_seconds).run(stop)


async def list_jobs(reader: Reader, state: str, *, limit: int = 100) -> list[JobRow]:
    """Return waiting or failed jobs, oldest first."""
    return [JobRow(*row) for row in await reader.all(_list, state=state, most=limit)]


async def count_jobs(reader: Reader, *, now: int) -> list[tuple[str, str, int, int]]:
    """Return (state, kind, how many, how many of them running)."""
    return [(row[0], row[1], int(row[2]), int(row[3] or 0)) for row in await reader.all(_count, moment=now)]


async def retry_failed(tx: Transaction, job_id: int | None, *, now: int) -> int:
    """Let one failed job, or all of them, wait again; return how many."""
    return await tx.run(_retry, wanted=job_id or 0, moment=now)


async def forget_failed(tx: Transaction, *, before: int, limit: int) -> int:
    """Drop at most `limit` failed jobs whose last try was due before a moment, the oldest first; return how many."""
    return await tx.run(_forget_failed, moment=before, most=limit)

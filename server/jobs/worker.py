"""One process's share of the embedded queue: it claims jobs, runs them and writes their ends. It must not know
what the kinds mean.

Ends are written in batches: a job that ended but whose end was lost runs again, which handlers must bear anyway.
"""

import asyncio
import contextlib
import random
from collections.abc import Mapping, Sequence

import msgspec
import structlog
from sqlalchemy import bindparam, delete, func, select, text, update

from server.ids import MICROSECONDS, Clock, Ids
from server.jobs.queue import Discard, Handler, Job, Retry
from server.jobs.table import FAILED, WAITING, jobs
from server.store.database import Change, Database, Transaction

# A handler that keeps raising what it should not is tried this often, then put aside for the operator.
ATTEMPTS_AT_MOST = 8
# A job that was begun so often never ended: it kills its process, or asks for ever to be done later. No handler of ours
# asks for as many tries.
CLAIMS_AT_MOST = 50
# How often an idle worker looks; `pragma data_version` costs a microsecond when nothing was written.
LOOK_SECONDS = 0.05
# Even when nobody writes, times come: delayed jobs and lapsed leases are looked for this often.
WAKE_SECONDS = 1.0

log = structlog.get_logger()

_due = (
    select(jobs.c.id)
    .where(jobs.c.state == WAITING, jobs.c.kind == bindparam("kind"))
    .where(jobs.c.not_before <= bindparam("moment"), jobs.c.leased_until <= bindparam("moment"))
    .order_by(jobs.c.priority.desc(), jobs.c.id)
    .limit(bindparam("most"))
)
_kinds = func.json_each(bindparam("kinds")).table_valued("value", name="kinds")
_due_kinds = select(_kinds.c.value).where(
    select(jobs.c.id)
    .where(jobs.c.state == WAITING, jobs.c.kind == _kinds.c.value)
    .where(jobs.c.not_before <= bindparam("moment"), jobs.c.leased_until <= bindparam("moment"))
    .correlate(_kinds)
    .exists()
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
_version = text("pragma data_version")


class Worker:
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
        """Claim and run until `stop` is set; what is under way is finished first."""
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
        due = await self._find_due(wanted) if wanted else {}
        ends, self._ends = self._ends, []
        if not due and not ends:
            return False
        async with self._database.write(durable=False) as tx:
            await _write_ends(tx, ends)
            found = await self._claim(tx, due)
        for job in found:
            task = asyncio.create_task(self._do(job))
            self._running[job.kind].add(task)
            task.add_done_callback(self._running[job.kind].discard)
        return bool(found)

    async def _claim(self, tx: Transaction, wanted: Mapping[str, int]) -> list[Job]:
        now = self._clock.now()
        until = now + self._lease_seconds * MICROSECONDS
        found = []
        for kind, most in wanted.items():
            found += await tx.all(_claim, kind=kind, most=most, moment=now, until=until, new_lease=self._lease)
        return [
            Job(id, kind, msgspec.json.decode(text, type=dict[str, int | str]), tries)
            for id, kind, text, tries in found
        ]

    async def _find_due(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Those of the kinds of which something is due, by one question for all: there are two dozen."""
        kinds = msgspec.json.encode(list(wanted)).decode()
        async with self._database.read() as reader:
            rows = await reader.all(_due_kinds, kinds=kinds, moment=self._clock.now())
        found = {row[0] for row in rows}
        return {kind: most for kind, most in wanted.items() if kind in found}

    async def _do(self, job: Job) -> None:
        if job.attempt > CLAIMS_AT_MOST:
            self._end(_fail, job, reason=f"it never came to an end in {CLAIMS_AT_MOST} tries")
            return
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
            try:
                await self._extend_leases()
            except Exception as failure:
                # There are two more chances before the leases lapse; who stops here has every job done twice.
                self._log.exception("leases not renewed", error=type(failure).__name__)

    async def _extend_leases(self) -> None:
        until = self._clock.now() + self._lease_seconds * MICROSECONDS
        async with self._database.write(durable=False) as tx:
            await tx.run(_extend, held=self._lease, until=until)


async def _write_ends(tx: Transaction, ends: Sequence[Change]) -> None:
    grouped: dict[int, list[Change]] = {}
    for change in ends:
        grouped.setdefault(id(change[0]), []).append(change)
    for changes in grouped.values():
        await tx.run_many(changes[0][0], [values for _, values in changes])

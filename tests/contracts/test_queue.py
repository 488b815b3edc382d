"""What every queue keeps: at least once, not before its time, not twice while waiting under one name."""

import asyncio
import contextlib
from functools import partial

import pytest
import structlog

from server.jobs.queue import Discard, Retry
from server.jobs.table import FAILED, WAITING
from server.store.network import activities
from tests.contracts.conftest import LEASE_SECONDS
from tests.fakes import FakeClock
from tests.mortal import Killed, Life, MortalDatabase

# A worker that is not told to stop would run for ever; no test waits for this long when all is well.
PATIENCE_SECONDS = 20


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def queue(engine, database, clock):
    return engine.queue(database, clock)


async def enqueue(database, queue, kind, payload=None, **options):
    async with database.write() as tx:
        await queue.enqueue(tx, kind, payload or {}, **options)


async def work(database, queue, *, concurrency=1, **handlers):
    """Run what is due of these kinds, one round of it, and return."""
    stop = asyncio.Event()

    async def end(job):
        stop.set()

    await enqueue(database, queue, "end", priority=-1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await queue.run({**handlers, "end": end}, concurrency=concurrency, stop=stop)


class Recorder:
    """A handler that remembers its jobs and raises what it was given, in turn."""

    def __init__(self, *raises):
        self.jobs = []
        self._raises = list(raises)

    async def __call__(self, job):
        self.jobs.append(job)
        if self._raises:
            raise self._raises.pop(0)

    @property
    def attempts(self):
        return [job.attempt for job in self.jobs]


async def test_a_job_runs_once_with_its_payload_and_is_gone(engine, database, queue):
    seen = Recorder()
    await enqueue(database, queue, "a", {"number": 7, "uri": "https://x.example/ü"})

    await work(database, queue, a=seen)
    await work(database, queue, a=seen)

    (job,) = seen.jobs
    assert (job.kind, dict(job.payload), job.attempt) == ("a", {"number": 7, "uri": "https://x.example/ü"}, 1)
    assert job.number("number") == 7
    assert await engine.jobs(database, WAITING) == []


async def test_only_the_kinds_that_a_worker_does_are_run(engine, database, queue):
    await enqueue(database, queue, "other")

    await work(database, queue, a=Recorder())

    assert [job.kind for job in await engine.jobs(database, WAITING)] == ["other"]


async def test_nothing_runs_before_its_time(database, queue, clock):
    seen = Recorder()
    await enqueue(database, queue, "a", not_before=clock.now() + 60_000_000)

    clock.advance(59.9)
    await work(database, queue, a=seen)
    assert seen.jobs == []
    clock.advance(0.1)
    await work(database, queue, a=seen)
    assert len(seen.jobs) == 1


async def test_a_name_is_queued_once_while_it_waits(engine, database, queue):
    for number in range(3):
        await enqueue(database, queue, "a", {"number": number}, unique="a:1")
    await enqueue(database, queue, "a", {"number": 9}, unique="a:2")

    assert [job.payload for job in await engine.jobs(database, WAITING)] == ['{"number":0}', '{"number":9}']


async def test_a_name_that_is_being_worked_on_may_wait_again(database, queue):
    seen = []

    async def again(job):
        seen.append(job.payload["number"])
        if len(seen) == 1:
            await enqueue(database, queue, "a", {"number": 2}, unique="a:1")

    await enqueue(database, queue, "a", {"number": 1}, unique="a:1")
    await work(database, queue, a=again)
    await work(database, queue, a=again)

    assert seen == [1, 2]


async def test_jobs_without_a_name_are_never_taken_for_one_another(engine, database, queue):
    for _ in range(100):
        await enqueue(database, queue, "a")

    assert len(await engine.jobs(database, WAITING)) == 100


async def test_what_is_urgent_goes_first_then_what_is_oldest(database, queue):
    seen, stop = [], asyncio.Event()

    async def take(job):
        seen.append(job.payload["name"])
        if len(seen) == 4:
            stop.set()

    for name, priority in (("old", 0), ("new", 0), ("urgent", 5), ("idle", -5)):
        await enqueue(database, queue, "a", {"name": name}, priority=priority)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await queue.run({"a": take}, concurrency=1, stop=stop)

    assert seen == ["urgent", "old", "new", "idle"]


async def test_a_job_is_queued_only_if_its_transaction_is_committed(engine, database, queue):
    async def fail():
        async with database.write() as tx:
            await queue.enqueue(tx, "a", {})
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await engine.jobs(database, WAITING) == []


async def test_retry_runs_it_again_after_so_long(database, queue, clock):
    seen = Recorder(Retry(30, "busy"))
    await enqueue(database, queue, "a", unique="a:1")

    await work(database, queue, a=seen)
    clock.advance(29)
    await work(database, queue, a=seen)
    assert seen.attempts == [1]
    clock.advance(1)
    await work(database, queue, a=seen)
    await work(database, queue, a=seen)

    assert seen.attempts == [1, 2]


async def test_a_waiting_twin_does_not_hinder_a_retry(engine, database, queue):
    async def twin_and_retry(job):
        await enqueue(database, queue, "a", unique="a:1")
        raise Retry(30)

    await enqueue(database, queue, "a", unique="a:1")
    await work(database, queue, a=twin_and_retry)

    assert len(await engine.jobs(database, WAITING)) == 2


async def test_discard_puts_it_aside_with_its_reason(engine, database, queue, clock):
    seen = Recorder(Discard("nobody wants it"))
    await enqueue(database, queue, "a")

    await work(database, queue, a=seen)
    clock.advance(86_400)
    await work(database, queue, a=seen)

    assert seen.attempts == [1]
    assert await engine.jobs(database, WAITING) == []
    assert [job.error for job in await engine.jobs(database, FAILED)] == ["nobody wants it"]


async def test_a_failing_job_waits_longer_each_time_and_is_put_aside_after_eight(engine, database, queue, clock):
    seen = Recorder(*[ValueError("broken")] * 20)
    await enqueue(database, queue, "a")
    waits = []

    with structlog.testing.capture_logs():
        while not await engine.jobs(database, FAILED):
            await work(database, queue, a=seen)
            for job in await engine.jobs(database, WAITING):
                waits.append((job.not_before - clock.now()) / 1_000_000)
                clock.moment = job.not_before

    assert seen.attempts == list(range(1, 9))
    assert all(0.5 * 2**n <= waited <= 1.5 * 2**n for n, waited in enumerate(waits, start=1))
    (job,) = await engine.jobs(database, FAILED)
    assert job.error == "ValueError: broken"


async def test_one_failing_job_does_not_hinder_the_others(database, queue):
    seen, failing = Recorder(), Recorder(ValueError("broken"))
    await enqueue(database, queue, "bad")
    await enqueue(database, queue, "good")

    with structlog.testing.capture_logs():
        await work(database, queue, bad=failing, good=seen)

    assert len(seen.jobs) == 1


async def test_no_more_run_at_once_than_was_allowed(database, queue):
    at_once, most, stop, done = 0, {"a": 0, "b": 0}, asyncio.Event(), 0

    async def count(job):
        nonlocal at_once, done
        at_once += 1
        most[job.kind] = max(most[job.kind], at_once)
        for _ in range(10):
            await asyncio.sleep(0)
        at_once -= 1
        done += 1
        if done == 10:
            stop.set()

    for _ in range(10):
        await enqueue(database, queue, "a")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await queue.run({"a": count}, concurrency={"a": 3}, stop=stop)

    assert most["a"] == 3


async def test_stopping_finishes_what_is_under_way_and_begins_nothing_more(engine, database, queue):
    stop, begun, finish, seen = asyncio.Event(), asyncio.Event(), asyncio.Event(), []

    async def take(job):
        begun.set()
        await finish.wait()
        seen.append(job.id)

    await enqueue(database, queue, "a")
    await enqueue(database, queue, "a")
    running = asyncio.create_task(queue.run({"a": take}, concurrency=1, stop=stop))
    await begun.wait()
    stop.set()
    finish.set()
    await running

    assert len(seen) == 1
    assert len(await engine.jobs(database, WAITING)) == 1


async def test_a_cancelled_worker_gives_its_jobs_back_at_once(database, queue):
    begun, seen = asyncio.Event(), Recorder()

    async def hang(job):
        begun.set()
        await asyncio.Event().wait()

    await enqueue(database, queue, "a")
    running = asyncio.create_task(queue.run({"a": hang}, concurrency=1, stop=asyncio.Event()))
    await begun.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await work(database, queue, a=seen)

    assert seen.attempts == [1]


async def test_what_a_dead_worker_held_is_repeated_when_its_lease_lapses(engine, database, queue, clock):
    life, seen = Life(), Recorder()

    async def die(job):
        life.dead = True
        raise asyncio.CancelledError

    await enqueue(database, queue, "a", unique="a:1")
    async with engine.open() as other:
        dying = engine.queue(MortalDatabase(other, life), clock)
        with contextlib.suppress(Killed):
            await dying.run({"a": die}, concurrency=1, stop=asyncio.Event())

    clock.advance(LEASE_SECONDS - 1)
    await work(database, queue, a=seen)
    assert seen.jobs == []
    clock.advance(1)
    await work(database, queue, a=seen)
    assert seen.attempts == [2]


async def test_the_late_end_of_a_job_that_another_took_over_changes_nothing(engine, database, queue, clock):
    """A worker that was asleep for longer than its lease must not end the other's job."""
    stop, begun, awake, seen = asyncio.Event(), asyncio.Event(), asyncio.Event(), Recorder(Retry(30))

    async def sleep_long(job):
        begun.set()
        await awake.wait()
        stop.set()

    await enqueue(database, queue, "a")
    async with engine.open() as other:
        sleepy = asyncio.create_task(engine.queue(other, clock).run({"a": sleep_long}, concurrency=1, stop=stop))
        await begun.wait()
        clock.advance(LEASE_SECONDS)
        await work(database, queue, a=seen)
        awake.set()
        await sleepy

    assert seen.attempts == [2]
    assert [job.attempts for job in await engine.jobs(database, WAITING)] == [2]


async def test_two_workers_share_the_jobs_and_do_none_twice(engine, database, queue, clock):
    seen, stop = [], asyncio.Event()

    async def take(worker, job):
        seen.append((worker, job.payload["number"]))
        await asyncio.sleep(0)
        if len(seen) == 60:
            stop.set()

    async with database.write() as tx:
        for number in range(60):
            await queue.enqueue(tx, "a", {"number": number})
    async with engine.open() as other, asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(
            queue.run({"a": partial(take, 1)}, concurrency=2, stop=stop),
            engine.queue(other, clock).run({"a": partial(take, 2)}, concurrency=2, stop=stop),
        )

    assert sorted(number for _, number in seen) == list(range(60))


async def test_an_idle_worker_notices_what_another_process_queues(engine, database, queue, clock):
    stop, seen = asyncio.Event(), []

    async def take(job):
        seen.append(job.kind)
        stop.set()

    running = asyncio.create_task(queue.run({"a": take}, concurrency=1, stop=stop))
    await asyncio.sleep(0)
    async with engine.open() as other:
        await enqueue(other, engine.queue(other, clock), "a")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await running
    assert seen == ["a"]


def _arrived(activity_id, uri, now):
    actor = "https://x.example/u"
    return activities.received(
        id=activity_id, uri=uri, type="Like", actor_uri=actor, object_uri=None, document=b"{}", at=now
    )


async def test_an_activity_that_comes_twice_is_followed_up_once(engine, database, queue, clock):
    async def arrive(activity_id, uri):
        stored = _arrived(activity_id, uri, clock.now())
        await database.commit_together([stored, queue.follow_up("inbox", activity_id, now=clock.now())])

    await asyncio.gather(arrive(1, "https://x.example/1"), arrive(2, "https://x.example/1"))
    await arrive(3, "https://x.example/1")
    await arrive(4, "https://x.example/2")

    waiting = await engine.jobs(database, WAITING)
    assert [job.payload for job in waiting] == ['{"received":1}', '{"received":4}']

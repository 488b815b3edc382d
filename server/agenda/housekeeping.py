"""Job `housekeeping`: once an hour, lets go what is over. It must not touch what anybody can still use.

Each duty has short transactions of its own: whoever writes meanwhile waits for one of them and not for all, and a duty
that fails undoes and keeps from their work none of the others.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog

from server.actions.network.look_up import ask_own_threads, forget_walks
from server.actions.painting.promise import prune_promises
from server.actions.people.forget_clients import forget_clients
from server.actions.people.rotate_keys import drop_retired_keys
from server.actions.writing.upload import prune_uploads
from server.ids import MICROSECONDS
from server.jobs.queue import Job
from server.jobs.sqlite import forget_failed
from server.services import Services
from server.site import Site
from server.store.clients import idempotency
from server.store.database import Transaction
from server.store.reading import feeds, stream_events
from server.store.telling import notifications
from server.store.telling import push as push_subscriptions
from server.store.ties import mutes

EVERY_SECONDS = 3600
# Who listens looks several times a second; who comes back later than this loads the page anew.
NEWS_SECONDS = 600
# An operator who looks in four times a year still finds what failed. By age and not by number: after a fault that let
# ten thousand jobs fail in a night, all of them are to be tried again.
FAILED_SECONDS = 90 * 86_400
# The oldest, some 10 ms; the rest in the next hours.
FAILED_AT_ONCE = 1000

log = structlog.get_logger()

Step = Callable[[Transaction, Site], Awaitable[object]]
Duty = Callable[[Services], Awaitable[None]]


async def handle(job: Job, services: Services) -> None:
    """Do every duty, and plan the next hour's.

    Raises:
        ExceptionGroup: of what failed, when all else is done; the job is tried again then, and kept for the operator.
    """
    failures = {}
    for name, duty in DUTIES.items():
        try:
            await duty(services)
        except Exception as failure:
            failures[name] = failure
    await plan(services, after_seconds=EVERY_SECONDS)
    if failures:
        raise ExceptionGroup(f"not done: {', '.join(failures)}", list(failures.values()))
    log.info("kept house")


async def plan(services: Services, *, after_seconds: int) -> None:
    """Have it done later, unless it is planned already."""
    not_before = services.site.clock.now() + after_seconds * MICROSECONDS
    async with services.database.write(durable=False) as tx:
        await services.site.queue.enqueue(tx, "housekeeping", {}, not_before=not_before, unique="housekeeping")


async def _in_one(step: Step, services: Services) -> None:
    async with services.database.write(durable=False) as tx:
        await step(tx, services.site)


async def _end_mutes(tx: Transaction, site: Site) -> None:
    await mutes.drop_over(tx, now=site.clock.now())


async def _drop_dead_devices(tx: Transaction, site: Site) -> None:
    await push_subscriptions.drop_dead(tx, now=site.clock.now())


async def _forget_submissions(tx: Transaction, site: Site) -> None:
    await idempotency.prune(tx, before=site.clock.now() - idempotency.KEPT)


async def _shorten_notifications(tx: Transaction, site: Site) -> None:
    await notifications.prune(tx, keep=site.config.keeping.notifications_per_person)


async def _forget_news(tx: Transaction, site: Site) -> None:
    await stream_events.prune(tx, before=site.clock.now() - NEWS_SECONDS * MICROSECONDS)


async def _forget_failed_jobs(tx: Transaction, site: Site) -> None:
    before = site.clock.now() - FAILED_SECONDS * MICROSECONDS
    if gone := await forget_failed(tx, before=before, limit=FAILED_AT_ONCE):
        log.info("failed jobs forgotten", number=gone)


async def _shorten_feeds(services: Services) -> None:
    """Drop what is beyond the end of each feed, one by one."""
    feed: tuple[int, int] | None = feeds.FIRST
    while feed is not None:
        async with services.database.write(durable=False) as tx:
            feed = await feeds.prune_next(tx, *feed)


async def _forget_loose(services: Services) -> None:
    """Forget uploads that nobody posted, and promises that could not be kept."""
    forgotten = 0
    while True:
        async with services.database.write(durable=False) as tx:
            newly = await prune_uploads(tx, services.site) + await prune_promises(tx, services.site)
        if not newly:
            break
        forgotten += newly
    if forgotten:
        log.info("uploads forgotten", number=forgotten)


DUTIES: Mapping[str, Duty] = {
    "mutes": partial(_in_one, _end_mutes),
    "devices": partial(_in_one, _drop_dead_devices),
    "submissions": partial(_in_one, _forget_submissions),
    "notifications": partial(_in_one, _shorten_notifications),
    "clients": partial(_in_one, forget_clients),
    "keys": partial(_in_one, drop_retired_keys),
    "walks": partial(_in_one, forget_walks),
    "threads": partial(_in_one, ask_own_threads),
    "feeds": _shorten_feeds,
    "news": partial(_in_one, _forget_news),
    "uploads": _forget_loose,
    "jobs": partial(_in_one, _forget_failed_jobs),
}

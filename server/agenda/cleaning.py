"""Job `clean`: once a day, lets go what nobody here needs any more. It must not touch what our own people made.

Everything goes in steps, each a short transaction, so that nobody has to wait; what a killed step left is found by the
next.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict

import structlog

from server.actions.network import peer_files as cache
from server.agenda import files
from server.agenda.strangers import let_go
from server.ids import MICROSECONDS
from server.jobs.queue import Job
from server.services import Services
from server.site import Site
from server.store.database import Transaction
from server.store.network.peer_files import Held

EVERY_SECONDS = 86_400
# After a start there is other work first; and who restarts often must not put it off for ever.
FIRST_SECONDS = 3600
DAY = 86_400 * MICROSECONDS

log = structlog.get_logger()

Step = Callable[[Transaction, Site], Awaitable[Held]]


async def handle(job: Job, services: Services) -> None:
    """Clean, and plan the next day's cleaning."""
    copies = await prune_copies(services, days=services.site.config.media.peer_cache_days)
    orphans = await files.remove_orphans(services)
    gone = asdict(await let_go(services))
    log.info("cleaned", copies=copies.files, copies_bytes=copies.bytes, orphans=orphans.files, **gone)
    await plan(services, after_seconds=EVERY_SECONDS)


async def plan(services: Services, *, after_seconds: int) -> None:
    """Have it done later, unless it is planned already."""
    not_before = services.site.clock.now() + after_seconds * MICROSECONDS
    async with services.database.write(durable=False) as tx:
        await services.site.queue.enqueue(tx, "clean", {}, not_before=not_before, unique="clean")


async def prune_copies(services: Services, *, days: int, dry_run: bool = False) -> Held:
    """Forget the copies of peers' files that nobody looked at for so many days, and what exceeds their budget."""
    before = services.site.clock.now() - days * DAY
    if dry_run:
        async with services.database.read() as reader:
            return await cache.count_prunable(reader, services.site, before=before)

    async def unused(tx: Transaction, site: Site) -> Held:
        return await cache.drop_unused(tx, site, before=before)

    async def excess(tx: Transaction, site: Site) -> Held:
        return await cache.drop_excess(tx, site, await cache.measure_excess(tx, site))

    gone = [await _to_the_end(services, step) for step in (unused, excess)]
    return Held(sum(one.files for one in gone), sum(one.bytes for one in gone))


async def _to_the_end(services: Services, step: Step) -> Held:
    """Take a step until nothing is left to do; return what went in all."""
    rows = size = 0
    while True:
        async with services.database.write(durable=False) as tx:
            gone = await step(tx, services.site)
        if not gone.files:
            return Held(rows, size)
        rows, size = rows + gone.files, size + gone.bytes

"""Ends the rest of a host that speaks again: what waits for it goes out now. It must not send anything itself."""

from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Transaction
from server.store.network import deliveries, peers

BATCH_AT_MOST = 100
# Some hosts speak and do not listen (their queue runs, their web server does not): woken by each word, they would use
# up in a minute the tries that are meant for three days.
SPARE_SECONDS = 3600


async def wake_peer(tx: Transaction, site: Site, host: str) -> None:
    """Close the breaker of `host`, if it was open, and put what waits for it into batches due now; once an hour."""
    now = site.clock.now()
    if not await peers.wake(tx, host, at=now, unless_since=now - SPARE_SECONDS * MICROSECONDS):
        return
    waiting = await deliveries.list_waiting_of_host(tx, host)
    for start in range(0, len(waiting), BATCH_AT_MOST):
        batch = site.ids.new()
        for row in waiting[start : start + BATCH_AT_MOST]:
            await deliveries.move(
                tx, row.id, batch, attempts=row.attempts, status=row.last_status, error=row.last_error
            )
        await site.queue.enqueue(tx, "deliver", {"batch": batch}, unique=f"deliver:{batch}")

"""Batches of deliveries: what one `deliver` job carries. It must not send them."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from server.site import Site
from server.store.database import Transaction

# Enough to share the cost of a job and a transaction, few enough that a kill repeats little.
BATCH_AT_MOST = 100

Item = TypeVar("Item")


def split(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut into batches."""
    for start in range(0, len(items), BATCH_AT_MOST):
        yield items[start : start + BATCH_AT_MOST]


async def enqueue(tx: Transaction, site: Site, batch: int, *, due: int | None = None, priority: int = 0) -> None:
    """Have a batch delivered, at `due` or at once."""
    await site.queue.enqueue(
        tx, "deliver", {"batch": batch}, not_before=due, unique=f"deliver:{batch}", priority=priority
    )

"""How deliveries ended, and what is to be tried again when: all written in one transaction. It must not send."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from server.delivery.batches import enqueue, split
from server.delivery.hosts import Host
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Transaction
from server.store.network import deliveries, peers
from server.store.network.deliveries import Delivery
from server.store.people import actors

# Deliveries due within so long of each other share a batch: one job for them all, and nobody notices the wait.
TOGETHER_SECONDS = 15
# What is sent for the first time goes first: dead hosts must not hold up living ones.
PRIORITY_OF_RETRIES = -1


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a delivery. `attempts` includes this one where there was one; `due` is for what still waits."""

    row: Delivery
    state: str
    attempts: int
    status: int | None = None
    error: str | None = None
    due: int = 0

    @classmethod
    def later(cls, row: Delivery, due: int) -> "Result":
        """Nothing was tried; `due` is when to look again."""
        return cls(row, deliveries.WAITING, row.attempts, row.last_status, row.last_error, due=due)


async def write_results(
    tx: Transaction, site: Site, batch: int, results: Sequence[Result], hosts: Iterable[Host]
) -> None:
    """Write the ends, put the rest into new batches, and remember how the hosts behaved.

    What left the batch meanwhile (its host spoke, another worker took it over) is only touched by good news.
    """
    ours = {row.id for row in await deliveries.list_waiting(tx, batch)}
    waiting = [result for result in results if result.state == deliveries.WAITING and result.row.id in ours]
    for result in results:
        if result.state == deliveries.DELIVERED or (result.state != deliveries.WAITING and result.row.id in ours):
            await _end(tx, site, result)
    for _, together in groupby(sorted(waiting, key=lambda result: result.due), key=_moment):
        for part in split(list(together)):
            await _move(tx, site, part)
    for host in hosts:
        if host.changed:
            host.changed = False
            await peers.put(tx, host.to_peer(await peers.find(tx, host.name), site.clock.now()))


def _moment(result: Result) -> int:
    return result.due // (TOGETHER_SECONDS * MICROSECONDS)


async def _end(tx: Transaction, site: Site, result: Result) -> None:
    now = site.clock.now()
    await deliveries.end(
        tx,
        result.row.id,
        result.state,
        attempts=result.attempts,
        status=result.status,
        error=result.error,
        at=now,
    )
    if result.state == deliveries.GONE:
        await actors.drop_inbox(tx, result.row.inbox, at=now)


async def _move(tx: Transaction, site: Site, part: Sequence[Result]) -> None:
    batch = site.ids.new()
    for result in part:
        await deliveries.move(
            tx, result.row.id, batch, attempts=result.attempts, status=result.status, error=result.error
        )
    await enqueue(tx, site, batch, due=max(result.due for result in part), priority=PRIORITY_OF_RETRIES)

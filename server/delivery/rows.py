"""Makes deliveries of inboxes: rows in batches, and the jobs that carry them. It must not choose the inboxes."""

from collections.abc import Sequence

from activitypub.errors import Malformed
from activitypub.vocabulary import host_of
from server.delivery.batches import enqueue, split
from server.site import Site
from server.store.database import Transaction
from server.store.network import deliveries, domain_rules
from server.store.network.activities import Activity
from server.store.network.deliveries import Delivery


async def store_deliveries(
    tx: Transaction, site: Site, activity: Activity, inboxes: Sequence[str], *, priority: int = 0
) -> int:
    """Have an activity brought to inboxes that it was not brought to yet, and whose hosts we speak with; say how many.

    What is `priority` for one alone does not wait behind a post to thousands.
    """
    known = await deliveries.find_known(tx, activity.id, inboxes)
    silenced = await domain_rules.find_many_suspended(tx, {host for one in inboxes if (host := host_or_none(one))})
    rows = _rows(site, activity, [inbox for inbox in inboxes if inbox not in known], silenced)
    for batch in split(rows):
        await deliveries.add(tx, batch)
        await enqueue(tx, site, batch[0].batch, priority=priority if len(rows) == 1 else 0)
    return len(rows)


def host_or_none(inbox: str) -> str | None:
    """The host of an inbox, None where it has none."""
    try:
        return host_of(inbox)
    except Malformed:
        return None


def _rows(site: Site, activity: Activity, inboxes: Sequence[str], silenced: set[str]) -> list[Delivery]:
    wanted = [(inbox, host) for inbox in inboxes if (host := host_or_none(inbox)) is not None and host not in silenced]
    rows = []
    for part in split(wanted):
        batch = site.ids.new()
        rows += [_row(site, activity, inbox, host, batch) for inbox, host in part]
    return rows


def _row(site: Site, activity: Activity, inbox: str, host: str, batch: int) -> Delivery:
    return Delivery(
        id=site.ids.new(),
        activity_id=activity.id,
        object_uri=activity.object_uri,
        inbox=inbox,
        host=host,
        batch=batch,
        state=deliveries.WAITING,
        attempts=0,
        last_status=None,
        last_error=None,
        created_at=site.clock.now(),
        finished_at=None,
    )

"""Job `fanout`: finds the inboxes of an activity, a page of followers at a time, and makes deliveries of them.

It must not send anything. Run again after a crash, it adds only what is missing.
"""

from collections.abc import Sequence

import msgspec

from activitypub.errors import Malformed
from activitypub.reading import Document
from activitypub.vocabulary import host_of
from server.actions.clients.put_in_inboxes import put_sent
from server.delivery.batches import enqueue, split
from server.delivery.recipients import Reached, find_inboxes, is_farewell
from server.jobs.queue import Discard, Job, Retry
from server.services import Services
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities, deliveries, domain_rules
from server.store.network.activities import Activity
from server.store.network.deliveries import Delivery
from server.store.people import actors

# Somebody mentioned whose server is down when the post is written: 1, 4, 9 … minutes, for about half a day.
MISSED_ATTEMPTS = 12
MISSED_SECONDS = 60
# An answer to one person does not wait behind a post to thousands.
PRIORITY_OF_FEW = 1


async def handle(job: Job, services: Services) -> None:
    """Do one step of a fan-out and enqueue the next."""
    async with services.database.read() as reader:
        activity = await activities.find(reader, job.number("activity"))
        author = await actors.find_by_uri(reader, activity.actor_uri) if activity is not None else None
    if activity is None or author is None or not activity.outgoing:
        raise Discard("there is no such activity of ours")
    document = msgspec.json.decode(activity.document, type=Document)
    reached = await find_inboxes(services, activity, author, document, cursor=job.number("cursor"))
    async with services.database.write(durable=False) as tx:
        await _store(tx, services.site, activity, reached)
        if job.number("cursor") == 0:
            await put_sent(tx, services.site, activity.id, author, document)
    if reached.missed and job.attempt < MISSED_ATTEMPTS:
        raise Retry(MISSED_SECONDS * job.attempt**2, f"{reached.missed} recipients could not be found yet")


async def _store(tx: Transaction, site: Site, activity: Activity, reached: Reached) -> None:
    known = await deliveries.find_known(tx, activity.id, reached.inboxes)
    silenced = await domain_rules.find_many_suspended(tx, {host for one in reached.inboxes if (host := _host(one))})
    rows = _rows(site, activity, [inbox for inbox in reached.inboxes if inbox not in known], silenced)
    priority = PRIORITY_OF_FEW if len(rows) == 1 and reached.next_cursor is None else 0
    for batch in split(rows):
        await deliveries.add(tx, batch)
        await enqueue(tx, site, batch[0].batch, priority=priority)
    if reached.next_cursor is None and is_farewell(activity):
        # Its author's key goes when all of these are delivered (`actions.people.close_account`).
        await activities.finish(tx, activity.id, at=site.clock.now(), outcome="on its way to all")
    if reached.next_cursor is not None:
        name = f"fanout:{activity.id}:{reached.next_cursor}"
        payload = {"activity": activity.id, "cursor": reached.next_cursor}
        await site.queue.enqueue(tx, "fanout", payload, unique=name)


def _rows(site: Site, activity: Activity, inboxes: Sequence[str], silenced: set[str]) -> list[Delivery]:
    wanted = [(inbox, host) for inbox in inboxes if (host := _host(inbox)) is not None and host not in silenced]
    rows = []
    for part in split(wanted):
        batch = site.ids.new()
        rows += [_row(site, activity, inbox, host, batch) for inbox, host in part]
    return rows


def _host(inbox: str) -> str | None:
    try:
        return host_of(inbox)
    except Malformed:
        return None


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

"""Job `fanout`: finds the inboxes of an activity, a page of followers at a time, and makes deliveries of them.

It must not send anything. Run again after a crash, it adds only what is missing.
"""

import msgspec

from activitypub.reading import Document
from server.actions.clients.put_in_inboxes import put_sent
from server.delivery.recipients import Reached, find_inboxes, is_farewell
from server.delivery.rows import store_deliveries
from server.jobs.queue import Discard, Job, Retry
from server.services import Services
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.network.activities import Activity
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
    priority = PRIORITY_OF_FEW if reached.next_cursor is None else 0
    await store_deliveries(tx, site, activity, reached.inboxes, priority=priority)
    if reached.next_cursor is None and is_farewell(activity):
        # Its author's key goes when all of these are delivered (`actions.people.close_account`).
        await activities.finish(tx, activity.id, at=site.clock.now(), outcome="on its way to all")
    if reached.next_cursor is not None:
        name = f"fanout:{activity.id}:{reached.next_cursor}"
        payload = {"activity": activity.id, "cursor": reached.next_cursor}
        await site.queue.enqueue(tx, "fanout", payload, unique=name)

"""Job `forward`: brings what we received, as it came, to the followers of one of our people (ActivityPub 7.1.2).

It must not decide whether it is for them: `actions/network/forward` did. Run again, it adds only what is missing.
"""

import structlog

from activitypub.audience import choose_inboxes
from activitypub.errors import ProtocolError
from server.actions.network.forward import NOBODY
from server.brake import Brake
from server.delivery.rows import host_or_none, store_deliveries
from server.jobs.queue import Job, Retry
from server.problems import TooMany
from server.remote.seam import FetchFailed
from server.remote.vouching import vouch
from server.services import Services
from server.store.network import activities, deliveries
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.ties import follows

# Followers looked at in one step, as in a fan-out.
PAGE = 1000
# Somebody who writes without a pause answers once a minute. Whoever floods a thread reaches us, and not by us all who
# follow the thread's owner.
PER_SENDER_AN_HOUR = 60
PER_OWNER_AN_HOUR = 600
# The key that vouches for it may have to be fetched from a server that is just restarting.
ATTEMPTS = 4
AGAIN_SECONDS = 60

log = structlog.get_logger()


class Forwarder:
    """Passes on. One per process: it bounds how much one sender sets going."""

    def __init__(self, services: Services) -> None:
        self._services = services
        clock = services.site.clock
        self._senders = Brake(clock, most=PER_SENDER_AN_HOUR, seconds=3600)
        self._owners = Brake(clock, most=PER_OWNER_AN_HOUR, seconds=3600)

    async def handle(self, job: Job) -> None:
        """Do one step and enqueue the next."""
        owner_id, cursor = job.number("owner"), job.number("cursor")
        async with self._services.database.read() as reader:
            activity = await activities.find(reader, job.number("received"))
        if activity is None or activity.outgoing:
            return
        if cursor == 0 and not await self._may_go(job, activity, owner_id):
            return
        inboxes, next_cursor = await self._find_inboxes(activity, owner_id, cursor)
        home = host_or_none(activity.actor_uri)
        others = [inbox for inbox in inboxes if host_or_none(inbox) != home]
        async with self._services.database.write(durable=False) as tx:
            count = await store_deliveries(tx, self._services.site, activity, others)
            if next_cursor is not None:
                payload = {"received": activity.id, "owner": owner_id, "cursor": next_cursor}
                name = f"forward:{activity.id}:{owner_id}:{next_cursor}"
                await self._services.site.queue.enqueue(tx, "forward", payload, unique=name)
        if count:
            log.info("forwarding", activity=activity.uri, inboxes=count)

    async def _may_go(self, job: Job, activity: Activity, owner_id: int) -> bool:
        """Whether what vouches inside holds, and neither sender nor owner has had more than their share."""
        try:
            if job.attempt == 1:
                self._senders.spend(activity.actor_uri)
                self._owners.spend(str(owner_id or activity.actor_uri))
            verified, _ = await vouch(self._services.keys, activity.document)
        except FetchFailed as failure:
            if failure.passing and job.attempt < ATTEMPTS:
                raise Retry(AGAIN_SECONDS * job.attempt, str(failure)) from None
            return False
        except (ProtocolError, TooMany) as reason:
            log.info("not forwarded", activity=activity.uri, reason=str(reason))
            return False
        return verified.actor_uri == activity.actor_uri

    async def _find_inboxes(self, activity: Activity, owner_id: int, cursor: int) -> tuple[list[str], int | None]:
        async with self._services.database.read() as reader:
            if owner_id == NOBODY:
                return await deliveries.list_inboxes_of_object(reader, str(activity.object_uri)), None
            owner = await actors.find(reader, owner_id)
            if owner is None or owner.gone_at is not None or owner.suspended_at is not None:
                return [], None
            page = await follows.list_inboxes(reader, owner_id, after=cursor, limit=PAGE)
        inboxes = choose_inboxes([(one.inbox, one.shared_inbox) for one in page], shared=True)
        return inboxes, page[-1].cursor if len(page) == PAGE else None

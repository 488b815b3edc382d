"""Job `synchronise`: asks a peer which of our people follow one of its people, as it counts others than we (FEP-8fcf).

It must not change anything by a list that is not whole.
"""

from activitypub.errors import ProtocolError
from server.actions.ties.synchronise import settle
from server.jobs.queue import Discard, Job, Retry
from server.remote.collections import fetch_whole
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.people import actors

# The next post that finds us apart asks again anyway.
ATTEMPTS = 3
AGAIN_SECONDS = 300


async def handle(job: Job, services: Services) -> None:
    """Fetch the list, in the name of this instance, and settle by it."""
    async with services.database.read() as reader:
        followed = await actors.find(reader, job.number("actor"))
    if followed is None or followed.local or followed.gone_at is not None or followed.suspended_at is not None:
        return
    asked_at = services.site.clock.now()
    try:
        listed = await fetch_whole(services, str(job.payload["url"]), origin_of_all=followed.uri)
    except FetchFailed as failure:
        if failure.passing and job.attempt < ATTEMPTS:
            raise Retry(AGAIN_SECONDS * job.attempt, str(failure)) from None
        raise Discard(str(failure)) from None
    except ProtocolError as error:
        raise Discard(str(error)) from None
    ours = frozenset(uri for uri in listed if services.site.is_ours(uri))
    async with services.database.write() as tx:
        await settle(tx, services.site, followed, ours, as_of=asked_at)

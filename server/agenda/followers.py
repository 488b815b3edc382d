"""Job `synchronise`: asks a peer which of our people follow one of its people, as it counts others than we (FEP-8fcf).

It must not change anything by a list that is not whole.
"""

from collections.abc import Sequence

import structlog

from activitypub.errors import ProtocolError
from activitypub.vocabulary import host_of
from server.actions.ties.synchronise import compare, settle
from server.jobs.queue import Discard, Job, Retry
from server.remote.collections import WHOLE_PAGES, fetch_whole
from server.remote.frugal import open_purse
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.people import actors
from server.store.people.actors import Actor

# The next post that finds us apart asks again anyway.
ATTEMPTS = 3
AGAIN_SECONDS = 300

log = structlog.get_logger()


async def handle(job: Job, services: Services) -> None:
    """Fetch the list, in the name of this instance, and settle by it."""
    async with services.database.read() as reader:
        followed = await actors.find(reader, job.number("actor"))
    if followed is None or followed.local or followed.gone_at is not None or followed.suspended_at is not None:
        return
    asked_at = services.site.clock.now()
    # Whatever its server does, it is over after two minutes.
    reach = open_purse(services, requests=WHOLE_PAGES, only=host_of(followed.uri))
    try:
        listed = await fetch_whole(reach, str(job.payload["url"]), origin_of_all=followed.uri)
    except FetchFailed as failure:
        if failure.passing and job.attempt < ATTEMPTS:
            raise Retry(AGAIN_SECONDS * job.attempt, str(failure)) from None
        raise Discard(str(failure)) from None
    except ProtocolError as error:
        raise Discard(str(error)) from None
    await _settle(services, followed, [uri for uri in listed if services.site.is_ours(uri)], asked_at)


async def _settle(services: Services, followed: Actor, ours: Sequence[str], asked_at: int) -> None:
    """Part by part: a list may be long. What a killed process left undone shows in the next digest."""
    async with services.database.read() as reader:
        difference = await compare(reader, followed, ours)
    ended = 0
    for part in difference.parts():
        async with services.database.write() as tx:
            ended += await settle(tx, services.site, followed, part, as_of=asked_at)
    log.info("followers settled", actor=followed.uri, listed=len(ours), ended=ended)

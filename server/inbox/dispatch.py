"""The table from activity types to handlers, and the job that runs one. It must not handle any type itself."""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from activitypub.errors import ProtocolError
from server.actions.network.receive import Received, load
from server.inbox import (
    accept,
    announce,
    block,
    create,
    delete,
    emoji_react,
    feature,
    flag,
    follow,
    like,
    move,
    reject,
    request,
    undo,
    update,
)
from server.inbox.ending import Ignored, end
from server.jobs.queue import Job, Retry
from server.problems import Problem
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.database import Reader
from server.store.people import actors

Handler = Callable[[Received, Services], Awaitable[None]]

HANDLERS: Mapping[str, Handler] = {
    "Accept": accept.handle,
    "Add": feature.handle_add,
    "AnnounceRequest": request.handle_reaction,
    "Announce": announce.handle,
    "Block": block.handle,
    "Create": create.handle,
    "Delete": delete.handle,
    "EmojiReact": emoji_react.handle,
    "Flag": flag.handle,
    "Follow": follow.handle,
    "LikeRequest": request.handle_reaction,
    "ReplyRequest": request.handle_reply,
    "Like": like.handle,
    "Move": move.handle,
    "Reject": reject.handle,
    "QuoteRequest": request.handle_quote,
    "Remove": feature.handle_remove,
    "Undo": undo.handle,
    "Update": update.handle,
}
# A peer that is down while we ask it something: 10 s, 40 s, 90 s … and after eight tries it is given up.
FETCH_ATTEMPTS = 8
FETCH_SECONDS = 10

# Whoever is suspended may take back what is theirs, as on Mastodon.
LEAVING = frozenset({"Delete", "Reject", "Undo"})
# Whom its own server suspended says by one of these that it is over.
RETURNING = LEAVING | {"Update"}

log = structlog.get_logger()


async def handle_job(job: Job, services: Services) -> None:
    """Act on one received activity; what it ended as is kept with it."""
    async with services.database.read() as reader:
        received = await load(reader, job.number("received"))
        if received is None:
            return
        barred = await _is_barred(reader, received)
    outcome = "ignored: who sent it is suspended" if barred else await _handle(job, received, services)
    if outcome is None:
        return
    async with services.database.write(durable=False) as tx:
        await end(tx, services.site, received, outcome)


async def _is_barred(reader: Reader, received: Received) -> bool:
    """Whether who sent it was suspended after the door had let it in, or before the door knew; they may still leave."""
    actor = await actors.find_suspended(reader, received.activity.actor)
    if actor is None:
        return False
    return received.activity.type not in (LEAVING if actor.is_barred else RETURNING)


async def _handle(job: Job, received: Received, services: Services) -> str | None:
    """Run the handler; return why it changed nothing, or None when it ended the activity itself."""
    handler = HANDLERS.get(received.activity.type)
    if handler is None:
        return "ignored: a type that we do not act on"
    try:
        await handler(received, services)
    except Ignored as reason:
        return f"ignored: {reason}"
    except ProtocolError as error:
        return f"refused: {error}"
    except Problem as problem:
        return f"refused: {problem}"
    except FetchFailed as failure:
        if not failure.passing or job.attempt >= FETCH_ATTEMPTS:
            return f"ignored: {failure}"
        raise Retry(FETCH_SECONDS * job.attempt**2, str(failure)) from None
    return None

"""Who gets an activity, as inboxes: from its addressing, and for a change or a deletion from where the thing went.

It must not store anything.
"""

from dataclasses import dataclass

import structlog

from activitypub.audience import choose_inboxes
from activitypub.errors import ProtocolError
from activitypub.fields import recipients
from activitypub.reading import Document
from activitypub.vocabulary import PUBLIC
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.network import deliveries, known_inboxes
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows

# Followers looked at in one step: a second's work, small enough that a kill repeats little.
PAGE = 1000
# What somebody is told whom the operator suspended: that it is over. Servers that are suspended are told nothing.
PARTING = frozenset({"Delete", "Reject", "Undo"})
FIELDS = ("to", "bto", "cc", "bcc", "audience")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reached:
    """One step's inboxes. `next_cursor` is where the followers go on; `missed` counts actors not to be had just now."""

    inboxes: list[str]
    next_cursor: int | None
    missed: int


async def find_inboxes(
    services: Services, activity: Activity, author: Actor, document: Document, *, cursor: int
) -> Reached:
    """Find the inboxes of the step at `cursor`: at 0 everybody but the followers, and the first page of these.

    That somebody deleted themselves is for everybody whom we know, in place of the followers: all may have a copy.
    """
    addressed = tuple(dict.fromkeys(uri for field in FIELDS for uri in recipients(document, field)))
    to_followers = author.followers_uri is not None and author.followers_uri in addressed
    pairs: list[tuple[str, str | None]] = []
    missed = 0
    if cursor == 0:
        named, missed = await _find_named(services, activity, author, addressed)
        pairs += named
        pairs += [(inbox, None) for inbox in await _list_earlier(services, activity)]
    next_cursor = None
    farewell = is_farewell(activity)
    if to_followers or farewell:
        async with services.database.read() as reader:
            page = (
                await known_inboxes.list_after(reader, after=cursor, limit=PAGE)
                if farewell
                else await follows.list_inboxes(reader, author.id, after=cursor, limit=PAGE)
            )
        pairs += [(one.inbox, one.shared_inbox) for one in page]
        next_cursor = page[-1].cursor if len(page) == PAGE else None
    shared = to_followers or PUBLIC in addressed
    return Reached(choose_inboxes(pairs, shared=shared), next_cursor, missed)


def is_farewell(activity: Activity) -> bool:
    """Whether somebody says that they are gone for good."""
    return activity.type == "Delete" and activity.object_uri == activity.actor_uri


async def _find_named(
    services: Services, activity: Activity, author: Actor, addressed: tuple[str, ...]
) -> tuple[list[tuple[str, str | None]], int]:
    """The remote actors among the addressed: from the store however old, as only an inbox is wanted."""
    found: list[tuple[str, str | None]] = []
    missed = 0
    for uri in addressed:
        if uri == PUBLIC or services.site.is_ours(uri):
            continue
        async with services.database.read() as reader:
            actor = await actors.find_by_uri(reader, uri)
        try:
            actor = actor or await find_actor(services, uri)
        except FetchFailed as failure:
            missed += failure.passing
            continue
        except ProtocolError as error:
            # Somebody's collection, most often; only its owner knows who is in it.
            log.info("recipient skipped", actor=author.uri, recipient=uri, reason=str(error))
            continue
        if actor.gone_at is None and (actor.suspended_at is None or activity.type in PARTING):
            found.append((actor.inbox, actor.shared_inbox))
    return found, missed


async def _list_earlier(services: Services, activity: Activity) -> list[str]:
    """Whoever got a thing gets its change and its deletion, a follower still or not (statement 147)."""
    if activity.type not in ("Update", "Delete") or activity.object_uri is None:
        return []
    async with services.database.read() as reader:
        return await deliveries.list_inboxes_of_object(reader, activity.object_uri)

"""Stores an activity of ours and has it fanned out. It must not know where it goes; `server.delivery` does."""

from dataclasses import dataclass

import msgspec

from activitypub.activities import Document
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people.actors import Actor


@dataclass(frozen=True, slots=True)
class Reserved:
    """The ids of a post and of its Create, given away before either can be seen."""

    post_id: int
    activity_id: int


def mint(site: Site, author: Actor) -> tuple[int, str]:
    """Return a new activity's id and URI."""
    activity_id = site.ids.new()
    return activity_id, site.activity_uri(author.uri, activity_id)


async def send(
    tx: Transaction,
    site: Site,
    author: Actor,
    activity_id: int,
    document: Document,
    *,
    visibility: str | None = None,
    object_uri: str | None = None,
    held: bool = False,
) -> None:
    """Store `document` as an outgoing activity of `author`, and enqueue its fan-out in the same transaction.

    `visibility` lists it in the outbox; `object_uri` keeps deliveries about one object in order; `held` says that its
    row is there already.
    """
    activity = _activity(site, author, activity_id, document, visibility=visibility, object_uri=object_uri)
    if held:
        await activities.amend(tx, activity)
    else:
        await activities.add(tx, activity)
    await site.queue.enqueue(tx, "fanout", {"activity": activity_id, "cursor": 0}, unique=f"fanout:{activity_id}:0")


async def hold(
    tx: Transaction, site: Site, author: Actor, activity_id: int, document: Document, *, object_uri: str
) -> Activity:
    """Store `document` as an activity of `author` that nobody is told of yet, nor shown."""
    activity = _activity(site, author, activity_id, document, visibility=activities.HIDDEN, object_uri=object_uri)
    await activities.add(tx, activity)
    return activity


def _activity(
    site: Site, author: Actor, activity_id: int, document: Document, *, visibility: str | None, object_uri: str | None
) -> Activity:
    return Activity(
        id=activity_id,
        uri=str(document["id"]),
        outgoing=True,
        type=str(document["type"]),
        actor_uri=author.uri,
        object_uri=object_uri,
        visibility=visibility,
        document=msgspec.json.encode(document),
        created_at=site.clock.now(),
        processed_at=None,
        outcome=None,
    )

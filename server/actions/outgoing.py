"""Stores an activity of ours and has it fanned out. It must not know where it goes; `server.delivery` does."""

import msgspec

from activitypub.activities import Document
from server.site import Site
from server.store import activities
from server.store.actors import Actor
from server.store.database import Transaction


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
) -> None:
    """Store `document` as an outgoing activity of `author`, and enqueue its fan-out in the same transaction.

    `visibility` lists it in the outbox; `object_uri` keeps deliveries about one object in order.
    """
    now = site.clock.now()
    await activities.add(
        tx,
        activities.Activity(
            id=activity_id,
            uri=str(document["id"]),
            outgoing=True,
            type=str(document["type"]),
            actor_uri=author.uri,
            object_uri=object_uri,
            visibility=visibility,
            document=msgspec.json.encode(document),
            created_at=now,
            processed_at=None,
            outcome=None,
        ),
    )
    await site.queue.enqueue(tx, "fanout", {"activity": activity_id, "cursor": 0}, unique=f"fanout:{activity_id}:0")

"""Stores what a peer sent, once, with the job that will act on it. Only a `Verified` gets in, only a `Received` out.

It must not interpret the activity.
"""

from dataclasses import InitVar, dataclass
from typing import Final

from activitypub.reading import Activity, read_activity, read_json
from activitypub.verified import Verified
from activitypub.vocabulary import host_of
from server.site import Site
from server.store.database import Database, Reader
from server.store.network import activities

_SEAL: Final = object()


@dataclass(frozen=True, slots=True)
class Received:
    """A stored activity whose signature held: what every inbox handler takes. Only this module makes one."""

    id: int
    activity: Activity
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse any other maker."""
        if seal is not _SEAL:
            raise TypeError("only a stored activity is Received")

    @property
    def host(self) -> str:
        """The host that sent it."""
        return host_of(self.activity.actor)


async def receive(database: Database, site: Site, verified: Verified, activity: Activity, body: bytes) -> None:
    """Store the activity and its job in the shared commit; returns when both would survive a power cut.

    An id that was received before changes nothing. The caller has checked `authority.check_activity`.
    """
    if verified.actor_uri != activity.actor:
        raise ValueError("an activity is received from its own actor")
    now = site.clock.now()
    activity_id = site.ids.new()
    stored = activities.received(
        id=activity_id,
        uri=activity.id,
        type=activity.type,
        actor_uri=activity.actor,
        object_uri=activity.object_id,
        document=body,
        at=now,
        signed_at=verified.signed_at,
    )
    await database.commit_together([stored, site.queue.follow_up("inbox", activity_id, now=now)])


async def is_played_again(reader: Reader, verified: Verified, activity: Activity) -> bool:
    """Whether somebody repeats what was undone since, or an Undo of what was done anew since (T22).

    Both may come again under their old ids (Takahe re-uses them), then signed later than what ended them.
    """
    at, actor_uri = verified.signed_at, activity.actor
    if at is None:
        return False
    if activity.type == "Undo":
        undone = activity.object_id
        return undone is not None and await activities.was_done_later(
            reader, actor_uri=actor_uri, uri=undone, signed_at=at
        )
    return await activities.was_undone_later(reader, actor_uri=actor_uri, uri=activity.id, signed_at=at)


async def load(reader: Reader, received_id: int) -> Received | None:
    """Load what was received; None when it is not there or was dealt with."""
    row = await activities.find(reader, received_id)
    if row is None or row.outgoing or row.processed_at is not None:
        return None
    return Received(row.id, read_activity(read_json(row.document)), _SEAL)

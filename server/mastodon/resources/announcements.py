"""Announcements of the instance: there are none, and clients want to be told so."""

import msgspec

from server.mastodon.call import Call
from server.mastodon.entities.basics import Entity
from server.mastodon.route import Route


class Announcement(Entity, kw_only=True, frozen=True):
    """A word from who runs the instance."""

    id: str
    content: str
    published_at: str
    updated_at: str


class AnnouncementParams(msgspec.Struct, kw_only=True):
    """Whether those that were dismissed are wanted too."""

    with_dismissed: bool = False


async def list_announcements(call: Call, params: AnnouncementParams) -> list[Announcement]:
    """Return what was announced: nothing."""
    return []


ROUTES = (
    Route(
        "GET",
        "/api/v1/announcements",
        list_announcements,
        None,
        "person",
        AnnouncementParams,
        list[Announcement],
    ),
)

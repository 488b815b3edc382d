"""How far somebody has read, kept for all their clients."""

import msgspec
from msgspec import UNSET, UnsetType

from server.actions.telling.notices import move_marker
from server.ids import iso
from server.mastodon.call import Call
from server.mastodon.entities.notices import Marker, Markers
from server.mastodon.ids import read_id
from server.mastodon.route import Route
from server.store.reading import markers
from server.store.reading.markers import HOME, NOTIFICATIONS
from server.store.reading.markers import Marker as Known


class Asked(msgspec.Struct, kw_only=True):
    """Which timelines."""

    timeline: list[str] = msgspec.field(default_factory=list)


class Place(msgspec.Struct, kw_only=True):
    """The last thing that was read."""

    last_read_id: str


class Places(msgspec.Struct, kw_only=True):
    """How far each timeline was read."""

    home: Place | None = None
    notifications: Place | None = None


async def show_markers(call: Call, asked: Asked) -> Markers:
    """Return the markers of these timelines."""
    async with call.database.read() as reader:
        return _show(await markers.find(reader, call.me.id, asked.timeline))


async def move_markers(call: Call, places: Places) -> Markers:
    """Move markers. Raises Conflict where another client moved one meanwhile: 409, and the client asks again."""
    wanted = {HOME: places.home, NOTIFICATIONS: places.notifications}
    async with call.database.read() as reader:
        known = await markers.find(reader, call.me.id, list(wanted))
    moved = {}
    async with call.database.write() as tx:
        for timeline, place in wanted.items():
            if place is not None:
                last = read_id(place.last_read_id)
                was = known.get(timeline)
                moved[timeline] = await move_marker(tx, call.site, call.me, timeline, last, known=was)
    return _show(moved)


def _show(found: dict[str, Known]) -> Markers:
    return Markers(home=_entity(found.get(HOME)), notifications=_entity(found.get(NOTIFICATIONS)))


def _entity(known: Known | None) -> Marker | UnsetType:
    if known is None:
        return UNSET
    return Marker(last_read_id=str(known.last_read_id), version=known.version, updated_at=iso(known.updated_at))


ROUTES = (
    Route("GET", "/api/v1/markers", show_markers, "read:statuses", "person", Asked, gives=Markers),
    Route("POST", "/api/v1/markers", move_markers, "write:statuses", "person", Places, gives=Markers),
)

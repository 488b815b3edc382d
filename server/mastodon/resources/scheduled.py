"""Posts of later: what waits, another time for it, and giving it up."""

import msgspec

from server.actions.writing.schedule import cancel_scheduled, find_scheduled, move_scheduled, read_scheduled
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.posts import ScheduledStatus
from server.mastodon.ids import Paging, read_span
from server.mastodon.post_params import read_time
from server.mastodon.route import Empty, Route
from server.mastodon.showing.scheduled import show_scheduled
from server.problems import Invalid
from server.store.writing import scheduled


class MoveParams(msgspec.Struct, kw_only=True):
    """The new time."""

    scheduled_at: str | None = None


async def list_waiting(call: Call, params: Paging) -> Page:
    """Return my posts of later."""
    span = read_span(params)
    async with call.database.read() as reader:
        rows = await scheduled.list_of_actor(reader, call.me.id, span.stretch)
        shown = await show_scheduled(reader, call.site, [read_scheduled(row) for row in rows])
    return page_of(shown, [row.id for row in rows], full=len(rows) == span.limit)


async def show(call: Call, scheduled_id: int) -> ScheduledStatus:
    """Return one of them."""
    async with call.database.read() as reader:
        later = await find_scheduled(reader, call.me, scheduled_id)
        return (await show_scheduled(reader, call.site, [later]))[0]


async def move(call: Call, params: MoveParams, scheduled_id: int) -> ScheduledStatus:
    """Give one of them another time."""
    if not params.scheduled_at:
        raise Invalid("Validation failed: Scheduled at can't be blank", field="scheduled_at")
    due_at = read_time(params.scheduled_at)
    async with call.database.write() as tx:
        later = await find_scheduled(tx, call.me, scheduled_id)
        moved = await move_scheduled(tx, call.site, call.me, later, due_at)
        return (await show_scheduled(tx, call.site, [moved]))[0]


async def cancel(call: Call, scheduled_id: int) -> Empty:
    """Give one of them up."""
    async with call.database.write() as tx:
        await cancel_scheduled(tx, await find_scheduled(tx, call.me, scheduled_id))
    return Empty()


_ALL, _ONE = "/api/v1/scheduled_statuses", "/api/v1/scheduled_statuses/<id:scheduled_id>"
ROUTES = (
    Route("GET", _ALL, list_waiting, "read:statuses", "person", Paging, list[ScheduledStatus]),
    Route("GET", _ONE, show, "read:statuses", "person", gives=ScheduledStatus),
    Route("PUT", _ONE, move, "write:statuses", "person", MoveParams, ScheduledStatus),
    Route("DELETE", _ONE, cancel, "write:statuses", "person"),
)

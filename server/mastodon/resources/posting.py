"""Writing posts: making, changing and deleting them, and what one of them said before."""

import msgspec

from server.actions.painting.promise import find_promised, take_back
from server.actions.writing.edit import edit_post
from server.actions.writing.origin import find_words
from server.actions.writing.react import take_back as take_back_boost
from server.actions.writing.remove import remove_post
from server.actions.writing.schedule import read_scheduled, schedule_post
from server.actions.writing.write_post import Writing, write_post
from server.mastodon.call import Call
from server.mastodon.edit_params import EditParams, read_change
from server.mastodon.entities.basics import Status
from server.mastodon.entities.posts import ScheduledStatus, StatusEdit, StatusSource
from server.mastodon.found import Found, find_post
from server.mastodon.ids import NOT_FOUND
from server.mastodon.named import look_up
from server.mastodon.post_params import StatusParams, read_key, read_time, read_writing
from server.mastodon.route import Route
from server.mastodon.showing.edits import show_edits
from server.mastodon.showing.scheduled import show_scheduled
from server.mastodon.showing.statuses import show_status
from server.problems import Forbidden, NotFound
from server.store.clients import idempotency
from server.store.database import Reader, Transaction
from server.store.people import preferences
from server.store.reading.reactions import ANNOUNCE
from server.store.writing import posts, promises, scheduled
from server.store.writing.posts import Post

NOT_YOURS = "This action is not allowed"


class DeleteParams(msgspec.Struct, kw_only=True):
    """How a post is deleted: without `delete_media` its pictures can be posted again within a day."""

    delete_media: bool = False


async def create(call: Call, params: StatusParams) -> Status | ScheduledStatus:
    """Publish a post, or keep it for later. The same `Idempotency-Key` within a day makes one post."""
    key = read_key(call.request.headers.get("Idempotency-Key"))
    async with call.database.read() as reader:
        known = await _find_made(reader, call, key)
        chosen = await preferences.find(reader, call.me.id)
    if known is not None:
        return known
    writing = read_writing(params, chosen, call.site.config)
    due_at = read_time(params.scheduled_at) if params.scheduled_at else None
    if due_at is not None and due_at > call.site.clock.now():
        return await _schedule(call, writing, due_at, key)
    people = await look_up(call, writing.text)
    async with call.database.write() as tx:
        known = await _find_made(tx, call, key)
        if known is not None:
            return known
        post = await write_post(tx, call.site, call.me, writing, people=people)
        await _remember(tx, call, key, post.id)
    return await _show(call, post)


async def change(call: Call, params: EditParams, post_id: int) -> Status:
    """Change a post of mine; what is not sent stays."""
    people = await look_up(call, params.status or "")
    async with call.database.write() as tx:
        post = (await _find_mine(tx, call, post_id)).post
        changed = await edit_post(tx, call.site, call.me, post, read_change(params, post, people))
    return await _show(call, changed)


async def delete(call: Call, params: DeleteParams, post_id: int) -> Status:
    """Delete a post of mine, or take a boost back, and return it once more with what was typed."""
    async with call.database.write() as tx:
        promise = await promises.find(tx, post_id)
        if promise is not None and promise.actor_id == call.me.id:
            shown = await _show_in(tx, call, await find_promised(tx, call.site, call.me, post_id))
            await take_back(tx, call.site, promise)
            return msgspec.structs.replace(shown, text=promise.words)
        found = await find_post(tx, post_id, call.me)
        if found.boost is not None and found.boost.actor_id == call.me.id:
            await take_back_boost(tx, call.site, ANNOUNCE, call.me, found.post)
            return await _show_in(tx, call, found.post)
        if found.author.id != call.me.id:
            raise NotFound(NOT_FOUND)
        shown = await _show_in(tx, call, found.post)
        words = await find_words(tx, call.site, found.post)
        await remove_post(tx, call.site, call.me, found.post, keep_pictures=not params.delete_media)
    return msgspec.structs.replace(shown, text=words)


async def show_source(call: Call, post_id: int) -> StatusSource:
    """Return what I typed."""
    async with call.database.read() as reader:
        post = (await _find_mine(reader, call, post_id)).post
        words = await find_words(reader, call.site, post)
    return StatusSource(id=str(post.id), text=words, spoiler_text=post.summary or "")


async def show_history(call: Call, post_id: int) -> list[StatusEdit]:
    """Return what a post said at each time, oldest first."""
    async with call.database.read() as reader:
        found = await find_post(reader, post_id, call.viewer)
        return await show_edits(reader, call.site, found.post, found.author, call.viewer)


async def _schedule(call: Call, writing: Writing, due_at: int, key: str | None) -> ScheduledStatus:
    async with call.database.write() as tx:
        later = await schedule_post(tx, call.site, call.me, writing, due_at)
        await _remember(tx, call, key, later.row.id)
        return (await show_scheduled(tx, call.site, [later]))[0]


async def _remember(tx: Transaction, call: Call, key: str | None, made_id: int) -> None:
    if key is not None:
        await idempotency.put(tx, call.me.id, key, made_id=made_id, at=call.site.clock.now())


async def _find_made(reader: Reader, call: Call, key: str | None) -> Status | ScheduledStatus | None:
    """Return what the same request made before."""
    since = call.site.clock.now() - idempotency.KEPT
    made_id = await idempotency.find(reader, call.me.id, key, since=since) if key else None
    if made_id is None:
        return None
    row = await scheduled.find(reader, made_id)
    if row is not None:
        return (await show_scheduled(reader, call.site, [read_scheduled(row)]))[0]
    post = await posts.find(reader, made_id) or await find_promised(reader, call.site, call.me, made_id)
    return await show_status(reader, call.site, post, call.me) if post is not None else None


async def _find_mine(reader: Reader, call: Call, post_id: int) -> Found:
    """Return a post of mine.

    Raises:
        NotFound: it is not there, or I may not see it.
        Forbidden: it is somebody else's.
    """
    found = await find_post(reader, post_id, call.me)
    if found.author.id != call.me.id:
        raise Forbidden(NOT_YOURS)
    return found


async def _show(call: Call, post: Post) -> Status:
    async with call.database.read() as reader:
        return await _show_in(reader, call, post)


async def _show_in(reader: Reader, call: Call, post: Post | None) -> Status:
    shown = await show_status(reader, call.site, post, call.me) if post is not None else None
    if shown is None:
        raise NotFound(NOT_FOUND)
    return shown


_ALL, _POST = "/api/v1/statuses", "/api/v1/statuses/<id:post_id>"
_READ, _WRITE = "read:statuses", "write:statuses"
ROUTES = (
    Route("POST", _ALL, create, _WRITE, "person", StatusParams, Status | ScheduledStatus),
    Route("PUT", _POST, change, _WRITE, "person", EditParams, Status),
    Route("DELETE", _POST, delete, _WRITE, "person", DeleteParams, Status, brake="delete"),
    Route("GET", f"{_POST}/source", show_source, _READ, "person", gives=StatusSource),
    Route("GET", f"{_POST}/history", show_history, _READ, "anyone", gives=list[StatusEdit]),
)

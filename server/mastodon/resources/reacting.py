"""What one does with a post: liking, boosting, keeping, pinning it, and hearing no more of its conversation."""

import contextlib
from collections.abc import AsyncIterator

import msgspec

from activitypub.audience import Visibility
from server.actions.writing import react
from server.actions.writing.keep import bookmark, mute_thread, unbookmark, unmute_thread
from server.actions.writing.pin import pin, unpin
from server.mastodon.call import Call
from server.mastodon.entities.basics import Status
from server.mastodon.found import find_post
from server.mastodon.ids import NOT_FOUND
from server.mastodon.route import Route
from server.mastodon.showing.statuses import show_reblogs, show_status
from server.mastodon.words import read_visibility
from server.problems import Invalid, NotFound
from server.store.database import Transaction
from server.store.reading import reactions
from server.store.reading.reactions import ANNOUNCE, LIKE
from server.store.writing.posts import Post


class BoostParams(msgspec.Struct, kw_only=True):
    """Who is told of a boost."""

    visibility: str | None = None


async def favourite(call: Call, post_id: int) -> Status:
    """Like a post."""
    async with _acting(call, post_id) as (tx, post):
        await react.like(tx, call.site, call.me, post)
    return await _show(call, post)


async def unfavourite(call: Call, post_id: int) -> Status:
    """Take a like back."""
    async with _acting(call, post_id) as (tx, post):
        await react.take_back(tx, call.site, LIKE, call.me, post)
    return await _show(call, post)


async def reblog(call: Call, params: BoostParams, post_id: int) -> Status:
    """Boost a post, and return the boost."""
    visibility = read_visibility(params.visibility) if params.visibility else Visibility.PUBLIC
    if visibility is Visibility.DIRECT:
        raise Invalid("Visibility is not included in the list", field="visibility")
    async with _acting(call, post_id) as (tx, post):
        await react.announce(tx, call.site, call.me, post, visibility=visibility)
    async with call.database.read() as reader:
        post = (await find_post(reader, post.id, call.me)).post
        boost = await reactions.find(reader, kind=ANNOUNCE, actor_id=call.me.id, post_id=post.id)
        shown = await show_reblogs(reader, call.site, [(boost, post)], call.me) if boost is not None else []
    if not shown:
        raise NotFound(NOT_FOUND)
    return shown[0]


async def unreblog(call: Call, post_id: int) -> Status:
    """Take a boost back, and return what was boosted."""
    async with _acting(call, post_id) as (tx, post):
        await react.take_back(tx, call.site, ANNOUNCE, call.me, post)
    return await _show(call, post)


async def keep(call: Call, post_id: int) -> Status:
    """Bookmark a post."""
    async with _acting(call, post_id) as (tx, post):
        await bookmark(tx, call.site, call.me, post)
    return await _show(call, post)


async def unkeep(call: Call, post_id: int) -> Status:
    """Take a bookmark out."""
    async with _acting(call, post_id) as (tx, post):
        await unbookmark(tx, call.me, post)
    return await _show(call, post)


async def pin_post(call: Call, post_id: int) -> Status:
    """Show a post of mine at the head of my page."""
    async with _acting(call, post_id) as (tx, post):
        await pin(tx, call.site, call.me, post)
    return await _show(call, post)


async def unpin_post(call: Call, post_id: int) -> Status:
    """Take it from there."""
    async with _acting(call, post_id) as (tx, post):
        await unpin(tx, call.site, call.me, post)
    return await _show(call, post)


async def mute(call: Call, post_id: int) -> Status:
    """Hear no more of a conversation."""
    async with _acting(call, post_id) as (tx, post):
        await mute_thread(tx, call.site, call.me, post)
    return await _show(call, post)


async def unmute(call: Call, post_id: int) -> Status:
    """Hear of it again."""
    async with _acting(call, post_id) as (tx, post):
        await unmute_thread(tx, call.me, post)
    return await _show(call, post)


@contextlib.asynccontextmanager
async def _acting(call: Call, post_id: int) -> AsyncIterator[tuple[Transaction, Post]]:
    """A transaction, and the post that something is done with in it."""
    async with call.database.write() as tx:
        yield tx, (await find_post(tx, post_id, call.me)).post


async def _show(call: Call, post: Post) -> Status:
    """Return a post as it is after what was done; gathering that keeps no writer waiting."""
    async with call.database.read() as reader:
        fresh = (await find_post(reader, post.id, call.me)).post
        shown = await show_status(reader, call.site, fresh, call.me)
    if shown is None:
        raise NotFound(NOT_FOUND)
    return shown


_POST = "/api/v1/statuses/<id:post_id>"
ROUTES = (
    Route("POST", f"{_POST}/favourite", favourite, "write:favourites", "person", gives=Status),
    Route("POST", f"{_POST}/unfavourite", unfavourite, "write:favourites", "person", gives=Status),
    Route("POST", f"{_POST}/reblog", reblog, "write:statuses", "person", BoostParams, Status),
    Route("POST", f"{_POST}/unreblog", unreblog, "write:statuses", "person", gives=Status),
    Route("POST", f"{_POST}/bookmark", keep, "write:bookmarks", "person", gives=Status),
    Route("POST", f"{_POST}/unbookmark", unkeep, "write:bookmarks", "person", gives=Status),
    Route("POST", f"{_POST}/pin", pin_post, "write:accounts", "person", gives=Status),
    Route("POST", f"{_POST}/unpin", unpin_post, "write:accounts", "person", gives=Status),
    Route("POST", f"{_POST}/mute", mute, "write:mutes", "person", gives=Status),
    Route("POST", f"{_POST}/unmute", unmute, "write:mutes", "person", gives=Status),
)

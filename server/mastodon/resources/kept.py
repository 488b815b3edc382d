"""The posts that one likes, and those that one keeps."""

from collections.abc import Sequence

from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Status
from server.mastodon.ids import Paging, Span, read_span
from server.mastodon.route import Route
from server.mastodon.showing.statuses import show_statuses
from server.store.database import Reader
from server.store.reading import bookmarks, reactions
from server.store.writing.posts import Post


async def list_favourites(call: Call, params: Paging) -> Page:
    """Return what I like, the newest like first."""
    span = read_span(params)
    async with call.database.read() as reader:
        found = await reactions.list_liked(reader, call.me.id, span.stretch)
        return await _page(reader, call, found, span)


async def list_bookmarks(call: Call, params: Paging) -> Page:
    """Return what I keep, what I kept last first."""
    span = read_span(params)
    async with call.database.read() as reader:
        found = await bookmarks.list_of_actor(reader, call.me.id, span.stretch)
        return await _page(reader, call, found, span)


async def _page(reader: Reader, call: Call, found: Sequence[tuple[int, Post]], span: Span) -> Page:
    shown = await show_statuses(reader, call.site, [post for _, post in found], call.me)
    return page_of(shown, [cursor for cursor, _ in found], full=len(found) == span.limit)


ROUTES = (
    Route("GET", "/api/v1/favourites", list_favourites, "read:favourites", "person", Paging, list[Status]),
    Route("GET", "/api/v1/bookmarks", list_bookmarks, "read:bookmarks", "person", Paging, list[Status]),
)

"""The gallery of this instance, the home feed and the pages of hashtags."""

from collections.abc import Awaitable, Callable, Sequence

from quart import Response

from server.problems import NotFound
from server.store import accounts, posts, timelines
from server.store.actors import Actor
from server.store.database import Reader
from server.store.posts import Post
from server.store.timelines import NEWEST
from server.web.cards import Card, gather, only_seen
from server.web.visit import Route, Visit

PAGE = 24


async def show_gallery(visit: Visit) -> Response:
    """Show our people's public pictures, newest first."""
    cards, older = await _read(visit, lambda reader, before: timelines.read_local(reader, before=before, limit=PAGE))
    people, pictures = 0, 0
    if visit.person is None:
        async with visit.web.services.database.read() as reader:
            people, pictures = await accounts.count(reader), await posts.count_local(reader)
    return await visit.page("gallery.html", {"cards": cards, "older": older, "people": people, "pictures": pictures})


async def show_home(visit: Visit) -> Response:
    """Show what those whom I follow have posted, and my own."""
    me = visit.me.actor

    async def read(reader: Reader, before: int) -> Sequence[Post]:
        return await timelines.read_home(reader, me.id, before=before, limit=PAGE)

    cards, older = await _read(visit, read, viewer=me)
    return await visit.page("home.html", {"cards": cards, "older": older})


async def show_tag(visit: Visit, name: str) -> Response:
    """Show the public posts under a hashtag."""
    if not name or len(name) > 100:
        raise NotFound("There is no such hashtag.")
    cards, older = await _read(
        visit, lambda reader, before: timelines.read_tag(reader, name, before=before, limit=PAGE)
    )
    return await visit.page("tag.html", {"name": name, "cards": cards, "older": older, "noindex": True})


async def _read(
    visit: Visit, read: Callable[[Reader, int], Awaitable[Sequence[Post]]], *, viewer: Actor | None = None
) -> tuple[list[Card], int | None]:
    """Return a page's cards, and the cursor of the next page if there is one."""
    async with visit.web.services.database.read() as reader:
        found = await read(reader, visit.before() or NEWEST)
        older = found[-1].id if len(found) == PAGE else None
        seen = await only_seen(reader, found, viewer) if viewer else list(found)
        return await gather(reader, visit.site, seen, visit.viewer_id), older


ROUTES = (
    Route("GET", "/", show_gallery, "anyone"),
    Route("GET", "/home", show_home, "person"),
    Route("GET", "/tags/<name>", show_tag, "anyone"),
)

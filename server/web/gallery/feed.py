"""The gallery of this instance, the home feed and the pages of hashtags."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from quart import Response

from server.problems import NotFound
from server.store.database import Reader
from server.store.paging import NEWEST, Stretch
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.reading import timelines
from server.store.reading.timelines import Entry, TagFilter
from server.store.writing import posts
from server.store.writing.posts import Post
from server.web.gallery.cards import Card, gather, only_seen
from server.web.visit import Route, Visit

PAGE = 24


async def show_gallery(visit: Visit) -> Response:
    """Show our people's public pictures, newest first."""
    cards, older = await _read(visit, lambda reader, page: timelines.read_public(reader, page, where="local"))
    people, pictures = 0, 0
    if visit.person is None:
        async with visit.web.services.database.read() as reader:
            people, pictures = await accounts.count(reader), await posts.count_local(reader)
    return await visit.page("gallery.html", {"cards": cards, "older": older, "people": people, "pictures": pictures})


async def show_home(visit: Visit) -> Response:
    """Show what those whom I follow have posted and boosted, and my own."""
    me, now = visit.me.actor, visit.site.clock.now()
    async with visit.web.services.database.read() as reader:
        found = await timelines.read_home(reader, me.id, _page(visit), now=now)
        cards = await _gather_entries(reader, visit, found, me)
    older = found[-1].id if len(found) == PAGE else None
    return await visit.page("home.html", {"cards": cards, "older": older})


async def _gather_entries(reader: Reader, visit: Visit, found: Sequence[Entry], me: Actor) -> list[Card]:
    """Return the cards of a feed in its order, with who boosted them."""
    shown = {entry.post.id: entry.post for entry in found}
    cards = await gather(reader, visit.site, await only_seen(reader, shown.values(), me), me.id)
    of_post = {card.post.id: card for card in cards}
    boosters = await actors.find_many(reader, [entry.boost.actor_id for entry in found if entry.boost])
    return [
        replace(of_post[entry.post.id], booster=boosters.get(entry.boost.actor_id) if entry.boost else None)
        for entry in found
        if entry.post.id in of_post
    ]


async def show_tag(visit: Visit, name: str) -> Response:
    """Show the public posts under a hashtag."""
    if not name or len(name) > 100:
        raise NotFound("There is no such hashtag.")
    cards, older = await _read(visit, lambda reader, page: timelines.read_tag(reader, TagFilter((name,)), page))
    return await visit.page("tag.html", {"name": name, "cards": cards, "older": older, "noindex": True})


async def _read(
    visit: Visit, read: Callable[[Reader, Stretch], Awaitable[Sequence[Post]]]
) -> tuple[list[Card], int | None]:
    """Return a page's cards, and the cursor of the next page if there is one."""
    async with visit.web.services.database.read() as reader:
        found = await read(reader, _page(visit))
        older = found[-1].id if len(found) == PAGE else None
        return await gather(reader, visit.site, found, visit.viewer_id), older


def _page(visit: Visit) -> Stretch:
    return Stretch(before=visit.before() or NEWEST, limit=PAGE)


ROUTES = (
    Route("GET", "/", show_gallery, "anyone"),
    Route("GET", "/home", show_home, "person"),
    Route("GET", "/tags/<name>", show_tag, "anyone"),
)

"""The page of somebody: ours, or a peer's as far as we know them."""

from dataclasses import dataclass, replace

from quart import Response

from server.actions.network.look_up import ask_recent, is_recent_due
from server.problems import NotFound
from server.site import Site
from server.store.database import Reader
from server.store.paging import NEWEST, Stretch
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import showing, timelines
from server.store.ties import follows, mutes
from server.store.ties.follows import Follow
from server.store.writing import pins, tags
from server.web.gallery.cards import Card, gather, only_seen, profile_path
from server.web.visit import Route, Visit

PAGE = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """How the viewer and the person on the page stand to each other, and how many follow whom."""

    followers: int
    following: int
    mine: Follow | None
    theirs: Follow | None
    blocked: bool = False
    muted: bool = False


async def find_shown(reader: Reader, site: Site, handle: str) -> Actor:
    """Find whom `name` or `name@host` means.

    Raises:
        NotFound: nobody we know, or somebody whose account is closed.
    """
    name, _, host = handle.partition("@")
    found = await actors.find_by_handle(reader, name, host or site.domain)
    if found is None or found.gone_at is not None or found.suspended_at is not None or found.type == "Application":
        raise NotFound("Nobody here has that name.")
    return found


async def show_profile(visit: Visit, handle: str) -> Response:
    """Show somebody and their pictures."""
    async with visit.web.services.database.read() as reader:
        shown = await find_shown(reader, visit.site, handle)
        if f"/@{handle}" != profile_path(shown):
            return visit.go(profile_path(shown))
        viewer = visit.person.actor if visit.person else None
        standing = await _standing(reader, visit.site, shown, viewer)
        featured = await tags.list_featured(reader, shown.id)
        new_place = await actors.find_by_uri(reader, shown.moved_to) if shown.moved_to else None
        found = await timelines.read_own_profile(reader, shown.id, Stretch(visit.before() or NEWEST, limit=PAGE))
        older = found[-1].id if len(found) == PAGE else None
        cards = await gather(reader, visit.site, await only_seen(reader, found, viewer), visit.viewer_id)
        pinned = [] if visit.before() else await _pinned(reader, visit, shown, viewer)
        first = {card.post.id for card in pinned}
        # Strangers make us ask nobody.
        due = viewer is not None and await is_recent_due(reader, visit.site, shown)
    if due:
        async with visit.web.services.database.write(durable=False) as tx:
            await ask_recent(tx, visit.site, shown)
    return await visit.page(
        "profile.html",
        {
            "tags": featured,
            "shown": shown,
            "standing": standing,
            "new_place": new_place if new_place is not None and new_place.suspended_at is None else None,
            "cards": [*pinned, *(card for card in cards if card.post.id not in first)],
            "older": older,
            "noindex": not shown.indexable or not shown.local,
        },
    )


async def _pinned(reader: Reader, visit: Visit, shown: Actor, viewer: Actor | None) -> list[Card]:
    """What somebody wants to be seen first, as far as the viewer may see it."""
    seen = await only_seen(reader, await pins.list_of_actor(reader, shown.id, limit=PAGE), viewer)
    return [replace(card, pinned=True) for card in await gather(reader, visit.site, seen, visit.viewer_id)]


async def _standing(reader: Reader, site: Site, shown: Actor, viewer: Actor | None) -> Standing:
    counts = (await showing.count_of_actors(reader, [shown.id]))[shown.id]
    followers, following = counts.followers, counts.following
    if viewer is None or viewer.id == shown.id:
        return Standing(followers, following, mine=None, theirs=None)
    return Standing(
        followers,
        following,
        mine=await follows.find(reader, viewer.id, shown.id),
        theirs=await follows.find(reader, shown.id, viewer.id),
        blocked=await follows.is_blocked(reader, by=viewer.id, actor_id=shown.id),
        muted=await mutes.find(reader, viewer.id, shown.id, now=site.clock.now()) is not None,
    )


ROUTES = (Route("GET", "/@<handle>", show_profile, "anyone"),)

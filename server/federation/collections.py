"""Shows the collections of our actors: outbox, followers, following, featured, liked. Only what anybody may see."""

from collections.abc import Awaitable, Callable

from quart import Response

from activitypub.activities import without_context
from activitypub.collection import build_collection
from activitypub.context import Context, note_context
from activitypub.provenance import CONTEXT_TERMS
from activitypub.vocabulary import AS2
from server.federation import respond
from server.federation.activities import current_document
from server.federation.finding import ABSENT, find_person
from server.federation.paging import ACTIVITIES_PER_PAGE, ADDRESSES_PER_PAGE, FIRST, Entry, lay_out, read_cursor
from server.problems import NotFound
from server.services import Services
from server.site import Site
from server.store import activities, follows, reactions, tags
from server.store.actors import Actor
from server.store.database import Reader

# The activities of an outbox page share one context.
_OUTBOX_CONTEXT = note_context(CONTEXT_TERMS)
_HASHTAG_CONTEXT: Context = [AS2, {"Hashtag": "as:Hashtag"}]

_Count = Callable[[Reader, int], Awaitable[int]]
_List = Callable[..., Awaitable[list[tuple[int, Actor]]]]


async def show_outbox(services: Services, name: str) -> Response:
    """Answer with what somebody published, newest first."""
    cursor = read_cursor()
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
        uri = f"{actor.uri}/outbox"
        if cursor is None:
            total = await activities.count_outbox(reader, actor.uri)
            return respond.document(build_collection(uri, total=total, first=uri + FIRST))
        entries = await _list_outbox(reader, services.site, actor, cursor)
    return respond.document(lay_out(uri, entries, ACTIVITIES_PER_PAGE, context=_OUTBOX_CONTEXT))


async def show_followers(services: Services, name: str) -> Response:
    """Answer with who follows somebody."""
    return await _show_people(services, name, "followers", follows.count_followers, follows.list_followers)


async def show_following(services: Services, name: str) -> Response:
    """Answer with whom somebody follows."""
    return await _show_people(services, name, "following", follows.count_following, follows.list_following)


async def show_liked(services: Services, name: str) -> Response:
    """Answer with how much somebody likes. What it is they told its authors, not the world."""
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
        total = await reactions.count_liked(reader, actor.id)
    return respond.document(build_collection(f"{actor.uri}/liked", total=total))


async def show_featured(services: Services, name: str) -> Response:
    """Answer with the posts that somebody pinned: none, as nothing can be pinned yet."""
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
    return respond.document(build_collection(f"{actor.uri}/featured", total=0, items=()))


async def show_featured_tags(services: Services, name: str) -> Response:
    """Answer with the hashtags on somebody's profile."""
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
        shown = await tags.list_featured(reader, actor.id)
    items = [{"type": "Hashtag", "href": services.site.hashtag_url(one.name), "name": f"#{one.name}"} for one in shown]
    uri = f"{actor.uri}/featured_tags"
    return respond.document(
        build_collection(uri, total=len(items), items=items, ordered=False, context=_HASHTAG_CONTEXT)
    )


async def show_instance_outbox(services: Services) -> Response:
    """Answer for the instance's own actor, which publishes nothing."""
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.instance_uri)
    return respond.document(build_collection(f"{actor.uri}/outbox", total=0, items=()))


async def _list_outbox(reader: Reader, site: Site, actor: Actor, before: int) -> list[Entry]:
    listed = await activities.list_outbox(reader, actor.uri, before=before, limit=ACTIVITIES_PER_PAGE + 1)
    entries: list[Entry] = []
    for activity in listed:
        document = await current_document(reader, site, actor, activity)
        entries.append((activity.id, None if document is None else without_context(document)))
    return entries


async def _show_people(services: Services, name: str, kind: str, count: _Count, list_people: _List) -> Response:
    cursor = read_cursor()
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
        uri = f"{actor.uri}/{kind}"
        if cursor is None:
            total = await count(reader, actor.id)
            # Mastodon takes a missing `first` for a list that its owner hides.
            first = None if actor.hides_collections else uri + FIRST
            return respond.document(build_collection(uri, total=total, first=first))
        if actor.hides_collections:
            raise NotFound(ABSENT)
        people = await list_people(reader, actor.id, before=cursor, limit=ADDRESSES_PER_PAGE + 1)
    return respond.document(lay_out(uri, [(place, one.uri) for place, one in people], ADDRESSES_PER_PAGE))

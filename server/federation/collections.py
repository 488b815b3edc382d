"""Shows the collections of our actors but inbox and outbox. It must not show more than who asks may see."""

from collections.abc import Awaitable, Callable

from quart import Response

from activitypub.activities import without_context
from activitypub.audience import Visibility, is_open
from activitypub.collection import build_collection
from activitypub.context import Context
from activitypub.hashtags import build_hashtag
from activitypub.vocabulary import AS2
from server.actions.network.represent import represent_post
from server.actions.network.represent_collection import represent_collection
from server.actions.writing.see import may_see_collection
from server.federation import respond
from server.federation.finding import ABSENT, Gone, find_person
from server.federation.inboxes import CONTEXT, VARY
from server.federation.paging import (
    ADDRESSES_PER_PAGE,
    FIRST,
    LAST,
    Entry,
    Span,
    lay_out,
    lay_out_span,
    read_cursor,
    read_span,
)
from server.federation.signed_get import find_viewer
from server.problems import NotFound
from server.services import Services
from server.store.database import Reader
from server.store.paging import Stretch
from server.store.people.actors import Actor
from server.store.reading import reactions
from server.store.ties import follows
from server.store.writing import collections, pins, tags
from server.store.writing.collections import Collection

_HASHTAG_CONTEXT: Context = [AS2, {"Hashtag": "as:Hashtag"}]

_Count = Callable[[Reader, int], Awaitable[int]]
_List = Callable[..., Awaitable[list[tuple[int, Actor]]]]


async def show_followers(services: Services, name: str) -> Response:
    """Answer with who follows somebody."""
    return await _show_people(services, name, "followers", follows.count_followers, follows.list_followers)


async def show_following(services: Services, name: str) -> Response:
    """Answer with whom somebody follows."""
    return await _show_people(services, name, "following", follows.count_following, follows.list_following)


async def show_liked(services: Services, name: str) -> Response:
    """Answer with how much somebody likes, and to themselves what it is: others were not told, but for its authors."""
    cursor = read_cursor()
    viewer = await find_viewer(services)
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
        own = viewer is not None and viewer.id == actor.id
        uri = f"{actor.uri}/liked"
        if cursor is None or not own:
            total = await reactions.count_liked(reader, actor.id)
            root = build_collection(uri, total=total, first=uri + FIRST if own else None)
            return respond.document(root, open=not own, vary=VARY)
        stretch = Stretch(before=cursor, limit=ADDRESSES_PER_PAGE + 1)
        liked = await reactions.list_liked(reader, actor.id, stretch)
    page = lay_out(uri, [(place, post.uri) for place, post in liked], ADDRESSES_PER_PAGE)
    return respond.document(page, open=False, vary=VARY)


async def show_featured(services: Services, name: str) -> Response:
    """Answer with the posts that somebody pinned, as far as anybody may see them."""
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
        pinned = [post for post in await pins.list_of_actor(reader, actor.id) if is_open(Visibility(post.visibility))]
        notes = [without_context(await represent_post(reader, services.site, actor, post)) for post in pinned]
    uri = f"{actor.uri}/featured"
    return respond.document(build_collection(uri, total=len(notes), items=notes, context=CONTEXT))


async def show_featured_tags(services: Services, name: str) -> Response:
    """Answer with the hashtags on somebody's profile."""
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.actor_uri(name.lower()))
        shown = await tags.list_featured(reader, actor.id)
    items = [build_hashtag(one.name, services.site.hashtag_url(one.name)) for one in shown]
    uri = f"{actor.uri}/featured_tags"
    return respond.document(
        build_collection(uri, total=len(items), items=items, ordered=False, context=_HASHTAG_CONTEXT)
    )


async def show_custom(services: Services, name: str, collection_id: int) -> Response:
    """Answer with a collection that somebody keeps, to those for whom it is."""
    span = read_span()
    async with services.database.read() as reader:
        owner = await find_person(reader, services.site.actor_uri(name.lower()))
        found = await collections.find(reader, collection_id)
        if found is None or found.actor_id != owner.id:
            raise NotFound(ABSENT)
        open = await may_see_collection(reader, found, owner, None)
    viewer = None if open else await find_viewer(services)
    async with services.database.read() as reader:
        if not (open or await may_see_collection(reader, found, owner, viewer)):
            raise NotFound(ABSENT)
        if found.deleted_at is not None:
            raise Gone(represent_collection(owner, found, total=0))
        if span is None:
            total = await collections.count_items(reader, found.id)
            last = found.uri + LAST
            return respond.document(represent_collection(owner, found, total=total, last=last), open=open)
        entries = await _list_custom(reader, found, span)
    page = lay_out_span(found.uri, span, entries, ADDRESSES_PER_PAGE, ordered=found.ordered)
    return respond.document(page, open=open)


async def _list_custom(reader: Reader, collection: Collection, span: Span) -> list[Entry]:
    limit = ADDRESSES_PER_PAGE + 1
    if span.after is None:
        return list(await collections.list_items(reader, collection.id, before=span.before, limit=limit))
    return list(await collections.list_items_after(reader, collection.id, after=span.after, limit=limit))


async def show_instance_outbox(services: Services) -> Response:
    """Answer for the instance's own actor, which publishes nothing."""
    async with services.database.read() as reader:
        actor = await find_person(reader, services.site.instance_uri)
    return respond.document(build_collection(f"{actor.uri}/outbox", total=0, items=()))


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

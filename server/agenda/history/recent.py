"""Job `recent`: looks up what a peer's actor posted lately and pinned, so that their profile and feeds are not empty.

It must not look at what they boosted, nor at anybody else's posts.
"""

from activitypub.authority import believable_object, check_document, check_note
from activitypub.collection_walk import Item
from activitypub.errors import ProtocolError
from activitypub.hashtags import read_hashtags
from activitypub.reading import RemoteNote, read_activity, read_note
from activitypub.vocabulary import NOTE_TYPES, id_of, types_of
from server.actions.ties.follow_tag import replace_featured
from server.actions.writing.pin import PINS_AT_MOST, receive_pin
from server.actions.writing.spread import spread_follow
from server.agenda.history.found import keep_found
from server.jobs.queue import Job
from server.remote.collections import limit_total, read_total, walk, walk_counted
from server.remote.frugal import open_purse
from server.remote.notes import fetch_note
from server.remote.profiles import fetch_document
from server.remote.seam import FetchFailed, Reach
from server.services import Services
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import told_counts
from server.store.reading.told_counts import ActorCounts
from server.store.ties import follows
from server.store.writing import posts
from server.store.writing.posts import Post

# Boosts stand between the posts, and are passed over; pages hold ten to forty.
PAGES_AT_MOST = 2
LISTED_PER_POST = 2
# Beside the posts: the outbox and its pages, the pins and theirs. All are of one domain, which may have half a purse.
OTHER_REQUESTS = 14
# Who followed before these got what came since.
FOLLOWERS_AT_MOST = 40


async def handle(job: Job, services: Services) -> None:
    """Keep the newest open posts and the pinned ones, and show them in the home feeds of new followers."""
    async with services.database.read() as reader:
        actor = await actors.find(reader, job.number("actor"))
    if actor is None or actor.local or actor.gone_at is not None or actor.suspended_at is not None:
        return
    most = services.site.config.federation.recent_posts_at_most
    reach = open_purse(services, requests=2 * (most + PINS_AT_MOST + OTHER_REQUESTS))
    written = await _keep_outbox(reach, actor, most)
    await _keep_pinned(reach, actor)
    await _keep_tags(reach, actor)
    await _keep_counts(reach, actor, written)
    async with services.database.read() as reader:
        followers = await follows.list_followers(reader, actor.id, limit=FOLLOWERS_AT_MOST)
    async with services.database.write(durable=False) as tx:
        for _, follower in followers:
            await spread_follow(tx, follower, actor)


async def _keep_outbox(reach: Reach, actor: Actor, most: int) -> int | None:
    """Keep the newest posts; return how many there are, as their server tells."""
    if actor.outbox is None or most == 0:
        return None
    try:
        walk = await walk_counted(reach, actor.outbox, pages=PAGES_AT_MOST + 1, items=LISTED_PER_POST * most)
    except ProtocolError:
        return None
    kept = 0
    for item in walk.items:
        kept += await _keep(reach, actor, item) is not None
        if kept == most:
            break
    return walk.total


async def _keep_pinned(reach: Reach, actor: Actor) -> None:
    """Keep the pins; the one that their owner has first is added last, as the newest."""
    if actor.featured_uri is None:
        return
    for item in reversed(await _list(reach, actor.featured_uri, pages=1, items=PINS_AT_MOST)):
        post = await _keep(reach, actor, item)
        if post is not None and post.actor_id == actor.id and post.deleted_at is None:
            async with reach.database.write(durable=False) as tx:
                await receive_pin(tx, reach.site, actor, post)


async def _keep_tags(reach: Reach, actor: Actor) -> None:
    """Take over the hashtags on their profile."""
    uri = actor.featured_tags_uri
    if uri is None:
        return
    try:
        fetched = await fetch_document(reach, uri)
        check_document(uri, fetched.url, id_of(fetched.value) or "")
    except (FetchFailed, ProtocolError):
        return
    async with reach.database.write(durable=False) as tx:
        await replace_featured(tx, reach.site, actor, read_hashtags(fetched.value))


async def _keep_counts(reach: Reach, actor: Actor, written: int | None) -> None:
    """Remember how many their server says there are."""
    told = ActorCounts(
        followers=await read_total(reach, actor.followers_uri),
        following=await read_total(reach, actor.following_uri),
        posts=limit_total(written),
    )
    async with reach.database.write(durable=False) as tx:
        await told_counts.put_of_actor(tx, actor.id, told)


async def _list(reach: Reach, uri: str, *, pages: int, items: int) -> tuple[Item, ...]:
    """A root may hold no items, so that one request more leads to the first page."""
    try:
        return await walk(reach, uri, pages=pages + 1, items=items)
    except ProtocolError:
        return ()


async def _keep(reach: Reach, actor: Actor, item: Item) -> Post | None:
    """Keep what an item tells of, if that is an open post of the actor's; None where it is not."""
    async with reach.database.read() as reader:
        known = await posts.find_by_uri(reader, item.uri)
    if known is not None:
        return known
    try:
        note = await _read(reach, actor, item)
        if note is None:
            return None
        check_note(actor.uri, note, reach.site.origin)
        return await keep_found(reach, actor, note)
    except (FetchFailed, ProtocolError):
        return None


async def _read(reach: Reach, actor: Actor, item: Item) -> RemoteNote | None:
    """Read a post, or the post of a Create; None for what else is listed, as boosts are."""
    document = item.document
    if document is None:
        fetched = await fetch_document(reach, item.uri)
        check_document(item.uri, fetched.url, id_of(fetched.value) or "")
        document = fetched.value
    types = types_of(document)
    if not NOTE_TYPES.isdisjoint(types):
        return read_note(document)
    if "Create" not in types:
        return None
    activity = read_activity(document)
    if activity.actor != actor.uri or activity.object_id is None:
        return None
    inner = believable_object(activity)
    if inner is not None and not NOTE_TYPES.isdisjoint(types_of(inner)):
        return read_note(inner)
    return await fetch_note(reach, activity.object_id)

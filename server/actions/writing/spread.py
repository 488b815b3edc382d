"""Brings posts and boosts into feeds and the search, and tells who listens. It must not send anything to peers.

Everything is written in the transaction of its reason. Where nobody here follows it costs a few look-ups by index.
"""

from dataclasses import replace

import msgspec

from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.reading import feeds, search, spreading, stream_events
from server.store.reading.feeds import HOME, LIST, FeedEntry
from server.store.reading.reactions import Reaction
from server.store.reading.spreading import Arrival, Feed
from server.store.ties import follows
from server.store.ties.lists import List
from server.store.writing import posts
from server.store.writing.posts import Post

# What comes later than this was looked up, not sent: it is no news. Peers try for days to reach a server that was down.
NEWS_SECONDS = 2 * 86_400
UPDATE, EDIT, DELETE = "update", "status.update", "delete"


class Places(msgspec.Struct, frozen=True):
    """Where something was that is gone: its feeds, and whether every stream of public posts had it."""

    feeds: list[tuple[int, int]]
    public: bool
    tags: list[str]


async def emit(
    tx: Transaction,
    site: Site,
    kind: str,
    *,
    actor_id: int = 0,
    post_id: int = 0,
    entry_id: int = 0,
    places: Places | None = None,
) -> None:
    """Tell those who listen. `kind` is Mastodon's name of the event.

    notification, conversation, filters_changed: `actor_id` is told, `entry_id` is the row of the notification or
    conversation. update, status.update, delete: the functions below.
    """
    written = msgspec.json.encode(places).decode() if places is not None else None
    await stream_events.add(
        tx, kind, actor_id=actor_id, post_id=post_id, entry_id=entry_id, places=written, at=site.clock.now()
    )


async def spread_post(tx: Transaction, site: Site, post: Post, author: Actor) -> None:
    """Bring a new post, which is stored with its tags and pictures, to who reads its author here or looks for it."""
    await search.remember(tx, post)
    if post.visibility == "direct" or post.published_at < site.clock.now() - NEWS_SECONDS * MICROSECONDS:
        return
    reached = await _put_own(tx, author, post.id, post.id)
    reached += await _put_post(tx, post, is_silenced=author.silenced_at is not None)
    if reached or post.visibility == "public":
        await emit(tx, site, UPDATE, post_id=post.id, entry_id=post.id)


async def spread_edit(tx: Transaction, site: Site, post: Post) -> None:
    """Say that a post has changed, and have it found by its new words."""
    await search.forget(tx, post.id)
    await search.remember(tx, post)
    await emit(tx, site, EDIT, post_id=post.id, entry_id=post.id)


async def unspread_post(tx: Transaction, site: Site, post: Post) -> None:
    """Take a post out of all feeds and have it found no more. It must still be there, with its hashtags."""
    await search.forget(tx, post.id)
    found = list(await feeds.list_having(tx, post.id))
    if found:
        await feeds.drop_post(tx, post.id)
    is_public = post.visibility == "public"
    if found or is_public:
        tags = await posts.list_hashtags(tx, post.id) if is_public else []
        places = Places(found, is_public, tags)
        await emit(tx, site, DELETE, post_id=post.id, entry_id=post.id, places=places)


async def spread_boost(tx: Transaction, site: Site, booster: Actor, boost: Reaction) -> None:
    """Bring a boost of an open post to who reads its booster here."""
    reached = await _put_own(tx, booster, boost.id, boost.post_id)
    if boost.visibility != "direct":
        reached += await spreading.put_boost(tx, Arrival(boost.id, boost.post_id, booster.id))
    if reached:
        await emit(tx, site, UPDATE, post_id=boost.post_id, entry_id=boost.id)


async def unspread_boost(tx: Transaction, site: Site, boost: Reaction) -> None:
    """Take a boost out of all feeds."""
    found = list(await feeds.list_having(tx, boost.post_id, entry_id=boost.id))
    if found:
        await feeds.drop_boost(tx, boost.post_id, boost.id)
        places = Places(found, public=False, tags=[])
        await emit(tx, site, DELETE, post_id=boost.post_id, entry_id=boost.id, places=places)


async def spread_follow(tx: Transaction, follower: Actor, followed: Actor) -> None:
    """Show somebody of ours the newest of whom they follow from now on."""
    if not follower.local:
        return
    follow = await follows.find(tx, follower.id, followed.id)
    boosts = follow is None or follow.reblogs
    await spreading.backfill(tx, Feed(HOME, follower.id, follower.id), followed.id, boosts=boosts)


async def unspread_follow(tx: Transaction, follower: Actor, followed: Actor) -> None:
    """Take out of somebody's feeds what came from whom they follow no more."""
    if follower.local:
        await feeds.drop_by(tx, HOME, follower.id, followed.id)
        await spreading.leave_lists(tx, follower.id, followed.id)


async def spread_to_list(tx: Transaction, one: List, member_id: int) -> None:
    """Show on a list the newest of somebody who was put on it; an exclusive one takes them out of the home feed."""
    await spreading.backfill(tx, Feed(LIST, one.id, one.actor_id), member_id)
    if one.exclusive:
        await feeds.drop_by(tx, HOME, one.actor_id, member_id)


async def unspread_from_list(tx: Transaction, one: List, member_id: int) -> None:
    """Take out of a list what came from somebody; they come back into the home feed if the list kept them out."""
    await feeds.drop_by(tx, LIST, one.id, member_id)
    if one.exclusive:
        await spreading.backfill(tx, Feed(HOME, one.actor_id, one.actor_id), member_id)


async def spread_tag(tx: Transaction, owner: Actor, name: str) -> None:
    """Show somebody the newest under a hashtag (lower-case) that they follow from now on."""
    await spreading.backfill_tag(tx, owner.id, name)


async def unspread_tag(tx: Transaction, owner: Actor, name: str) -> None:
    """Take out of a home feed what came for a hashtag alone."""
    await spreading.drop_tag(tx, owner.id, name)


async def _put_own(tx: Transaction, by: Actor, entry_id: int, post_id: int) -> int:
    """Our people see at home what they do themselves."""
    if not by.local or by.type != "Person":
        return 0
    await feeds.add(tx, FeedEntry(HOME, by.id, entry_id, post_id, by.id))
    return 1


async def _put_post(tx: Transaction, post: Post, *, is_silenced: bool) -> int:
    arrival = Arrival(post.id, post.id, post.actor_id, language=post.language)
    reached = 0
    if post.in_reply_to_uri is None:
        reached = await spreading.put_post(tx, arrival)
    elif (parent := await _parent(tx, post)) is not None:
        reached = await spreading.put_post(tx, replace(arrival, parent_id=parent))
    if post.visibility == "public" and not is_silenced:
        reached += await spreading.put_tagged(tx, arrival)
    return reached


async def _parent(tx: Transaction, post: Post) -> int | None:
    """Who wrote what this answers; an answer to what we do not know is shown to nobody but by its tags."""
    parent = await posts.find(tx, post.in_reply_to_id) if post.in_reply_to_id is not None else None
    return parent.actor_id if parent is not None else None

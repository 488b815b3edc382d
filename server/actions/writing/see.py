"""Says who may see a post or an activity: the facts from the store, the rule from `audience.may_see`.

Every door asks here.
"""

from collections.abc import Mapping, Sequence

import msgspec

from activitypub.audience import Visibility, is_open, may_see, visibility_of
from activitypub.fields import recipients
from server.store.database import Reader
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people.actors import Actor
from server.store.reading import showing
from server.store.reading.reactions import Reaction
from server.store.reading.showing import Ties
from server.store.ties import follows
from server.store.writing import posts
from server.store.writing.collections import Collection
from server.store.writing.posts import Post


async def may_see_post(reader: Reader, post: Post, author: Actor, viewer: Actor | None) -> bool:
    """Whether `viewer` (None: anybody) may see `post` by `author`."""
    if viewer is None:
        return _anybody_may_see(Visibility(post.visibility), author)
    if is_open(Visibility(post.visibility)):
        # Of the facts, a block alone counts here; the others need not be looked up.
        return may_see(
            Visibility(post.visibility),
            viewer=viewer.uri,
            author=author.uri,
            follows_author=False,
            addressed=(),
            blocked=await follows.is_either_blocked(reader, author.id, viewer.id),
        )
    # A client of ours may name somebody without addressing them; peers forget to address whom they name.
    mentioned = [] if post.local else [one.actor_uri for one in await posts.list_mentions(reader, post.id)]
    addressed = (*post.to, *post.cc, *post.blind, *mentioned)
    return await _may_see(reader, Visibility(post.visibility), author, viewer, addressed)


async def may_see_boost(reader: Reader, boost: Reaction, viewer: Actor | None) -> bool:
    """Whether `viewer` may learn who boosted, of a post that they may see."""
    if boost.visibility is None or is_open(Visibility(boost.visibility)):
        return True
    if viewer is None or boost.visibility != Visibility.FOLLOWERS:
        return viewer is not None and viewer.id == boost.actor_id
    return viewer.id == boost.actor_id or await follows.follows_accepted(reader, viewer.id, boost.actor_id)


async def find_seen(
    reader: Reader, found: Sequence[Post], authors: Mapping[int, Actor], viewer: Actor | None, ties: Ties
) -> list[Post]:
    """Return those of many posts that `viewer` may see, by at most one query.

    `authors` are by id, `ties` the viewer's to them. What is deleted, or of somebody gone or suspended, nobody sees.
    """
    closed = [post.id for post in found if not (post.local or is_open(Visibility(post.visibility)))] if viewer else []
    named = await showing.list_named_uris(reader, closed) if closed else {}
    return [
        post
        for post in found
        if (author := authors.get(post.actor_id)) is not None
        and _is_there(post, author)
        and _is_seen(post, author, viewer, ties, named.get(post.id, ()))
    ]


def _is_there(post: Post, author: Actor) -> bool:
    return post.deleted_at is None and author.gone_at is None and author.suspended_at is None


def _is_seen(post: Post, author: Actor, viewer: Actor | None, ties: Ties, named: Sequence[str]) -> bool:
    if viewer is None:
        return _anybody_may_see(Visibility(post.visibility), author)
    open = is_open(Visibility(post.visibility))
    return may_see(
        Visibility(post.visibility),
        viewer=viewer.uri,
        author=author.uri,
        follows_author=author.id in ties.followed,
        addressed=() if open else (*post.to, *post.cc, *post.blind, *named),
        blocked=author.id in ties.blocked,
    )


async def may_see_activity(reader: Reader, activity: Activity, author: Actor, viewer: Actor | None) -> bool:
    """Whether `viewer` (None: anybody) may see an activity of `author`; nobody may once it was hidden."""
    if activity.visibility == activities.HIDDEN:
        return False
    document = msgspec.json.decode(activity.document, type=dict[str, object])
    to, *others = (recipients(document, name) for name in ("to", "cc", "audience", "bto", "bcc"))
    addressed = tuple(uri for named in others for uri in named)
    visibility = visibility_of(to, addressed, author.followers_uri)
    if viewer is None:
        return _anybody_may_see(visibility, author)
    return await _may_see(reader, visibility, author, viewer, (*to, *addressed))


async def may_see_collection(reader: Reader, collection: Collection, owner: Actor, viewer: Actor | None) -> bool:
    """Whether `viewer` (None: anybody) may see what `owner` put into a collection."""
    addressed = (*collection.cc, *collection.blind)
    visibility = visibility_of(collection.to, addressed, owner.followers_uri)
    if viewer is None:
        return _anybody_may_see(visibility, owner)
    return await _may_see(reader, visibility, owner, viewer, (*collection.to, *addressed))


def _anybody_may_see(visibility: Visibility, author: Actor) -> bool:
    return may_see(visibility, viewer=None, author=author.uri, follows_author=False, addressed=())


async def _may_see(
    reader: Reader, visibility: Visibility, author: Actor, viewer: Actor, addressed: tuple[str, ...]
) -> bool:
    return may_see(
        visibility,
        viewer=viewer.uri,
        author=author.uri,
        follows_author=await follows.follows_accepted(reader, viewer.id, author.id),
        addressed=addressed,
        blocked=await follows.is_either_blocked(reader, author.id, viewer.id),
    )

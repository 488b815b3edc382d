"""Finds what an address names, or says that it is not there: nobody learns more than they may see."""

from dataclasses import dataclass

from server.actions.writing.see import may_see_boost, may_see_post
from server.mastodon.ids import NOT_FOUND
from server.problems import NotFound
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import reactions
from server.store.reading.reactions import ANNOUNCE, Reaction
from server.store.writing import posts
from server.store.writing.posts import Post


@dataclass(frozen=True, slots=True)
class Found:
    """A post with its author. `boost` where the address was that of a boost, which clients treat as a post."""

    post: Post
    author: Actor
    boost: Reaction | None = None


async def find_actor(reader: Reader, actor_id: int) -> Actor:
    """Return somebody by id, suspended ones too.

    Raises:
        NotFound: there is nobody, or no longer.
    """
    found = await actors.find(reader, actor_id)
    if found is None or found.gone_at is not None:
        raise NotFound(NOT_FOUND)
    return found


async def find_post(reader: Reader, post_id: int, viewer: Actor | None) -> Found:
    """Return a post that the viewer may see, by its own id or that of a boost.

    Raises:
        NotFound: it is not there, deleted, or not for this viewer: they may not learn which.
    """
    boost = None
    post = await posts.find(reader, post_id)
    if post is None:
        boost = await reactions.find_by_id(reader, post_id)
        post = await posts.find(reader, boost.post_id) if boost is not None and boost.kind == ANNOUNCE else None
    author = await actors.find(reader, post.actor_id) if post is not None else None
    if (
        post is None
        or author is None
        or post.deleted_at is not None
        or author.gone_at is not None
        or author.suspended_at is not None
        or not await may_see_post(reader, post, author, viewer)
        or (boost is not None and not await may_see_boost(reader, boost, viewer))
    ):
        raise NotFound(NOT_FOUND)
    return Found(post, author, boost)

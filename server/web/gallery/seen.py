"""Finds the post that an address names, if the visitor may see it. It must not show it."""

from server.actions.writing.see import may_see_post
from server.problems import NotFound
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post
from server.web.visit import Visit


async def find_seen(reader: Reader, visit: Visit, post_id: int) -> tuple[Post, Actor]:
    """Return a post that the visitor may see, and its author.

    Raises:
        NotFound: it is not there, deleted, or not for this visitor: they may not learn which.
    """
    post = await posts.find(reader, post_id)
    author = await actors.find(reader, post.actor_id) if post else None
    viewer = visit.person.actor if visit.person else None
    if (
        post is None
        or author is None
        or post.deleted_at is not None
        or author.suspended_at is not None
        or author.gone_at is not None
        or not await may_see_post(reader, post, author, viewer)
    ):
        raise NotFound("There is no such picture, or it is not for everybody's eyes.")
    return post, author

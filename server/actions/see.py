"""Says whether somebody may see a post: the facts from the store, the rule from `audience.may_see`. Every door asks here."""

from activitypub.audience import Visibility, may_see
from server.store import follows, posts
from server.store.actors import Actor
from server.store.database import Reader
from server.store.posts import Post


async def may_see_post(reader: Reader, post: Post, author: Actor, viewer: Actor | None) -> bool:
    """Whether `viewer` (None: anybody) may see `post` by `author`."""
    visibility = Visibility(post.visibility)
    if viewer is None:
        return may_see(visibility, viewer=None, author=author.uri, follows_author=False, addressed=())
    mentioned = [one.actor_uri for one in await posts.list_mentions(reader, post.id)]
    return may_see(
        visibility,
        viewer=viewer.uri,
        author=author.uri,
        follows_author=await follows.follows_accepted(reader, viewer.id, author.id),
        addressed=(*post.to, *post.cc, *mentioned),
        blocked=await follows.is_blocked(reader, by=author.id, actor_id=viewer.id),
    )

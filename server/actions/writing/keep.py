"""What one of our people settles for themselves alone about a post: to keep it, or to hear no more of it.

It must not tell anybody.
"""

from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.reading import bookmarks
from server.store.ties import muted_threads
from server.store.writing.posts import Post


async def bookmark(tx: Transaction, site: Site, actor: Actor, post: Post) -> None:
    """Keep a post; nothing happens when it is kept."""
    await bookmarks.add(tx, id=site.ids.new(), actor_id=actor.id, post_id=post.id, at=site.clock.now())


async def unbookmark(tx: Transaction, actor: Actor, post: Post) -> None:
    """Keep a post no more."""
    await bookmarks.drop(tx, actor.id, post.id)


async def mute_thread(tx: Transaction, site: Site, actor: Actor, post: Post) -> None:
    """Hear no more of the conversation that a post is in."""
    await muted_threads.add(tx, actor.id, post.id, at=site.clock.now())


async def unmute_thread(tx: Transaction, actor: Actor, post: Post) -> None:
    """Hear of the conversation again."""
    await muted_threads.drop(tx, actor.id, post.id)

"""Deletes a post for good: text, prompt, picture, reactions; a tombstone stays. It must not delete files itself."""

from dataclasses import replace

from activitypub import activities as build
from server.actions.network.outgoing import mint, send
from server.actions.writing.spread import unspread_post
from server.ids import MICROSECONDS
from server.problems import Forbidden
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.people.actors import Actor
from server.store.reading import bookmarks, emoji_reactions, filters, reactions, told_counts
from server.store.telling import notifications
from server.store.writing import (
    consents,
    conversations,
    generations,
    interactions,
    media,
    pins,
    polls,
    posts,
    quotes,
    revisions,
)
from server.store.writing.posts import Post

# Apps that cannot say which of the two they mean delete for good too, a day later.
REDRAFT_SECONDS = 86_400


async def remove_post(tx: Transaction, site: Site, author: Actor, post: Post, *, keep_pictures: bool = False) -> None:
    """Delete one of our posts and tell every inbox that got it; nothing happens when it is deleted already.

    With `keep_pictures` its author may post the pictures anew; what is not posted within a day goes.

    Raises:
        Forbidden: it is somebody else's.
    """
    if post.actor_id != author.id:
        raise Forbidden("This post is not yours.")
    if post.deleted_at is not None:
        return
    if keep_pictures:
        post = await _release_pictures(tx, site, post)
    await forget_post(tx, site, post)
    activity_id, uri = mint(site, author)
    document = build.delete(uri, author.uri, post.uri, to=post.to, cc=post.cc)
    await send(tx, site, author, activity_id, document, object_uri=post.uri)


async def forget_post(tx: Transaction, site: Site, post: Post) -> None:
    """Empty a post, ours or a peer's, and everything that hangs on it; its files go by a job after the commit."""
    if post.deleted_at is not None:
        return
    await unspread_post(tx, site, post)
    await posts.bury(tx, post.id, at=site.clock.now())
    # Also our people's boosts of a peer's post: an outbox must not offer what is gone.
    await activities.hide(tx, post.uri)
    await reactions.drop_of_post(tx, post.id)
    await notifications.drop_of_post(tx, post.id)
    await conversations.drop_post(tx, post.id)
    await consents.drop_deed(tx, post.uri)
    for room in (bookmarks, consents, emoji_reactions, filters, interactions, pins, polls, quotes, revisions):
        await room.drop_of_post(tx, post.id)
    await told_counts.drop_of_post(tx, post.id)
    for picture in (await media.list_of_posts(tx, [post.id])).get(post.id, []):
        if picture.generation_id is not None:
            await generations.scrub(tx, picture.generation_id)
    await _withdraw_question(tx, site, post)
    for key in await media.drop_of_post(tx, post.id):
        await remove_file(tx, site, key)


async def _release_pictures(tx: Transaction, site: Site, post: Post) -> Post:
    """Part a post from its pictures, and from the wish for a painted one, whose words go with that picture."""
    now = site.clock.now()
    for picture in (await media.list_of_posts(tx, [post.id])).get(post.id, []):
        await media.detach(tx, picture.id, at=now)
        due_at = now + REDRAFT_SECONDS * MICROSECONDS
        name = f"drop_picture:{picture.id}:{due_at}"
        await site.queue.enqueue(tx, "drop_picture", {"media": picture.id}, not_before=due_at, unique=name)
    await posts.release_generation(tx, post.id)
    return replace(post, generation_id=None)


async def remove_file(tx: Transaction, site: Site, key: str) -> None:
    """Have a file deleted after the commit, unless a picture has it then."""
    await site.queue.enqueue(tx, "remove_file", {"key": key}, unique=f"remove_file:{key}")


async def _withdraw_question(tx: Transaction, site: Site, post: Post) -> None:
    """Whoever deletes a post that asked for a picture wants none: if it is not painted yet, it is forgotten."""
    asked = await generations.find_commission(tx, post.id)
    if asked is not None and await generations.finish(tx, asked.id, generations.CANCELLED, at=site.clock.now()):
        await generations.scrub(tx, asked.id)

"""Keeps direct posts as conversations, one for each of our people in it. It must not decide who may see a post."""

import msgspec

from activitypub.audience import Visibility
from server.actions.writing.spread import emit
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import muted_threads
from server.store.writing import conversations, posts
from server.store.writing.conversations import Conversation
from server.store.writing.posts import Post

# A conversation has people one can list; who names more is shouting.
PARTICIPANTS_AT_MOST = 50


async def add_to_conversation(tx: Transaction, site: Site, owner: Actor, post: Post) -> None:
    """Put a direct post into the conversation that `owner`, who wrote it or is named in it, has with the others."""
    if post.visibility != Visibility.DIRECT.value or not owner.local or owner.type != "Person":
        return
    kept = await conversations.put(
        tx,
        Conversation(
            id=site.ids.new(),
            actor_id=owner.id,
            thread_id=await muted_threads.find_root(tx, post.id),
            participants=msgspec.json.encode(await _others(tx, owner, post)).decode(),
            last_post_id=post.id,
            unread=post.actor_id != owner.id,
        ),
    )
    await emit(tx, site, "conversation", actor_id=owner.id, post_id=post.id, entry_id=kept.id)


async def _others(tx: Transaction, owner: Actor, post: Post) -> list[int]:
    """Everybody in it but the owner: who wrote the post, and whom it names as far as we know them."""
    found = {post.actor_id}
    for one in (await posts.list_mentions(tx, post.id))[:PARTICIPANTS_AT_MOST]:
        named = await actors.find_by_uri(tx, one.actor_uri)
        if named is not None:
            found.add(named.id)
    return sorted(found - {owner.id})

"""To which conversation our posts belong, and what is kept of the conversations of peers. It must not fetch them."""

from activitypub.reading import RemoteNote
from server.store.database import Reader, Transaction
from server.store.reading import told_counts
from server.store.reading.told_counts import PostCounts
from server.store.writing import contexts
from server.store.writing.posts import Post


def context_uri(root: Post) -> str:
    """The collection of the conversation that one of our posts began."""
    return f"{root.uri}/context"


async def find_context(reader: Reader, post: Post) -> str | None:
    """Return the conversation that a post belongs to, if that is known."""
    if post.local and post.in_reply_to_uri is None:
        return context_uri(post)
    return await contexts.find(reader, post.id)


async def join_context(tx: Transaction, post: Post, parent: Post | None) -> None:
    """Have a new post of ours belong to the conversation of what it answers."""
    uri = await find_context(tx, parent) if parent is not None else None
    if uri is not None:
        await contexts.put(tx, post.id, uri)


async def keep_threading(tx: Transaction, post: Post, note: RemoteNote) -> None:
    """Remember what a peer's post says of its conversation, and of how much came back to it."""
    if note.context is not None:
        await contexts.put(tx, post.id, note.context)
    told = note.told
    await told_counts.put_of_post(tx, post.id, PostCounts(told.replies, told.likes, told.shares))

"""To which conversation our posts belong, and what is kept of the conversations of peers. It must not fetch them."""

from activitypub.reading import RemoteNote
from server.store.database import Reader, Transaction
from server.store.reading import told_counts
from server.store.reading.told_counts import PostCounts
from server.store.writing import contexts, threads
from server.store.writing.posts import Post

# So far a look-up climbs in one go; deeper threads are rare, and each step costs a look by index.
ANCESTORS_AT_MOST = 50


def context_uri(root: Post) -> str:
    """The collection of the conversation that one of our posts began."""
    return f"{root.uri}/context"


async def find_context(reader: Reader, post: Post) -> str | None:
    """Return the conversation that a post belongs to: its own word, or that of the nearest above it that has one.

    Answers from before conversations had addresses have none of their own, and many peers never write any.
    """
    known = context_uri(post) if _is_root(post) else await contexts.find(reader, post.id)
    if known is not None or post.in_reply_to_id is None:
        return known
    above = await threads.list_ancestors(reader, post, most=ANCESTORS_AT_MOST)
    said = await contexts.find_many(reader, [one.id for one in above])
    named = (context_uri(one) if _is_root(one) else said.get(one.id) for one in reversed(above))
    return next((uri for uri in named if uri is not None), None)


def _is_root(post: Post) -> bool:
    """Whether it is one of ours that began a conversation."""
    return post.local and post.in_reply_to_uri is None


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

"""Owns `bookmarks`: posts that our people keep for themselves. It must not tell anybody of them."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import Post, posts

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    UniqueConstraint("actor_id", "post_id"),
)
Index("ix_bookmarks_of_actor", bookmarks.c.actor_id, bookmarks.c.id)

_insert = upsert(bookmarks).on_conflict_do_nothing(index_elements=["actor_id", "post_id"])
_drop = delete(bookmarks).where(bookmarks.c.actor_id == bindparam("actor"), bookmarks.c.post_id == bindparam("post"))
_drop_of_post = delete(bookmarks).where(bookmarks.c.post_id == bindparam("post"))
_on_posts = select(bookmarks.c.post_id).where(
    bookmarks.c.actor_id == bindparam("actor"), among(bookmarks.c.post_id, "wanted")
)
_listed = (
    select(bookmarks.c.id, *posts.columns)
    .join(posts, posts.c.id == bookmarks.c.post_id)
    .where(bookmarks.c.actor_id == bindparam("actor"), posts.c.deleted_at.is_(None))
)
_pages = paged(_listed, bookmarks.c.id)


async def add(tx: Transaction, *, id: int, actor_id: int, post_id: int, at: int) -> bool:
    """Keep a post, once; false when it was kept."""
    return bool(await tx.run(_insert, id=id, actor_id=actor_id, post_id=post_id, created_at=at))


async def drop(tx: Transaction, actor_id: int, post_id: int) -> bool:
    """Keep a post no more; false when it was not kept."""
    return bool(await tx.run(_drop, actor=actor_id, post=post_id))


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget who kept a post."""
    await tx.run(_drop_of_post, post=post_id)


async def find_on_posts(reader: Reader, actor_id: int, post_ids: Sequence[int]) -> set[int]:
    """Return which of these posts somebody keeps."""
    wanted = msgspec.json.encode(sorted(set(post_ids))).decode()
    return {row[0] for row in await reader.all(_on_posts, actor=actor_id, wanted=wanted)}


async def list_of_actor(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, Post]]:
    """Return (cursor, post) of what somebody keeps, the newest first."""
    rows = await read_page(reader, _pages, stretch, actor=actor_id)
    return [(row[0], Post(*row[1:])) for row in rows]

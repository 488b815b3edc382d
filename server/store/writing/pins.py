"""Owns `pins`: the posts that somebody, ours or a peer's, shows at the head of their page. It must not limit them."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import Post, posts

pins = Table(
    "pins",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    UniqueConstraint("actor_id", "post_id"),
)
Index("ix_pins_of_actor", pins.c.actor_id, pins.c.id)

_insert = upsert(pins).on_conflict_do_nothing(index_elements=["actor_id", "post_id"])
_drop = delete(pins).where(pins.c.actor_id == bindparam("actor"), pins.c.post_id == bindparam("post"))
_drop_of_post = delete(pins).where(pins.c.post_id == bindparam("post"))
_count = select(func.count()).select_from(pins).where(pins.c.actor_id == bindparam("actor"))
_on_posts = select(pins.c.post_id).where(pins.c.actor_id == bindparam("actor"), among(pins.c.post_id, "wanted"))
_of_actor = (
    select(posts)
    .join(pins, pins.c.post_id == posts.c.id)
    .where(pins.c.actor_id == bindparam("actor"), posts.c.deleted_at.is_(None))
    .order_by(pins.c.id.desc())
    .limit(bindparam("most"))
)


async def add(tx: Transaction, *, id: int, actor_id: int, post_id: int, at: int) -> bool:
    """Pin a post, once; false when it was pinned."""
    return bool(await tx.run(_insert, id=id, actor_id=actor_id, post_id=post_id, created_at=at))


async def drop(tx: Transaction, actor_id: int, post_id: int) -> bool:
    """Unpin a post; false when it was not pinned."""
    return bool(await tx.run(_drop, actor=actor_id, post=post_id))


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Unpin a post that goes."""
    await tx.run(_drop_of_post, post=post_id)


async def count(reader: Reader, actor_id: int) -> int:
    """Count what somebody pinned."""
    row = await reader.one(_count, actor=actor_id)
    return int(row[0]) if row else 0


async def find_on_posts(reader: Reader, actor_id: int, post_ids: Sequence[int]) -> set[int]:
    """Return which of these posts somebody pinned."""
    wanted = msgspec.json.encode(sorted(set(post_ids))).decode()
    return {row[0] for row in await reader.all(_on_posts, actor=actor_id, wanted=wanted)}


async def list_of_actor(reader: Reader, actor_id: int, *, limit: int = 40) -> list[Post]:
    """Return somebody's pinned posts, the one pinned last first."""
    return [Post(*row) for row in await reader.all(_of_actor, actor=actor_id, most=limit)]

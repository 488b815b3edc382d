"""Owns `notifications`: what our people are told. It must not decide whether they want to hear it."""

from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.actors import actors
from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata

notifications = Table(
    "notifications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("post_id", Id, nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    Column("read_at", Id),
    UniqueConstraint("actor_id", "kind", "from_id", "post_id"),
)
Index("ix_notifications_of_actor", notifications.c.actor_id, notifications.c.id)
# Counted for every page that somebody sees.
Index("ix_notifications_unread", notifications.c.actor_id, sqlite_where=text("read_at IS NULL"))


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that happened to one of our people.

    `kind`: follow, follow_request, like, announce, reply, mention. `post_id` is 0 where no post is meant.
    """

    id: int
    actor_id: int
    kind: str
    from_id: int
    post_id: int
    created_at: int
    read_at: int | None


_insert = upsert(notifications).on_conflict_do_nothing(index_elements=["actor_id", "kind", "from_id", "post_id"])
_drop = delete(notifications).where(
    notifications.c.actor_id == bindparam("actor"),
    notifications.c.kind == bindparam("what"),
    notifications.c.from_id == bindparam("sender"),
    notifications.c.post_id == bindparam("post"),
)
_drop_of_post = delete(notifications).where(notifications.c.post_id == bindparam("post"))
_list = (
    select(notifications)
    .where(notifications.c.actor_id == bindparam("actor"), notifications.c.id < bindparam("before"))
    .order_by(notifications.c.id.desc())
    .limit(bindparam("most"))
)
_unread = (
    select(func.count())
    .select_from(notifications)
    .where(notifications.c.actor_id == bindparam("actor"), notifications.c.read_at.is_(None))
)
_read = (
    update(notifications)
    .where(notifications.c.actor_id == bindparam("actor"), notifications.c.read_at.is_(None))
    .values(read_at=bindparam("moment"))
)
NEWEST = (1 << 63) - 1


async def add(tx: Transaction, notification: Notification) -> None:
    """Tell somebody, once."""
    await tx.run(_insert, **{name: getattr(notification, name) for name in notification.__slots__})


async def drop(tx: Transaction, *, actor_id: int, kind: str, from_id: int, post_id: int = 0) -> None:
    """Take back what was told."""
    await tx.run(_drop, actor=actor_id, what=kind, sender=from_id, post=post_id)


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget what was told about a post."""
    await tx.run(_drop_of_post, post=post_id)


async def list_of_actor(reader: Reader, actor_id: int, *, before: int = NEWEST, limit: int = 40) -> list[Notification]:
    """Return what somebody was told, newest first, below id `before`."""
    return [Notification(*row) for row in await reader.all(_list, actor=actor_id, before=before, most=limit)]


async def count_unread(reader: Reader, actor_id: int) -> int:
    """Count what somebody has not seen."""
    row = await reader.one(_unread, actor=actor_id)
    return int(row[0]) if row else 0


async def mark_read(tx: Transaction, actor_id: int, *, at: int) -> None:
    """Remember that somebody has seen everything."""
    await tx.run(_read, actor=actor_id, moment=at)

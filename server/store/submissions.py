"""Owns `submissions`: which activity a client's request made, so that the same request makes no second one."""

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.activities import activities
from server.store.actors import actors
from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata

submissions = Table(
    "submissions",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id, ondelete="CASCADE"), primary_key=True),
    # What the client called its request (Idempotency-Key).
    Column("key", Text, primary_key=True),
    Column("activity_id", Id, ForeignKey(activities.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Id, nullable=False),
)

_insert = upsert(submissions).on_conflict_do_nothing()
_find = select(submissions.c.activity_id).where(
    submissions.c.actor_id == bindparam("actor"),
    submissions.c.key == bindparam("wanted"),
    submissions.c.created_at > bindparam("since"),
)
_prune = delete(submissions).where(
    submissions.c.actor_id == bindparam("actor"), submissions.c.created_at <= bindparam("since")
)


async def find(reader: Reader, actor_id: int, key: str, *, since: int) -> int | None:
    """Find the id of the activity that a request after the moment `since` made."""
    row = await reader.one(_find, actor=actor_id, wanted=key, since=since)
    return int(row[0]) if row else None


async def add(tx: Transaction, actor_id: int, key: str, activity_id: int, *, at: int, forget_before: int) -> None:
    """Remember what a request made, and forget what the same actor's older ones did."""
    await tx.run(_prune, actor=actor_id, since=forget_before)
    await tx.run(_insert, actor_id=actor_id, key=key, activity_id=activity_id, created_at=at)

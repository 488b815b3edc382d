"""Owns `private_notes`: what somebody of ours wrote about another, for themselves alone."""

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

private_notes = Table(
    "private_notes",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("target_id", Id, ForeignKey(actors.c.id), primary_key=True, index=True),
    Column("text", Text, nullable=False),
)

_put = upsert(private_notes)
_put = _put.on_conflict_do_update(index_elements=["actor_id", "target_id"], set_={"text": _put.excluded.text})
_BETWEEN = (private_notes.c.actor_id == bindparam("actor"), private_notes.c.target_id == bindparam("target"))
_drop = delete(private_notes).where(*_BETWEEN)
_find = select(private_notes.c.text).where(*_BETWEEN)


async def put(tx: Transaction, actor_id: int, target_id: int, text: str) -> None:
    """Write down `text`; an empty one takes the note away."""
    if not text:
        await tx.run(_drop, actor=actor_id, target=target_id)
        return
    await tx.run(_put, actor_id=actor_id, target_id=target_id, text=text)


async def find(reader: Reader, actor_id: int, target_id: int) -> str:
    """Return what somebody wrote down about another; empty where that is nothing."""
    row = await reader.one(_find, actor=actor_id, target=target_id)
    return str(row[0]) if row else ""

"""Owns `idempotency_keys`: which request made what, so that one sent twice makes one. It must not make it."""

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

# Clients try again within minutes, after a night without a network at the latest: a day, in microseconds.
KEPT = 86_400_000_000

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("made_id", Id, nullable=False),
    Column("created_at", Id, nullable=False, index=True),
)

_insert = upsert(idempotency_keys)
_put = _insert.on_conflict_do_update(
    index_elements=["actor_id", "key"],
    set_={"made_id": _insert.excluded.made_id, "created_at": _insert.excluded.created_at},
)
_find = select(idempotency_keys.c.made_id).where(
    idempotency_keys.c.actor_id == bindparam("actor"),
    idempotency_keys.c.key == bindparam("wanted"),
    idempotency_keys.c.created_at > bindparam("since"),
)
_prune = delete(idempotency_keys).where(idempotency_keys.c.created_at <= bindparam("moment"))


async def put(tx: Transaction, actor_id: int, key: str, *, made_id: int, at: int) -> None:
    """Remember what a request made."""
    await tx.run(_put, actor_id=actor_id, key=key, made_id=made_id, created_at=at)


async def find(reader: Reader, actor_id: int, key: str, *, since: int) -> int | None:
    """Return the id of what this key made after a moment: a post, a post of later, an activity."""
    row = await reader.one(_find, actor=actor_id, wanted=key, since=since)
    return int(row[0]) if row else None


async def prune(tx: Transaction, *, before: int) -> int:
    """Forget keys that are older than a moment; return how many."""
    return await tx.run(_prune, moment=before)

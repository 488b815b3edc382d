"""Owns `retired_keys`: keys of our people that have one thing left to sign, the announcement of their successors.

It must not give a key to anything but that one activity.
"""

from dataclasses import dataclass, field

from sqlalchemy import Column, Table, Text, bindparam, delete, exists, insert, select

from server.store.database import Reader, Transaction
from server.store.network.deliveries import WAITING, deliveries
from server.store.schema import Id, metadata

retired_keys = Table(
    "retired_keys",
    metadata,
    Column("activity_id", Id, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("private_pem", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("retired_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class RetiredKey:
    """A key that signs the activity `activity_id` alone; `kind` as in `actor_keys`."""

    activity_id: int
    kind: str
    key_id: str
    private_pem: str = field(repr=False)
    created_at: int
    retired_at: int


_insert = insert(retired_keys)
_of_activity = select(retired_keys).where(retired_keys.c.activity_id == bindparam("activity"))
_ANNOUNCES = deliveries.c.activity_id == retired_keys.c.activity_id
_drop_done = (
    delete(retired_keys)
    .where(retired_keys.c.retired_at < bindparam("moment"))
    .where(exists().where(_ANNOUNCES))
    .where(~exists().where(_ANNOUNCES, deliveries.c.state == WAITING))
)
_drop_old = delete(retired_keys).where(retired_keys.c.retired_at < bindparam("moment"))


async def add(tx: Transaction, key: RetiredKey) -> None:
    """Keep a key for the one activity that it still signs."""
    await tx.run(_insert, **{name: getattr(key, name) for name in key.__slots__})


async def list_of_activity(reader: Reader, activity_id: int) -> list[RetiredKey]:
    """Return the keys that sign an activity in place of its author's present ones; none for nearly all."""
    return [RetiredKey(*row) for row in await reader.all(_of_activity, activity=activity_id)]


async def drop_done(tx: Transaction, *, before: int, too_old: int) -> None:
    """Forget keys retired `before` whose announcement waits nowhere any more, and all that are `too_old`."""
    await tx.run(_drop_done, moment=before)
    await tx.run(_drop_old, moment=too_old)

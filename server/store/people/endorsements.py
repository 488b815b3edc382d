"""Owns `endorsements`: whom somebody of ours recommends on their profile. It must not check that they follow them."""

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata

endorsements = Table(
    "endorsements",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("target_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    UniqueConstraint("actor_id", "target_id"),
)

_insert = upsert(endorsements).on_conflict_do_nothing(index_elements=["actor_id", "target_id"])
_drop = delete(endorsements).where(
    endorsements.c.actor_id == bindparam("actor"), endorsements.c.target_id == bindparam("target")
)
_list = paged(
    select(endorsements.c.id, *actors.columns)
    .join(actors, actors.c.id == endorsements.c.target_id)
    .where(endorsements.c.actor_id == bindparam("actor"), actors.c.gone_at.is_(None)),
    endorsements.c.id,
)


async def add(tx: Transaction, *, id: int, actor_id: int, target_id: int) -> None:
    """Recommend somebody."""
    await tx.run(_insert, id=id, actor_id=actor_id, target_id=target_id)


async def drop(tx: Transaction, actor_id: int, target_id: int) -> None:
    """Recommend them no more."""
    await tx.run(_drop, actor=actor_id, target=target_id)


async def list_endorsed(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, Actor]]:
    """Return (cursor, recommended), newest first."""
    return [(row[0], Actor(*row[1:])) for row in await read_page(reader, _list, stretch, actor=actor_id)]

"""Owns `mutes`: whom somebody does not want to read. It must not tell the muted."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, ForeignKey, Table, UniqueConstraint, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata

mutes = Table(
    "mutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("target_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("hides_notifications", Boolean, nullable=False),
    Column("expires_at", Id, index=True),
    Column("created_at", Id, nullable=False),
    UniqueConstraint("actor_id", "target_id"),
)


@dataclass(frozen=True, slots=True)
class Mute:
    """One does not read another, until `expires_at` where that is set."""

    id: int
    actor_id: int
    target_id: int
    hides_notifications: bool
    expires_at: int | None
    created_at: int


_put = upsert(mutes)
_put = _put.on_conflict_do_update(
    index_elements=["actor_id", "target_id"],
    set_={name: _put.excluded[name] for name in ("hides_notifications", "expires_at")},
)
_drop = delete(mutes).where(mutes.c.actor_id == bindparam("actor"), mutes.c.target_id == bindparam("target"))
_drop_over = delete(mutes).where(mutes.c.expires_at <= bindparam("moment"))
_LASTS = mutes.c.expires_at.is_(None) | (mutes.c.expires_at > bindparam("moment"))
_find = select(mutes).where(mutes.c.actor_id == bindparam("actor"), mutes.c.target_id == bindparam("target"), _LASTS)
_list = paged(
    select(*mutes.columns, *actors.columns)
    .join(actors, actors.c.id == mutes.c.target_id)
    .where(mutes.c.actor_id == bindparam("actor"), _LASTS),
    mutes.c.id,
)
_WIDTH = len(mutes.columns)


async def put(tx: Transaction, mute: Mute) -> None:
    """Mute somebody; a second time changes how."""
    await tx.run(_put, **{name: getattr(mute, name) for name in mute.__slots__})


async def drop(tx: Transaction, actor_id: int, target_id: int) -> bool:
    """Take a mute back; false when there was none."""
    return bool(await tx.run(_drop, actor=actor_id, target=target_id))


async def drop_over(tx: Transaction, *, now: int) -> int:
    """Forget the mutes whose time is over; return how many."""
    return await tx.run(_drop_over, moment=now)


async def find(reader: Reader, actor_id: int, target_id: int, *, now: int) -> Mute | None:
    """Find whether one mutes another now."""
    row = await reader.one(_find, actor=actor_id, target=target_id, moment=now)
    return Mute(*row) if row else None


async def list_muted(reader: Reader, actor_id: int, stretch: Stretch, *, now: int) -> list[tuple[Mute, Actor]]:
    """Return whom somebody mutes now, newest first; the cursor is the mute's id."""
    rows = await read_page(reader, _list, stretch, actor=actor_id, moment=now)
    return [(Mute(*row[:_WIDTH]), Actor(*row[_WIDTH:])) for row in rows]

"""Owns `markers`: how far somebody has read a timeline. It must not know the timelines."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, ForeignKey, Integer, Table, Text, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among

HOME = "home"
NOTIFICATIONS = "notifications"

markers = Table(
    "markers",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("timeline", Text, primary_key=True),
    Column("last_read_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Marker:
    """The last thing somebody read of a timeline; `version` counts how often it was moved."""

    actor_id: int
    timeline: str
    last_read_id: int
    version: int
    updated_at: int


_list = select(markers).where(markers.c.actor_id == bindparam("actor"), among(markers.c.timeline, "wanted"))
_insert = upsert(markers).on_conflict_do_nothing(index_elements=["actor_id", "timeline"])
_move = (
    update(markers)
    .where(markers.c.actor_id == bindparam("actor"), markers.c.timeline == bindparam("line"))
    .where(markers.c.version == bindparam("known"))
    .values(last_read_id=bindparam("last"), version=markers.c.version + 1, updated_at=bindparam("moment"))
)


async def find(reader: Reader, actor_id: int, timelines: Collection[str]) -> dict[str, Marker]:
    """Return somebody's markers of these timelines, by timeline; those never set are left out."""
    wanted = msgspec.json.encode(list(timelines)).decode()
    rows = await reader.all(_list, actor=actor_id, wanted=wanted)
    return {row[1]: Marker(*row) for row in rows}


async def put(
    tx: Transaction, actor_id: int, timeline: str, last_read_id: int, *, known: Marker | None, at: int
) -> Marker | None:
    """Move a marker from where it was `known`; None when somebody moved it meanwhile."""
    if known is None:
        fresh = Marker(actor_id, timeline, last_read_id, 0, at)
        return fresh if await tx.run(_insert, **{name: getattr(fresh, name) for name in fresh.__slots__}) else None
    moved = await tx.run(_move, actor=actor_id, line=timeline, known=known.version, last=last_read_id, moment=at)
    return Marker(actor_id, timeline, last_read_id, known.version + 1, at) if moved else None

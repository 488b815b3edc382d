"""Owns `deliveries`: one row per activity and inbox. It must not send anything.

States: waiting → delivered | gone | refused | given_up. A batch is what one `deliver` job carries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

WAITING = "waiting"
DELIVERED = "delivered"
GONE = "gone"
REFUSED = "refused"
GIVEN_UP = "given_up"

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("activity_id", Id, nullable=False),
    Column("object_uri", Text),
    Column("inbox", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("batch", Id, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("created_at", Id, nullable=False),
    Column("finished_at", Id),
    UniqueConstraint("activity_id", "inbox"),
)
# What has ended stays for years, so that a deletion finds where a post went; it leaves these two.
_WAITS = text("state = 'waiting'")
Index("ix_deliveries_batch", deliveries.c.batch, sqlite_where=_WAITS)
Index("ix_deliveries_host", deliveries.c.host, sqlite_where=_WAITS)
Index("ix_deliveries_object", deliveries.c.object_uri, deliveries.c.inbox, deliveries.c.state)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One activity on its way to one inbox; `object_uri` keeps the order of what concerns one object."""

    id: int
    activity_id: int
    object_uri: str | None
    inbox: str
    host: str
    batch: int
    state: str
    attempts: int
    last_status: int | None
    last_error: str | None
    created_at: int
    finished_at: int | None


# Written out, not bound: an index over some rows serves only where its condition is seen in the statement.
_is_waiting = deliveries.c.state == literal_column(f"'{WAITING}'")
_insert = upsert(deliveries).on_conflict_do_nothing(index_elements=["activity_id", "inbox"])
_known = select(deliveries.c.inbox).where(
    deliveries.c.activity_id == bindparam("activity"), among(deliveries.c.inbox, "inboxes")
)
_of_batch = select(deliveries).where(deliveries.c.batch == bindparam("batch"), _is_waiting).order_by(deliveries.c.id)
_older = deliveries.alias()
_overtaking = select(deliveries.c.id).where(
    deliveries.c.batch == bindparam("batch"),
    _is_waiting,
    select(_older.c.id)
    .where(
        _older.c.object_uri == deliveries.c.object_uri,
        _older.c.inbox == deliveries.c.inbox,
        _older.c.state == WAITING,
        _older.c.activity_id < deliveries.c.activity_id,
    )
    .exists(),
)
_end = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("wanted"))
    .values(
        state=bindparam("new_state"),
        attempts=bindparam("new_attempts"),
        last_status=bindparam("new_status"),
        last_error=bindparam("new_error"),
        finished_at=bindparam("moment"),
    )
)
_move = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("wanted"))
    .values(
        batch=bindparam("new_batch"),
        attempts=bindparam("new_attempts"),
        last_status=bindparam("new_status"),
        last_error=bindparam("new_error"),
    )
)
_of_host = (
    select(deliveries)
    .where(deliveries.c.host == bindparam("host"), _is_waiting)
    .order_by(deliveries.c.id)
    .limit(bindparam("most"))
)
_inboxes_of_object = select(deliveries.c.inbox).where(deliveries.c.object_uri == bindparam("object")).distinct()
_any_waiting = select(deliveries.c.id).where(deliveries.c.activity_id == bindparam("activity"), _is_waiting).limit(1)
_window = (
    select(deliveries.c.id)
    .where(deliveries.c.id > bindparam("after"), deliveries.c.id < bindparam("end"))
    .order_by(deliveries.c.id)
    .limit(bindparam("most"))
)
_is_there = (
    select(posts.c.id).where(posts.c.uri == deliveries.c.object_uri, posts.c.deleted_at.is_(None), posts.c.local)
).exists()
_over = (
    delete(deliveries)
    .where(among(deliveries.c.id, "wanted"), deliveries.c.state != literal(WAITING))
    .where(deliveries.c.finished_at < bindparam("before"), ~_is_there)
)
_count = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
_count_waiting = select(func.count()).select_from(deliveries).where(_is_waiting)


async def add(tx: Transaction, rows: Sequence[Delivery]) -> None:
    """Store deliveries; what the same activity already brings to the same inbox stays as it is."""
    await tx.run_many(_insert, [{name: getattr(row, name) for name in row.__slots__} for row in rows])


async def find_known(reader: Reader, activity_id: int, inboxes: Sequence[str]) -> set[str]:
    """Return which of `inboxes` already have a delivery of this activity."""
    rows = await reader.all(_known, activity=activity_id, inboxes=msgspec.json.encode(list(inboxes)).decode())
    return {row[0] for row in rows}


async def list_waiting(reader: Reader, batch: int) -> list[Delivery]:
    """Return what is still to be sent of a batch."""
    return [Delivery(*row) for row in await reader.all(_of_batch, batch=batch)]


async def list_overtaking(reader: Reader, batch: int) -> set[int]:
    """Return the ids of a batch whose inbox still waits for an older activity about the same object."""
    return {row[0] for row in await reader.all(_overtaking, batch=batch)}


async def end(
    tx: Transaction, delivery_id: int, state: str, *, attempts: int, status: int | None, error: str | None, at: int
) -> None:
    """Say how a delivery ended: delivered, gone, refused or given_up."""
    await tx.run(
        _end,
        wanted=delivery_id,
        new_state=state,
        new_attempts=attempts,
        new_status=status,
        new_error=error,
        moment=at,
    )


async def move(
    tx: Transaction, delivery_id: int, batch: int, *, attempts: int, status: int | None, error: str | None
) -> None:
    """Put a delivery that is to be tried again into another batch."""
    await tx.run(_move, wanted=delivery_id, new_batch=batch, new_attempts=attempts, new_status=status, new_error=error)


async def list_waiting_of_host(reader: Reader, host: str, *, limit: int = 1000) -> list[Delivery]:
    """Return what waits for a host, oldest first."""
    return [Delivery(*row) for row in await reader.all(_of_host, host=host, most=limit)]


async def list_inboxes_of_object(reader: Reader, object_uri: str) -> list[str]:
    """Return every inbox that something about this object was sent to; a Delete must reach them all."""
    return [row[0] for row in await reader.all(_inboxes_of_object, object=object_uri)]


async def is_waiting(reader: Reader, activity_id: int) -> bool:
    """Say whether an activity is still to be sent to somebody."""
    return await reader.one(_any_waiting, activity=activity_id) is not None


async def list_between(reader: Reader, *, after: int, end: int, limit: int) -> list[int]:
    """Return the ids of deliveries between two ids, in their order."""
    return [row[0] for row in await reader.all(_window, after=after, end=end, most=limit)]


async def drop_over(tx: Transaction, delivery_ids: Sequence[int], *, before: int) -> int:
    """Forget those that ended before a moment and are not needed to find where a living post of ours went."""
    return await tx.run(_over, wanted=msgspec.json.encode(list(delivery_ids)).decode(), before=before)


async def count_waiting(reader: Reader) -> int:
    """Count what is still to be sent."""
    row = await reader.one(_count_waiting)
    return int(row[0]) if row else 0


async def count_by_state(reader: Reader) -> dict[str, int]:
    """Count deliveries by state; reads them all, for an operator."""
    return {row[0]: int(row[1]) for row in await reader.all(_count)}

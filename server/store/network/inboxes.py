"""Owns `inbox_entries`: which activity came to which of our people. It must not decide who gets one."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Select,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.network.activities import Activity, activities
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.ties.follows import blocks, follows

entries = Table(
    "inbox_entries",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id, ondelete="CASCADE"), primary_key=True),
    # Of the moment in which it was dealt with, so that nothing new comes below what a reader has seen.
    Column("id", Id, primary_key=True),
    Column("activity_id", Id, ForeignKey(activities.c.id, ondelete="CASCADE"), nullable=False, index=True),
    # An inbox never lists an activity twice.
    UniqueConstraint("actor_id", "activity_id"),
)

NEWEST = (1 << 63) - 1

_LOCAL = (actors.c.local, actors.c.type == "Person", actors.c.gone_at.is_(None))
_PLACES = ("actor_id", "id", "activity_id")


def _all_of(chosen: Select[tuple[int]]) -> Select[tuple[int, int, int]]:
    return chosen.add_columns(bindparam("entry", type_=Id), bindparam("activity", type_=Id))


def _unblocked(name: str) -> tuple[ColumnElement[bool]]:
    """Nobody gets anything from whom they block."""
    blocking = select(blocks.c.id).where(blocks.c.actor_id == actors.c.id, blocks.c.target_id == bindparam(name))
    return (~blocking.exists(),)


_to_named = (
    upsert(entries)
    .from_select(
        _PLACES, _all_of(select(actors.c.id).where(among(actors.c.uri, "named"), *_LOCAL, *_unblocked("sender")))
    )
    .on_conflict_do_nothing()
)
_to_followers = (
    upsert(entries)
    .from_select(
        _PLACES,
        _all_of(
            select(actors.c.id)
            .join(follows, follows.c.follower_id == actors.c.id)
            .where(follows.c.followed_id == bindparam("followed"), follows.c.state == "accepted", *_LOCAL)
            .where(*_unblocked("followed"))
        ),
    )
    .on_conflict_do_nothing()
)
_page = (
    select(entries.c.id, *activities.columns)
    .join(activities, activities.c.id == entries.c.activity_id)
    .where(entries.c.actor_id == bindparam("actor"), entries.c.id < bindparam("before"))
    .order_by(entries.c.id.desc())
    .limit(bindparam("most"))
)
_page_after = (
    select(entries.c.id, *activities.columns)
    .join(activities, activities.c.id == entries.c.activity_id)
    .where(entries.c.actor_id == bindparam("actor"), entries.c.id > bindparam("after"))
    .order_by(entries.c.id)
    .limit(bindparam("most"))
)
_count = select(func.count()).select_from(entries).where(entries.c.actor_id == bindparam("actor"))


async def add_for_named(tx: Transaction, *, id: int, activity_id: int, named: Sequence[str], sender_id: int) -> None:
    """Put an activity into the inboxes of those of our people who are among these URIs and do not block its sender."""
    wanted = msgspec.json.encode(sorted(set(named))).decode()
    await tx.run(_to_named, entry=id, activity=activity_id, named=wanted, sender=sender_id)


async def add_for_followers(tx: Transaction, *, id: int, activity_id: int, followed_id: int) -> None:
    """Put an activity into the inboxes of those of our people who follow its actor."""
    await tx.run(_to_followers, entry=id, activity=activity_id, followed=followed_id)


async def list_newest(
    reader: Reader, actor_id: int, *, before: int = NEWEST, limit: int = 20
) -> list[tuple[int, Activity]]:
    """Return (cursor, activity) of what came to somebody, newest first, below cursor `before`."""
    rows = await reader.all(_page, actor=actor_id, before=before, most=limit)
    return [(row[0], Activity(*row[1:])) for row in rows]


async def list_after(reader: Reader, actor_id: int, *, after: int, limit: int) -> list[tuple[int, Activity]]:
    """Return (cursor, activity) of what came to somebody, oldest first, above cursor `after`."""
    rows = await reader.all(_page_after, actor=actor_id, after=after, most=limit)
    return [(row[0], Activity(*row[1:])) for row in rows]


async def count(reader: Reader, actor_id: int) -> int:
    """Count what came to somebody and is still kept."""
    row = await reader.one(_count, actor=actor_id)
    return int(row[0]) if row else 0

"""Owns `feed_entries`: what stands in somebody's home feed or list. It must not decide what comes in; `spreading` does.

A page is a range of one key, however many one follows. Blocks and mutes are heeded by whoever reads (`timelines`), so
that taking one back needs no repair here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Index, Integer, Table, bindparam, delete, select, tuple_
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata

HOME, LIST = 0, 1
# As many as somebody may scroll through; beyond them a profile shows the rest.
ENTRIES_AT_MOST = 5000
# Where going through all feeds begins.
FIRST = (HOME, 0)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("kind", Integer, primary_key=True, autoincrement=False),
    # An actor of ours for a home feed, a list for a list's.
    Column("owner_id", Id, primary_key=True, autoincrement=False),
    # The post's id, or the reaction's where it is a boost.
    Column("entry_id", Id, primary_key=True, autoincrement=False),
    Column("post_id", Id, nullable=False),
    # Who brought it here: the author, or who boosted it.
    Column("by_id", Id, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_feed_entries_post", feed_entries.c.post_id, feed_entries.c.kind, feed_entries.c.owner_id)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One line of a feed; a boost where `entry_id` is not `post_id`."""

    kind: int
    owner_id: int
    entry_id: int
    post_id: int
    by_id: int


_insert = upsert(feed_entries).on_conflict_do_nothing()
_IN_FEED = (feed_entries.c.kind == bindparam("kind"), feed_entries.c.owner_id == bindparam("owner"))
_drop_by = delete(feed_entries).where(*_IN_FEED, feed_entries.c.by_id == bindparam("by"))
_drop_post = delete(feed_entries).where(feed_entries.c.post_id == bindparam("post"))
_drop_boost = _drop_post.where(feed_entries.c.entry_id == bindparam("entry"))
_having = select(feed_entries.c.kind, feed_entries.c.owner_id).where(feed_entries.c.post_id == bindparam("post"))
_having_entry = _having.where(feed_entries.c.entry_id == bindparam("entry"))
_next_feed = (
    select(feed_entries.c.kind, feed_entries.c.owner_id)
    .where(tuple_(feed_entries.c.kind, feed_entries.c.owner_id) > tuple_(bindparam("kind"), bindparam("owner")))
    .order_by(feed_entries.c.kind, feed_entries.c.owner_id)
    .limit(1)
)
_older = feed_entries.alias()
_last_kept = (
    select(_older.c.entry_id)
    .where(_older.c.kind == bindparam("kind"), _older.c.owner_id == bindparam("owner"))
    .order_by(_older.c.entry_id.desc())
    .limit(1)
    .offset(bindparam("most"))
)
_prune = delete(feed_entries).where(*_IN_FEED, feed_entries.c.entry_id <= _last_kept.scalar_subquery())


async def add(tx: Transaction, entry: FeedEntry) -> None:
    """Put one entry into a feed, once."""
    await tx.run(_insert, **{name: getattr(entry, name) for name in entry.__slots__})


async def drop_by(tx: Transaction, kind: int, owner_id: int, by_id: int) -> None:
    """Take out of a feed what somebody brought there, their own and what they boosted."""
    await tx.run(_drop_by, kind=kind, owner=owner_id, by=by_id)


async def drop_post(tx: Transaction, post_id: int) -> None:
    """Take a post, and every boost of it, out of all feeds."""
    await tx.run(_drop_post, post=post_id)


async def drop_boost(tx: Transaction, post_id: int, reaction_id: int) -> None:
    """Take one boost of a post out of all feeds."""
    await tx.run(_drop_boost, post=post_id, entry=reaction_id)


async def list_having(reader: Reader, post_id: int, *, entry_id: int | None = None) -> Sequence[tuple[int, int]]:
    """Return (kind, owner) of the feeds that a post is in, in any way or as this entry."""
    if entry_id is None:
        return [(row[0], row[1]) for row in await reader.all(_having, post=post_id)]
    return [(row[0], row[1]) for row in await reader.all(_having_entry, post=post_id, entry=entry_id)]


async def prune_next(tx: Transaction, kind: int, owner_id: int) -> tuple[int, int] | None:
    """Leave only the newest entries to the feed that comes after this one, and return it; None after the last."""
    row = await tx.one(_next_feed, kind=kind, owner=owner_id)
    if row is None:
        return None
    await prune(tx, row[0], row[1])
    return row[0], row[1]


async def prune(tx: Transaction, kind: int, owner_id: int, *, keep: int = ENTRIES_AT_MOST) -> int:
    """Drop all but the newest entries of a feed; return how many."""
    return await tx.run(_prune, kind=kind, owner=owner_id, most=keep)

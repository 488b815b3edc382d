"""Owns `stream_events`: what has just happened, for those who listen. It must not say who may hear it.

Rows are ids only and live some minutes. Whoever writes holds the database's one write lock, so that ids come in the
order of commits and a listener that goes on above the last id it saw misses nothing.
"""

from dataclasses import dataclass

from sqlalchemy import Column, Table, Text, bindparam, delete, func, insert, select

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata

stream_events = Table(
    "stream_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    # Whom it concerns alone; 0 for what concerns whoever may see the post.
    Column("actor_id", Id, nullable=False),
    Column("post_id", Id, nullable=False),
    # The entry in feeds, or the row of a notification or a conversation.
    Column("entry_id", Id, nullable=False),
    # Where something was that is gone now, as JSON.
    Column("places", Text),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """Something that happened. `kind` is Mastodon's name of the event; what does not matter to it is 0 or None."""

    id: int
    kind: str
    actor_id: int
    post_id: int
    entry_id: int
    places: str | None
    created_at: int


_insert = insert(stream_events)
_after = (
    select(stream_events)
    .where(stream_events.c.id > bindparam("after"))
    .order_by(stream_events.c.id)
    .limit(bindparam("most"))
)
_newest = select(func.max(stream_events.c.id))
_newer = stream_events.alias()
# The newest stays, so that no id is given out twice.
_prune = delete(stream_events).where(
    stream_events.c.id < select(func.max(_newer.c.id)).scalar_subquery(),
    stream_events.c.id <= bindparam("upto"),
)
_last_before = (
    select(stream_events.c.id)
    .where(stream_events.c.created_at < bindparam("moment"))
    .order_by(stream_events.c.id.desc())
    .limit(1)
)


async def add(
    tx: Transaction, kind: str, *, actor_id: int, post_id: int, entry_id: int, places: str | None, at: int
) -> None:
    """Write down that something happened."""
    await tx.run(
        _insert, kind=kind, actor_id=actor_id, post_id=post_id, entry_id=entry_id, places=places, created_at=at
    )


async def list_after(reader: Reader, event_id: int, *, limit: int) -> list[StreamEvent]:
    """Return what happened above an id, in order."""
    return [StreamEvent(*row) for row in await reader.all(_after, after=event_id, most=limit)]


async def find_newest(reader: Reader) -> int:
    """Return the id of what happened last; 0 when nothing did."""
    row = await reader.one(_newest)
    return int(row[0] or 0) if row else 0


async def prune(tx: Transaction, *, before: int) -> int:
    """Forget what happened before a moment; return how many."""
    row = await tx.one(_last_before, moment=before)
    return await tx.run(_prune, upto=row[0]) if row else 0

"""Owns `activities`: every activity received or sent, once, with its document. It must not interpret them."""

from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Change, Reader, Transaction
from server.store.schema import Id, metadata

activities = Table(
    "activities",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("outgoing", Boolean, nullable=False),
    Column("type", Text, nullable=False),
    Column("actor_uri", Text, nullable=False),
    Column("object_uri", Text),
    # Only what is addressed to the public or a followers collection is listed in an outbox.
    Column("visibility", Text),
    Column("document", LargeBinary, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("processed_at", Id),
    Column("outcome", Text),
    # When the request was signed that brought it, in seconds by the sender's clock.
    Column("signed_at", Id),
)
# An incoming activity is in none of the three until it was dealt with: each would cost a page in the shared commit.
_SENT = text("outgoing = 1")
Index("ix_activities_outbox", activities.c.actor_uri, activities.c.id, sqlite_where=_SENT)
Index("ix_activities_object", activities.c.object_uri, sqlite_where=_SENT)
Index("ix_activities_age", activities.c.processed_at, sqlite_where=text("processed_at IS NOT NULL"))
_IS_DELETE = text("type = 'Delete'")
Index("ix_activities_deletion", activities.c.object_uri, sqlite_where=_IS_DELETE)
_IS_UNDO = text("type = 'Undo'")
Index("ix_activities_undo", activities.c.object_uri, sqlite_where=_IS_UNDO)


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as it is on the wire (`document`, JSON) and what we need to find it again.

    `visibility` is that of an outgoing one; `outcome` says how an incoming one ended.
    """

    id: int
    uri: str
    outgoing: bool
    type: str
    actor_uri: str
    object_uri: str | None
    visibility: str | None
    document: bytes
    created_at: int
    processed_at: int | None
    outcome: str | None
    signed_at: int | None = None


# The visibility of what nobody is shown any more.
HIDDEN = "none"

_by_id = select(activities).where(activities.c.id == bindparam("wanted"))
_by_uri = select(activities).where(activities.c.uri == bindparam("wanted"))
_insert = insert(activities)
_insert_new = upsert(activities).on_conflict_do_nothing(index_elements=["uri"])
_finish = (
    update(activities)
    .where(activities.c.id == bindparam("wanted"))
    .values(processed_at=bindparam("moment"), outcome=bindparam("how"))
)
_forget = delete(activities).where(
    activities.c.uri == bindparam("wanted"),
    activities.c.outgoing.is_(False),
    activities.c.actor_uri == bindparam("actor"),
)
_forget_undo = (
    delete(activities)
    .where(activities.c.object_uri == bindparam("wanted"), _IS_UNDO, activities.c.actor_uri == bindparam("actor"))
    # One that still waits is for what comes now.
    .where(activities.c.processed_at.is_not(None))
)
_LATER = (activities.c.actor_uri == bindparam("actor"), activities.c.signed_at > bindparam("moment"))
_undone_later = select(activities.c.id).where(activities.c.object_uri == bindparam("wanted"), _IS_UNDO, *_LATER)
_done_later = select(activities.c.id).where(activities.c.uri == bindparam("wanted"), *_LATER)
_old = (
    select(activities.c.id)
    .where(activities.c.outgoing.is_(False), activities.c.processed_at < bindparam("moment"))
    .limit(bindparam("most"))
)
_prune = delete(activities).where(activities.c.id.in_(_old))
_OPEN = activities.c.visibility.in_([literal("public"), literal("unlisted")])
# Everything but what was taken back; older ones have no visibility, as only their recipients were told of them.
_SHOWN = activities.c.visibility.is_(None) | (activities.c.visibility != literal(HIDDEN))
_outbox = (
    select(activities)
    .where(activities.c.actor_uri == bindparam("actor"), activities.c.outgoing, _OPEN)
    .where(activities.c.id < bindparam("before"))
    .order_by(activities.c.id.desc())
    .limit(bindparam("most"))
)
_outbox_after = (
    select(activities)
    .where(activities.c.actor_uri == bindparam("actor"), activities.c.outgoing, _OPEN)
    .where(activities.c.id > bindparam("after"))
    .order_by(activities.c.id)
    .limit(bindparam("most"))
)
_outbox_count = (
    select(func.count())
    .select_from(activities)
    .where(activities.c.actor_uri == bindparam("actor"), activities.c.outgoing, _OPEN)
)
_own_outbox = (
    select(activities)
    .where(activities.c.actor_uri == bindparam("actor"), activities.c.outgoing, _SHOWN)
    .where(activities.c.id < bindparam("before"))
    .order_by(activities.c.id.desc())
    .limit(bindparam("most"))
)
_own_outbox_after = (
    select(activities)
    .where(activities.c.actor_uri == bindparam("actor"), activities.c.outgoing, _SHOWN)
    .where(activities.c.id > bindparam("after"))
    .order_by(activities.c.id)
    .limit(bindparam("most"))
)
_own_outbox_count = (
    select(func.count())
    .select_from(activities)
    .where(activities.c.actor_uri == bindparam("actor"), activities.c.outgoing, _SHOWN)
)
_sent_after = (
    select(activities)
    .where(activities.c.actor_uri == bindparam("actor"), activities.c.outgoing, activities.c.id > bindparam("after"))
    .order_by(activities.c.id)
    .limit(bindparam("most"))
)
_amend = (
    update(activities)
    .where(activities.c.id == bindparam("wanted"))
    .values(document=bindparam("new_document"), visibility=bindparam("new_visibility"))
)
_hide = (
    update(activities)
    .where(activities.c.object_uri == bindparam("wanted"), activities.c.outgoing)
    .values(visibility=HIDDEN)
)
_hide_one = update(activities).where(activities.c.id == bindparam("wanted")).values(visibility=HIDDEN)
_drop_held = delete(activities).where(activities.c.id == bindparam("wanted"), activities.c.visibility == HIDDEN)
_sent_but = (
    select(activities.c.id)
    .where(activities.c.actor_uri == bindparam("actor"), _SENT, activities.c.id != bindparam("kept"))
    .limit(bindparam("most"))
)
_drop_sent = delete(activities).where(activities.c.id.in_(_sent_but))
_deletion = (
    select(activities.c.id)
    .where(activities.c.object_uri == bindparam("wanted"), _IS_DELETE, activities.c.actor_uri == bindparam("actor"))
    .limit(1)
)

# The highest id, for the first page of anything that pages downwards.
NEWEST = (1 << 63) - 1


def received(
    *,
    id: int,
    uri: str,
    type: str,
    actor_uri: str,
    object_uri: str | None,
    document: bytes,
    at: int,
    signed_at: int | None = None,
) -> Change:
    """Return the change that stores an incoming activity once; for the group commit."""
    return _insert_new, {
        "id": id,
        "uri": uri,
        "outgoing": False,
        "type": type,
        "actor_uri": actor_uri,
        "object_uri": object_uri,
        "visibility": None,
        "document": document,
        "created_at": at,
        "processed_at": None,
        "outcome": None,
        "signed_at": signed_at,
    }


async def find(reader: Reader, activity_id: int) -> Activity | None:
    """Find an activity by our own id."""
    row = await reader.one(_by_id, wanted=activity_id)
    return Activity(*row) if row else None


async def find_by_uri(reader: Reader, uri: str) -> Activity | None:
    """Find an activity by its ActivityPub id."""
    row = await reader.one(_by_uri, wanted=uri)
    return Activity(*row) if row else None


async def was_deleted(reader: Reader, *, actor_uri: str, object_uri: str) -> bool:
    """Say whether an actor sent a Delete of an object; it may come before the Create."""
    return await reader.one(_deletion, wanted=object_uri, actor=actor_uri) is not None


async def add(tx: Transaction, activity: Activity) -> None:
    """Store an outgoing activity."""
    await tx.run(_insert, **{name: getattr(activity, name) for name in activity.__slots__})


async def drop(tx: Transaction, activity_id: int) -> None:
    """Forget an activity that nobody was told of."""
    await tx.run(_drop_held, wanted=activity_id)


async def amend(tx: Transaction, activity: Activity) -> None:
    """Overwrite the document and the visibility of an outgoing activity, in the transaction that stored it."""
    await tx.run(_amend, wanted=activity.id, new_document=activity.document, new_visibility=activity.visibility)


async def finish(tx: Transaction, activity_id: int, *, at: int, outcome: str) -> None:
    """Say how an incoming activity ended."""
    await tx.run(_finish, wanted=activity_id, moment=at, how=outcome)


async def forget(tx: Transaction, uri: str, *, actor_uri: str) -> None:
    """Forget what an actor sent, so that its id counts as new when it comes again (Takahe re-uses Follow ids).

    An id that another actor's activity bears is left alone: whoever undoes names any id they like.
    """
    await tx.run(_forget, wanted=uri, actor=actor_uri)


async def forget_undo(tx: Transaction, *, actor_uri: str, undone_uri: str) -> None:
    """Forget that an actor undid an activity that came again, so that its Undo may come again (Takahe re-uses both)."""
    await tx.run(_forget_undo, wanted=undone_uri, actor=actor_uri)


async def was_undone_later(reader: Reader, *, actor_uri: str, uri: str, signed_at: int) -> bool:
    """Say whether an actor undid an activity by what it signed after that moment."""
    return await reader.one(_undone_later, actor=actor_uri, wanted=uri, moment=signed_at) is not None


async def was_done_later(reader: Reader, *, actor_uri: str, uri: str, signed_at: int) -> bool:
    """Say whether an actor did what an Undo names after the Undo was signed."""
    return await reader.one(_done_later, actor=actor_uri, wanted=uri, moment=signed_at) is not None


async def prune(tx: Transaction, *, before: int, limit: int) -> int:
    """Drop at most `limit` incoming activities that were dealt with before a moment; return how many."""
    return await tx.run(_prune, moment=before, most=limit)


async def drop_sent(tx: Transaction, actor_uri: str, *, keep: int, limit: int) -> int:
    """Forget at most `limit` of what one of our actors sent, but for one activity; return how many."""
    return await tx.run(_drop_sent, actor=actor_uri, kept=keep, most=limit)


async def hide(tx: Transaction, object_uri: str) -> None:
    """Take what concerns a deleted object out of the outbox."""
    await tx.run(_hide, wanted=object_uri)


async def hide_one(tx: Transaction, activity_id: int) -> None:
    """Take one activity out of the outbox."""
    await tx.run(_hide_one, wanted=activity_id)


async def list_outbox(reader: Reader, actor_uri: str, *, before: int = NEWEST, limit: int = 20) -> list[Activity]:
    """Return what an anonymous reader may see of an outbox, newest first, below id `before`."""
    rows = await reader.all(_outbox, actor=actor_uri, before=before, most=limit)
    return [Activity(*row) for row in rows]


async def list_own_outbox(reader: Reader, actor_uri: str, *, before: int = NEWEST, limit: int = 20) -> list[Activity]:
    """Return what an actor itself may see of its outbox, newest first, below id `before`."""
    rows = await reader.all(_own_outbox, actor=actor_uri, before=before, most=limit)
    return [Activity(*row) for row in rows]


async def list_outbox_after(reader: Reader, actor_uri: str, *, after: int, limit: int = 20) -> list[Activity]:
    """Return what an anonymous reader may see of an outbox, oldest first, above id `after`."""
    return [Activity(*row) for row in await reader.all(_outbox_after, actor=actor_uri, after=after, most=limit)]


async def list_own_outbox_after(reader: Reader, actor_uri: str, *, after: int, limit: int = 20) -> list[Activity]:
    """Return what an actor itself may see of its outbox, oldest first, above id `after`."""
    return [Activity(*row) for row in await reader.all(_own_outbox_after, actor=actor_uri, after=after, most=limit)]


async def count_own_outbox(reader: Reader, actor_uri: str) -> int:
    """Count what an actor itself may see of its outbox."""
    row = await reader.one(_own_outbox_count, actor=actor_uri)
    return int(row[0]) if row else 0


async def list_sent_after(reader: Reader, actor_uri: str, *, after: int, limit: int = 20) -> list[Activity]:
    """Return what an actor sent, oldest first, above id `after`."""
    return [Activity(*row) for row in await reader.all(_sent_after, actor=actor_uri, after=after, most=limit)]


async def count_outbox(reader: Reader, actor_uri: str) -> int:
    """Count what an anonymous reader may see of an outbox."""
    row = await reader.one(_outbox_count, actor=actor_uri)
    return int(row[0]) if row else 0

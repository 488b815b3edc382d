"""Owns `notifications`: what our people are told. It must not decide whether they want to hear it."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    false,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import NEWEST, Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among

notifications = Table(
    "notifications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("post_id", Id, nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    Column("read_at", Id),
    Column("filtered", Boolean, nullable=False, server_default=false()),
    Column("group_key", Text),
    Column("detail", Text),
    UniqueConstraint("actor_id", "kind", "from_id", "post_id"),
)
Index("ix_notifications_of_actor", notifications.c.actor_id, notifications.c.id)
# Counted for every page that somebody sees.
Index("ix_notifications_unread", notifications.c.actor_id, sqlite_where=text("read_at IS NULL"))
# Put aside by the policy: few, and counted by their sender.
Index("ix_notifications_filtered", notifications.c.actor_id, notifications.c.from_id, sqlite_where=text("filtered = 1"))
Index("ix_notifications_group", notifications.c.actor_id, notifications.c.group_key, notifications.c.id)

# Each kind that is told; the first six are as old as the pages, and clients call some of them otherwise.
KINDS = (
    "follow",
    "follow_request",
    "like",
    "announce",
    "reply",
    "mention",
    "status",
    "poll",
    "update",
    "quote",
    "quote_request",
    "like_request",
    "reply_request",
    "announce_request",
    "emoji",
    "quoted_update",
    "severed_relationships",
    "admin.sign_up",
    "admin.report",
)


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that happened to one of our people; `kind` is one of `KINDS`.

    `post_id` is 0 where no post is meant; for `admin.report` it is the report. `filtered`: the policy put it aside.
    `group_key` is None for what stands alone; `detail` is JSON that belongs to the kind.
    """

    id: int
    actor_id: int
    kind: str
    from_id: int
    post_id: int
    created_at: int
    read_at: int | None
    filtered: bool = False
    group_key: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notifications: of whom, of what kinds, by whom (0: anybody), and those that were put aside too."""

    actor_id: int
    kinds: Collection[str] = KINDS
    from_id: int = 0
    include_filtered: bool = False


_OF = notifications.c.actor_id == bindparam("actor")
_TOLD = notifications.c.filtered.is_(False)
_insert = upsert(notifications).on_conflict_do_nothing(index_elements=["actor_id", "kind", "from_id", "post_id"])
_drop = delete(notifications).where(
    _OF,
    notifications.c.kind == bindparam("what"),
    notifications.c.from_id == bindparam("sender"),
    notifications.c.post_id == bindparam("post"),
)
_drop_of_post = delete(notifications).where(
    notifications.c.post_id == bindparam("post"), notifications.c.kind != "admin.report"
)
_drop_one = delete(notifications).where(_OF, notifications.c.id == bindparam("wanted"))
_drop_all = delete(notifications).where(_OF)
_drop_from = delete(notifications).where(_OF, notifications.c.from_id == bindparam("sender"))
_drop_filtered = delete(notifications).where(
    _OF, notifications.c.from_id == bindparam("sender"), notifications.c.filtered
)
_drop_below = delete(notifications).where(_OF, notifications.c.id <= bindparam("last"))
_list = (
    select(notifications)
    .where(_OF, _TOLD, notifications.c.id < bindparam("before"))
    .order_by(notifications.c.id.desc())
    .limit(bindparam("most"))
)
# A sender who was suspended is heard no more, and heard again when that ends.
_CHOSEN = (
    _OF
    & among(notifications.c.kind, "kinds")
    & ((notifications.c.from_id == bindparam("sender")) | (bindparam("sender") == 0))
    & (_TOLD | (bindparam("aside") == 1))
    & actors.c.suspended_at.is_(None)
)
_WITH_SENDER = notifications.join(actors, actors.c.id == notifications.c.from_id)
_chosen = paged(select(notifications).select_from(_WITH_SENDER).where(_CHOSEN), notifications.c.id)
_count_chosen = select(func.count()).select_from(
    select(notifications.c.id)
    .select_from(_WITH_SENDER)
    .where(_CHOSEN, notifications.c.read_at.is_(None))
    .limit(bindparam("most"))
    .subquery("some")
)
_find = select(notifications).where(notifications.c.id == bindparam("wanted"))
_unread = select(func.count()).select_from(notifications).where(_OF, notifications.c.read_at.is_(None), _TOLD)
_read = (
    update(notifications)
    .where(_OF, notifications.c.read_at.is_(None), notifications.c.id <= bindparam("last"))
    .values(read_at=bindparam("moment"))
)
_newest = select(func.max(notifications.c.id)).where(_OF)
_filtered_from = select(notifications).where(
    _OF, notifications.c.from_id == bindparam("sender"), notifications.c.filtered
)
_unfilter = (
    update(notifications)
    .where(_OF, notifications.c.from_id == bindparam("sender"), notifications.c.filtered)
    .values(filtered=False)
)
_crowded = (
    select(notifications.c.actor_id)
    .group_by(notifications.c.actor_id)
    .having(func.count() > bindparam("kept", type_=Id))
)
_last_kept = (
    select(notifications.c.id)
    .where(_OF)
    .order_by(notifications.c.id.desc())
    .limit(1)
    .offset(bindparam("kept", type_=Id))
)


async def add(tx: Transaction, notification: Notification) -> bool:
    """Tell somebody, once; false when they were told."""
    return bool(await tx.run(_insert, **{name: getattr(notification, name) for name in notification.__slots__}))


async def drop(tx: Transaction, *, actor_id: int, kind: str, from_id: int, post_id: int = 0) -> None:
    """Take back what was told."""
    await tx.run(_drop, actor=actor_id, what=kind, sender=from_id, post=post_id)


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget what was told about a post."""
    await tx.run(_drop_of_post, post=post_id)


async def drop_one(tx: Transaction, actor_id: int, notification_id: int) -> bool:
    """Forget one thing that somebody was told; false when it was not theirs."""
    return bool(await tx.run(_drop_one, actor=actor_id, wanted=notification_id))


async def drop_all(tx: Transaction, actor_id: int) -> None:
    """Forget everything that somebody was told."""
    await tx.run(_drop_all, actor=actor_id)


async def drop_from(tx: Transaction, actor_id: int, from_id: int) -> None:
    """Forget what somebody was told of another, whom they do not want to hear of any more."""
    await tx.run(_drop_from, actor=actor_id, sender=from_id)


async def drop_filtered(tx: Transaction, actor_id: int, from_id: int) -> None:
    """Forget what the policy put aside from one sender."""
    await tx.run(_drop_filtered, actor=actor_id, sender=from_id)


async def find(reader: Reader, notification_id: int) -> Notification | None:
    """Find a notification by its id, whosever it is."""
    row = await reader.one(_find, wanted=notification_id)
    return Notification(*row) if row else None


async def list_of_actor(reader: Reader, actor_id: int, *, before: int = NEWEST, limit: int = 40) -> list[Notification]:
    """Return what somebody was told, newest first, below id `before`."""
    return [Notification(*row) for row in await reader.all(_list, actor=actor_id, before=before, most=limit)]


async def list_wanted(reader: Reader, wanted: Wanted, stretch: Stretch) -> list[Notification]:
    """Return a stretch of what somebody wants to see, newest first; nothing of suspended senders."""
    rows = await read_page(reader, _chosen, stretch, **choice(wanted))
    return [Notification(*row) for row in rows]


async def count_wanted(reader: Reader, wanted: Wanted, *, limit: int) -> int:
    """Count what of it is unread, up to `limit`."""
    row = await reader.one(_count_chosen, most=limit, **choice(wanted))
    return int(row[0]) if row else 0


def choice(wanted: Wanted) -> dict[str, object]:
    """Return the parameters by which a statement knows what is wanted."""
    kinds = msgspec.json.encode(sorted(wanted.kinds)).decode()
    aside = int(wanted.include_filtered)
    return {"actor": wanted.actor_id, "kinds": kinds, "sender": wanted.from_id, "aside": aside}


async def count_unread(reader: Reader, actor_id: int) -> int:
    """Count what somebody has not seen."""
    row = await reader.one(_unread, actor=actor_id)
    return int(row[0]) if row else 0


async def find_newest_id(reader: Reader, actor_id: int) -> int:
    """Return the id of the newest thing that somebody was told; 0 when there is none."""
    row = await reader.one(_newest, actor=actor_id)
    return int(row[0] or 0) if row else 0


async def mark_read(tx: Transaction, actor_id: int, *, at: int, last: int = NEWEST) -> None:
    """Remember that somebody has seen everything up to id `last`."""
    await tx.run(_read, actor=actor_id, moment=at, last=last)


async def list_filtered(reader: Reader, actor_id: int, from_id: int) -> list[Notification]:
    """Return what the policy put aside from one sender."""
    return [Notification(*row) for row in await reader.all(_filtered_from, actor=actor_id, sender=from_id)]


async def unfilter(tx: Transaction, actor_id: int, from_id: int) -> int:
    """Put what a sender did among the rest; return how many they were."""
    return await tx.run(_unfilter, actor=actor_id, sender=from_id)


async def prune(tx: Transaction, *, keep: int) -> int:
    """Forget all but the newest `keep` of each person; return how many went."""
    gone = 0
    for (actor_id,) in await tx.all(_crowded, kept=keep):
        row = await tx.one(_last_kept, actor=actor_id, kept=keep)
        gone += await tx.run(_drop_below, actor=actor_id, last=row[0]) if row else 0
    return gone

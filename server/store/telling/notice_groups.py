"""Reads notifications of a kind about one post as one: what several people did stands together. It writes nothing.

A group's key is written with the notification (`actions.notify`); what has none, or is of a kind that the reader does
not want grouped, stands alone under `ungrouped-ID`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Text, bindparam, case, cast, delete, func, literal, select

from server.store.database import Reader, Transaction
from server.store.paging import NEWEST, Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.statements import Row, among
from server.store.telling.notifications import Notification, Wanted, choice, notifications

ALONE = "ungrouped-"
# What a client shows of a group beside its number.
SAMPLE = 8
# What stands together; Mastodon's list, in our words.
GROUPABLE = ("like", "announce", "follow", "admin.sign_up")


@dataclass(frozen=True, slots=True)
class Group:
    """Several notifications that say the same. `newest` is the latest, `oldest_id` the earliest of the page asked for.

    `from_ids` are the latest senders, at most `SAMPLE`; `count` is of all in the group.
    """

    key: str
    newest: Notification
    oldest_id: int
    count: int
    from_ids: tuple[int, ...]


_OF = notifications.c.actor_id == bindparam("actor")
_KEY = case(
    (notifications.c.group_key.is_not(None) & among(notifications.c.kind, "grouped"), notifications.c.group_key),
    else_=literal(ALONE) + cast(notifications.c.id, Text),
)
_CHOSEN = (
    _OF
    & among(notifications.c.kind, "kinds")
    & ((notifications.c.from_id == bindparam("sender")) | (bindparam("sender") == 0))
    & (notifications.c.filtered.is_(False) | (bindparam("aside") == 1))
    & actors.c.suspended_at.is_(None)
    & (notifications.c.id < bindparam("before"))
    & (notifications.c.id > bindparam("after"))
)
_page = (
    select(
        _KEY.label("key"), func.max(notifications.c.id).label("newest"), func.min(notifications.c.id).label("oldest")
    )
    .select_from(notifications.join(actors, actors.c.id == notifications.c.from_id))
    .where(_CHOSEN)
    .group_by("key")
    .limit(bindparam("most"))
)
_newest_groups = _page.order_by(func.max(notifications.c.id).desc())
_next_groups = _page.order_by(func.min(notifications.c.id))
_unread_groups = select(func.count()).select_from(
    select(_KEY.label("key"))
    .select_from(notifications.join(actors, actors.c.id == notifications.c.from_id))
    .where(_CHOSEN, notifications.c.read_at.is_(None))
    .group_by("key")
    .limit(bindparam("most"))
    .subquery("some")
)
_ranked = (
    select(
        notifications.c.id,
        notifications.c.group_key,
        notifications.c.from_id,
        func.count().over(partition_by=notifications.c.group_key).label("size"),
        func.row_number()
        .over(partition_by=notifications.c.group_key, order_by=notifications.c.id.desc())
        .label("rank"),
    )
    .where(_OF, among(notifications.c.group_key, "keys"))
    .subquery("some")
)
_members = (
    select(_ranked.c.group_key, _ranked.c.from_id, _ranked.c.size)
    .where(_ranked.c.rank <= SAMPLE)
    .order_by(_ranked.c.id.desc())
)
_by_ids = select(notifications).where(_OF, among(notifications.c.id, "wanted"))
_bounds = select(func.max(notifications.c.id), func.min(notifications.c.id)).where(
    _OF, notifications.c.group_key == bindparam("key")
)
_of_group = paged(select(notifications).where(_OF, notifications.c.group_key == bindparam("key")), notifications.c.id)
_drop_group = delete(notifications).where(_OF, notifications.c.group_key == bindparam("key"))
_recent_key = (
    select(notifications.c.group_key)
    .where(_OF, notifications.c.group_key >= bindparam("prefix"), notifications.c.group_key < bindparam("beyond"))
    .order_by(notifications.c.group_key.desc())
    .limit(1)
)


async def list_groups(reader: Reader, wanted: Wanted, grouped: Collection[str], stretch: Stretch) -> list[Group]:
    """Return a stretch of groups, the one with the latest notification first."""
    rows = await _read(reader, wanted, grouped, stretch)
    if len(rows) == stretch.limit:
        # A full page ends where its last group begins; what lies beyond is for the next.
        if stretch.ascending:
            stretch = replace(stretch, before=max(row[2] for row in rows) + 1)
        else:
            stretch = replace(stretch, after=min(row[1] for row in rows) - 1)
        rows = await _read(reader, wanted, grouped, stretch)
    return await _complete(reader, wanted.actor_id, sorted(rows, key=lambda row: -row[1]))


async def find_group(reader: Reader, actor_id: int, key: str) -> Group | None:
    """Find one group of somebody's notifications."""
    alone = read_alone(key)
    if alone is not None:
        found = await _complete(reader, actor_id, [(key, alone, alone)])
        return found[0] if found else None
    row = await reader.one(_bounds, actor=actor_id, key=key)
    if row is None or row[0] is None:
        return None
    return (await _complete(reader, actor_id, [(key, row[0], row[1])]))[0]


async def list_members(reader: Reader, actor_id: int, key: str, stretch: Stretch) -> list[Notification]:
    """Return a stretch of a group's notifications, newest first."""
    alone = read_alone(key)
    if alone is not None:
        rows = await reader.all(_by_ids, actor=actor_id, wanted=_json([alone]))
        return [one for one in (Notification(*row) for row in rows) if stretch.after < one.id < stretch.before]
    return [Notification(*row) for row in await read_page(reader, _of_group, stretch, actor=actor_id, key=key)]


async def count_unread(reader: Reader, wanted: Wanted, grouped: Collection[str], *, limit: int) -> int:
    """Count the groups with something unread in them, up to `limit`."""
    row = await reader.one(_unread_groups, grouped=_json(grouped), before=NEWEST, after=0, most=limit, **choice(wanted))
    return int(row[0]) if row else 0


async def drop_group(tx: Transaction, actor_id: int, key: str) -> None:
    """Forget a group."""
    await tx.run(_drop_group, actor=actor_id, key=key)


async def find_recent_key(reader: Reader, actor_id: int, prefix: str) -> str | None:
    """Return the latest key of a group that begins so."""
    # The last sign is a dash, and what follows a dash is a number: every such key lies below the next sign.
    beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    row = await reader.one(_recent_key, actor=actor_id, prefix=prefix, beyond=beyond)
    return str(row[0]) if row else None


def read_alone(key: str) -> int | None:
    """Return the id that an ungrouped key names."""
    number = key.removeprefix(ALONE)
    return int(number) if key.startswith(ALONE) and number.isascii() and number.isdigit() and len(number) < 19 else None


async def _read(reader: Reader, wanted: Wanted, grouped: Collection[str], stretch: Stretch) -> list[Row]:
    return await reader.all(
        _next_groups if stretch.ascending else _newest_groups,
        grouped=_json(grouped),
        before=stretch.before,
        after=stretch.after,
        most=stretch.limit,
        **choice(wanted),
    )


async def _complete(reader: Reader, actor_id: int, rows: Sequence[Row]) -> list[Group]:
    found = await reader.all(_by_ids, actor=actor_id, wanted=_json([row[1] for row in rows]))
    newest = {row[0]: Notification(*row) for row in found}
    members: dict[str, list[int]] = {}
    sizes: dict[str, int] = {}
    for key, from_id, size in await reader.all(_members, actor=actor_id, keys=_json([row[0] for row in rows])):
        members.setdefault(key, []).append(from_id)
        sizes[key] = size
    return [
        Group(
            key,
            newest[last],
            first,
            sizes.get(key, 1),
            tuple(dict.fromkeys(members.get(key, [newest[last].from_id]))),
        )
        for key, last, first in rows
        if last in newest
    ]


def _json(values: Collection[object]) -> str:
    return msgspec.json.encode(list(values)).decode()

"""Owns `lists` and `list_members`: feeds of some of those whom somebody follows. It must not fill the feeds."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, UniqueConstraint, bindparam, delete, insert, select
from sqlalchemy import update as change
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata
from server.store.statements import among

lists = Table(
    "lists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("replies_policy", Text, nullable=False),
    Column("exclusive", Boolean, nullable=False),
    Column("created_at", Id, nullable=False),
)
list_members = Table(
    "list_members",
    metadata,
    Column("id", Id, primary_key=True),
    Column("list_id", Id, ForeignKey(lists.c.id, ondelete="CASCADE"), nullable=False),
    Column("target_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    UniqueConstraint("list_id", "target_id"),
)


@dataclass(frozen=True, slots=True)
class List:
    """A list. `replies_policy`: followed, list or none; `exclusive`: its members are not shown at home."""

    id: int
    actor_id: int
    title: str
    replies_policy: str
    exclusive: bool
    created_at: int


_OF = lists.c.actor_id == bindparam("actor")
_all = select(lists).where(_OF).order_by(lists.c.id)
_find = select(lists).where(_OF, lists.c.id == bindparam("wanted"))
_insert = insert(lists)
_replace = (
    change(lists)
    .where(lists.c.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in ("title", "replies_policy", "exclusive")})
)
_drop = delete(lists).where(lists.c.id == bindparam("wanted"))
_members = paged(
    select(list_members.c.id, *actors.columns)
    .join(actors, actors.c.id == list_members.c.target_id)
    .where(list_members.c.list_id == bindparam("wanted")),
    list_members.c.id,
)
_insert_member = upsert(list_members).on_conflict_do_nothing(index_elements=["list_id", "target_id"])
_drop_members = delete(list_members).where(
    list_members.c.list_id == bindparam("wanted"), among(list_members.c.target_id, "targets")
)
_drop_all_members = delete(list_members).where(list_members.c.list_id == bindparam("wanted"))
_ours = select(lists.c.id).where(_OF)
_leave_all = delete(list_members).where(
    list_members.c.target_id == bindparam("target"), list_members.c.list_id.in_(_ours)
)
_with_member = (
    select(lists)
    .join(list_members, list_members.c.list_id == lists.c.id)
    .where(_OF, list_members.c.target_id == bindparam("target"))
    .order_by(lists.c.id)
)
_member_ids = select(list_members.c.target_id).where(list_members.c.list_id == bindparam("wanted"))


async def list_of_actor(reader: Reader, actor_id: int) -> list[List]:
    """Return somebody's lists, oldest first."""
    return [List(*row) for row in await reader.all(_all, actor=actor_id)]


async def find(reader: Reader, actor_id: int, list_id: int) -> List | None:
    """Find one of somebody's lists."""
    row = await reader.one(_find, actor=actor_id, wanted=list_id)
    return List(*row) if row else None


async def add(tx: Transaction, new: List) -> None:
    """Store a list."""
    await tx.run(_insert, **{name: getattr(new, name) for name in new.__slots__})


async def replace(tx: Transaction, changed: List) -> None:
    """Overwrite what may change of a list."""
    await tx.run(
        _replace,
        wanted=changed.id,
        new_title=changed.title,
        new_replies_policy=changed.replies_policy,
        new_exclusive=changed.exclusive,
    )


async def drop(tx: Transaction, list_id: int) -> None:
    """Forget a list."""
    await tx.run(_drop_all_members, wanted=list_id)
    await tx.run(_drop, wanted=list_id)


async def add_member(tx: Transaction, *, id: int, list_id: int, target_id: int) -> bool:
    """Put somebody on a list; false when they were."""
    return bool(await tx.run(_insert_member, id=id, list_id=list_id, target_id=target_id))


async def drop_members(tx: Transaction, list_id: int, target_ids: Sequence[int]) -> None:
    """Take people off a list."""
    await tx.run(_drop_members, wanted=list_id, targets=msgspec.json.encode(list(target_ids)).decode())


async def leave_all(tx: Transaction, actor_id: int, target_id: int) -> None:
    """Take somebody off all of an actor's lists."""
    await tx.run(_leave_all, actor=actor_id, target=target_id)


async def list_members_of(reader: Reader, list_id: int, stretch: Stretch) -> list[tuple[int, Actor]]:
    """Return (cursor, member), newest first."""
    return [(row[0], Actor(*row[1:])) for row in await read_page(reader, _members, stretch, wanted=list_id)]


async def list_member_ids(reader: Reader, list_id: int) -> list[int]:
    """Return the actor ids of everybody on a list."""
    return [row[0] for row in await reader.all(_member_ids, wanted=list_id)]


async def list_with_member(reader: Reader, actor_id: int, target_id: int) -> list[List]:
    """Return which of an actor's lists somebody is on."""
    return [List(*row) for row in await reader.all(_with_member, actor=actor_id, target=target_id)]

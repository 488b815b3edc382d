"""Owns `domain_blocks`: the hosts that somebody of ours wants nothing of. The instance's own are in `peers`."""

from collections.abc import Collection

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata
from server.store.statements import among, host_in
from server.store.ties.follows import follows

domain_blocks = Table(
    "domain_blocks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("host", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    UniqueConstraint("actor_id", "host"),
)


def covers(person: FromClause) -> ColumnElement[bool]:
    """Say that a blocked host is that of somebody's name or address, for `person` of the table of actors.

    For a query that names the blocker as well: two look-ups by the index of both columns.
    """
    return domain_blocks.c.host.in_([person.c.host, host_in(person.c.uri)]) & person.c.local.is_(False)


_insert = upsert(domain_blocks).on_conflict_do_nothing(index_elements=["actor_id", "host"])
_OF = domain_blocks.c.actor_id == bindparam("actor")
# By the name, or by the address: they may lie on two hosts.
_LIES_THERE = or_(actors.c.host == bindparam("wanted"), host_in(actors.c.uri) == bindparam("wanted"))
# Looked at first: most people block no host at all, and then none need be made out of anybody's address.
_any = domain_blocks.alias("any_of_them")
_BLOCKS_SOME = select(_any.c.id).where(_any.c.actor_id == bindparam("actor")).exists()
_is_covered = (
    select(domain_blocks.c.id).where(_BLOCKS_SOME, _OF, actors.c.id == bindparam("person"), covers(actors)).limit(1)
)
_drop = delete(domain_blocks).where(_OF, domain_blocks.c.host == bindparam("wanted"))
_list = paged(select(domain_blocks.c.id, domain_blocks.c.host).where(_OF), domain_blocks.c.id)
_among = select(domain_blocks.c.host).where(_OF, among(domain_blocks.c.host, "wanted"))
_followers = (
    select(*actors.columns)
    .join(follows, follows.c.follower_id == actors.c.id)
    .where(follows.c.followed_id == bindparam("actor"), _LIES_THERE)
    .limit(bindparam("most"))
)
_followed = (
    select(*actors.columns)
    .join(follows, follows.c.followed_id == actors.c.id)
    .where(follows.c.follower_id == bindparam("actor"), _LIES_THERE)
    .limit(bindparam("most"))
)

_count_followers = (
    select(func.count())
    .select_from(follows.join(actors, actors.c.id == follows.c.follower_id))
    .where(follows.c.followed_id == bindparam("actor"), _LIES_THERE)
)
_count_followed = (
    select(func.count())
    .select_from(follows.join(actors, actors.c.id == follows.c.followed_id))
    .where(follows.c.follower_id == bindparam("actor"), _LIES_THERE)
)


async def add(tx: Transaction, *, id: int, actor_id: int, host: str, at: int) -> None:
    """Remember that somebody wants nothing of a host."""
    await tx.run(_insert, id=id, actor_id=actor_id, host=host, created_at=at)


async def drop(tx: Transaction, actor_id: int, host: str) -> bool:
    """Forget it; false when there was nothing."""
    return bool(await tx.run(_drop, actor=actor_id, wanted=host))


async def list_hosts(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, str]]:
    """Return (cursor, host), newest first."""
    rows = await read_page(reader, _list, stretch, actor=actor_id)
    return [(row[0], row[1]) for row in rows]


async def find_among(reader: Reader, actor_id: int, hosts: Collection[str]) -> set[str]:
    """Return which of these hosts somebody blocks."""
    wanted = msgspec.json.encode(sorted(set(hosts))).decode()
    return {row[0] for row in await reader.all(_among, actor=actor_id, wanted=wanted)}


async def is_blocked(reader: Reader, *, by: int, host: str) -> bool:
    """Say whether `by` wants nothing of `host`."""
    return bool(await find_among(reader, by, [host]))


async def covers_actor(reader: Reader, *, by: int, actor_id: int) -> bool:
    """Say whether `by` wants nothing of the host of an actor's name, or of its address."""
    return await reader.one(_is_covered, actor=by, person=actor_id) is not None


async def list_followers_at(reader: Reader, actor_id: int, host: str, *, limit: int) -> list[Actor]:
    """Return some who follow somebody, or ask to, from a host."""
    return [Actor(*row) for row in await reader.all(_followers, actor=actor_id, wanted=host, most=limit)]


async def list_followed_at(reader: Reader, actor_id: int, host: str, *, limit: int) -> list[Actor]:
    """Return some whom somebody follows, or asked to, at a host."""
    return [Actor(*row) for row in await reader.all(_followed, actor=actor_id, wanted=host, most=limit)]


async def count_ties(reader: Reader, actor_id: int, host: str) -> tuple[int, int]:
    """Count who follows somebody from a host, and whom they follow there; who only asked to counts too."""
    followers = await reader.one(_count_followers, actor=actor_id, wanted=host)
    followed = await reader.one(_count_followed, actor=actor_id, wanted=host)
    return (int(followers[0]) if followers else 0, int(followed[0]) if followed else 0)

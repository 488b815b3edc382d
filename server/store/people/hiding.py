"""Marks actors as suspended (hidden from everybody) or silenced (heard by those who follow them), one or many.

A mark is the moment it was made: a rule takes back what has its own moment, and what the operator settled about one
person stays. Whom its own server suspended has the moment of that as a mark until one of ours takes its place, and gets
it back when ours is lifted. It must not decide who is marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal, null, or_, select, text, update

from server.store.database import Reader, Transaction
from server.store.network.domain_rules import domain_rules
from server.store.people.accounts import accounts
from server.store.people.actors import Actor, actors
from server.store.statements import among, host_in
from server.store.ties.follows import follows

Mark = Literal["suspended_at", "silenced_at"]
SUSPENDED: Mark = "suspended_at"
SILENCED: Mark = "silenced_at"
MARKS = (SUSPENDED, SILENCED)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The people whom we know of one host: how many they are, how often ours follow them, and they ours.

    `host` is that of their names, `home` that of their addresses.
    """

    host: str
    home: str
    people: int
    followed: int
    following: int

    @property
    def ties(self) -> int:
        """The follows in both directions."""
        return self.followed + self.following


_lies_in = (actors.c.host == bindparam("wanted")) | (
    func.substr(actors.c.host, -func.length(bindparam("below"))) == bindparam("below")
)
_hosts = select(actors.c.host).where(actors.c.local.is_(False)).distinct()
_hosts_in = _hosts.where(_lies_in)
_IS_SPLIT = host_in(actors.c.uri) != actors.c.host
_split = select(actors.c.id, actors.c.host, actors.c.uri).where(actors.c.local.is_(False), _IS_SPLIT)
_follows_to = select(func.count()).where(follows.c.followed_id == actors.c.id).scalar_subquery()
_follows_from = select(func.count()).where(follows.c.follower_id == actors.c.id).scalar_subquery()
_neighbours = (
    select(
        actors.c.host, host_in(actors.c.uri).label("home"), func.count(), func.sum(_follows_to), func.sum(_follows_from)
    )
    .where(actors.c.local.is_(False), actors.c.gone_at.is_(None))
    .group_by(actors.c.host, text("home"))
)
_THEIRS = (actors.c.local.is_(False), among(actors.c.host, "hosts"), ~_IS_SPLIT)
# Who has no mark of ours, and what takes the place of one that is lifted.
_FREE = {
    SUSPENDED: or_(actors.c.suspended_at.is_(None), actors.c.suspended_at == actors.c.suspended_there_at),
    SILENCED: actors.c.silenced_at.is_(None),
}
_LIFTED: dict[Mark, ColumnElement[Any]] = {SUSPENDED: actors.c.suspended_there_at, SILENCED: null()}
_mark_hosts = {name: update(actors).where(*_THEIRS, _FREE[name]).values({name: bindparam("moment")}) for name in MARKS}
_unmark_hosts = {
    name: update(actors).where(*_THEIRS, actors.c[name] == bindparam("moment")).values({name: _LIFTED[name]})
    for name in MARKS
}
_THOSE = among(actors.c.id, "ids")
_mark_those = {name: update(actors).where(_THOSE, _FREE[name]).values({name: bindparam("moment")}) for name in MARKS}
_unmark_those = {
    name: update(actors).where(_THOSE, actors.c[name] == bindparam("moment")).values({name: _LIFTED[name]})
    for name in MARKS
}
# Written out, so that the index of these few serves.
_IS_MARKED = text("(suspended_at IS NOT NULL OR silenced_at IS NOT NULL)")


def _by_itself(mark: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a mark is none that a rule made, nor its own server."""
    ours = actors.c.suspended_there_at.is_(None) | (actors.c.suspended_there_at != mark)
    return and_(mark.is_not(None), ours, ~exists(select(literal(1)).where(domain_rules.c.created_at == mark)))


_marked = (
    select(actors)
    .where(_IS_MARKED, actors.c.gone_at.is_(None))
    .where(or_(_by_itself(actors.c.suspended_at), _by_itself(actors.c.silenced_at)))
    .order_by(actors.c.local.desc(), actors.c.id.desc())
    .limit(bindparam("most"))
)
_mark_one = {
    name: update(actors).where(actors.c.id == bindparam("wanted")).values({name: bindparam("moment")}) for name in MARKS
}
_mark_account = (
    update(accounts).where(accounts.c.actor_id == bindparam("wanted")).values(suspended_at=bindparam("moment"))
)


async def list_marked(reader: Reader, *, limit: int) -> list[Actor]:
    """Return those who are suspended or silenced by themselves, and not with their server; ours first."""
    return [Actor(*row) for row in await reader.all(_marked, most=limit)]


async def list_hosts(reader: Reader, domain: str | None) -> list[str]:
    """Return the hosts of everybody we know, or of those in a domain and below it; reads all, for an operator."""
    if domain is None:
        return [row[0] for row in await reader.all(_hosts)]
    return [row[0] for row in await reader.all(_hosts_in, wanted=domain, below=f".{domain}")]


async def list_split(reader: Reader) -> dict[int, tuple[str, str]]:
    """Return the host of the name, and the address, of everybody with whom the two differ; reads all, for an operator.

    They may differ by their spelling alone.
    """
    return {row[0]: (row[1], row[2]) for row in await reader.all(_split)}


async def list_neighbours(reader: Reader) -> list[Neighbours]:
    """Count everybody whom we know, by their hosts; reads all, for an operator."""
    return [Neighbours(*row) for row in await reader.all(_neighbours)]


async def mark_hosts(tx: Transaction, mark: Mark, hosts: Sequence[str], *, at: int) -> None:
    """Mark everybody of these hosts who has no such mark, and whose address lies there too."""
    await tx.run(_mark_hosts[mark], hosts=msgspec.json.encode(list(hosts)).decode(), moment=at)


async def unmark_hosts(tx: Transaction, mark: Mark, hosts: Sequence[str], *, since: int) -> None:
    """Take the mark of that moment from everybody of these hosts."""
    await tx.run(_unmark_hosts[mark], hosts=msgspec.json.encode(list(hosts)).decode(), moment=since)


async def mark_those(tx: Transaction, mark: Mark, ids: Sequence[int], *, at: int) -> None:
    """Mark those of these who have no such mark."""
    await tx.run(_mark_those[mark], ids=msgspec.json.encode(list(ids)).decode(), moment=at)


async def unmark_those(tx: Transaction, mark: Mark, ids: Sequence[int], *, since: int) -> None:
    """Take the mark of that moment from these."""
    await tx.run(_unmark_those[mark], ids=msgspec.json.encode(list(ids)).decode(), moment=since)


async def mark(tx: Transaction, mark: Mark, actor_id: int, *, at: int | None) -> None:
    """Give one actor a mark, or take it; who may log in loses that with a suspension."""
    await tx.run(_mark_one[mark], wanted=actor_id, moment=at)
    if mark == SUSPENDED:
        await tx.run(_mark_account, wanted=actor_id, moment=at)

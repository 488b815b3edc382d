"""Owns `dismissed_suggestions`; reads who may interest somebody, and who lives in the directory.

It must not show who does not want to be listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, ForeignKey, Integer, Select, Table, bindparam, func, literal, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.ties.follows import follows
from server.store.ties.hidden import hidden
from server.store.writing.posts import OPEN_VISIBILITIES, posts

dismissed_suggestions = Table(
    "dismissed_suggestions",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("target_id", Id, ForeignKey(actors.c.id), primary_key=True, index=True),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who may interest: `friends` of those whom one follows follow them; none, then they are just active."""

    actor: Actor
    friends: int


NEWEST_POSTS = 5000
# Of those whom somebody follows only so many are asked whom they follow: it is a hint, not a census.
FRIENDS_AT_MOST = 200

_OPEN = posts.c.visibility.in_([literal(one) for one in OPEN_VISIBILITIES])
_LISTED = (
    actors.c.discoverable,
    actors.c.gone_at.is_(None),
    actors.c.suspended_at.is_(None),
    actors.c.silenced_at.is_(None),
    actors.c.moved_to.is_(None),
    actors.c.type != "Application",
)
_followed = (
    select(follows.c.followed_id)
    .where(follows.c.follower_id == bindparam("viewer"), follows.c.state == "accepted")
    .order_by(follows.c.id.desc())
    .limit(FRIENDS_AT_MOST)
)
_asked = select(follows.c.followed_id).where(follows.c.follower_id == bindparam("viewer"))
_dismissed = select(dismissed_suggestions.c.target_id).where(dismissed_suggestions.c.actor_id == bindparam("viewer"))
_OTHERS = (
    actors.c.id != bindparam("viewer"),
    actors.c.id.not_in(_asked),
    actors.c.id.not_in(_dismissed),
    ~hidden(actors.c.id),
)
_friends_of_friends = (
    select(*actors.columns, func.count())
    .join(follows, follows.c.followed_id == actors.c.id)
    .where(follows.c.follower_id.in_(_followed), follows.c.state == "accepted", *_LISTED, *_OTHERS)
    .group_by(actors.c.id)
    .order_by(func.count().desc(), actors.c.id.desc())
    .limit(bindparam("most"))
)
# Who posted lately is seen from the newest open posts alone, so that the question costs the same on a large server.
_newest_posts = (
    select(posts.c.id, posts.c.actor_id)
    .where(posts.c.id > literal(0), _OPEN, posts.c.deleted_at.is_(None))
    .order_by(posts.c.id.desc())
    .limit(literal(NEWEST_POSTS))
)


def _lately(newest: Select[int, int]) -> Select[*tuple[object, ...]]:
    """Who wrote the newest posts and wants to be found, the last first."""
    some = newest.subquery("some")
    return (
        select(*actors.columns)
        .join(some, some.c.actor_id == actors.c.id)
        .where(*_LISTED)
        .group_by(actors.c.id)
        .order_by(func.max(some.c.id).desc())
        .limit(bindparam("most"))
    )


_active = _lately(_newest_posts.where(posts.c.local)).where(*_OTHERS)
_dismiss = upsert(dismissed_suggestions).on_conflict_do_nothing(index_elements=["actor_id", "target_id"])
_skipped = bindparam("skipped", type_=Integer)
_by_activity = _lately(_newest_posts).offset(_skipped)
_local_by_activity = _lately(_newest_posts.where(posts.c.local)).offset(_skipped)
_by_age = (
    select(*actors.columns)
    .where(actors.c.id > literal(0), *_LISTED)
    .order_by(actors.c.id.desc())
    .limit(bindparam("most"))
    .offset(_skipped)
)
# By type as well, so that the index of our own few serves.
_local_by_age = _by_age.where(actors.c.local, actors.c.type.in_([literal("Person"), literal("Service")]))
_own = follows.alias()
_familiar = (
    select(follows.c.followed_id, *actors.columns)
    .join(actors, actors.c.id == follows.c.follower_id)
    .where(among(follows.c.followed_id, "wanted"), follows.c.state == "accepted")
    .where(
        follows.c.follower_id.in_(
            select(_own.c.followed_id).where(_own.c.follower_id == bindparam("viewer"), _own.c.state == "accepted")
        )
    )
    .order_by(follows.c.id.desc())
)


async def suggest(reader: Reader, viewer_id: int, *, limit: int, now: int) -> list[Suggestion]:
    """Return whom somebody may want to follow: whom their friends follow, then who is active here."""
    rows = await reader.all(_friends_of_friends, viewer=viewer_id, moment=now, most=limit)
    found = [Suggestion(Actor(*row[:-1]), row[-1]) for row in rows]
    if len(found) < limit:
        known = {one.actor.id for one in found}
        rows = await reader.all(_active, viewer=viewer_id, moment=now, most=limit)
        found += [Suggestion(Actor(*row), 0) for row in rows if row[0] not in known]
    return found[:limit]


async def dismiss(tx: Transaction, actor_id: int, target_id: int) -> None:
    """Never suggest somebody again."""
    await tx.run(_dismiss, actor_id=actor_id, target_id=target_id)


async def list_directory(reader: Reader, *, local: bool, newest: bool, skipped: int, limit: int) -> list[Actor]:
    """Return who wants to be found: who posted last, or with `newest` who came last."""
    statement = (_local_by_age if newest else _local_by_activity) if local else (_by_age if newest else _by_activity)
    rows = await reader.all(statement, skipped=skipped, most=limit)
    return [Actor(*row) for row in rows]


async def find_familiar(reader: Reader, viewer_id: int, actor_ids: Sequence[int]) -> dict[int, list[Actor]]:
    """Return, by actor, those of their followers whom the viewer follows."""
    found: dict[int, list[Actor]] = {one: [] for one in actor_ids}
    for row in await reader.all(_familiar, viewer=viewer_id, wanted=msgspec.json.encode(list(actor_ids)).decode()):
        found[row[0]].append(Actor(*row[1:]))
    return found

"""Reads who stands around somebody or something: followers, followed, those who liked or boosted; and looks for names.

It must not change anything.
"""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.sql.selectable import Select

from server.store.database import Reader
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import Actor, actors
from server.store.reading.reactions import reactions, shown_to_all
from server.store.ties.follows import follows

_PRESENT = actors.c.gone_at.is_(None) & actors.c.suspended_at.is_(None)


def _circle(cursor: ColumnElement[Any], person: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(cursor, *actors.columns).join(actors, actors.c.id == person).where(_PRESENT, *conditions)


_ACCEPTED = follows.c.state == "accepted"
_followers = paged(
    _circle(follows.c.id, follows.c.follower_id, follows.c.followed_id == bindparam("person"), _ACCEPTED), follows.c.id
)
_followed = paged(
    _circle(follows.c.id, follows.c.followed_id, follows.c.follower_id == bindparam("person"), _ACCEPTED), follows.c.id
)
_reacting = paged(
    _circle(
        reactions.c.id,
        reactions.c.actor_id,
        reactions.c.post_id == bindparam("post"),
        reactions.c.kind == bindparam("kind"),
        shown_to_all,
    ),
    reactions.c.id,
)


async def list_followers(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, Actor]]:
    """Return (cursor, follower) of an actor."""
    rows = await read_page(reader, _followers, stretch, person=actor_id)
    return [(row[0], Actor(*row[1:])) for row in rows]


async def list_followed(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, Actor]]:
    """Return (cursor, followed) of an actor."""
    rows = await read_page(reader, _followed, stretch, person=actor_id)
    return [(row[0], Actor(*row[1:])) for row in rows]


async def list_reacting(reader: Reader, post_id: int, kind: str, stretch: Stretch) -> list[tuple[int, Actor]]:
    """Return (cursor, actor) of those who liked or boosted a post for everybody to know."""
    rows = await read_page(reader, _reacting, stretch, post=post_id, kind=kind)
    return [(row[0], Actor(*row[1:])) for row in rows]

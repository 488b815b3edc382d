"""Says whose posts somebody is not to meet: blocked either way, muted, or at a host they want nothing of.

It must not decide who may see a post by its address; `actions.see` does.
"""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, bindparam, exists, literal, or_, select

from server.store.database import Reader
from server.store.people.actors import actors
from server.store.statements import among
from server.store.ties.domain_blocks import covers, domain_blocks
from server.store.ties.follows import blocks, follows
from server.store.ties.mutes import mutes


def hidden(person: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say that the actor id in `person` is hidden from parameter `viewer` at parameter `moment`.

    For the conditions of a feed: `select(posts).where(~hidden(posts.c.actor_id))`. Four look-ups by index for a row.
    """
    viewer: ColumnElement[int] = bindparam("viewer")
    moment: ColumnElement[int] = bindparam("moment")
    there = actors.alias()
    at_host = (
        select(domain_blocks.c.id)
        .join(there, covers(there))
        .where(domain_blocks.c.actor_id == viewer, there.c.id == person)
    )
    return or_(
        exists(select(blocks.c.id).where(blocks.c.actor_id == viewer, blocks.c.target_id == person)),
        exists(select(blocks.c.id).where(blocks.c.actor_id == person, blocks.c.target_id == viewer)),
        exists(
            select(mutes.c.id)
            .where(mutes.c.actor_id == viewer, mutes.c.target_id == person)
            .where(mutes.c.expires_at.is_(None) | (mutes.c.expires_at > moment))
        ),
        exists(at_host),
    )


def heard() -> ColumnElement[bool]:
    """Say that parameter `viewer` meets posts of the actor in the query unasked: not silenced, followed, or themselves.

    For public timelines and searches, which join `actors`.
    """
    viewer: ColumnElement[int] = bindparam("viewer")
    followed = select(follows.c.id).where(
        follows.c.follower_id == viewer, follows.c.followed_id == actors.c.id, follows.c.state == literal("accepted")
    )
    return or_(actors.c.silenced_at.is_(None), actors.c.id == viewer, exists(followed))


_hidden_among = select(actors.c.id).where(among(actors.c.id, "wanted"), hidden(actors.c.id))


async def find_hidden(reader: Reader, viewer_id: int, actor_ids: Collection[int], *, now: int) -> set[int]:
    """Return which of these actors are hidden from a viewer."""
    if not actor_ids:
        return set()
    wanted = msgspec.json.encode(sorted(set(actor_ids))).decode()
    return {row[0] for row in await reader.all(_hidden_among, viewer=viewer_id, moment=now, wanted=wanted)}

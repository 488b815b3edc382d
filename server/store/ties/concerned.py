"""Reads which of our people have to do with somebody: by a follow, mute, block or note. It must not change it.

Asked from the side of our accounts, which are few: each look-up is one by an index.
"""

from sqlalchemy import bindparam, exists, or_, select

from server.store.database import Reader
from server.store.people.accounts import accounts
from server.store.people.actors import Actor, actors
from server.store.people.private_notes import private_notes
from server.store.ties.follows import blocks, follows
from server.store.ties.mutes import mutes

_TARGET = bindparam("target", type_=actors.c.id.type)
_US = accounts.c.actor_id
_concerned = (
    select(*actors.columns)
    .join(accounts, accounts.c.actor_id == actors.c.id)
    .where(accounts.c.actor_id > bindparam("after"))
    .where(
        or_(
            exists(select(follows.c.id).where(follows.c.follower_id == _US, follows.c.followed_id == _TARGET)),
            exists(select(mutes.c.id).where(mutes.c.actor_id == _US, mutes.c.target_id == _TARGET)),
            exists(select(blocks.c.id).where(blocks.c.actor_id == _US, blocks.c.target_id == _TARGET)),
            exists(
                select(private_notes.c.text).where(
                    private_notes.c.actor_id == _US, private_notes.c.target_id == _TARGET
                )
            ),
        )
    )
    .order_by(_US)
    .limit(bindparam("most"))
)


async def list_concerned(reader: Reader, target_id: int, *, after: int = 0, limit: int) -> list[Actor]:
    """Return those of our people with an id above `after` who have to do with somebody, oldest first."""
    rows = await reader.all(_concerned, target=target_id, after=after, most=limit)
    return [Actor(*row) for row in rows]

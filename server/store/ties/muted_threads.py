"""Owns `muted_threads`: conversations of which somebody wants to hear no more. It must not silence anything itself.

A conversation is named by its first post that we know: the one without a known parent.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, ForeignKey, Integer, Table, bindparam, delete, literal, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

# Longer threads count as several: a peer can build one of any length.
DEPTH = 500

muted_threads = Table(
    "muted_threads",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("root_id", Id, primary_key=True),
    Column("created_at", Id, nullable=False),
)

_start = select(
    posts.c.id.label("start"), posts.c.id, posts.c.in_reply_to_id, literal(0, Integer).label("depth")
).where(among(posts.c.id, "wanted"))
_line = _start.cte("line", recursive=True)
_line = _line.union_all(
    select(_line.c.start, posts.c.id, posts.c.in_reply_to_id, (_line.c.depth + literal(1, Integer)).label("depth"))
    .join(posts, posts.c.id == _line.c.in_reply_to_id)
    .where(_line.c.depth < literal(DEPTH, Integer))
)
_line_of = select(_line.c.id).order_by(_line.c.depth.desc()).limit(1)
_muted = (
    select(_line.c.start)
    .join(muted_threads, muted_threads.c.root_id == _line.c.id)
    .where(muted_threads.c.actor_id == bindparam("actor"))
    .distinct()
)
_any = select(muted_threads.c.root_id).where(muted_threads.c.actor_id == bindparam("actor")).limit(1)
_insert = upsert(muted_threads).on_conflict_do_nothing()
_drop = delete(muted_threads).where(
    muted_threads.c.actor_id == bindparam("actor"), among(muted_threads.c.root_id, "roots")
)
_whole_line = select(_line.c.id)


async def find_root(reader: Reader, post_id: int) -> int:
    """Return the first post of the conversation that a post is in."""
    row = await reader.one(_line_of, wanted=_json([post_id]))
    return int(row[0]) if row else post_id


async def add(tx: Transaction, actor_id: int, post_id: int, *, at: int) -> None:
    """Mute the conversation that a post is in."""
    await tx.run(_insert, actor_id=actor_id, root_id=await find_root(tx, post_id), created_at=at)


async def drop(tx: Transaction, actor_id: int, post_id: int) -> None:
    """Hear of the conversation that a post is in again; also where a parent of its first post came later."""
    line = [row[0] for row in await tx.all(_whole_line, wanted=_json([post_id]))]
    await tx.run(_drop, actor=actor_id, roots=_json(line))


async def find_on_posts(reader: Reader, actor_id: int, post_ids: Sequence[int]) -> set[int]:
    """Return which of these posts are in a conversation that somebody muted."""
    return {row[0] for row in await reader.all(_muted, actor=actor_id, wanted=_json(post_ids))}


async def is_muted(reader: Reader, actor_id: int, post_id: int) -> bool:
    """Whether somebody muted the conversation that a post is in."""
    if await reader.one(_any, actor=actor_id) is None:
        # As most people; going up the thread costs five times as much, with each thing that anybody is told of.
        return False
    return post_id in await find_on_posts(reader, actor_id, [post_id])


def _json(ids: Sequence[int]) -> str:
    return msgspec.json.encode(sorted(set(ids))).decode()

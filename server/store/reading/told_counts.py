"""Owns `post_counts` and `actor_counts`: the numbers that peers tell. It must not count what we know ourselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, ForeignKey, Integer, Table, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

post_counts = Table(
    "post_counts",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("replies", Integer),
    Column("likes", Integer),
    Column("shares", Integer),
)

actor_counts = Table(
    "actor_counts",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id, ondelete="CASCADE"), primary_key=True),
    Column("followers", Integer),
    Column("following", Integer),
    Column("posts", Integer),
)


@dataclass(frozen=True, slots=True)
class PostCounts:
    """How much came back to a peer's post; None where its server does not tell."""

    replies: int | None = None
    likes: int | None = None
    shares: int | None = None


@dataclass(frozen=True, slots=True)
class ActorCounts:
    """How many follow a peer's actor, and so on; None where its server does not tell."""

    followers: int | None = None
    following: int | None = None
    posts: int | None = None


_put_post = upsert(post_counts)
_put_post = _put_post.on_conflict_do_update(
    index_elements=["post_id"],
    set_={
        name: func.coalesce(_put_post.excluded[name], post_counts.c[name]) for name in ("replies", "likes", "shares")
    },
)
_put_actor = upsert(actor_counts)
_put_actor = _put_actor.on_conflict_do_update(
    index_elements=["actor_id"],
    set_={
        name: func.coalesce(_put_actor.excluded[name], actor_counts.c[name])
        for name in ("followers", "following", "posts")
    },
)
_of_posts = select(post_counts).where(among(post_counts.c.post_id, "wanted"))
_of_actors = select(actor_counts).where(among(actor_counts.c.actor_id, "wanted"))
_drop_of_post = post_counts.delete().where(post_counts.c.post_id == bindparam("post"))


async def put_of_post(tx: Transaction, post_id: int, told: PostCounts) -> None:
    """Remember what a peer tells of a post; what it does not tell stays as it was."""
    if told != PostCounts():
        await tx.run(_put_post, post_id=post_id, **{name: getattr(told, name) for name in told.__slots__})


async def put_of_actor(tx: Transaction, actor_id: int, told: ActorCounts) -> None:
    """Remember what a peer tells of an actor; what it does not tell stays as it was."""
    if told != ActorCounts():
        await tx.run(_put_actor, actor_id=actor_id, **{name: getattr(told, name) for name in told.__slots__})


async def list_of_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, PostCounts]:
    """Return what is told of these posts, by post id."""
    rows = await reader.all(_of_posts, wanted=msgspec.json.encode(list(post_ids)).decode())
    return {row[0]: PostCounts(*row[1:]) for row in rows}


async def list_of_actors(reader: Reader, actor_ids: Sequence[int]) -> dict[int, ActorCounts]:
    """Return what is told of these actors, by actor id."""
    rows = await reader.all(_of_actors, wanted=msgspec.json.encode(list(actor_ids)).decode())
    return {row[0]: ActorCounts(*row[1:]) for row in rows}


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget what was told of a post."""
    await tx.run(_drop_of_post, post=post_id)

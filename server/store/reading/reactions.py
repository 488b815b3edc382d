"""Owns `reactions`: likes and boosts, once per actor and post. It must not keep the counts; `posts` does."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import OPEN_VISIBILITIES, Post, posts

LIKE = "like"
ANNOUNCE = "announce"
NEWEST = (1 << 63) - 1

reactions = Table(
    "reactions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("post_id", Id, ForeignKey(posts.c.id), nullable=False),
    Column("uri", Text, nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    # Who is shown a boost; None is everybody.
    Column("visibility", Text),
    UniqueConstraint("kind", "actor_id", "post_id"),
)
Index("ix_reactions_of_post", reactions.c.post_id, reactions.c.kind, reactions.c.id)
Index("ix_reactions_by_actor", reactions.c.actor_id, reactions.c.kind, reactions.c.id)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A like or a boost; `uri` is the id of its activity. `visibility` says who is shown a boost, None is everybody."""

    id: int
    kind: str
    actor_id: int
    post_id: int
    uri: str
    created_at: int
    visibility: str | None = None


# Of a boost for followers, others do not learn.
shown_to_all = reactions.c.visibility.is_(None) | reactions.c.visibility.in_(
    [literal(one) for one in OPEN_VISIBILITIES]
)
_insert = upsert(reactions).on_conflict_do_nothing(index_elements=["kind", "actor_id", "post_id"])
_find = select(reactions).where(
    reactions.c.kind == bindparam("kind"),
    reactions.c.actor_id == bindparam("actor"),
    reactions.c.post_id == bindparam("post"),
)
_by_id = select(reactions).where(reactions.c.id == bindparam("wanted"))
_by_uri = select(reactions).where(reactions.c.uri == bindparam("wanted")).limit(1)
_drop = delete(reactions).where(reactions.c.id == bindparam("wanted"))
_drop_of_post = delete(reactions).where(reactions.c.post_id == bindparam("post"))
_of_post = (
    select(reactions.c.id, reactions.c.uri, *actors.columns)
    .join(actors, actors.c.id == reactions.c.actor_id)
    .where(reactions.c.post_id == bindparam("post"), reactions.c.kind == bindparam("kind"), shown_to_all)
    .where(reactions.c.id < bindparam("before"))
    .order_by(reactions.c.id.desc())
    .limit(bindparam("most"))
)
_local_boosters = (
    select(*actors.columns)
    .join(reactions, reactions.c.actor_id == actors.c.id)
    .where(reactions.c.post_id == bindparam("post"), reactions.c.kind == ANNOUNCE, actors.c.local)
)
_on_posts = select(reactions.c.kind, reactions.c.post_id).where(
    reactions.c.actor_id == bindparam("actor"), among(reactions.c.post_id, "wanted")
)
_by_actor = select(reactions).where(reactions.c.actor_id == bindparam("actor")).limit(bindparam("most"))
_liked = (
    select(reactions.c.id, *posts.columns)
    .join(posts, posts.c.id == reactions.c.post_id)
    .where(reactions.c.actor_id == bindparam("actor"), reactions.c.kind == literal(LIKE), posts.c.deleted_at.is_(None))
)
_liked_pages = paged(_liked, reactions.c.id)
_count_by_actor = (
    select(func.count())
    .select_from(reactions)
    .where(reactions.c.actor_id == bindparam("actor"), reactions.c.kind == bindparam("kind"))
)


async def add(tx: Transaction, reaction: Reaction) -> bool:
    """Store a reaction once; false when it was there."""
    return bool(await tx.run(_insert, **{name: getattr(reaction, name) for name in reaction.__slots__}))


async def find(reader: Reader, *, kind: str, actor_id: int, post_id: int) -> Reaction | None:
    """Find an actor's like or boost of a post."""
    row = await reader.one(_find, kind=kind, actor=actor_id, post=post_id)
    return Reaction(*row) if row else None


async def find_by_id(reader: Reader, reaction_id: int) -> Reaction | None:
    """Find a reaction by our own id."""
    row = await reader.one(_by_id, wanted=reaction_id)
    return Reaction(*row) if row else None


async def find_by_uri(reader: Reader, uri: str) -> Reaction | None:
    """Find a reaction by the id of its activity."""
    row = await reader.one(_by_uri, wanted=uri)
    return Reaction(*row) if row else None


async def drop(tx: Transaction, reaction_id: int) -> bool:
    """Take a reaction back; false when it was gone."""
    return bool(await tx.run(_drop, wanted=reaction_id))


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget every reaction to a post."""
    await tx.run(_drop_of_post, post=post_id)


async def list_of_post(
    reader: Reader, post_id: int, kind: str, *, before: int = NEWEST, limit: int = 40
) -> list[tuple[int, str, Actor]]:
    """Return (cursor, activity uri, actor) of what everybody may know, newest first, below cursor `before`."""
    rows = await reader.all(_of_post, post=post_id, kind=kind, before=before, most=limit)
    return [(row[0], row[1], Actor(*row[2:])) for row in rows]


async def list_by_actor(reader: Reader, actor_id: int, *, limit: int) -> list[Reaction]:
    """Return some of an actor's likes and boosts, in no order."""
    return [Reaction(*row) for row in await reader.all(_by_actor, actor=actor_id, most=limit)]


async def list_local_boosters(reader: Reader, post_id: int) -> list[Actor]:
    """Return those of our people who boosted a post."""
    return [Actor(*row) for row in await reader.all(_local_boosters, post=post_id)]


async def list_liked(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, Post]]:
    """Return (cursor, post) of what an actor likes, the newest like first."""
    rows = await read_page(reader, _liked_pages, stretch, actor=actor_id)
    return [(row[0], Post(*row[1:])) for row in rows]


async def find_on_posts(reader: Reader, actor_id: int, post_ids: Sequence[int]) -> set[tuple[str, int]]:
    """Return (kind, post id) of an actor's reactions to these posts."""
    wanted = msgspec.json.encode(sorted(set(post_ids))).decode()
    return {(row[0], row[1]) for row in await reader.all(_on_posts, actor=actor_id, wanted=wanted)}


async def count_liked(reader: Reader, actor_id: int) -> int:
    """Count what an actor likes."""
    row = await reader.one(_count_by_actor, actor=actor_id, kind=LIKE)
    return int(row[0]) if row else 0

"""Owns `emoji_reactions`: emoji given to posts, once per actor, post and emoji. It must not judge what an emoji is."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

emoji_reactions = Table(
    "emoji_reactions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), nullable=False),
    Column("emoji", Text, nullable=False),
    Column("icon_url", Text),
    Column("uri", Text, nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    UniqueConstraint("actor_id", "post_id", "emoji"),
)
Index("ix_emoji_reactions_of_post", emoji_reactions.c.post_id, emoji_reactions.c.id)


@dataclass(frozen=True, slots=True)
class EmojiReaction:
    """An emoji that an actor gave to a post; a custom one is `:name:` and has a picture. `uri` is the activity's id."""

    id: int
    actor_id: int
    post_id: int
    emoji: str
    icon_url: str | None
    uri: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Tally:
    """An emoji on a post, how often it was given, and whether by who looks. `first_id` is the first row that has it."""

    first_id: int
    emoji: str
    icon_url: str | None
    count: int
    mine: bool


_insert = upsert(emoji_reactions).on_conflict_do_nothing(index_elements=["actor_id", "post_id", "emoji"])
_of_actor = (
    select(func.count())
    .select_from(emoji_reactions)
    .where(emoji_reactions.c.actor_id == bindparam("actor"), emoji_reactions.c.post_id == bindparam("post"))
)
_by_id = select(emoji_reactions).where(emoji_reactions.c.id == bindparam("wanted"))
_by_uri = select(emoji_reactions).where(emoji_reactions.c.uri == bindparam("wanted")).limit(1)
_find = select(emoji_reactions).where(
    emoji_reactions.c.actor_id == bindparam("actor"),
    emoji_reactions.c.post_id == bindparam("post"),
    emoji_reactions.c.emoji == bindparam("emoji"),
)
_of_post = (
    select(*emoji_reactions.columns, *actors.columns)
    .join(actors, actors.c.id == emoji_reactions.c.actor_id)
    .where(emoji_reactions.c.post_id == bindparam("post"))
    .order_by(emoji_reactions.c.id)
    .limit(bindparam("most"))
)
_custom_of_post = (
    select(emoji_reactions.c.icon_url)
    .where(
        emoji_reactions.c.post_id == bindparam("post"),
        emoji_reactions.c.emoji == bindparam("emoji"),
        emoji_reactions.c.icon_url.is_not(None),
    )
    .order_by(emoji_reactions.c.id)
    .limit(1)
)
_tally = (
    select(
        emoji_reactions.c.post_id,
        emoji_reactions.c.emoji,
        emoji_reactions.c.icon_url,
        func.count(),
        func.max(emoji_reactions.c.actor_id == bindparam("viewer")),
        func.min(emoji_reactions.c.id),
    )
    .where(among(emoji_reactions.c.post_id, "wanted"))
    .group_by(emoji_reactions.c.post_id, emoji_reactions.c.emoji, emoji_reactions.c.icon_url)
    .order_by(emoji_reactions.c.post_id, func.min(emoji_reactions.c.id))
)
_drop = delete(emoji_reactions).where(emoji_reactions.c.id == bindparam("wanted"))
_drop_by_uri = delete(emoji_reactions).where(emoji_reactions.c.uri == bindparam("wanted"))
_drop_of_post = delete(emoji_reactions).where(emoji_reactions.c.post_id == bindparam("post"))
_drop_by_actor = delete(emoji_reactions).where(
    emoji_reactions.c.id.in_(
        select(emoji_reactions.c.id).where(emoji_reactions.c.actor_id == bindparam("actor")).limit(bindparam("most"))
    )
)


async def add(tx: Transaction, reaction: EmojiReaction) -> bool:
    """Store an emoji once; false when it was there."""
    return bool(await tx.run(_insert, **{name: getattr(reaction, name) for name in reaction.__slots__}))


async def count(reader: Reader, *, actor_id: int, post_id: int) -> int:
    """Count the emoji that an actor gave to a post."""
    row = await reader.one(_of_actor, actor=actor_id, post=post_id)
    return int(row[0]) if row else 0


async def find(reader: Reader, *, actor_id: int, post_id: int, emoji: str) -> EmojiReaction | None:
    """Find one emoji of an actor on a post."""
    row = await reader.one(_find, actor=actor_id, post=post_id, emoji=emoji)
    return EmojiReaction(*row) if row else None


async def find_by_id(reader: Reader, reaction_id: int) -> EmojiReaction | None:
    """Find an emoji by our own id."""
    row = await reader.one(_by_id, wanted=reaction_id)
    return EmojiReaction(*row) if row else None


async def find_by_uri(reader: Reader, uri: str) -> EmojiReaction | None:
    """Find the emoji that came with an activity."""
    row = await reader.one(_by_uri, wanted=uri)
    return EmojiReaction(*row) if row else None


async def list_of_post(reader: Reader, post_id: int, *, limit: int) -> list[tuple[EmojiReaction, Actor]]:
    """Return the emoji of a post and who gave them, the oldest first."""
    rows = await reader.all(_of_post, post=post_id, most=limit)
    width = len(emoji_reactions.columns)
    return [(EmojiReaction(*row[:width]), Actor(*row[width:])) for row in rows]


async def find_custom(reader: Reader, post_id: int, emoji: str) -> str | None:
    """Find the picture that a custom emoji has on a post."""
    row = await reader.one(_custom_of_post, post=post_id, emoji=emoji)
    return row[0] if row else None


async def tally(reader: Reader, post_ids: Sequence[int], viewer_id: int | None) -> dict[int, list[Tally]]:
    """Count the emoji on these posts, each post's in the order in which they were first given."""
    wanted = msgspec.json.encode(sorted(set(post_ids))).decode()
    found: dict[int, list[Tally]] = {}
    rows = await reader.all(_tally, wanted=wanted, viewer=viewer_id or 0)
    for post_id, emoji, icon_url, number, mine, first_id in rows:
        found.setdefault(post_id, []).append(Tally(first_id, emoji, icon_url, number, bool(mine)))
    return found


async def drop(tx: Transaction, reaction_id: int) -> None:
    """Take an emoji back."""
    await tx.run(_drop, wanted=reaction_id)


async def drop_by_uri(tx: Transaction, uri: str) -> bool:
    """Take the emoji back that came with an activity; false when there was none."""
    return bool(await tx.run(_drop_by_uri, wanted=uri))


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget every emoji on a post."""
    await tx.run(_drop_of_post, post=post_id)


async def drop_by_actor(tx: Transaction, actor_id: int, *, limit: int) -> bool:
    """Forget some emoji that an actor gave; false when there were none."""
    return bool(await tx.run(_drop_by_actor, actor=actor_id, most=limit))

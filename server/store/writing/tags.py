"""Owns `followed_tags` and `featured_tags`: hashtags that somebody reads, and those they show. Names are lower-case."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint, bindparam, delete, func, literal, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import OPEN_VISIBILITIES, hashtags, posts

followed_tags = Table(
    "followed_tags",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("name", Text, nullable=False, index=True),
    UniqueConstraint("actor_id", "name"),
)
featured_tags = Table(
    "featured_tags",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("actor_id", "name"),
)


@dataclass(frozen=True, slots=True)
class TagUse:
    """How often somebody used a hashtag in what anybody may see, and when last (microseconds; None where never)."""

    name: str
    count: int
    last_at: int | None


@dataclass(frozen=True, slots=True)
class FeaturedTag:
    """A hashtag on somebody's profile."""

    id: int
    actor_id: int
    name: str


_follow = upsert(followed_tags).on_conflict_do_nothing(index_elements=["actor_id", "name"])
_FOLLOWED_BY = followed_tags.c.actor_id == bindparam("actor")
_unfollow = delete(followed_tags).where(_FOLLOWED_BY, followed_tags.c.name == bindparam("tag"))
_followed = paged(select(followed_tags.c.id, followed_tags.c.name).where(_FOLLOWED_BY), followed_tags.c.id)
_followed_among = select(followed_tags.c.name).where(_FOLLOWED_BY, among(followed_tags.c.name, "wanted"))
_feature = upsert(featured_tags).on_conflict_do_nothing(index_elements=["actor_id", "name"])
_FEATURED_BY = featured_tags.c.actor_id == bindparam("actor")
_unfeature = delete(featured_tags).where(_FEATURED_BY, featured_tags.c.name == bindparam("tag"))
_featured = select(featured_tags).where(_FEATURED_BY).order_by(featured_tags.c.id)
_uses = (
    select(hashtags.c.name, func.count(), func.max(posts.c.published_at))
    .join(posts, posts.c.id == hashtags.c.post_id)
    .where(posts.c.actor_id == bindparam("actor"), posts.c.deleted_at.is_(None))
    .where(posts.c.visibility.in_([literal(one) for one in OPEN_VISIBILITIES]))
    .group_by(hashtags.c.name)
    .order_by(func.count().desc(), hashtags.c.name)
)
_uses_among = _uses.where(among(hashtags.c.name, "wanted"))
_most_used = _uses.limit(bindparam("most"))


async def follow(tx: Transaction, *, id: int, actor_id: int, name: str) -> None:
    """Have somebody read a hashtag."""
    await tx.run(_follow, id=id, actor_id=actor_id, name=name)


async def unfollow(tx: Transaction, actor_id: int, name: str) -> None:
    """Have somebody read a hashtag no more."""
    await tx.run(_unfollow, actor=actor_id, tag=name)


async def list_followed(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, str]]:
    """Return (cursor, hashtag) that somebody reads, newest first."""
    rows = await read_page(reader, _followed, stretch, actor=actor_id)
    return [(row[0], row[1]) for row in rows]


async def find_followed(reader: Reader, actor_id: int, names: Sequence[str]) -> set[str]:
    """Return which of these hashtags somebody reads."""
    rows = await reader.all(_followed_among, actor=actor_id, wanted=msgspec.json.encode(list(names)).decode())
    return {row[0] for row in rows}


async def feature(tx: Transaction, *, id: int, actor_id: int, name: str) -> None:
    """Show a hashtag on a profile."""
    await tx.run(_feature, id=id, actor_id=actor_id, name=name)


async def unfeature(tx: Transaction, actor_id: int, name: str) -> bool:
    """Show it no more; false when it was not shown."""
    return bool(await tx.run(_unfeature, actor=actor_id, tag=name))


async def list_featured(reader: Reader, actor_id: int) -> list[FeaturedTag]:
    """Return the hashtags on somebody's profile, oldest first."""
    return [FeaturedTag(*row) for row in await reader.all(_featured, actor=actor_id)]


async def find_uses(reader: Reader, actor_id: int, names: Sequence[str]) -> dict[str, TagUse]:
    """Return how somebody used these hashtags, by name; those never used count zero."""
    rows = await reader.all(_uses_among, actor=actor_id, wanted=msgspec.json.encode(list(names)).decode())
    used = {row[0]: TagUse(*row) for row in rows}
    return {name: used.get(name, TagUse(name, 0, None)) for name in names}


async def list_most_used(reader: Reader, actor_id: int, *, limit: int) -> list[TagUse]:
    """Return the hashtags that somebody uses most."""
    return [TagUse(*row) for row in await reader.all(_most_used, actor=actor_id, most=limit)]

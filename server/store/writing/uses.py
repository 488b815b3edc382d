"""Reads how hashtags are used, and which posts many react to. It must not change anything."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Integer, bindparam, distinct, func, literal, select

from server.store.database import Reader
from server.store.people.actors import actors
from server.store.statements import among
from server.store.writing.posts import Post, hashtags, posts

# Sorts behind every letter that a hashtag may have.
_LAST_LETTER = "\U0010ffff"


# What is in fashion is judged by the newest public posts alone, so that the question costs the same on a large server.
NEWEST_POSTS = 5000
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """How often a hashtag was used in one day, and by how many; `day` counts days from 1970."""

    name: str
    day: int
    uses: int
    people: int


_PUBLIC = (posts.c.visibility == literal("public")) & posts.c.deleted_at.is_(None)
_named = (
    select(hashtags.c.name)
    .where(hashtags.c.name >= bindparam("first"), hashtags.c.name < bindparam("last"))
    .distinct()
    .order_by(hashtags.c.name)
    .limit(bindparam("most"))
    .offset(bindparam("skipped", type_=Integer))
)
_day = (posts.c.published_at // literal(_DAY)).label("day")
_history = (
    select(hashtags.c.name, _day, func.count(), func.count(distinct(posts.c.actor_id)))
    .join(posts, posts.c.id == hashtags.c.post_id)
    .where(among(hashtags.c.name, "wanted"), hashtags.c.post_id >= bindparam("first_id"), _PUBLIC)
    .group_by(hashtags.c.name, _day)
    .order_by(hashtags.c.name, _day.desc())
)
_recent = (
    select(posts.c.id, posts.c.actor_id, (posts.c.likes_count + posts.c.shares_count).label("reactions"))
    .join(actors, actors.c.id == posts.c.actor_id)
    .where(posts.c.id >= bindparam("first_id"), _PUBLIC, actors.c.silenced_at.is_(None))
    .order_by(posts.c.id.desc())
    .limit(literal(NEWEST_POSTS))
    .subquery("some")
)
_people = func.count(distinct(_recent.c.actor_id))
_used = (
    select(hashtags.c.name)
    .join(_recent, _recent.c.id == hashtags.c.post_id)
    .group_by(hashtags.c.name)
    .order_by(_people.desc(), func.count().desc(), hashtags.c.name)
    .limit(bindparam("most"))
    .offset(bindparam("skipped", type_=Integer))
)
_liked = (
    select(posts)
    .join(_recent, _recent.c.id == posts.c.id)
    .join(actors, actors.c.id == posts.c.actor_id)
    .where(posts.c.in_reply_to_uri.is_(None), _recent.c.reactions > literal(0))
    .where(actors.c.discoverable, actors.c.gone_at.is_(None), actors.c.suspended_at.is_(None))
    .order_by(_recent.c.reactions.desc(), posts.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped", type_=Integer))
)


async def list_named(reader: Reader, beginning: str, *, limit: int, offset: int = 0) -> list[str]:
    """Return the hashtags that begin so, in lower case."""
    first = beginning.lower()
    rows = await reader.all(_named, first=first, last=first + _LAST_LETTER, most=limit, skipped=offset)
    return [row[0] for row in rows]


async def read_history(reader: Reader, names: Sequence[str], *, first_id: int) -> list[DayOfUse]:
    """Return how these hashtags were used in public since a post id, by day, the newest day first."""
    rows = await reader.all(_history, wanted=msgspec.json.encode(list(names)).decode(), first_id=first_id)
    return [DayOfUse(*row) for row in rows]


async def list_most_used(reader: Reader, *, first_id: int, limit: int, offset: int = 0) -> list[str]:
    """Return the hashtags that most people used in public since a post id."""
    return [row[0] for row in await reader.all(_used, first_id=first_id, most=limit, skipped=offset)]


async def list_most_liked(reader: Reader, *, first_id: int, limit: int, offset: int = 0) -> list[Post]:
    """Return the public posts since an id that most people liked and boosted, of those who want to be found."""
    rows = await reader.all(_liked, first_id=first_id, most=limit, skipped=offset)
    return [Post(*row) for row in rows]

"""Owns `filters`, `filter_keywords` and `filter_posts`: what somebody wants warned of or hidden. It must not match."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, UniqueConstraint, bindparam, delete, insert, select
from sqlalchemy import update as change
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among

filters = Table(
    "filters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("contexts", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("expires_at", Id),
    Column("created_at", Id, nullable=False),
)
filter_keywords = Table(
    "filter_keywords",
    metadata,
    Column("id", Id, primary_key=True),
    Column("filter_id", Id, ForeignKey(filters.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("keyword", Text, nullable=False),
    Column("whole_word", Boolean, nullable=False),
)
filter_posts = Table(
    "filter_posts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("filter_id", Id, ForeignKey(filters.c.id, ondelete="CASCADE"), nullable=False),
    Column("post_id", Id, nullable=False, index=True),
    UniqueConstraint("filter_id", "post_id"),
)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase of a filter."""

    id: int
    filter_id: int
    keyword: str
    whole_word: bool


@dataclass(frozen=True, slots=True)
class FilteredPost:
    """A post that a filter names."""

    id: int
    filter_id: int
    post_id: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What is to be warned of, blurred or hidden, and where.

    `contexts`: JSON, of home, notifications, public, thread, account. `action`: warn, hide or blur.
    """

    id: int
    actor_id: int
    title: str
    contexts: str
    action: str
    expires_at: int | None
    created_at: int

    @property
    def places(self) -> tuple[str, ...]:
        """Where it holds."""
        return tuple(msgspec.json.decode(self.contexts, type=list[str]))


@dataclass(frozen=True, slots=True)
class WholeFilter:
    """A filter with all that it looks for."""

    filter: Filter
    keywords: tuple[Keyword, ...] = ()
    posts: tuple[FilteredPost, ...] = ()


_OF = filters.c.actor_id == bindparam("actor")
_list = select(filters).where(_OF).order_by(filters.c.id)
_find = select(filters).where(_OF, filters.c.id == bindparam("wanted"))
_keywords = select(filter_keywords).where(among(filter_keywords.c.filter_id, "wanted")).order_by(filter_keywords.c.id)
_posts = select(filter_posts).where(among(filter_posts.c.filter_id, "wanted")).order_by(filter_posts.c.id)
_insert = insert(filters)
_replace = (
    change(filters)
    .where(filters.c.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in ("title", "contexts", "action", "expires_at")})
)
_drop = delete(filters).where(_OF, filters.c.id == bindparam("wanted"))
_find_keyword = select(filter_keywords).join(filters).where(_OF, filter_keywords.c.id == bindparam("wanted"))
_insert_keyword = insert(filter_keywords)
_replace_keyword = (
    change(filter_keywords)
    .where(filter_keywords.c.id == bindparam("wanted"))
    .values(keyword=bindparam("new_keyword"), whole_word=bindparam("new_whole_word"))
)
_drop_keyword = delete(filter_keywords).where(filter_keywords.c.id == bindparam("wanted"))
_drop_keywords = delete(filter_keywords).where(filter_keywords.c.filter_id == bindparam("wanted"))
_drop_posts = delete(filter_posts).where(filter_posts.c.filter_id == bindparam("wanted"))
_find_post = select(filter_posts).join(filters).where(_OF, filter_posts.c.id == bindparam("wanted"))
_insert_post = upsert(filter_posts).on_conflict_do_nothing(index_elements=["filter_id", "post_id"])
_drop_of_post = delete(filter_posts).where(filter_posts.c.post_id == bindparam("wanted"))
_drop_post = delete(filter_posts).where(filter_posts.c.id == bindparam("wanted"))


async def list_of_actor(reader: Reader, actor_id: int, *, now: int | None = None) -> list[WholeFilter]:
    """Return somebody's filters, oldest first; with `now` only those that still hold."""
    found = [Filter(*row) for row in await reader.all(_list, actor=actor_id)]
    return await _fill(reader, [one for one in found if now is None or one.expires_at is None or one.expires_at > now])


async def find(reader: Reader, actor_id: int, filter_id: int) -> WholeFilter | None:
    """Find one of somebody's filters."""
    row = await reader.one(_find, actor=actor_id, wanted=filter_id)
    return (await _fill(reader, [Filter(*row)]))[0] if row else None


async def add(tx: Transaction, new: Filter) -> None:
    """Store a filter."""
    await tx.run(_insert, **{name: getattr(new, name) for name in new.__slots__})


async def replace(tx: Transaction, changed: Filter) -> None:
    """Overwrite what may change of a filter."""
    await tx.run(
        _replace,
        wanted=changed.id,
        new_title=changed.title,
        new_contexts=changed.contexts,
        new_action=changed.action,
        new_expires_at=changed.expires_at,
    )


async def drop(tx: Transaction, actor_id: int, filter_id: int) -> bool:
    """Forget a filter and what it looked for; false when there was none."""
    if await find(tx, actor_id, filter_id) is None:
        return False
    await tx.run(_drop_keywords, wanted=filter_id)
    await tx.run(_drop_posts, wanted=filter_id)
    return bool(await tx.run(_drop, actor=actor_id, wanted=filter_id))


async def find_keyword(reader: Reader, actor_id: int, keyword_id: int) -> Keyword | None:
    """Find a keyword of somebody's filters."""
    row = await reader.one(_find_keyword, actor=actor_id, wanted=keyword_id)
    return Keyword(*row) if row else None


async def add_keyword(tx: Transaction, keyword: Keyword) -> None:
    """Have a filter look for a word more."""
    await tx.run(_insert_keyword, **{name: getattr(keyword, name) for name in keyword.__slots__})


async def replace_keyword(tx: Transaction, keyword: Keyword) -> None:
    """Overwrite a keyword."""
    await tx.run(_replace_keyword, wanted=keyword.id, new_keyword=keyword.keyword, new_whole_word=keyword.whole_word)


async def drop_keyword(tx: Transaction, keyword_id: int) -> None:
    """Forget a keyword."""
    await tx.run(_drop_keyword, wanted=keyword_id)


async def find_post(reader: Reader, actor_id: int, entry_id: int) -> FilteredPost | None:
    """Find a post's entry in somebody's filters."""
    row = await reader.one(_find_post, actor=actor_id, wanted=entry_id)
    return FilteredPost(*row) if row else None


async def add_post(tx: Transaction, entry: FilteredPost) -> None:
    """Have a filter name a post, once."""
    await tx.run(_insert_post, **{name: getattr(entry, name) for name in entry.__slots__})


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Take a post that goes out of everybody's filters."""
    await tx.run(_drop_of_post, wanted=post_id)


async def drop_post(tx: Transaction, entry_id: int) -> None:
    """Take a post out of a filter."""
    await tx.run(_drop_post, wanted=entry_id)


async def _fill(reader: Reader, found: Sequence[Filter]) -> list[WholeFilter]:
    if not found:
        return []
    wanted = msgspec.json.encode([one.id for one in found]).decode()
    keywords = [Keyword(*row) for row in await reader.all(_keywords, wanted=wanted)]
    named = [FilteredPost(*row) for row in await reader.all(_posts, wanted=wanted)]
    return [
        WholeFilter(
            one,
            tuple(word for word in keywords if word.filter_id == one.id),
            tuple(post for post in named if post.filter_id == one.id),
        )
        for one in found
    ]

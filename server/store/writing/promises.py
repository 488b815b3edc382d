"""Owns `promised_posts`: posts whose pictures are still being painted. It must not paint or publish.

A promised post has its id, and so has its Create; neither is a row of their own tables before everything is painted, so
that no list, count or search can show it. What failed stays for its author to see, and is forgotten after some days.
"""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, insert, select, update

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

PAINTING = "painting"
FAILED = "failed"

promised_posts = Table(
    "promised_posts",
    metadata,
    Column("post_id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("activity_id", Id, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("error", Text),
    Column("words", Text, nullable=False),
    Column("draft", Text, nullable=False),
    Column("in_reply_to_id", Id),
    Column("created_at", Id, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A post of later: `draft` is JSON in `actions.promise`'s form, `words` what its author typed, `error` why not."""

    post_id: int
    actor_id: int
    activity_id: int
    state: str
    error: str | None
    words: str
    draft: str
    in_reply_to_id: int | None
    created_at: int


_by_post = select(promised_posts).where(promised_posts.c.post_id == bindparam("wanted"))
_by_activity = select(promised_posts).where(promised_posts.c.activity_id == bindparam("wanted"))
_insert = insert(promised_posts)
_break = (
    update(promised_posts)
    .where(promised_posts.c.post_id == bindparam("wanted"), promised_posts.c.state == PAINTING)
    .values(state=FAILED, error=bindparam("why"))
)
_drop = delete(promised_posts).where(promised_posts.c.post_id == bindparam("wanted"))
_broken = (
    select(promised_posts)
    .where(promised_posts.c.created_at < bindparam("moment"), promised_posts.c.state == FAILED)
    .limit(bindparam("most"))
)


async def add(tx: Transaction, promise: Promise) -> None:
    """Store a promise."""
    await tx.run(_insert, **{name: getattr(promise, name) for name in promise.__slots__})


async def find(reader: Reader, post_id: int) -> Promise | None:
    """Find the promise of a post by the id that the post will have."""
    row = await reader.one(_by_post, wanted=post_id)
    return Promise(*row) if row else None


async def find_by_activity(reader: Reader, activity_id: int) -> Promise | None:
    """Find the promise of a post by the id that its Create will have."""
    row = await reader.one(_by_activity, wanted=activity_id)
    return Promise(*row) if row else None


async def break_(tx: Transaction, post_id: int, error: str) -> bool:
    """Say that it cannot be kept; false when that was known, or there is none."""
    return bool(await tx.run(_break, wanted=post_id, why=error))


async def drop(tx: Transaction, post_id: int) -> None:
    """Forget a promise."""
    await tx.run(_drop, wanted=post_id)


async def list_broken(reader: Reader, *, before: int, limit: int) -> list[Promise]:
    """Return promises of before a moment that cannot be kept."""
    return [Promise(*row) for row in await reader.all(_broken, moment=before, most=limit)]

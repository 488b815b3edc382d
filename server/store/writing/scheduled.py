"""Owns `scheduled_posts`: what our people wrote for later. It must not publish them; a job does, at their time."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Index, Table, Text, bindparam, delete, func, insert, select, update

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata

scheduled_posts = Table(
    "scheduled_posts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("due_at", Id, nullable=False),
    Column("wish", Text, nullable=False),
    Column("created_at", Id, nullable=False),
)
Index("ix_scheduled_posts_of_actor", scheduled_posts.c.actor_id, scheduled_posts.c.id)


@dataclass(frozen=True, slots=True)
class ScheduledPost:
    """A post of later; `wish` is JSON of what was asked for, in `actions.schedule`'s form."""

    id: int
    actor_id: int
    due_at: int
    wish: str
    created_at: int


_insert = insert(scheduled_posts)
_by_id = select(scheduled_posts).where(scheduled_posts.c.id == bindparam("wanted"))
_move = update(scheduled_posts).where(scheduled_posts.c.id == bindparam("wanted")).values(due_at=bindparam("moment"))
_drop = delete(scheduled_posts).where(scheduled_posts.c.id == bindparam("wanted"))
_count = select(func.count()).select_from(scheduled_posts).where(scheduled_posts.c.actor_id == bindparam("actor"))
_count_within = _count.where(
    scheduled_posts.c.due_at >= bindparam("start"), scheduled_posts.c.due_at < bindparam("finish")
)
_listed = select(scheduled_posts).where(scheduled_posts.c.actor_id == bindparam("actor"))
_pages = paged(_listed, scheduled_posts.c.id)


async def add(tx: Transaction, post: ScheduledPost) -> None:
    """Keep a post for later."""
    await tx.run(_insert, **{name: getattr(post, name) for name in post.__slots__})


async def find(reader: Reader, scheduled_id: int) -> ScheduledPost | None:
    """Find a post of later."""
    row = await reader.one(_by_id, wanted=scheduled_id)
    return ScheduledPost(*row) if row else None


async def move(tx: Transaction, scheduled_id: int, *, due_at: int) -> None:
    """Give it another time."""
    await tx.run(_move, wanted=scheduled_id, moment=due_at)


async def drop(tx: Transaction, scheduled_id: int) -> bool:
    """Forget it; false when it was gone."""
    return bool(await tx.run(_drop, wanted=scheduled_id))


async def count(reader: Reader, actor_id: int) -> int:
    """Count what somebody wrote for later."""
    row = await reader.one(_count, actor=actor_id)
    return int(row[0]) if row else 0


async def count_within(reader: Reader, actor_id: int, *, start: int, finish: int) -> int:
    """Count what of it is due between two moments."""
    row = await reader.one(_count_within, actor=actor_id, start=start, finish=finish)
    return int(row[0]) if row else 0


async def list_of_actor(reader: Reader, actor_id: int, stretch: Stretch) -> list[ScheduledPost]:
    """Return somebody's posts of later, the one written last first."""
    return [ScheduledPost(*row) for row in await read_page(reader, _pages, stretch, actor=actor_id)]

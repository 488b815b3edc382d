"""Owns `walks`, when something was last looked up for its history, and `looked_up`, the posts that came so.

It must not look anything up. Posts in `looked_up` were asked for by nobody: they are of strangers, and may go again.
"""

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.writing.posts import posts

walks = Table(
    "walks",
    metadata,
    # What was walked and why: `replies https://…`, `recent https://…`.
    Column("name", Text, primary_key=True),
    Column("walked_at", Id, nullable=False, index=True),
)
looked_up = Table(
    "looked_up",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("looked_up_at", Id, nullable=False),
)

_begin = upsert(walks)
_begin = _begin.on_conflict_do_update(
    index_elements=["name"],
    set_={"walked_at": _begin.excluded.walked_at},
    where=walks.c.walked_at <= bindparam("before", type_=Id),
)
_is_recent = select(walks.c.name).where(walks.c.name == bindparam("wanted"), walks.c.walked_at > bindparam("since"))
_prune = delete(walks).where(walks.c.walked_at < bindparam("before"))
_mark = upsert(looked_up).on_conflict_do_nothing()
_unmark = delete(looked_up).where(looked_up.c.post_id == bindparam("wanted"))
_is_marked = select(looked_up.c.post_id).where(looked_up.c.post_id == bindparam("wanted"))


async def begin(tx: Transaction, name: str, *, at: int, before: int) -> bool:
    """Note that something is walked now; false where it was walked after `before`."""
    return bool(await tx.run(_begin, name=name, walked_at=at, before=before))


async def is_recent(reader: Reader, name: str, *, since: int) -> bool:
    """Whether something was walked after `since`."""
    return await reader.one(_is_recent, wanted=name, since=since) is not None


async def prune(tx: Transaction, *, before: int) -> None:
    """Forget walks that are so long ago that the next may begin anyway."""
    await tx.run(_prune, before=before)


async def mark(tx: Transaction, post_id: int, *, at: int) -> None:
    """Remember that a post came by a look-up."""
    await tx.run(_mark, post_id=post_id, looked_up_at=at)


async def unmark(tx: Transaction, post_id: int) -> bool:
    """Somebody here is meant by a post after all; false where it was not marked."""
    return bool(await tx.run(_unmark, wanted=post_id))


async def was_looked_up(reader: Reader, post_id: int) -> bool:
    """Whether a post came by a look-up, so that nobody here is known to want it."""
    return await reader.one(_is_marked, wanted=post_id) is not None

"""Owns `revisions`: what a post said before and after each edit. It must not decide who may read them."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, bindparam, delete, func, insert, select

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.writing.posts import posts

revisions = Table(
    "revisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), nullable=False),
    Column("content_html", Text, nullable=False),
    Column("summary", Text),
    Column("sensitive", Boolean, nullable=False),
    Column("pictures", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("created_at", Id, nullable=False),
)
Index("ix_revisions_of_post", revisions.c.post_id, revisions.c.id)


class OldPicture(msgspec.Struct, frozen=True):
    """A picture as it was described; the file itself is the media's."""

    media_id: int
    alt: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a post; `pictures` and `options` (a poll's) are JSON."""

    id: int
    post_id: int
    content_html: str
    summary: str | None
    sensitive: bool
    pictures: str
    options: str
    created_at: int

    @property
    def shown(self) -> tuple[OldPicture, ...]:
        """The pictures, in order."""
        return msgspec.json.decode(self.pictures, type=tuple[OldPicture, ...])

    @property
    def titles(self) -> tuple[str, ...]:
        """The poll's options, in order."""
        return msgspec.json.decode(self.options, type=tuple[str, ...])


_insert = insert(revisions)
_of_post = (
    select(revisions).where(revisions.c.post_id == bindparam("post")).order_by(revisions.c.id).limit(bindparam("most"))
)
_count = select(func.count()).select_from(revisions).where(revisions.c.post_id == bindparam("post"))
_drop_of_post = delete(revisions).where(revisions.c.post_id == bindparam("post"))


def write_pictures(pictures: Sequence[OldPicture]) -> str:
    """Return pictures as they are stored."""
    return msgspec.json.encode(pictures).decode()


def write_titles(titles: Sequence[str]) -> str:
    """Return options as they are stored."""
    return msgspec.json.encode(titles).decode()


async def add(tx: Transaction, revision: Revision) -> None:
    """Remember a state of a post."""
    await tx.run(_insert, **{name: getattr(revision, name) for name in revision.__slots__})


async def count(reader: Reader, post_id: int) -> int:
    """Count the remembered states of a post; none where it was never edited."""
    row = await reader.one(_count, post=post_id)
    return int(row[0]) if row else 0


async def list_of_post(reader: Reader, post_id: int, *, limit: int = 500) -> list[Revision]:
    """Return the states of a post, oldest first."""
    return [Revision(*row) for row in await reader.all(_of_post, post=post_id, most=limit)]


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget what a post said."""
    await tx.run(_drop_of_post, post=post_id)

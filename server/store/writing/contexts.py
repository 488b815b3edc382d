"""Owns `post_contexts`: the conversation that a post says it is of (FEP-7888). It must not look for others in it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

post_contexts = Table(
    "post_contexts",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("uri", Text, nullable=False),
)

_put = upsert(post_contexts)
_put = _put.on_conflict_do_update(index_elements=["post_id"], set_={"uri": _put.excluded.uri})
_find_many = select(post_contexts.c.post_id, post_contexts.c.uri).where(among(post_contexts.c.post_id, "wanted"))
_find = select(post_contexts.c.uri).where(post_contexts.c.post_id == bindparam("post"))


async def put(tx: Transaction, post_id: int, uri: str) -> None:
    """Remember to which conversation a post belongs."""
    await tx.run(_put, post_id=post_id, uri=uri)


async def find(reader: Reader, post_id: int) -> str | None:
    """Return the address of the conversation, if the post names one."""
    row = await reader.one(_find, post=post_id)
    return str(row[0]) if row else None


async def find_many(reader: Reader, post_ids: Sequence[int]) -> dict[int, str]:
    """Return the addresses of the conversations that some posts name, by the posts' ids."""
    rows = await reader.all(_find_many, wanted=msgspec.json.encode(list(post_ids)).decode())
    return {row[0]: row[1] for row in rows}

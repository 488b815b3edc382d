"""Owns `audit`: what the operators did, one line each, never changed. It must not judge it."""

from dataclasses import dataclass

from sqlalchemy import Column, Connection, Table, Text, bindparam, insert, select

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Id, nullable=False),
    # `shell` and the name of the system's user, or `@` and the name of an admin.
    Column("by", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to whom, and how it was before and after; never a secret."""

    id: int
    at: int
    by: str
    act: str
    target: str
    before: str | None
    after: str | None


_insert = insert(audit)
_list = (
    select(audit)
    .where(audit.c.id >= bindparam("first"), audit.c.id < bindparam("end"))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)


async def add(tx: Transaction, act: Act) -> None:
    """Write an act down."""
    await tx.run(_insert, **{name: getattr(act, name) for name in act.__slots__})


def add_by(connection: Connection, act: Act) -> None:
    """Write an act down where there is no instance yet to ask: in the transaction of a migration."""
    connection.execute(_insert, {name: getattr(act, name) for name in act.__slots__})


async def list_acts(reader: Reader, *, first_id: int = 0, before_id: int = (1 << 63) - 1, limit: int) -> list[Act]:
    """Return acts from one id up to another, newest first."""
    return [Act(*row) for row in await reader.all(_list, first=first_id, end=before_id, most=limit)]

"""Owns `imports` and `import_rows`: tables that our people brought, until each row was acted on. It acts on none.

A row that was acted on is gone; one that could not be keeps its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("overwrite", Boolean, nullable=False),
    Column("total", Integer, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("finished_at", Id),
)
import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Id, ForeignKey(imports.c.id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("removes", Boolean, nullable=False),
    Column("cells", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
)
_WAITS = text("error IS NULL")
Index(
    "ix_import_rows_waiting",
    import_rows.c.import_id,
    import_rows.c.attempts,
    import_rows.c.position,
    sqlite_where=_WAITS,
)


@dataclass(frozen=True, slots=True)
class Import:
    """A table that somebody brought; `overwrite`: what is not in it was to go. `total` counts its rows."""

    id: int
    actor_id: int
    kind: str
    overwrite: bool
    total: int
    created_at: int
    finished_at: int | None


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What is still to be done, or (`removes`) undone; `cells` is JSON, `error` says why it cannot be."""

    import_id: int
    position: int
    removes: bool
    cells: str
    attempts: int
    error: str | None

    @property
    def values(self) -> tuple[str, ...]:
        """The cells."""
        return tuple(msgspec.json.decode(self.cells, type=list[str]))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    waiting: int
    failed: int


_insert = insert(imports)
_insert_row = insert(import_rows)
_find = select(imports).where(imports.c.id == bindparam("wanted"))
_of_actor = select(imports).where(imports.c.actor_id == bindparam("actor")).order_by(imports.c.id.desc())
_finish = update(imports).where(imports.c.id == bindparam("wanted")).values(finished_at=bindparam("moment"))
_drop = delete(imports).where(imports.c.id == bindparam("wanted"))
_next = (
    select(import_rows)
    .where(import_rows.c.import_id == bindparam("wanted"), _WAITS)
    .order_by(import_rows.c.attempts, import_rows.c.position)
    .limit(bindparam("most"))
)
_done = delete(import_rows).where(
    import_rows.c.import_id == bindparam("wanted"), import_rows.c.position == bindparam("place")
)
_postpone = (
    update(import_rows)
    .where(import_rows.c.import_id == bindparam("wanted"), import_rows.c.position == bindparam("place"))
    .values(attempts=import_rows.c.attempts + 1, error=bindparam("why"))
)
_progress = select(
    func.count().filter(import_rows.c.error.is_(None)), func.count().filter(import_rows.c.error.is_not(None))
).where(import_rows.c.import_id == bindparam("wanted"))
_failed = (
    select(import_rows)
    .where(import_rows.c.import_id == bindparam("wanted"), import_rows.c.error.is_not(None))
    .order_by(import_rows.c.position)
    .limit(bindparam("most"))
)


async def add(tx: Transaction, new: Import, rows: Sequence[ImportRow]) -> None:
    """Store a table that is to be acted on."""
    await tx.run(_insert, **{name: getattr(new, name) for name in new.__slots__})
    await tx.run_many(_insert_row, [{name: getattr(row, name) for name in row.__slots__} for row in rows])


async def find(reader: Reader, import_id: int) -> Import | None:
    """Find an import."""
    row = await reader.one(_find, wanted=import_id)
    return Import(*row) if row else None


async def list_of_actor(reader: Reader, actor_id: int) -> list[Import]:
    """Return what somebody brought, newest first."""
    return [Import(*row) for row in await reader.all(_of_actor, actor=actor_id)]


async def list_next(reader: Reader, import_id: int, *, limit: int) -> list[ImportRow]:
    """Return the rows whose turn it is; those that were tried already come last."""
    return [ImportRow(*row) for row in await reader.all(_next, wanted=import_id, most=limit)]


async def count(reader: Reader, import_id: int) -> Progress:
    """Count what is still to be done, and what could not be."""
    row = await reader.one(_progress, wanted=import_id)
    return Progress(int(row[0]), int(row[1])) if row else Progress(0, 0)


async def list_failed(reader: Reader, import_id: int, *, limit: int) -> list[ImportRow]:
    """Return some rows that could not be acted on."""
    return [ImportRow(*row) for row in await reader.all(_failed, wanted=import_id, most=limit)]


async def settle(tx: Transaction, row: ImportRow) -> None:
    """Forget a row that was acted on."""
    await tx.run(_done, wanted=row.import_id, place=row.position)


async def postpone(tx: Transaction, row: ImportRow, error: str | None) -> None:
    """Try a row again later; with `error` never again."""
    await tx.run(_postpone, wanted=row.import_id, place=row.position, why=error)


async def finish(tx: Transaction, import_id: int, *, at: int) -> None:
    """Say that every row had its turn."""
    await tx.run(_finish, wanted=import_id, moment=at)


async def drop(tx: Transaction, import_id: int) -> None:
    """Forget an import, with the rows that are left."""
    await tx.run(_drop, wanted=import_id)

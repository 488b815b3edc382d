"""Owns `reports`: what people told the operator about others. It must not decide what follows."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, bindparam, insert, select
from sqlalchemy import update as change

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("target_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("category", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("post_ids", Text, nullable=False),
    Column("rule_ids", Text, nullable=False),
    Column("forwarded", Boolean, nullable=False),
    Column("uri", Text, index=True),
    Column("created_at", Id, nullable=False),
    Column("resolved_at", Id),
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report about `target_id`. `category`: spam, legal, violation or other; posts and rules are JSON lists.

    `uri` is the Flag by which a peer told it, None for our own people's.
    """

    id: int
    actor_id: int
    target_id: int
    category: str
    comment: str
    post_ids: str
    rule_ids: str
    forwarded: bool
    uri: str | None
    created_at: int
    resolved_at: int | None

    @property
    def posts(self) -> tuple[int, ...]:
        """The ids of the posts it names."""
        return tuple(msgspec.json.decode(self.post_ids, type=list[int]))

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules it says are broken."""
        return tuple(msgspec.json.decode(self.rule_ids, type=list[str]))


_insert = insert(reports)
_find = select(reports).where(reports.c.id == bindparam("wanted"))
_by_uri = select(reports).where(reports.c.uri == bindparam("wanted")).limit(1)
_open = paged(select(reports).where(reports.c.resolved_at.is_(None)), reports.c.id)
_all = paged(select(reports), reports.c.id)
_resolve = (
    change(reports)
    .where(reports.c.id == bindparam("wanted"), reports.c.resolved_at.is_(None))
    .values(resolved_at=bindparam("moment"))
)


async def add(tx: Transaction, report: Report) -> None:
    """Store a report."""
    await tx.run(_insert, **{name: getattr(report, name) for name in report.__slots__})


async def find(reader: Reader, report_id: int) -> Report | None:
    """Find a report."""
    row = await reader.one(_find, wanted=report_id)
    return Report(*row) if row else None


async def find_by_uri(reader: Reader, uri: str) -> Report | None:
    """Find a peer's report by the id of its Flag."""
    row = await reader.one(_by_uri, wanted=uri)
    return Report(*row) if row else None


async def list_reports(reader: Reader, stretch: Stretch, *, resolved: bool = False) -> list[Report]:
    """Return the open reports, or with `resolved` all of them, newest first."""
    return [Report(*row) for row in await read_page(reader, _all if resolved else _open, stretch)]


async def resolve(tx: Transaction, report_id: int, *, at: int) -> bool:
    """Remember that a report was dealt with; false when there is no such open one."""
    return bool(await tx.run(_resolve, wanted=report_id, moment=at))

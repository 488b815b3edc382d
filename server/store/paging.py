"""Pages of rows by a cursor, in either direction. It must not know what the rows mean."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.sql.selectable import CompoundSelect, Select

from server.store.database import Reader
from server.store.statements import Row

NEWEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which rows: below cursor `before` and above `after`; `ascending` takes those next to `after`, not to `before`."""

    before: int = NEWEST
    after: int = 0
    ascending: bool = False
    limit: int = 40


@dataclass(frozen=True, slots=True)
class Pages:
    """One query, asked for from either end."""

    descending: Select[Any] | CompoundSelect[Any]
    ascending: Select[Any] | CompoundSelect[Any]


def paged(statement: Select[Any], cursor: ColumnElement[Any]) -> Pages:
    """Return `statement` bounded by `cursor`."""
    bounded = statement.where(cursor < bindparam("before"), cursor > bindparam("after")).limit(bindparam("most"))
    return Pages(bounded.order_by(cursor.desc()), bounded.order_by(cursor))


async def read_page(reader: Reader, pages: Pages, stretch: Stretch, **values: object) -> list[Row]:
    """Return the rows of a stretch, newest first whichever end was asked for."""
    bounds = {"before": stretch.before, "after": stretch.after, "most": stretch.limit}
    if not stretch.ascending:
        return await reader.all(pages.descending, **bounds, **values)
    return list(reversed(await reader.all(pages.ascending, **bounds, **values)))

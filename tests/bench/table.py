"""A row of the benchmark table, and how the table looks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `limit` is what it must not exceed, or must reach where `at_least`; None where nothing was promised.

    `note` says what it is measured against and how, in a few words.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """ "ok", "MISSED", or nothing where nothing was promised."""
        if self.limit is None:
            return ""
        reached = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "ok" if reached else "MISSED"

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        sign = "≥" if self.at_least else "≤"
        target = "" if self.limit is None else f"{sign} {_number(self.limit)}"
        return self.name, _number(self.value), self.unit, target, self.verdict, self.note


HEADINGS = ("what", "measured", "unit", "target", "", "how")
FIGURES = 1  # this column stands to the right


def as_markdown(rows: Sequence[Row]) -> str:
    """The rows as a table that reads well in a terminal and on a page."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    head, *body = (_line(line, widths) for line in lines)
    ruler = "|".join("-" * (width + 1) + (":" if column == FIGURES else "-") for column, width in enumerate(widths))
    return "\n".join([head, f"|{ruler}|", *body])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if column == FIGURES else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def _number(value: float) -> str:
    if (value == int(value) and abs(value) < 1e6) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"

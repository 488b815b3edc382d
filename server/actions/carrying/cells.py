"""Writes and reads lines of CSV so that no spreadsheet takes a cell for a formula. It must not know what they mean."""

import csv
import io
from collections.abc import Iterable, Sequence

# Spreadsheets run what begins so (OWASP, "CSV injection"). An apostrophe before it says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as lines of CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([_guard(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def unguard(cell: str) -> str:
    """Return what a cell says, without blanks around it and the apostrophe that was put before a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text


def _guard(cell: str) -> str:
    # A line break would be kept by quoting, but no name or address has one.
    text = cell.replace("\r", " ").replace("\n", " ")
    return f"'{text}" if text.startswith(FORMULA) else text

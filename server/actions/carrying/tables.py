"""Reads a table that somebody brings: Mastodon's CSV, with or without a header. It must not act on it."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from activitypub.discovery import parse_handle
from activitypub.errors import Malformed
from server.actions.carrying.cells import unguard
from server.actions.carrying.kept import HEADERS, Kind, Row
from server.actions.ties.block_domain import read_host
from server.actions.ties.lists import TITLE_AT_MOST
from server.problems import Invalid, TooLarge
from server.site import Site

# A row has some 60 bytes; Mastodon takes 20,000 rows too (bulk_import_service.rb).
ROWS_AT_MOST = 20_000
BYTES_AT_MOST = 2 * 1024 * 1024
CELLS_AT_MOST = 20
ADDRESS_AT_MOST = 2048
# Of the lines that are passed over so many are named.
SKIPPED_SHOWN = 20
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
# Whatever a header calls the first column.
_FIRST_CELLS = {"account address", "#domain", "domain", "list name", "#uri", "uri"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that says nothing we can act on."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Brought:
    """The rows of a table, each once, in the columns of `kept`; and some of the lines that were passed over."""

    kind: Kind
    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]
    skipped_count: int


def read_table(site: Site, kind: Kind, data: bytes) -> Brought:
    """Read a table.

    Raises:
        TooLarge: it has too many bytes or rows.
        Invalid: it is no CSV.
    """
    lines = _read_lines(data)
    positions = _columns(kind, lines[0] if lines else [])
    first = 2 if positions is not None or _is_header(lines) else 1
    found: dict[Row, Row] = {}
    skipped: list[Skipped] = []
    for number, cells in enumerate(lines[first - 1 :], first):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            row = _read_row(site, kind, _pick(kind, cells, positions))
        except (Invalid, Malformed) as problem:
            skipped.append(Skipped(number, str(problem)[:200]))
            continue
        found.setdefault(key_of(kind, row), row)
    return Brought(kind, tuple(found.values()), tuple(skipped[:SKIPPED_SHOWN]), len(skipped))


def key_of(kind: str, row: Row) -> Row:
    """What makes two rows the same: the account, the host, the post, the place on a list."""
    if kind == "lists":
        return (row[0], row[1].lower())
    return (row[0] if kind == "bookmarks" else row[0].lower(),)


def _read_lines(data: bytes) -> list[list[str]]:
    if len(data) > BYTES_AT_MOST:
        raise TooLarge(f"A table may have {BYTES_AT_MOST // 1024} kB.")
    if data.startswith(b"PK\x03\x04"):
        raise Invalid("This is a zip. Unpack it, and bring one of the tables in it.", field="file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("This is no CSV in UTF-8.", field="file") from None
    if "\0" in text:
        raise Invalid("This is no CSV.", field="file")
    try:
        lines = list(_bounded(csv.reader(io.StringIO(text, newline=""), strict=True)))
    except csv.Error as error:
        raise Invalid(f"This is no CSV: {error}.", field="file") from None
    return lines


def _bounded(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, cells in enumerate(reader):
        if number > ROWS_AT_MOST:
            raise TooLarge(f"A table may have {ROWS_AT_MOST} rows.")
        yield cells[:CELLS_AT_MOST]


def _is_header(lines: Sequence[Sequence[str]]) -> bool:
    return bool(lines) and bool(lines[0]) and lines[0][0].strip().lower() in _FIRST_CELLS


def _columns(kind: Kind, header: Sequence[str]) -> list[int | None] | None:
    """Where our columns stand in a header that names them; None without such a header."""
    names = [cell.strip().lower() for cell in header]
    wanted = HEADERS.get(kind, ())
    if not wanted or wanted[0].lower() not in names:
        return None
    return [names.index(name.lower()) if name.lower() in names else None for name in wanted]


def _pick(kind: Kind, cells: Sequence[str], positions: Sequence[int | None] | None) -> list[str]:
    """The cells in our order, as many as the kind has columns; what is not there is empty."""
    width = {"lists": 2}.get(kind, len(HEADERS.get(kind, ("one",))))
    places = positions if positions is not None else list(range(width))
    return [unguard(cells[place]) if place is not None and place < len(cells) else "" for place in places]


def _read_row(site: Site, kind: Kind, cells: Sequence[str]) -> Row:
    if kind == "domain_blocks":
        return (read_host(cells[0]),)
    if kind == "bookmarks":
        return (_read_address(cells[0]),)
    if kind == "lists":
        if not cells[0] or len(cells[0]) > TITLE_AT_MOST:
            raise Invalid(f"A list needs a title of at most {TITLE_AT_MOST} characters.")
        return (cells[0], _read_handle(site, cells[1]))
    handle = _read_handle(site, cells[0])
    if kind == "mutes":
        return (handle, _read_choice(cells[1], otherwise="true"))
    if kind == "following":
        choices = (_read_choice(cells[1], otherwise="true"), _read_choice(cells[2], otherwise="false"))
        return (handle, *choices, ", ".join(_read_languages(cells[3])))
    return (handle,)


def _read_handle(site: Site, text: str) -> str:
    name = text.removeprefix("@")
    user, host = parse_handle(name if "@" in name else f"{name}@{site.domain}")
    return f"{user}@{host}"


def _read_address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or len(text) > ADDRESS_AT_MOST or any(map(str.isspace, text)):
        raise Invalid("This is no address of a post.")
    return text


def _read_choice(text: str, *, otherwise: str) -> str:
    return {"true": "true", "1": "true", "false": "false", "0": "false"}.get(text.lower(), otherwise)


def _read_languages(text: str) -> list[str]:
    return [one for part in text.split(",")[:50] if _LANGUAGE.match(one := part.strip())]

"""Lists of rules for domains as Mastodon writes and reads them: CSV with a head. It must not apply any."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from server.store.network.domain_rules import NOTHING, SEVERITIES, Rule

COLUMNS = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
# What other programs call the same.
_SEVERITIES = {"noop": NOTHING, "limit": "silence"}
_YES, _NO = frozenset({"true", "1", "yes", "t"}), frozenset({"false", "0", "no", "f", ""})
# The largest lists that people share have some thousand lines.
LINES_AT_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule as a line of a file has it; its domain was not looked at."""

    line: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is left out, and why."""

    line: int
    reason: str


def write_list(rules: Iterable[Rule]) -> str:
    """Write rules as Mastodon's export; what it has no column for (marking sensitive, private comments) is left out."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for rule in rules:
        severity = "noop" if rule.severity == NOTHING else rule.severity
        flags = (str(rule.reject_media).lower(), str(rule.reject_reports).lower())
        table.writerow((rule.domain, severity, *flags, rule.public_comment, "false"))
    return written.getvalue()


def write_allowed(rules: Iterable[Rule]) -> str:
    """Write domains as Mastodon's export of those that are allowed."""
    return "".join(f"{line}\n" for line in (COLUMNS[0], *(rule.domain for rule in rules)))


def read_list(text: str, *, otherwise: str) -> tuple[list[Listed], list[Skipped]]:
    """Read Mastodon's export, or a plain list of domains, one on a line; `otherwise` is the severity without one.

    Raises:
        ValueError: it is no such list.
    """
    rows = _read_rows(text)
    head, begin = _read_head([row for _, row in rows[:1]])
    listed, skipped = [], []
    for line, row in rows[begin:]:
        cells = dict(zip(head, row, strict=False))
        if not cells.get("domain", "").strip() or row[0].startswith("#"):
            continue
        try:
            listed.append(Listed(line, _read_row(cells, otherwise)))
        except ValueError as error:
            skipped.append(Skipped(line, f"{cells['domain'].strip()[:80]}: {error}"))
    return listed, skipped


def _read_rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the line that each ends on. Raises ValueError."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if len(rows) == LINES_AT_MOST:
                raise ValueError(f"more than {LINES_AT_MOST} lines")
            if row:
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None
    return rows


def _read_head(rows: list[list[str]]) -> tuple[list[str], int]:
    names = [cell.strip().lstrip("#").lower() for cell in rows[0]] if rows else []
    return (names, 1) if "domain" in names else (["domain"], 0)


def _read_row(row: dict[str, str], otherwise: str) -> Rule:
    severity = row.get("severity", "").strip().lower() or otherwise
    severity = _SEVERITIES.get(severity, severity)
    if severity not in SEVERITIES:
        raise ValueError(f"severity {severity!r} is none of {', '.join(SEVERITIES)}")
    return Rule(
        domain=row["domain"].strip(),
        severity=severity,
        reject_media=_read_flag(row, "reject_media"),
        reject_reports=_read_flag(row, "reject_reports"),
        public_comment=row.get("public_comment", "").strip(),
        created_at=0,
    )


def _read_flag(row: dict[str, str], name: str) -> bool:
    value = row.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise ValueError(f"{name} is {value!r}, and should be true or false")
    return value in _YES

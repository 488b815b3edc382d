"""Revision 0014 marks whom a rule had silenced before anybody was marked: each case of its statement, on rows."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from server.store import migration

SILENCED_AT, OTHER_AT = 1_700_000_000_000_000, 1_600_000_000_000_000
RULES = {
    "quiet.example": ("silence", SILENCED_AT),
    "loud.quiet.example": ("allow", OTHER_AT),
    "gone.example": ("suspend", OTHER_AT),
    "quiet.gone.example": ("silence", SILENCED_AT),
    "marked.example": ("none", OTHER_AT),
}


def bring_to(path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migration.MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def fill(path: Path, people: dict[str, bool]) -> None:
    """People by their hosts, some of them ours, and the rules, as the version before wrote them."""
    actor = {"type": "Person", "username": "u", "locked": 0, "discoverable": 0, "indexable": 0}
    actor |= {"also_known_as": "[]", "created_at": 1, "fetched_at": 1}
    rule = {"reject_media": 0, "reject_reports": 0, "mark_sensitive": 0, "public_comment": "", "private_comment": ""}
    with sqlite3.connect(path) as connection:
        for number, (host, local) in enumerate(people.items(), start=1):
            uri = f"https://{host}/u"
            insert(connection, "actors", actor | {"id": number, "uri": uri, "inbox": uri, "host": host, "local": local})
        for domain, (severity, at) in RULES.items():
            insert(connection, "domain_rules", rule | {"domain": domain, "severity": severity, "created_at": at})
    connection.close()


def insert(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


@pytest.mark.parametrize(
    ("host", "local", "silenced_at"),
    [
        ("quiet.example", False, SILENCED_AT),
        ("below.quiet.example", False, SILENCED_AT),
        ("deep.below.quiet.example", False, SILENCED_AT),
        ("loud.quiet.example", False, None),
        ("below.loud.quiet.example", False, None),
        ("notquiet.example", False, None),
        ("gone.example", False, None),
        ("quiet.gone.example", False, SILENCED_AT),
        ("marked.example", False, None),
        ("free.example", False, None),
        ("quiet.example", True, None),
    ],
)
def test_who_was_silenced_by_a_rule_is_marked_with_its_moment(tmp_path, host, local, silenced_at) -> None:
    path = tmp_path / "pinxit.db"
    bring_to(path, "0013")
    fill(path, {host: local})

    assert migration.upgrade(path)[0] == "0014"

    connection = sqlite3.connect(path)
    assert connection.execute("select host, silenced_at, suspended_at from actors").fetchall() == [
        (host, silenced_at, None)
    ]
    connection.close()

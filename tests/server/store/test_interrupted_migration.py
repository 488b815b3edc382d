"""A migration that does not come to its end leaves the database as it was, so that it can be run again."""

import sqlite3

import pytest

from server.store import migration, revision


def tables(connection):
    return {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}


def test_a_migration_that_fails_at_its_last_table_leaves_none(tmp_path):
    path = tmp_path / "pinxit.db"
    connection = sqlite3.connect(path)
    connection.execute("create table sessions (in_the_way integer)")

    with pytest.raises(migration.MigrationFailed, match="already exists"):
        migration.upgrade(path)

    assert tables(connection) == {"sessions"}
    connection.execute("drop table sessions")
    connection.close()
    assert migration.upgrade(path)
    assert revision.is_current(path)

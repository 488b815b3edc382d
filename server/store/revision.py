"""Says at which version a database is. It must not change it, nor load Alembic: each process asks this at its start,
and Alembic costs it 11 MB."""

import contextlib
import sqlite3
from pathlib import Path

# The newest of the migrations; a test holds it to them.
NEWEST = "0019"


def is_current(path: Path) -> bool:
    """Whether the SQLite file at `path` is there and at this program's version."""
    return read_revision(path) == NEWEST


def read_revision(path: Path) -> str | None:
    """Return the version written in the SQLite file at `path`; None without a file, a version, or a database.

    Raises:
        sqlite3.OperationalError: it cannot be read just now, as on a full disk, which says nothing of its version.
    """
    if not path.exists():
        return None
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("select version_num from alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            # No such table, and no database at all.
            if error.sqlite_errorcode not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_NOTADB):
                raise
            return None
    return str(row[0]) if row else None

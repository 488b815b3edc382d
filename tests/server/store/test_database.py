"""What only the embedded database has: a file, and threads that must not outlive it."""

import os
import resource
import sqlite3
import threading

import pytest

from server.store.database import SqliteDatabase
from tests.instance import empty_database


async def test_what_cannot_be_opened_leaves_no_thread_behind(tmp_path):
    """One would keep the command that failed from ending."""
    path = tmp_path / "store.db"
    path.write_bytes(empty_database())
    before = set(threading.enumerate())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/dev/fd")) + 10, hard))
    try:
        with pytest.raises(sqlite3.OperationalError):
            await SqliteDatabase.open(path, readers=40)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=5)
        assert not thread.is_alive()


async def test_a_database_that_is_closed_leaves_no_thread_behind(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(empty_database())
    before = set(threading.enumerate())
    database = await SqliteDatabase.open(path, readers=2)
    during = set(threading.enumerate()) - before

    await database.close()

    assert during
    for thread in during:
        thread.join(timeout=5)
        assert not thread.is_alive()

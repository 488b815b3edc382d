"""Opening the database beside another process that has it for itself for a moment."""

import sqlite3
import threading

from server.store.database import SqliteDatabase
from server.store.settings import find
from tests.instance import empty_database


async def test_a_process_waits_for_another_that_lays_or_mends_the_log(tmp_path):
    path = tmp_path / "pinxit.db"
    path.write_bytes(empty_database())
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("pragma journal_mode = delete")
    other.execute("begin exclusive")
    timer = threading.Timer(0.1, other.execute, ("commit",))
    timer.start()

    database = await SqliteDatabase.open(path, readers=1)

    async with database.read() as reader:
        assert await find(reader, "anything") is None
    await database.close()
    timer.join()
    other.close()

"""A database with nothing in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.store.database import Database, SqliteDatabase
from tests.instance import empty_database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "store.db"
    path.write_bytes(empty_database())
    database = await SqliteDatabase.open(path, readers=1)
    yield database
    await database.close()

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.mastodon.clients import Place, open_place
from tests.server.mastodon.crowd import Crowd, gather_crowd
from tests.server.mastodon.desk import Desk, open_desk
from tests.server.web.exhibition import QuietPeers


@pytest.fixture
def outside() -> QuietPeers:
    return QuietPeers()


@pytest.fixture
async def place(tmp_path: Path, outside: QuietPeers) -> AsyncIterator[Place]:
    async with open_place(tmp_path, outside) as opened:
        yield opened


@pytest.fixture
async def crowd(place: Place) -> Crowd:
    return await gather_crowd(place)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened

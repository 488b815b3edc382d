from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.web.exhibition import Exhibition, QuietPeers, Visitor, open_exhibition


@pytest.fixture
def outside() -> QuietPeers:
    return QuietPeers()


@pytest.fixture
async def exhibition(tmp_path: Path, outside: QuietPeers) -> AsyncIterator[Exhibition]:
    async with open_exhibition(tmp_path, outside) as opened:
        yield opened


@pytest.fixture
def visitor(exhibition: Exhibition) -> Visitor:
    return Visitor(exhibition)

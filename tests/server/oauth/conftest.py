"""A house with alice and carol for the parts, and an exhibition with its pages and the OAuth door for whole stories."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.oauth import door
from tests.server.actions.conftest import ground
from tests.server.oauth.program import Program
from tests.server.web.exhibition import Exhibition, QuietPeers, Visitor, open_exhibition

__all__ = ["ground"]


@pytest.fixture
def outside() -> QuietPeers:
    return QuietPeers()


@pytest.fixture
async def exhibition(tmp_path: Path, outside: QuietPeers) -> AsyncIterator[Exhibition]:
    async with open_exhibition(tmp_path, outside) as opened:
        door.register(opened.app, opened.services)
        await opened.person("alice", name="Alice A.")
        yield opened


@pytest.fixture
async def visitor(exhibition: Exhibition) -> Visitor:
    """Alice's browser, logged in."""
    browser = Visitor(exhibition)
    await browser.enter("alice")
    return browser


@pytest.fixture
def program(exhibition: Exhibition, visitor: Visitor) -> Program:
    return Program(exhibition, visitor)

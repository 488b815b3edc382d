"""The house that the peers come to see."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from activitypub.vocabulary import origin_of
from tests.fakes import FakeClock, Network
from tests.flows.peers.doors import WAYS, StrictHost
from tests.flows.peers.visit import Visit, load, settle
from tests.instance import Instance, open_instance

Meet = Callable[..., Awaitable[Visit]]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Instance]:
    async with open_instance(tmp_path / "house", Network(), FakeClock()) as house:
        yield house


@pytest.fixture
def meet(house: Instance) -> Meet:
    """Make a server of a kind, with the actor of its vectors on it."""

    async def begin(kind: str, actor: str = "actor") -> Visit:
        origin = origin_of(load(kind, actor)["id"])
        host = StrictHost(house.network, house.clock, origin=origin, ways=WAYS[kind])
        return Visit(house, await house.register("anna"), kind, host, settle(host, kind, actor))

    return begin

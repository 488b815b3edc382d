"""A purse buys questions, of each domain its share, and none to whom we leave alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.actions.network.rule_domain import rule_domain
from server.ids import MICROSECONDS
from server.remote.frugal import Spent, open_purse
from server.store.network import peers
from server.store.network.domain_rules import SUSPEND, Rule
from server.store.network.peers import Peer
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance
from tests.remote_host import RemoteHost, Shown

FINGER = "https://friend.example/finger"
ELSEWHERE = "https://other.example/finger"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Instance]:
    network, clock = Network(), FakeClock()
    friend = RemoteHost(network, clock, origin="https://friend.example")
    other = RemoteHost(network, clock, origin="https://other.example")
    for host in (friend, other):
        host.show("/finger", {"subject": "x"}, media_type="application/json")
    async with open_instance(tmp_path, network, clock) as house:
        yield house


def lead_on(house: Instance) -> None:
    friend = RemoteHost(house.network, house.clock, origin="https://friend.example")
    friend.show_raw("/finger", Shown(b"", 302, {"location": ELSEWHERE}))


async def ask(house: Instance, way: str, *, requests: int = 8, only: str | None = None) -> None:
    asked = open_purse(house.services, requests=requests, only=only).peers
    if way == "fetch":
        await asked.fetch(FINGER)
    else:
        await asked.fetch_json(FINGER, "application/json")


@pytest.mark.parametrize("way", ["fetch", "fetch_json"])
async def test_t52_a_redirect_costs_what_a_question_costs(house: Instance, way: str) -> None:
    lead_on(house)

    with pytest.raises(Spent):
        await ask(house, way, requests=1)

    assert house.network.asked("GET", ELSEWHERE) == []


@pytest.mark.parametrize("way", ["fetch", "fetch_json"])
async def test_t52_a_redirect_leads_to_nobody_whom_the_purse_is_not_for(house: Instance, way: str) -> None:
    lead_on(house)

    with pytest.raises(Spent):
        await ask(house, way, only="friend.example")

    assert house.network.asked("GET", ELSEWHERE) == []


async def test_t54_a_host_that_rests_is_not_asked_until_it_is_awake(house: Instance) -> None:
    now = house.clock.now()
    resting = Peer("friend.example", "cavage", 3, now + 60 * MICROSECONDS, None, None, now)
    async with house.database.write() as tx:
        await peers.put(tx, resting)

    with pytest.raises(Spent):
        await ask(house, "fetch_json")
    house.clock.advance(61)
    await ask(house, "fetch_json")

    assert len(house.network.asked("GET", FINGER)) == 1


async def test_a_suspended_host_is_not_asked(house: Instance) -> None:
    async with house.database.write() as tx:
        await rule_domain(tx, house.site, Rule(domain="friend.example", severity=SUSPEND, created_at=house.clock.now()))

    with pytest.raises(Spent):
        await ask(house, "fetch_json")

    assert house.network.asked("GET", FINGER) == []

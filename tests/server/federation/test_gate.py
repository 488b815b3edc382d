"""How often one may knock: by address, by server, by account; and nothing is taken that there is no room to keep."""

import json
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from server.federation.fast_inbox import FastInbox
from server.federation.gate import BELIEVED_SECONDS
from tests.instance import run_jobs_until_idle
from tests.server.federation.conftest import Door

FINGER = "/.well-known/webfinger?resource=acct:alice@pinxit.example"
LIKED = "https://pinxit.example/users/alice/posts/1"


def narrow(door: Door, **limits: int) -> None:
    """Put an inbox with these limits in the place of the house's."""
    services = door.house.services
    known = services.site.config
    config = structs.replace(known, federation=structs.replace(known.federation, **limits))
    narrowed = replace(services, site=replace(services.site, config=config))
    door.house.network.connect(door.house.origin, FastInbox(door.house.app, narrowed))


async def like(door: Door, person: Any = None) -> tuple[int, str | None]:
    """The status of one more Like, and when to come again."""
    sender = person or door.victor
    body = json.dumps(sender.activity("Like", LIKED)).encode()
    answer = await door.post_signed(body, person=sender)
    return answer.status_code, answer.headers.get("retry-after")


async def test_a_server_that_brings_too_much_is_429_until_its_turn_comes(door: Door):
    narrow(door, received_per_host=3)
    others = [door.victor.host.person(name) for name in ("anna", "boris", "cecil", "doris")]

    assert [await like(door, one) for one in others] == [(202, None)] * 3 + [(429, "60")]

    door.house.clock.advance(60)
    assert await like(door, others[3]) == (202, None)


async def test_an_account_that_brings_too_much_leaves_its_server_room(door: Door):
    narrow(door, received_per_actor=2)
    assert [await like(door) for _ in range(3)] == [(202, None)] * 2 + [(429, "60")]
    assert await like(door, door.victor.host.person("anna")) == (202, None)


async def test_what_an_account_brings_too_much_is_not_counted_against_its_server(door: Door):
    narrow(door, received_per_actor=1, received_per_host=2)
    assert [(await like(door))[0] for _ in range(4)] == [202, 429, 429, 429]
    assert await like(door, door.victor.host.person("anna")) == (202, None)
    assert (await like(door, door.victor.host.person("boris")))[0] == 429


async def test_what_is_429_is_not_stored(door: Door):
    narrow(door, received_per_host=1)
    await like(door)
    await like(door)
    assert len(await door.house.jobs()) == 1


async def test_t25_an_address_with_too_many_false_signatures_is_429_before_anything_is_read(door: Door):
    narrow(door, refused_per_address=2)
    unsigned = [(await door.post("/inbox")).status_code for _ in range(3)]
    assert unsigned == [401, 401, 429]
    assert await like(door) == (429, "60")


async def test_t61_a_stranger_does_not_choose_the_address_that_is_counted(door: Door):
    narrow(door, refused_per_address=1)
    made_up = [{"x-forwarded-for": f"203.0.113.{number}"} for number in range(2)]
    # The tests' network is a neighbour, as a proxy on the same machine is: its own word is the last one.
    said = [{"x-forwarded-for": f"{one['x-forwarded-for']}, 198.51.100.7"} for one in made_up]
    assert [(await door.post("/inbox", headers=one)).status_code for one in said] == [401, 429]


async def test_a_full_queue_is_503_and_takes_again_when_there_is_room(door: Door):
    narrow(door, received_waiting_at_most=2)
    assert [await like(door) for _ in range(2)] == [(202, None)] * 2

    door.house.clock.advance(BELIEVED_SECONDS)
    assert await like(door) == (503, "60")
    assert len(await door.house.jobs()) == 2

    await run_jobs_until_idle(door.house)
    door.house.clock.advance(BELIEVED_SECONDS)
    assert await like(door) == (202, None)


@pytest.mark.parametrize(
    "path", ["/users/alice", "/@alice", "/.well-known/webfinger?resource=acct:alice@pinxit.example"]
)
async def test_an_address_that_asks_for_too_much_is_429(door: Door, path: str):
    most = door.house.config.federation.asked_per_address
    statuses = [(await door.ask(path)).status_code for _ in range(most + 1)]
    assert (statuses[0], statuses[-2]) == (200, 200)
    last = await door.ask(path)
    assert (last.status_code, last.headers["retry-after"]) == (429, "60")

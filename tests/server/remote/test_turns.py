"""Nobody waits here for longer than a moment: what is slow is held by hand."""

import asyncio
import contextlib

import pytest
from aiohttp import web

from activitypub.vocabulary import domain_of
from server.config import FederationConfig
from server.remote.peers import HttpPeers
from server.remote.seam import FetchFailed
from server.remote.turns import (
    AT_ONCE,
    AT_ONCE_PER_DOMAIN,
    REMEMBERED_AT_MOST,
    REST_SECONDS,
    SLOW_AT_MOST,
    WAITING_AT_MOST,
    Turns,
)
from tests.fakes import FakeClock
from tests.server.neighbour import open_neighbour


async def _hold(stack: contextlib.AsyncExitStack, turns: Turns, host: str, times: int) -> None:
    for _ in range(times):
        await stack.enter_async_context(turns.take(f"https://{host}/"))


async def _be_slow(turns: Turns, host: str, times: int = SLOW_AT_MOST) -> None:
    for _ in range(times):
        with contextlib.suppress(TimeoutError):
            async with turns.take(f"https://{host}/"):
                raise TimeoutError


async def _can_ask(turns: Turns, host: str) -> bool:
    try:
        async with turns.take(f"https://{host}/"):
            return True
    except FetchFailed:
        return False


async def test_t54_one_domain_has_so_many_turns_whatever_names_it_uses():
    turns = Turns(FakeClock(), wait_seconds=0)
    async with contextlib.AsyncExitStack() as stack:
        for number in range(AT_ONCE_PER_DOMAIN):
            await _hold(stack, turns, f"a{number}.evil.example", 1)

        assert not await _can_ask(turns, "another.evil.example")
        assert await _can_ask(turns, "friend.example")
    assert await _can_ask(turns, "another.evil.example")


async def test_who_waits_gets_the_next_turn():
    turns = Turns(FakeClock(), wait_seconds=60)
    async with contextlib.AsyncExitStack() as stack:
        await _hold(stack, turns, "busy.example", AT_ONCE_PER_DOMAIN)
        waiting = asyncio.create_task(_can_ask(turns, "busy.example"))
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting


async def test_no_more_wait_than_is_useful():
    turns = Turns(FakeClock(), wait_seconds=60)
    async with contextlib.AsyncExitStack() as stack:
        await _hold(stack, turns, "busy.example", AT_ONCE_PER_DOMAIN)
        waiting = [asyncio.create_task(_can_ask(turns, "busy.example")) for _ in range(WAITING_AT_MOST)]
        await asyncio.sleep(0)

        assert not await _can_ask(turns, "busy.example")
    assert all(await asyncio.gather(*waiting))


async def test_all_domains_together_leave_sockets_for_others():
    turns = Turns(FakeClock(), wait_seconds=0)
    async with contextlib.AsyncExitStack() as stack:
        for number in range(AT_ONCE):
            await _hold(stack, turns, f"evil{number}.example", 1)

        assert not await _can_ask(turns, "friend.example")
    assert await _can_ask(turns, "friend.example")


async def test_a_domain_that_lets_us_wait_again_and_again_is_left_alone_for_a_while():
    clock = FakeClock()
    turns = Turns(clock, wait_seconds=0)
    await _be_slow(turns, "slow.example", SLOW_AT_MOST - 1)
    assert await _can_ask(turns, "slow.example")
    await _be_slow(turns, "slow.example")

    assert not await _can_ask(turns, "slow.example")
    assert not await _can_ask(turns, "other.slow.example")
    assert await _can_ask(turns, "friend.example")

    clock.advance(REST_SECONDS)
    assert await _can_ask(turns, "slow.example")


async def test_a_host_that_had_not_all_the_time_is_not_blamed():
    turns = Turns(FakeClock(), wait_seconds=0)
    for _ in range(SLOW_AT_MOST):
        with contextlib.suppress(TimeoutError):
            async with turns.take("https://friend.example/", blame=False):
                raise TimeoutError
    assert await _can_ask(turns, "friend.example")


async def test_slow_domains_are_not_remembered_without_end():
    turns = Turns(FakeClock(), wait_seconds=0)
    for number in range(REMEMBERED_AT_MOST + 10):
        await _be_slow(turns, f"slow{number}.example", 1)
    assert len(turns._slow) == REMEMBERED_AT_MOST
    assert turns._lanes == {}


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("friend.example", "friend.example"),
        ("a.b.friend.example", "friend.example"),
        ("localhost", "localhost"),
        ("localhost:8080", "localhost:8080"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]", "[2001:db8::1]"),
    ],
)
def test_a_domain_is_the_end_of_a_name(host: str, domain: str):
    assert domain_of(host) == domain


async def test_t54_a_tarpit_holds_up_nobody_else():
    released = asyncio.Event()

    async def stall(request: web.BaseRequest) -> web.Response:
        await released.wait()
        return web.Response()

    settings = FederationConfig(allow_http=True, allow_private_addresses=True, total_seconds=0.5)
    async with open_neighbour() as tarpit, open_neighbour(name="localhost") as honest:
        tarpit.answer_with("/slow", stall)
        victor = honest.serve_person("victor")
        peers = HttpPeers(settings, "https://ours.example", FakeClock())
        try:
            # Given many questions for a host that does not answer
            asking = [asyncio.create_task(peers.fetch(f"{tarpit.origin}/slow")) for _ in range(200)]
            await asyncio.sleep(0)

            # When we ask another, then it answers
            assert (await peers.fetch(victor)).value["id"] == victor

            # And the slow one was asked no more often than it has turns, and is left alone now
            failures = await asyncio.gather(*asking, return_exceptions=True)
            assert all(isinstance(one, FetchFailed) and one.passing for one in failures)
            asked = len(tarpit.asked)
            assert asked <= 2 * AT_ONCE_PER_DOMAIN
            with pytest.raises(FetchFailed, match="too slow"):
                await peers.fetch(f"{tarpit.origin}/slow")
            assert len(tarpit.asked) == asked
        finally:
            released.set()
            await peers.close()

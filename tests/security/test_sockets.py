"""T6 at run time: whatever makes us ask another server, the guard opened the socket; and nothing else gets out."""

import asyncio
import inspect
import socket
import types
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from activitypub.keys import Signer
from server.config import FederationConfig
from server.oauth.clients import find_client
from server.remote.frugal import FrugalPeers
from server.remote.links import links_back
from server.remote.notes import fetch_note
from server.remote.people import find_actor, find_by_handle
from server.remote.seam import Peers
from server.services import Services
from tests import sockets
from tests.fakes import key_of
from tests.server.house import open_house
from tests.server.neighbour import Answer, Neighbour, open_neighbour

# What a method of the seam is given, by the name of its parameter: one with another name fails until it stands here.
GIVEN: dict[str, Any] = {
    "onward": None,
    "signer": Signer("https://pinxit.example/actor#main-key", key_of("instance")),
    "accept": "application/json",
    "max_bytes": 1000,
    "body": b"{}",
    "headers": {},
    "form": "cavage",
    "beside": {},
}
ADDRESSES = {"url", "inbox", "endpoint"}


@pytest.fixture
async def neighbour() -> AsyncIterator[Neighbour]:
    async with open_neighbour() as opened:
        opened.answer("/page", Answer(b"<a rel=me href=x>", 200, {"Content-Type": "text/html"}))
        yield opened


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Services]:
    async with open_house(tmp_path) as services:
        yield services


def ways() -> list[str]:
    """The methods of the seam, as they stand in it."""
    return sorted(name for name, value in vars(Peers).items() if inspect.iscoroutinefunction(value))


async def go(peers: Peers, way: str, address: str) -> None:
    """Ask by a method of the seam, whatever it is called and wants; an answer that will not do is one."""
    method = getattr(peers, way)
    names = inspect.signature(method).parameters
    given = {name: address if name in ADDRESSES else GIVEN[name] for name in names}
    await asyncio.gather(method(**given), return_exceptions=True)


@pytest.mark.parametrize("way", ways())
async def test_t6_every_method_of_the_seam_goes_through_the_guard(house: Services, neighbour: Neighbour, way) -> None:
    with sockets.watch() as seen:
        await go(house.peers, way, f"{neighbour.origin}/page")

    assert seen == [True]
    assert len(neighbour.asked) == 1


@pytest.mark.parametrize("way", ways())
async def test_t6_every_method_of_the_seam_refuses_a_private_address(
    strict: Services, neighbour: Neighbour, way
) -> None:
    for address in (neighbour.origin, "https://10.0.0.1", "https://[::1]", "https://localhost", "https://169.254.1.1"):
        with sockets.watch() as seen:
            await go(strict.peers, way, f"{address}/page")
        assert seen == []
    assert neighbour.asked == []


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Services]:
    """A house as it is out of the box: no private addresses, no plain http."""
    async with open_house(tmp_path, federation=FederationConfig()) as services:
        yield services


async def test_t6_whatever_looks_something_up_goes_through_the_guard(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("bob")
    note = {"id": f"{neighbour.origin}/note", "type": "Note", "attributedTo": uri, "content": "x"}
    neighbour.serve("/note", {"@context": "https://www.w3.org/ns/activitystreams"} | note)

    with sockets.watch() as seen:
        await find_actor(house, uri)
        await find_by_handle(house, f"@bob@{neighbour.host}")
        await fetch_note(house, f"{neighbour.origin}/note")
        await links_back(house, f"{neighbour.origin}/page", frozenset({"x"}))
        await asyncio.gather(
            find_client(house, f"{neighbour.origin}/client", before_fetch=lambda: None), return_exceptions=True
        )

    assert len(seen) >= 1 and all(seen)
    assert len(neighbour.asked) >= 5


def test_t6_what_asks_sparingly_has_no_more_ways_than_the_seam() -> None:
    asking = {name for name, value in vars(FrugalPeers).items() if inspect.iscoroutinefunction(value)}
    assert {name for name in asking if not name.startswith("_")} <= set(ways())


def _written_into(module: str, code: str) -> dict[str, Any]:
    """Code as if it stood in a module of ours."""
    made = types.ModuleType(module)
    exec(compile(code, f"{module}.py", "exec"), made.__dict__)
    return made.__dict__


async def test_t6_a_connection_past_the_guard_fails_wherever_it_is_written(neighbour: Neighbour) -> None:
    port = neighbour.origin.rpartition(":")[2]
    code = f"import socket\ndef ask():\n    with socket.socket() as one:\n        one.connect(('127.0.0.1', {port}))"

    with pytest.raises(sockets.WayOut, match=r"server\.web\.gallery\.feed connects"):
        _written_into("server.web.gallery.feed", code)["ask"]()


async def test_t6_a_connection_past_the_guard_fails_inside_asyncio_too(neighbour: Neighbour) -> None:
    port = neighbour.origin.rpartition(":")[2]
    code = f"import asyncio\nasync def ask():\n    await asyncio.open_connection('127.0.0.1', {port})"

    with pytest.raises(sockets.WayOut, match=r"server\.inbox\.create connects"):
        await _written_into("server.inbox.create", code)["ask"]()


def test_t6_no_test_leaves_the_machine() -> None:
    with socket.socket() as opened, pytest.raises(sockets.WayOut, match="leave the machine"):
        opened.connect(("192.0.2.1", 443))

"""A house with alice in it, and somebody on another server, for every test of the door."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from activitypub import signatures
from activitypub.audience import Visibility
from activitypub.requests import SignedRequest
from activitypub.vocabulary import ACCEPT, LD_MEDIA_TYPE, MEDIA_TYPE
from server.actions.people.login import make_token
from server.actions.writing.publish import Draft, publish
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance
from tests.remote_host import Person, RemoteHost


@dataclass
class Door:
    """The house as others see it: everything goes through its ASGI application."""

    house: Instance
    alice: Actor
    victor: Person

    async def ask(
        self, path: str, *, method: str = "GET", accept: str | None = ACCEPT, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Ask for a path of ours."""
        sent = dict(headers or {}) | ({"accept": accept} if accept is not None else {})
        return await self.house.network.send(method, self.house.origin + path, sent)

    async def ask_signed(self, path: str, person: Person) -> httpx.Response:
        """Ask for a path of ours as somebody."""
        request = SignedRequest("GET", self.house.origin, path, {}, b"")
        headers = signatures.sign(request, person.signer, "cavage", now=self.house.clock.now())
        return await self.ask(path, headers=headers)

    async def post(self, path: str, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Post bytes to a path of ours, unsigned unless the headers say otherwise."""
        sent = {"content-type": "application/activity+json"} | dict(headers or {})
        return await self.house.network.send("POST", self.house.origin + path, sent, body)

    async def post_signed(
        self, body: bytes, *, person: Person | None = None, path: str = "/inbox", media_type: str = MEDIA_TYPE
    ) -> httpx.Response:
        """Post any bytes under a good signature."""
        headers = {"content-type": media_type}
        request = SignedRequest("POST", self.house.origin, path, headers, body)
        signer = (person or self.victor).signer
        return await self.post(path, body, headers | signatures.sign(request, signer, "cavage", now=self.now))

    async def token(self, actor: Actor | None = None, scopes: str = "read write") -> str:
        """An Authorization header for somebody of ours, alice unless said otherwise."""
        async with self.house.database.write() as tx:
            account = await accounts.find_by_actor(tx, (actor or self.alice).id)
            assert account is not None
            return "Bearer " + await make_token(tx, self.house.site, account, scopes=scopes, label="test")

    async def hand_in(
        self,
        document: object,
        *,
        token: str | None = None,
        path: str = "/users/alice/outbox",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Hand a document in at alice's outbox, with her token unless another is given."""
        sent = {"authorization": token or await self.token(), "content-type": LD_MEDIA_TYPE} | dict(headers or {})
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return await self.post(path, body, sent)

    async def do(self, type: str, object: object, **more: object) -> dict[str, Any]:
        """Hand in an activity of alice's that must succeed; return it as it was answered."""
        answer = await self.hand_in({"type": type, "object": object} | more)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    async def show(self, uri: str, token: str | None = None) -> httpx.Response:
        """Ask for an address of ours, with alice's token unless another is given."""
        return await self.ask(self.path(uri), headers={"authorization": token or await self.token()})

    @property
    def now(self) -> int:
        return self.house.clock.now()

    async def write(self, text: str = "hello", visibility: Visibility = Visibility.PUBLIC) -> Post:
        """Let alice publish."""
        async with self.house.database.write() as tx:
            return await publish(tx, self.house.site, self.alice, Draft(text=text, visibility=visibility))

    async def change(self, actor: Actor) -> None:
        """Store an actor as changed."""
        async with self.house.database.write() as tx:
            await actors.replace(tx, actor)

    def path(self, uri: str) -> str:
        """The path of an address of ours."""
        assert uri.startswith(self.house.origin)
        return uri.removeprefix(self.house.origin)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path / "house", network, clock) as house:
        alice = await house.register("alice")
        yield Door(house, alice, RemoteHost(network, clock).person("victor"))

"""A siege: our house with alice and bob, an honest server with victor, and mallory who has a server of her own."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from activitypub import signatures
from activitypub.audience import Visibility
from activitypub.keys import Signer
from activitypub.requests import SignedRequest
from activitypub.verified import Form
from activitypub.vocabulary import LD_MEDIA_TYPE, MEDIA_TYPE
from server.actions.writing.publish import Draft, publish
from server.remote.people import find_actor
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing import posts
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import Document, Person, RemoteHost

Headers = dict[str, str]
Tamper = Callable[[Headers, bytes], tuple[list[tuple[str, str]] | Headers, bytes]]


@dataclass
class Siege:
    """Everything goes through the real door of the house; `arrived` says whether an activity got in."""

    house: Instance
    alice: Actor
    bob: Actor
    victor: Person
    mallory: Person

    @property
    def network(self) -> Network:
        return self.house.network

    @property
    def clock(self) -> FakeClock:
        return self.house.clock

    @property
    def origin(self) -> str:
        return self.house.origin

    def sign(
        self,
        signer: Signer,
        document: object,
        *,
        path: str = "/inbox",
        origin: str | None = None,
        form: Form = "cavage",
    ) -> tuple[Headers, bytes]:
        """A signed POST, ready to be tampered with; `document` may be the bytes of the body themselves."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        headers = {"content-type": LD_MEDIA_TYPE}
        request = SignedRequest("POST", origin or self.origin, path, headers, body)
        return headers | signatures.sign(request, signer, form, now=self.clock.now()), body

    async def post(
        self, headers: Mapping[str, str] | list[tuple[str, str]], body: bytes, *, path: str = "/inbox"
    ) -> int:
        """Knock at the door with exactly this."""
        return (await self.network.send("POST", self.origin + path, headers, body)).status_code  # type: ignore[arg-type]

    async def send(self, sender: Person, document: Document, *, path: str = "/inbox", form: Form = "cavage") -> int:
        """Send honestly signed, and let the house act on it."""
        status = await sender.send(document, self.origin + path, form=form)
        await run_jobs_until_idle(self.house)
        return status

    async def get(
        self,
        path: str,
        *,
        signer: Signer | None = None,
        accept: str = MEDIA_TYPE,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Read an address of the house, signed where somebody is named."""
        url = path if path.startswith("http") else self.origin + path
        sent = {"accept": accept} | dict(headers or {})
        if signer is not None:
            target = url.removeprefix(self.origin)
            request = SignedRequest("GET", self.origin, target, sent, b"")
            sent |= signatures.sign(request, signer, "cavage", now=self.clock.now())
        return await self.network.send("GET", url, sent)

    async def arrived(self, uri: str) -> bool:
        async with self.house.database.read() as reader:
            return await activities.find_by_uri(reader, uri) is not None

    async def outcome(self, document: Document) -> str | None:
        return await self.house.outcome(str(document["id"]))

    async def publish(
        self, visibility: Visibility = Visibility.PUBLIC, *, author: Actor | None = None, text: str = "hello"
    ) -> Post:
        """A post of one of our people."""
        async with self.house.database.write() as tx:
            post = await publish(tx, self.house.site, author or self.alice, Draft(text=text, visibility=visibility))
        await run_jobs_until_idle(self.house)
        return post

    async def find_post(self, uri: str) -> Post | None:
        async with self.house.database.read() as reader:
            return await posts.find_by_uri(reader, uri)

    async def known(self, person: Person) -> Actor:
        return await find_actor(self.house.services, person.uri)

    async def let_follow(self, follower: Actor, followed: Actor, *, state: str = "accepted") -> None:
        """Store a follow as it is after both sides have spoken."""
        now = self.clock.now()
        async with self.house.database.write() as tx:
            row = follows.Follow(
                self.house.site.ids.new(), follower.id, followed.id, f"{follower.uri}#f{now}", "pending", now, None
            )
            await follows.put(tx, row)
            if state == "accepted":
                await follows.accept(tx, follower.id, followed.id, at=now)

    async def actor(self, uri: str) -> Actor | None:
        async with self.house.database.read() as reader:
            return await actors.find_by_uri(reader, uri)


@pytest.fixture
async def siege(tmp_path: Path) -> AsyncIterator[Siege]:
    network, clock = Network(), FakeClock()
    honest = RemoteHost(network, clock, origin="https://friend.example")
    evil = RemoteHost(network, clock, origin="https://evil.example")
    async with open_instance(tmp_path, network, clock) as house:
        yield Siege(
            house,
            await house.register("alice"),
            await house.register("bob"),
            honest.person("victor"),
            evil.person("mallory"),
        )

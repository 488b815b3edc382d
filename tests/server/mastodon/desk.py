"""A desk to write at: alice and ben of ours with their apps, and bob elsewhere, whose server listens and answers."""

import contextlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from quart.datastructures import FileStorage

from server.actions.ties.follow import receive_follow
from server.ids import MICROSECONDS
from server.remote.people import find_actor
from server.site import Site
from server.store.people.actors import Actor
from server.store.telling import notifications
from server.store.writing import posts
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.instance import Instance, let_time_pass, open_instance, run_jobs_until_idle
from tests.painting import client_of
from tests.photographs import photograph
from tests.remote_host import Document, Person, RemoteHost
from tests.server.mastodon.clients import Answer, Client


@dataclass
class Desk:
    """What the tests of writing stand on."""

    house: Instance
    alice: Actor
    ben: Actor
    app: Client
    bens_app: Client
    person: Person
    bob: Actor
    _elsewhere: RemoteHost | None = None

    @property
    def site(self) -> Site:
        return self.house.site

    @property
    def elsewhere(self) -> RemoteHost:
        """A third server."""
        if self._elsewhere is None:
            self._elsewhere = RemoteHost(self.house.network, self.house.clock, origin="https://other.example")
        return self._elsewhere

    @property
    def stranger(self) -> Client:
        """An app without a token."""
        return Client(self.house.app)

    async def client(self, actor: Actor, scopes: str) -> Client:
        """An app that may do less."""
        return await client_of(self.house, actor, scopes)

    async def write(self, status: str = "hello", *, app: Client | None = None, **more: Any) -> Any:
        """Post as JSON, and return what was made."""
        answer = await (app or self.app).post("/api/v1/statuses", json={"status": status} | more)
        assert answer.status == 200, answer.json
        await self.settle()
        return answer.json

    async def do(self, verb: str, status: Any, *, app: Client | None = None, **more: Any) -> Answer:
        """Do something with a post."""
        answer = await (app or self.app).post(f"/api/v1/statuses/{status['id']}/{verb}", json=more)
        await self.settle()
        return answer

    async def look(self, status: Any, *, app: Client | None = None) -> Any:
        """A post as it is now."""
        return (await (app or self.app).get(f"/api/v1/statuses/{status['id']}")).json

    async def upload(self, description: str = "two colours") -> Any:
        """A picture of alice's."""
        file = FileStorage(io.BytesIO(photograph()), filename="photo.jpg")
        answer = await self.app.post("/api/v2/media", {"description": description}, files={"file": file})
        assert answer.status == 200, answer.json
        return answer.json

    async def let_bob_follow(self) -> None:
        """Bob follows alice and was let in."""
        async with self.house.database.write() as tx:
            await receive_follow(tx, self.site, self.bob, self.alice, f"{self.bob.uri}#follow")
        await self.settle()
        self.person.host.inbox.clear()

    def received(self, type: str) -> list[Document]:
        """What bob's server got."""
        return self.person.host.received(type)

    async def settle(self) -> None:
        await run_jobs_until_idle(self.house)

    async def wait(self, seconds: float) -> None:
        """Let time pass, and do what is due then."""
        until = self.house.clock.now() + int(seconds * MICROSECONDS)
        await let_time_pass(self.house, seconds=seconds)
        self.house.clock.moment = until

    async def sent(self, type: str) -> list[Document]:
        """The activities of one type that we made, oldest first."""
        return [msgspec.json.decode(one.document) for one in await self.house.sent(type)]

    async def post(self, status: Any) -> Post:
        """The row of a post."""
        async with self.house.database.read() as reader:
            found = await posts.find(reader, int(status["id"]))
        assert found is not None
        return found

    async def told(self, whom: Actor) -> list[str]:
        """What somebody was told, oldest first."""
        async with self.house.database.read() as reader:
            return [one.kind for one in reversed(await notifications.list_of_actor(reader, whom.id))]


@contextlib.asynccontextmanager
async def open_desk(folder: Path) -> AsyncIterator[Desk]:
    """Open the house and bring everybody in."""
    network, clock = Network(), FakeClock()
    person = RemoteHost(network, clock).person("bob")
    async with open_instance(folder, network, clock) as house:
        alice, ben = await house.register("alice"), await house.register("ben")
        bob = await find_actor(house.services, person.uri)
        yield Desk(house, alice, ben, await client_of(house, alice), await client_of(house, ben), person, bob)

"""A street: our house with alice and carol; elsewhere bob, mallory on his host, and eve on another one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from activitypub.audience import Visibility
from server.actions.ties.follow import block, follow
from server.actions.writing.publish import Draft, publish
from server.remote.people import find_actor
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.telling import notifications
from server.store.ties import follows
from server.store.writing import posts
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import Document, Person, RemoteHost


@dataclass
class Street:
    """What the tests of the inbox need; everything arrives through the real door."""

    house: Instance
    alice: Actor
    carol: Actor
    bob: Person
    mallory: Person
    eve: Person
    other_host: RemoteHost = field(init=False)

    def __post_init__(self) -> None:
        self.other_host = self.eve.host

    async def arrive(self, sender: Person, document: Document) -> str | None:
        """Send through the door, act on it, and return how it ended."""
        assert await sender.send(document, f"{self.house.origin}/inbox") == 202
        await run_jobs_until_idle(self.house)
        return await self.house.outcome(str(document["id"]))

    async def known(self, person: Person) -> Actor:
        """A peer's actor as we know it."""
        return await find_actor(self.house.services, person.uri)

    async def publish(self, visibility: Visibility = Visibility.PUBLIC, text: str = "hello") -> Post:
        """A post of alice's."""
        async with self.house.database.write() as tx:
            post = await publish(tx, self.house.site, self.alice, Draft(text=text, visibility=visibility))
        await run_jobs_until_idle(self.house)
        return post

    async def follow(self, person: Person, *, by: Actor | None = None, accepted: bool = True) -> str:
        """One of us follows somebody; return the id of the Follow."""
        target, follower = await self.known(person), by or self.alice
        async with self.house.database.write() as tx:
            await follow(tx, self.house.site, follower, target)
            if accepted:
                await follows.accept(tx, follower.id, target.id, at=self.house.clock.now())
            found = await follows.find(tx, follower.id, target.id)
        await run_jobs_until_idle(self.house)
        assert found is not None
        return found.uri

    async def block(self, person: Person) -> None:
        """Alice blocks somebody."""
        target = await self.known(person)
        async with self.house.database.write() as tx:
            await block(tx, self.house.site, self.alice, target)
        await run_jobs_until_idle(self.house)

    async def suspend(self, person: Person) -> None:
        """We do not speak with somebody any more."""
        target = await self.known(person)
        async with self.house.database.write() as tx:
            await actors.replace(
                tx, Actor(**{name: getattr(target, name) for name in target.__slots__} | {"suspended_at": 1})
            )
        self.house.clock.advance(61)

    async def post(self, uri: str) -> Post | None:
        async with self.house.database.read() as reader:
            return await posts.find_by_uri(reader, uri)

    async def followers(self) -> list[str]:
        """Who follows alice, by uri."""
        async with self.house.database.read() as reader:
            return [one.uri for _, one in await follows.list_followers(reader, self.alice.id)]

    async def state(self, person: Person, *, by: Actor | None = None) -> str | None:
        """How far one of us is with following somebody."""
        target = await self.known(person)
        async with self.house.database.read() as reader:
            found = await follows.find(reader, (by or self.alice).id, target.id)
        return found.state if found else None

    async def told(self, whom: Actor | None = None) -> list[tuple[str, str]]:
        """What somebody of us was told: (kind, by whom), oldest first."""
        async with self.house.database.read() as reader:
            found = await notifications.list_of_actor(reader, (whom or self.alice).id)
            people = await actors.find_many(reader, [one.from_id for one in found])
        return [(one.kind, people[one.from_id].username) for one in reversed(found)]


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    network, clock = Network(), FakeClock()
    here = RemoteHost(network, clock)
    there = RemoteHost(network, clock, origin="https://other.example")
    async with open_instance(tmp_path, network, clock) as house:
        yield Street(
            house,
            await house.register("alice"),
            await house.register("carol"),
            here.person("bob"),
            here.person("mallory"),
            there.person("eve"),
        )

"""A house with alice and carol, and bob elsewhere, whom the house knows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from activitypub.audience import Visibility
from server.actions.painting.request_picture import Wish, request_picture
from server.actions.ties.follow import receive_follow
from server.actions.writing.compose import Person as Named
from server.actions.writing.publish import Draft, publish
from server.remote.people import find_actor
from server.site import Site
from server.store.people.actors import Actor
from server.store.telling import notifications
from server.store.writing import media, posts
from server.store.writing.generations import Generation
from server.store.writing.media import Media
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import Document, Person, RemoteHost


@dataclass
class Ground:
    """What the tests of actions stand on."""

    house: Instance
    alice: Actor
    carol: Actor
    person: Person
    bob: Actor

    @property
    def site(self) -> Site:
        return self.house.site

    @property
    def bob_named(self) -> Named:
        """Bob as somebody named in a text."""
        return Named(self.bob.handle, self.bob.uri, self.bob.url or self.bob.uri)

    def write(self) -> Any:
        return self.house.database.write()

    async def settle(self) -> None:
        await run_jobs_until_idle(self.house)

    async def let_bob_follow(self) -> None:
        """Bob follows alice and was let in."""
        async with self.write() as tx:
            await receive_follow(tx, self.site, self.bob, self.alice, f"{self.bob.uri}#follow")
        await self.settle()
        self.person.host.inbox.clear()

    async def publish(self, text: str = "hello", *, by: Actor | None = None, **more: Any) -> Post:
        """A post of ours, public unless said otherwise."""
        draft = Draft(**{"text": text, "visibility": Visibility.PUBLIC} | more)
        async with self.write() as tx:
            post = await publish(tx, self.site, by or self.alice, draft)
        await self.settle()
        return post

    async def wish(self, prompt: str = "a red boat", *, by: Actor | None = None, **more: Any) -> Generation:
        """A wish for a picture, not painted yet."""
        async with self.write() as tx:
            return await request_picture(tx, self.site, by or self.alice, Wish(prompt=prompt, seed=7, **more))

    async def paint(self, prompt: str = "a red boat", *, by: Actor | None = None, **more: Any) -> Post:
        """A painted and published picture."""
        wished = await self.wish(prompt, by=by, **more)
        await self.settle()
        async with self.house.database.read() as reader:
            found = await posts.find_by_generation(reader, wished.id)
        assert found is not None
        return found

    async def post(self, post: Post) -> Post:
        """A post as it is now."""
        async with self.house.database.read() as reader:
            found = await posts.find(reader, post.id)
        assert found is not None
        return found

    async def picture(self, post: Post) -> Media:
        """The one picture of a post."""
        async with self.house.database.read() as reader:
            (found,) = (await media.list_of_posts(reader, [post.id]))[post.id]
        return found

    async def sent(self, type: str) -> list[Document]:
        """The activities of one type that we made, oldest first."""
        return [msgspec.json.decode(one.document) for one in await self.house.sent(type)]

    async def told(self, whom: Actor) -> list[str]:
        async with self.house.database.read() as reader:
            return [one.kind for one in reversed(await notifications.list_of_actor(reader, whom.id))]

    async def once(self, act: Any, *arguments: Any, **more: Any) -> Any:
        """Do one thing in a transaction of its own."""
        async with self.write() as tx:
            return await act(tx, *arguments, **more)


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    network, clock = Network(), FakeClock()
    person = RemoteHost(network, clock).person("bob")
    async with open_instance(tmp_path, network, clock) as house:
        alice, carol = await house.register("alice"), await house.register("carol")
        yield Ground(house, alice, carol, person, await find_actor(house.services, person.uri))

"""People for tests of the client API: alice, whose app it is, ben beside her, and others elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.site import Site
from server.store.people import actors
from server.store.people.actors import Actor
from tests.fakes import FakeClock
from tests.server.mastodon.clients import Client, Place


@dataclass
class Crowd:
    """Two of ours and their apps."""

    place: Place
    alice: Actor
    ben: Actor
    app: Client
    bens_app: Client

    @property
    def site(self) -> Site:
        return self.place.exhibition.site

    @property
    def clock(self) -> FakeClock:
        clock = self.site.clock
        assert isinstance(clock, FakeClock)
        return clock

    async def nina(self, name: str = "nina", host: str = "away.example", **more: Any) -> Actor:
        """Somebody elsewhere whom we know."""
        return await self.place.exhibition.stranger(name, host, **more)

    async def once(self, act: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Do one thing in a transaction of its own."""
        async with self.place.exhibition.services.database.write() as tx:
            return await act(tx, *given, **more)

    async def read(self, find: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Ask one thing."""
        async with self.place.exhibition.services.database.read() as reader:
            return await find(reader, *given, **more)

    async def me(self) -> Actor:
        """Alice as she is now."""
        found = await self.read(actors.find, self.alice.id)
        assert isinstance(found, Actor)
        return found

    def local(self, link: str) -> str:
        """A link of ours as a path."""
        assert link.startswith(self.site.origin)
        return link.removeprefix(self.site.origin)


async def gather_crowd(place: Place) -> Crowd:
    """Bring them in."""
    alice, ben = await place.exhibition.person("alice"), await place.exhibition.person("ben")
    return Crowd(place, alice, ben, await place.client(alice), await place.client(ben))

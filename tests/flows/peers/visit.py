"""A visit: our house with anna, and a server of one kind with somebody on it, each at the other's real door."""

import json
from dataclasses import dataclass
from pathlib import Path

from activitypub.audience import Visibility
from server.actions.painting.request_picture import Wish, request_picture
from server.actions.ties.follow import follow
from server.actions.writing.publish import Draft, publish
from server.ids import MICROSECONDS
from server.remote.people import find_actor
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing import posts
from server.store.writing.posts import Post
from tests.flows.peers.doors import WAYS, StrictHost
from tests.flows.peers.signing import sign_draft
from tests.instance import Instance, run_jobs_until_idle
from tests.remote_host import Document, Person

VECTORS = Path(__file__).parents[2] / "vectors"
PICTURE = "https://pinxit.example/pictures/101"


def load(kind: str, name: str) -> Document:
    """A document as that software writes it."""
    found: Document = json.loads((VECTORS / kind / f"{name}.json").read_text(encoding="utf-8"))
    return found


@dataclass
class Visit:
    """What a story with one peer needs. `them` is the actor of the kind's vectors."""

    house: Instance
    anna: Actor
    kind: str
    host: StrictHost
    them: Person

    def settle(self, name: str) -> Person:
        """Let another actor of the vectors live there too."""
        return settle(self.host, self.kind, name)

    def word(self, name: str, *, about: Post | None = None, **changes: object) -> Document:
        """A vector of this kind, with `about` where it names our picture."""
        document = load(self.kind, name)
        if about is not None:
            document = json.loads(json.dumps(document).replace(PICTURE, about.uri))
        return document | changes

    async def arrive(self, document: Document, *, by: Person | None = None, inbox: str = "/inbox") -> str | None:
        """Let somebody there send it, signed as they do, and act on it; return how it ended."""
        assert await self.knock(document, by=by, inbox=inbox) == 202
        await run_jobs_until_idle(self.house)
        return await self.house.outcome(str(document["id"]))

    async def knock(
        self, document: Document, *, by: Person | None = None, inbox: str = "/inbox", late: int = 0, **how: object
    ) -> int:
        """Send it as they do, by a clock that is so many seconds late; return the status."""
        url = self.house.origin + inbox
        signer, now = (by or self.them).signer, self.house.clock.now() - late * MICROSECONDS
        headers, body = sign_draft(signer, url, document, now=now, **how)  # type: ignore[arg-type]
        return (await self.house.network.send("POST", url, headers, body)).status_code

    async def publish(self, text: str = "hello", visibility: Visibility = Visibility.PUBLIC, **more: object) -> Post:
        """A post of anna's."""
        async with self.house.database.write() as tx:
            draft = Draft(text=text, visibility=visibility, **more)  # type: ignore[arg-type]
            post = await publish(tx, self.house.site, self.anna, draft)
        await run_jobs_until_idle(self.house)
        return post

    async def paint(self) -> Post:
        """A picture of anna's."""
        wish = Wish(prompt="a red boat", seed=7, visibility=Visibility.PUBLIC, caption="Look!", alt="A red boat.")
        async with self.house.database.write() as tx:
            wished = await request_picture(tx, self.house.site, self.anna, wish)
        await run_jobs_until_idle(self.house)
        async with self.house.database.read() as reader:
            post = await posts.find_by_generation(reader, wished.id)
        assert post is not None
        return post

    async def ask_to_follow(self, person: Person | None = None) -> str:
        """Anna asks to follow somebody there; return the id of her Follow."""
        target = await self.known(person)
        async with self.house.database.write() as tx:
            await follow(tx, self.house.site, self.anna, target)
        await run_jobs_until_idle(self.house)
        async with self.house.database.read() as reader:
            found = await follows.find(reader, self.anna.id, target.id)
        assert found is not None
        return found.uri

    async def follow(self, person: Person | None = None) -> None:
        """Anna follows somebody there, and was let in."""
        target = await self.known(person)
        await self.ask_to_follow(person)
        async with self.house.database.write() as tx:
            await follows.accept(tx, self.anna.id, target.id, at=self.house.clock.now())

    async def state(self, person: Person | None = None) -> str | None:
        """How far anna is with following somebody there."""
        target = await self.known(person)
        async with self.house.database.read() as reader:
            found = await follows.find(reader, self.anna.id, target.id)
        return found.state if found else None

    async def known(self, person: Person | None = None) -> Actor:
        """Somebody there as we know them."""
        return await find_actor(self.house.services, (person or self.them).uri)

    async def followers(self) -> list[str]:
        """Who follows anna."""
        async with self.house.database.read() as reader:
            return [one.uri for _, one in await follows.list_followers(reader, self.anna.id)]

    async def post(self, uri: str) -> Post | None:
        """A post as we have it."""
        async with self.house.database.read() as reader:
            return await posts.find_by_uri(reader, uri)

    async def actor(self, uri: str) -> Actor | None:
        async with self.house.database.read() as reader:
            return await actors.find_by_uri(reader, uri)


def settle(host: StrictHost, kind: str, name: str) -> Person:
    """Let the actor of a vector live on a host."""
    ways = WAYS[kind]
    return host.settle(load(kind, name), link_type=ways.link_type, media_type=ways.media_type)

"""Alpha speaks with listed servers alone: beta, where bob lives, is on the list; gamma, where carol lives, is not."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from activitypub.audience import Visibility
from activitypub.errors import ProtocolError
from server.actions.network.left_out import list_left_out
from server.actions.network.rule_domain import choose_mode, lift_domain, rule_domain
from server.actions.ties.follow import follow
from server.actions.writing.publish import Draft, publish
from server.remote.people import find_actor, find_by_handle
from server.remote.seam import FetchFailed
from server.store.network.domain_rules import ALLOW, Rule
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post
from tests.fakes import Network
from tests.flows.world import World, open_world
from tests.instance import Instance, open_instance, run_jobs_until_idle


@dataclass
class Three:
    """The two houses and a third, all of whom follow one another."""

    world: World
    gamma: Instance
    carol: Actor

    @property
    def network(self) -> Network:
        return self.world.network

    @property
    def alpha(self) -> Instance:
        return self.world.alpha

    async def settle(self) -> None:
        await run_jobs_until_idle(*self.world.houses, self.gamma)

    async def close_alpha(self) -> None:
        """Its operator lets beta in and nobody else."""
        async with self.alpha.database.write() as tx:
            await rule_domain(tx, self.alpha.site, Rule(domain="beta.example", severity=ALLOW, created_at=0))
            await choose_mode(tx, self.alpha.site, listed_only=True)
        # What a process remembers of a host is believed for a minute.
        self.world.clock.advance(61)
        self.network.log.clear()

    def asked_of(self, host: str) -> list[str]:
        """What was asked of a house, and the answers."""
        return [f"{one.method} {one.url} {one.status}" for one in self.network.log if f"//{host}/" in one.url]


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Three]:
    async with contextlib.AsyncExitStack() as stack:
        world = await stack.enter_async_context(open_world(tmp_path))
        opened = open_instance(tmp_path / "gamma", world.network, world.clock, domain="gamma.example")
        gamma = await stack.enter_async_context(opened)
        three = Three(world, gamma, await gamma.register("carol"))
        for house, who in ((world.beta, world.bob), (gamma, three.carol)):
            await befriend(three, world.alpha, world.alice, house, who)
        yield three


async def befriend(three: Three, here: Instance, one: Actor, there: Instance, other: Actor) -> None:
    for house, follower, followed in ((here, one, other), (there, other, one)):
        target = await find_by_handle(house.services, followed.handle)
        async with house.database.write() as tx:
            await follow(tx, house.site, follower, target)
    await three.settle()


async def write(three: Three, house: Instance, author: Actor, text: str = "hello") -> Post:
    async with house.database.write() as tx:
        post = await publish(tx, house.site, author, Draft(text=text, visibility=Visibility.PUBLIC))
    await three.settle()
    return post


async def is_at(house: Instance, post: Post) -> bool:
    async with house.database.read() as reader:
        return await posts.find_by_uri(reader, post.uri) is not None


async def fetch(house: Instance, post: Post) -> object:
    """What a house gets that signs for it."""
    found = await house.services.peers.fetch(post.uri, signer=await house.services.signers.instance())
    return found.value["id"]


@contextlib.contextmanager
def refused() -> Iterator[None]:
    with pytest.raises((FetchFailed, ProtocolError), match="speak with"):
        yield


async def read(house: Instance, path: str, accept: str = "text/html") -> str:
    answer = await house.network.send("GET", house.origin + path, {"accept": accept})
    return f"{answer.status_code} {answer.text}"


async def test_who_is_on_the_list_is_heard_and_hears(three: Three) -> None:
    await three.close_alpha()

    theirs = await write(three, three.world.beta, three.world.bob)
    ours = await write(three, three.alpha, three.world.alice)

    assert await is_at(three.alpha, theirs)
    assert await is_at(three.world.beta, ours)


async def test_what_others_bring_is_refused_and_nothing_is_asked_of_them(three: Three) -> None:
    await three.close_alpha()

    theirs = await write(three, three.gamma, three.carol)

    assert not await is_at(three.alpha, theirs)
    assert [line.rpartition(" ")[2] for line in three.asked_of("alpha.example") if line.startswith("POST")] == ["403"]
    assert three.asked_of("gamma.example") == []


async def test_a_stranger_of_an_unlisted_server_is_refused_before_their_key_is_asked_for(three: Three) -> None:
    await three.close_alpha()
    eve = await three.gamma.register("eve")
    alice = await three.gamma.actor(three.world.alice.uri)

    async with three.gamma.database.write() as tx:
        await follow(tx, three.gamma.site, eve, alice)
    await three.settle()

    assert any(line.startswith("POST") and line.endswith("403") for line in three.asked_of("alpha.example"))
    assert three.asked_of("gamma.example") == []


async def test_nothing_is_brought_to_them(three: Three) -> None:
    await three.close_alpha()

    ours = await write(three, three.alpha, three.world.alice)

    assert not await is_at(three.gamma, ours)
    assert three.asked_of("gamma.example") == []


async def test_what_waited_for_them_is_not_brought_either(three: Three) -> None:
    async with three.alpha.database.write() as tx:
        ours = await publish(tx, three.alpha.site, three.world.alice, Draft(text="hi", visibility=Visibility.PUBLIC))
    await three.close_alpha()

    await three.settle()

    assert await is_at(three.world.beta, ours)
    assert three.asked_of("gamma.example") == []


async def test_nobody_is_looked_up_there(three: Three) -> None:
    await three.close_alpha()

    with refused():
        await find_by_handle(three.alpha.services, "dave@gamma.example")
    with refused():
        await find_actor(three.alpha.services, f"{three.gamma.origin}/users/dave")
    with refused():
        await find_actor(three.alpha.services, three.carol.uri, fresh=True)

    assert three.asked_of("gamma.example") == []


async def test_what_they_wrote_is_hidden_and_comes_back_with_the_follows_when_all_are_let_in(three: Three) -> None:
    await write(three, three.gamma, three.carol, "carol was here")
    handle = "/@carol@gamma.example"
    timeline = "/api/v1/timelines/public"
    assert "carol was here" in await read(three.alpha, timeline)
    await three.close_alpha()

    assert (await read(three.alpha, handle)).startswith("404")
    assert "carol was here" not in await read(three.alpha, timeline)

    async with three.alpha.database.write() as tx:
        await choose_mode(tx, three.alpha.site, listed_only=False)
    three.world.clock.advance(61)
    assert "carol was here" in await read(three.alpha, timeline)
    assert await is_at(three.gamma, await write(three, three.alpha, three.world.alice))
    assert await is_at(three.alpha, await write(three, three.gamma, three.carol))


async def test_who_is_taken_from_the_list_is_out(three: Three) -> None:
    await three.close_alpha()
    async with three.alpha.database.write() as tx:
        await lift_domain(tx, three.alpha.site, "beta.example")
    three.world.clock.advance(61)

    theirs = await write(three, three.world.beta, three.world.bob)

    assert not await is_at(three.alpha, theirs)


async def test_only_who_is_listed_and_says_so_reads_documents(three: Three) -> None:
    post = await write(three, three.alpha, three.world.alice)
    await three.close_alpha()
    path = post.uri.removeprefix(three.alpha.origin)

    assert (await read(three.alpha, path, "application/activity+json")).startswith("401")
    with pytest.raises(FetchFailed) as failure:
        await three.gamma.services.peers.fetch(post.uri, signer=await three.gamma.services.signers.instance())
    assert failure.value.status == 403
    found = await three.world.beta.services.peers.fetch(
        post.uri, signer=await three.world.beta.services.signers.instance()
    )
    assert found.value["id"] == post.uri


async def test_the_page_about_this_place_says_so(three: Three) -> None:
    assert "chosen servers" not in await read(three.alpha, "/about")
    await three.close_alpha()
    page = await read(three.alpha, "/about")
    # Which ones is for its operator to tell.
    assert "chosen servers" in page and "beta.example" not in page
    assert '"limited_federation":true' in (await read(three.alpha, "/api/v2/instance")).replace(" ", "")


async def test_a_list_is_tried_before_it_is_in_force(three: Three) -> None:
    async with three.alpha.database.write() as tx:
        await rule_domain(tx, three.alpha.site, Rule(domain="beta.example", severity=ALLOW, created_at=0))
    async with three.alpha.database.read() as reader:
        planned = await list_left_out(reader)

    (gamma,) = planned.tied
    assert (gamma.host, gamma.followed, gamma.following) == ("gamma.example", 1, 1)
    await three.close_alpha()
    async with three.alpha.database.read() as reader:
        assert await list_left_out(reader) == planned

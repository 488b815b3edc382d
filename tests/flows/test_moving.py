"""One of our people goes to live elsewhere, and comes back; and somebody from elsewhere is let come here."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.actions.people.aliases import ALIASES_AT_MOST, add_alias, remove_alias
from server.actions.people.move_away import AGAIN_SECONDS, cancel_move, move_away
from server.actions.ties.follow import follow
from server.problems import Conflict, Forbidden, Invalid, NotFound, TooMany
from server.remote.people import find_stated
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows
from tests.fakes import FakeClock, Network
from tests.flows.world import World, kill_at_every_step
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import Document, Person, RemoteHost


@dataclass
class Home:
    """Our house with alice and bob, whom bea of another server follows; there is room for alice elsewhere."""

    house: Instance
    alice: Actor
    bob: Actor
    bea: Person
    there: RemoteHost

    async def fresh(self, uri: str) -> Actor:
        return await find_stated(self.house.services, uri, fresh=True)

    async def shown(self) -> Document:
        """Alice's document, as others read it."""
        answer = await self.house.network.send("GET", self.alice.uri, {"accept": "application/activity+json"})
        return answer.json()

    async def move(self, uri: str) -> None:
        new = await self.fresh(uri)
        async with self.house.database.write() as tx:
            await move_away(tx, self.house.site, self.alice, new)
        await run_jobs_until_idle(self.house)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    network, clock = Network(), FakeClock()
    there = RemoteHost(network, clock)
    bea = there.person("bea")
    async with open_instance(tmp_path, network, clock) as house:
        home = Home(house, await house.register("alice"), await house.register("bob"), bea, there)
        assert await bea.send(bea.activity("Follow", home.alice.uri), f"{house.origin}/inbox") == 202
        async with house.database.write() as tx:
            await follow(tx, house.site, home.bob, home.alice)
        await run_jobs_until_idle(house)
        yield home


async def test_s36_an_alias_is_shown_and_told_to_the_followers_and_taken_back(home: Home) -> None:
    old = await home.fresh("bea@remote.example")
    async with home.house.database.write() as tx:
        await add_alias(tx, home.house.site, home.alice, old)
    await run_jobs_until_idle(home.house)

    assert (await home.shown())["alsoKnownAs"] == [home.bea.uri]
    (told,) = home.there.received("Update")
    assert told["object"]["alsoKnownAs"] == [home.bea.uri]

    async with home.house.database.write() as tx:
        await remove_alias(tx, home.house.site, home.alice, home.bea.uri)
    assert "alsoKnownAs" not in await home.shown()
    with pytest.raises(NotFound):
        async with home.house.database.write() as tx:
            await remove_alias(tx, home.house.site, home.alice, home.bea.uri)


async def test_an_alias_is_somebody_else_once_and_not_beyond_number(home: Home) -> None:
    old = await home.fresh(home.bea.uri)
    async with home.house.database.write() as tx:
        with pytest.raises(Invalid):
            await add_alias(tx, home.house.site, home.alice, home.alice)
        await add_alias(tx, home.house.site, home.alice, old)
        with pytest.raises(Conflict):
            await add_alias(tx, home.house.site, home.alice, old)
    for number in range(ALIASES_AT_MOST - 1):
        one = await home.fresh(home.there.person(f"p{number}").uri)
        async with home.house.database.write() as tx:
            await add_alias(tx, home.house.site, home.alice, one)
    async with home.house.database.write() as tx:
        with pytest.raises(Conflict):
            await add_alias(tx, home.house.site, home.alice, home.bob)


async def test_s36_who_moves_away_says_so_and_takes_the_followers_along(home: Home) -> None:
    # Given that alice has a place elsewhere that names her
    new = home.there.person("alice", alsoKnownAs=[home.alice.uri])

    await home.move(new.uri)

    # Then her document says where she is, and her followers there are told: the document first
    assert (await home.shown())["movedTo"] == new.uri
    told = [one.document["type"] for one in home.there.inbox if one.document["type"] in ("Update", "Move")]
    assert told == ["Update", "Move"]
    (moved,) = home.there.received("Move")
    assert (moved["actor"], moved["object"], moved["target"]) == (home.alice.uri, home.alice.uri, new.uri)
    assert home.there.received("Update")[0]["object"]["movedTo"] == new.uri
    # And bob, who followed her here, follows her there
    (asked,) = home.there.received("Follow")
    assert (asked["actor"], asked["object"]) == (home.bob.uri, new.uri)
    async with home.house.database.read() as reader:
        assert await follows.find(reader, home.bob.id, home.alice.id) is None


async def test_nobody_new_follows_who_has_moved(home: Home) -> None:
    new = home.there.person("alice", alsoKnownAs=[home.alice.uri])
    await home.move(new.uri)
    ben = home.there.person("ben")

    await ben.send(ben.activity("Follow", home.alice.uri), f"{home.house.origin}/inbox")
    await run_jobs_until_idle(home.house)

    assert [one["object"]["actor"] for one in home.there.received("Reject")] == [ben.uri]
    async with home.house.database.write() as tx:
        with pytest.raises(Forbidden):
            await follow(tx, home.house.site, home.bob, await actors.find(tx, home.alice.id) or home.alice)


@pytest.mark.parametrize(
    "document",
    [{}, {"alsoKnownAs": ["https://remote.example/users/bea"]}, {"movedTo": "https://remote.example/users/bea"}],
)
async def test_nobody_moves_to_where_they_are_not_named(home: Home, document: Document) -> None:
    place = home.there.person("place", **document)
    with pytest.raises(Invalid):
        await home.move(place.uri)

    assert "movedTo" not in await home.shown()
    assert home.there.received("Move") == []


async def test_who_comes_back_can_be_followed_and_moves_again_only_a_month_later(home: Home) -> None:
    new = home.there.person("alice", alsoKnownAs=[home.alice.uri])
    await home.move(new.uri)
    with pytest.raises(Conflict):
        await home.move(new.uri)

    async with home.house.database.write() as tx:
        await cancel_move(tx, home.house.site, home.alice)
        with pytest.raises(NotFound):
            await cancel_move(tx, home.house.site, home.alice)
    await run_jobs_until_idle(home.house)

    assert "movedTo" not in await home.shown()
    assert "movedTo" not in home.there.received("Update")[-1]["object"]
    with pytest.raises(TooMany):
        await home.move(new.uri)
    home.house.clock.advance(AGAIN_SECONDS)
    await home.move(new.uri)
    assert len(home.there.received("Move")) == 2


async def test_who_thinks_better_of_it_before_the_job_runs_takes_nobody_along(home: Home) -> None:
    new = home.there.person("alice", alsoKnownAs=[home.alice.uri])
    found = await home.fresh(new.uri)
    async with home.house.database.write() as tx:
        await move_away(tx, home.house.site, home.alice, found)
    async with home.house.database.write() as tx:
        await cancel_move(tx, home.house.site, home.alice)
    await run_jobs_until_idle(home.house)

    assert home.there.received("Follow") == []
    async with home.house.database.read() as reader:
        assert await follows.follows_accepted(reader, home.bob.id, home.alice.id)


async def test_s172_two_houses_agree_on_a_move_though_one_dies_at_any_step(tmp_path: Path) -> None:
    async def begin(world: World) -> None:
        # Given bob of beta who follows alice of alpha, and carol of beta who says that she was alice
        await world.let_bob_follow()
        carol = await world.beta.register("carol")
        alice = await find_stated(world.beta.services, world.alice.uri)
        async with world.beta.database.write() as tx:
            await add_alias(tx, world.beta.site, carol, alice)
        # When alice moves
        new = await find_stated(world.alpha.services, carol.uri, fresh=True)
        async with world.alpha.database.write() as tx:
            await move_away(tx, world.alpha.site, world.alice, new)

    async def check(world: World) -> None:
        # Then bob follows carol, and alice no more, on both sides
        carol, alice = (
            await world.beta.actor(world.beta.site.actor_uri("carol")),
            await world.beta.actor(world.alice.uri),
        )
        assert alice.moved_to == carol.uri
        async with world.beta.database.read() as reader:
            assert await follows.follows_accepted(reader, world.bob.id, carol.id)
            assert await follows.find(reader, world.bob.id, alice.id) is None
        async with world.alpha.database.read() as reader:
            assert await follows.count_followers(reader, world.alice.id) == 0

    assert await kill_at_every_step(tmp_path, "beta", begin, check) > 3

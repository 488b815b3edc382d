"""The rows of a table that somebody brought are acted on, a few at a time, whoever dies and whatever is down."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from activitypub.audience import Visibility
from server.actions.carrying.begin import begin_import, plan_import, stop_import
from server.actions.carrying.tables import read_table
from server.actions.ties.follow import block
from server.actions.writing.publish import Draft, publish
from server.agenda.carry_in import ATTEMPTS, EVERY_SECONDS, ROWS, SUSPENDED_SECONDS
from server.problems import NotFound
from server.store.paging import Stretch
from server.store.people import actors, imports
from server.store.people.actors import Actor
from server.store.people.imports import Import, Progress
from server.store.reading import bookmarks
from server.store.ties import domain_blocks, follows, lists, mutes
from tests.fakes import FakeClock, Network
from tests.instance import Instance, let_time_pass, live_on, open_instance, run_jobs_until_idle
from tests.remote_host import RemoteHost, Shown


@dataclass
class Home:
    """Our house with alice and bob, and a server with people whom she may know."""

    house: Instance
    alice: Actor
    bob: Actor
    there: RemoteHost

    async def bring(self, kind: str, text: str, *, overwrite: bool = False) -> Import:
        brought = read_table(self.house.site, kind, text.encode())  # type: ignore[arg-type]
        now = self.house.clock.now()
        plan = await plan_import(self.house.database, self.alice, brought, overwrite=overwrite, now=now)
        async with self.house.database.write() as tx:
            return await begin_import(tx, self.house.site, self.alice, plan)

    async def settle(self, seconds: float = 600) -> None:
        await let_time_pass(self.house, seconds=seconds)

    async def progress(self, one: Import) -> Progress:
        async with self.house.database.read() as reader:
            return await imports.count(reader, one.id)

    async def followed(self) -> dict[str, str]:
        async with self.house.database.read() as reader:
            return {
                one.handle: state
                for state in ("pending", "accepted")
                for _, one in await follows.list_following(reader, self.alice.id, state=state)
            }


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    network, clock = Network(), FakeClock()
    there = RemoteHost(network, clock)
    async with open_instance(tmp_path, network, clock) as house:
        yield Home(house, await house.register("alice"), await house.register("bob"), there)


async def test_follows_are_asked_for_with_their_choices(home: Home) -> None:
    home.there.person("bea")
    one = await home.bring("following", 'bea@remote.example,false,true,"de"\nbob,true,false,\nnobody@remote.example\n')

    await home.settle()

    assert await home.followed() == {"bea@remote.example": "pending", "bob@pinxit.example": "accepted"}
    assert [asked["actor"] for asked in home.there.received("Follow")] == [home.alice.uri]
    async with home.house.database.read() as reader:
        bea = await actors.find_by_handle(reader, "bea", "remote.example")
        assert bea is not None
        known = await follows.find(reader, home.alice.id, bea.id)
        [failed] = await imports.list_failed(reader, one.id, limit=9)
        done = await imports.find(reader, one.id)
    assert known is not None and (known.reblogs, known.notify, known.wanted_languages) == (False, True, ("de",))
    assert failed.values[0] == "nobody@remote.example" and failed.error
    assert done is not None and done.finished_at is not None
    assert await home.house.jobs() == []


async def test_rows_are_acted_on_at_a_pace_and_again_after_a_death(home: Home) -> None:
    names = [home.there.person(f"p{number}").name for number in range(ROWS * 2 + 3)]
    one = await home.bring("following", "\n".join(f"{name}@remote.example" for name in names))

    await run_jobs_until_idle(home.house)
    assert (await home.progress(one)).waiting == ROWS + 3
    home.house.clock.advance(EVERY_SECONDS - 1)
    await run_jobs_until_idle(home.house)
    assert (await home.progress(one)).waiting == ROWS + 3
    # It dies in the midst of the next step.
    home.house.clock.advance(2)
    home.house.life.die_after(9)
    assert await live_on(home.house) == 1

    assert set(await home.followed()) == {f"{name}@remote.example" for name in names}
    assert len(home.there.received("Follow")) == len(names)


async def test_a_server_that_is_down_is_asked_again_and_given_up(home: Home) -> None:
    home.there.person("bea")
    home.there.show_raw("/users/bea", Shown(b"", 503))
    one = await home.bring("following", "bea@remote.example\n")
    await run_jobs_until_idle(home.house)
    assert await home.progress(one) == Progress(waiting=1, failed=0)

    await home.settle()

    assert await home.progress(one) == Progress(waiting=0, failed=1)
    asked = [get for get in home.there.gets if get.target == "/users/bea"]
    assert len(asked) == ATTEMPTS


async def test_what_is_not_in_the_table_goes_when_that_is_wanted(home: Home) -> None:
    await home.bring("following", "bob\n")
    await home.settle()
    carol = await home.house.register("carol")

    await home.bring("following", "carol\n", overwrite=True)
    await home.settle()

    assert await home.followed() == {carol.handle: "accepted"}


async def test_blocks_mutes_hosts_lists_and_bookmarks_are_brought_and_replaced(home: Home) -> None:
    bea = home.there.person("bea")
    note = home.there.person("cy").note()
    async with home.house.database.write() as tx:
        ours = await publish(tx, home.house.site, home.bob, Draft(text="x", visibility=Visibility.PUBLIC))
        hidden = await publish(tx, home.house.site, home.bob, Draft(text="y", visibility=Visibility.FOLLOWERS))
    # The bookmarks while she does not follow bob, who would let her see the second.
    tables = {
        "bookmarks": f"{ours.uri}\n{hidden.uri}\n{home.house.origin}/users/bob/posts/1\n{note['id']}\n",
        "blocks": "bea@remote.example\n",
        "mutes": "bob,false\n",
        "domain_blocks": "rude.example\n",
        "lists": "Friends,bob\nFriends,bob\nOthers,bob\n",
    }
    for kind, text in tables.items():
        await home.bring(kind, text)
        await home.settle()

    async with home.house.database.read() as reader:
        known = await actors.find_by_uri(reader, bea.uri)
        assert known is not None
        assert await follows.is_blocked(reader, by=home.alice.id, actor_id=known.id)
        muted = await mutes.find(reader, home.alice.id, home.bob.id, now=home.house.clock.now())
        assert muted is not None and not muted.hides_notifications
        assert await domain_blocks.is_blocked(reader, by=home.alice.id, host="rude.example")
        titles = {one.title for one in await lists.list_with_member(reader, home.alice.id, home.bob.id)}
        kept = {post.uri for _, post in await bookmarks.list_of_actor(reader, home.alice.id, Stretch())}
    assert titles == {"Friends", "Others"}
    assert kept == {ours.uri, note["id"]}

    await home.bring("lists", "Friends,bob\n", overwrite=True)
    await home.settle()
    async with home.house.database.read() as reader:
        assert [one.title for one in await lists.list_of_actor(reader, home.alice.id)] == ["Friends"]
    await home.bring("blocks", "bob\n", overwrite=True)
    await home.settle()
    async with home.house.database.read() as reader:
        assert await lists.list_with_member(reader, home.alice.id, home.bob.id) == []
        assert not await follows.is_blocked(reader, by=home.alice.id, actor_id=known.id)


async def test_whom_a_block_stands_between_is_not_followed_and_named(home: Home) -> None:
    async with home.house.database.write() as tx:
        await block(tx, home.house.site, home.bob, home.alice)
    one = await home.bring("following", "bob\nalice\n")
    await home.settle()

    assert await home.progress(one) == Progress(waiting=0, failed=2)
    assert await home.followed() == {}


async def test_an_import_is_stopped_by_its_owner_alone(home: Home) -> None:
    one = await home.bring("following", "bob\n")
    async with home.house.database.write() as tx:
        with pytest.raises(NotFound):
            await stop_import(tx, home.bob, one.id)
        await stop_import(tx, home.alice, one.id)
    await home.settle()

    assert await home.followed() == {}
    assert await home.house.jobs() == []


async def test_who_is_suspended_follows_nobody_until_that_ends(home: Home) -> None:
    home.there.person("bea")
    one = await home.bring("following", "bea@remote.example\n")
    await mark(home, suspended_at=home.house.clock.now())
    await home.settle()
    assert await home.followed() == {} and (await home.progress(one)).waiting == 1

    await mark(home, suspended_at=None)
    await home.settle(SUSPENDED_SECONDS + 60)

    assert await home.followed() == {"bea@remote.example": "pending"}


async def mark(home: Home, *, suspended_at: int | None) -> None:
    async with home.house.database.write() as tx:
        await actors.replace(tx, replace(home.alice, suspended_at=suspended_at))

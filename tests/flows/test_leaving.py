"""One of our people deletes their account: what others see of it, and that nothing is left, whoever dies when."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from activitypub.audience import Visibility
from activitypub.reading import read_actor
from server.actions.painting.request_picture import Wish, request_picture
from server.actions.people.close_account import LOOK_AGAIN_SECONDS, ROWS, close_account
from server.actions.people.forget_actor import STEP
from server.actions.people.login import make_token
from server.actions.people.register import register
from server.actions.telling.notify import notify
from server.actions.ties.follow import follow
from server.actions.ties.lists import ListChange, make_list
from server.actions.ties.mute import mute
from server.actions.writing.publish import Draft, publish
from server.actions.writing.react import announce, like
from server.problems import Conflict, Forbidden, NotFound
from server.remote.people import find_actor
from server.site import Site
from server.store.network import deliveries
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.reading import bookmarks
from server.store.schema import metadata
from server.store.telling import notifications
from server.store.ties import domain_blocks, follows
from server.store.writing import consents, posts
from server.store.writing.consents import Consent
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.flows.world import World, kill_at_every_step
from tests.instance import Instance, let_time_pass, open_instance, pair_of, run_jobs_until_idle
from tests.remote_host import Person, RemoteHost, Shown

# What stays of somebody who is gone, and why.
STAYS = {
    "actors": "the tombstone",
    "posts": "tombstones, each without a word",
    "generations": "empty: that there was a wish, not what it said",
    "reports": "the operator's records",
    "stream_events": "numbers alone, for ten minutes",
}

OWNERS = {"actor_id", "follower_id", "followed_id", "owner_id", "asker_id", "asked_id"}


@dataclass
class Home:
    """Our house with alice who leaves and bob who stays; bea follows her from elsewhere, eve is on a third host."""

    house: Instance
    alice: Actor
    bob: Actor
    bea: Person
    eve: Person

    async def leave(self) -> None:
        async with self.house.database.write() as tx:
            await close_account(tx, self.house.site, self.alice)

    async def get(self, path: str) -> tuple[int, dict[str, object]]:
        url = path if path.startswith("http") else f"{self.house.origin}{path}"
        answer = await self.house.network.send("GET", url, {"accept": "application/activity+json"})
        return answer.status_code, answer.json()

    async def rows_of(self, actor: Actor) -> dict[str, int]:
        """How many rows of each table belong to somebody."""
        found = {}
        async with self.house.database.read() as reader:
            for table in metadata.sorted_tables:
                for name in OWNERS & set(table.columns.keys()):
                    if table.name == "feed_entries":
                        continue
                    statement = text(f"select count(*) from {table.name} where {name} = {actor.id}")
                    row = await reader.one(statement)
                    if row and row[0]:
                        found[table.name] = found.get(table.name, 0) + int(row[0])
        if found.get("actors"):
            found.pop("actors")
        return found


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    network, clock = Network(), FakeClock()
    bea = RemoteHost(network, clock).person("bea")
    eve = RemoteHost(network, clock, origin="https://other.example").person("eve")
    async with open_instance(tmp_path, network, clock) as house:
        home = Home(house, await house.register("alice"), await house.register("bob"), bea, eve)
        assert await bea.send(bea.activity("Follow", home.alice.uri), f"{house.origin}/inbox") == 202
        await find_actor(house.services, eve.uri)
        await run_jobs_until_idle(house)
        # Who has a copy of an actor has its key: once she is gone, it cannot be asked for.
        _, document = await home.get(home.alice.uri)
        for host in (bea.host, eve.host):
            host.trusted |= {key.key_id: key for key in read_actor(document).keys}
        yield home


def files(house: Instance) -> list[str]:
    return [str(one["path"]) for batch in house.storage._store.list() for one in batch]


def consent(site: Site, asker: Actor, asked: Actor, post: Post) -> Consent:
    """A question whether `asker` may like a post, with the words that wait for the answer."""
    made, deed = site.ids.new(), f"{asker.uri}/likes/1"
    return Consent(made, "like", asker.id, asked.id, post.id, deed, None, consents.PENDING, None, '"a secret"', 1)


async def live(home: Home) -> Post:
    """Alice does a bit of everything."""
    house, site = home.house, home.house.site
    async with house.database.write() as tx:
        theirs = await publish(tx, site, home.bob, Draft(text="bob's #word", visibility=Visibility.PUBLIC))
        post = await publish(tx, site, home.alice, Draft(text="hello @bob", visibility=Visibility.PUBLIC))
        await publish(tx, site, home.alice, Draft(text="a secret", visibility=Visibility.FOLLOWERS))
        await follow(tx, site, home.alice, home.bob)
        await follow(tx, site, home.bob, home.alice)
        await make_list(tx, site, home.alice, ListChange(title="friends"))
        await mute(tx, site, home.alice, home.bob)
        await like(tx, site, home.alice, theirs)
        await announce(tx, site, home.alice, theirs)
        await bookmarks.add(tx, id=site.ids.new(), actor_id=home.alice.id, post_id=theirs.id, at=1)
        await consents.add(tx, consent(site, home.alice, home.bob, theirs))
        await consents.add(tx, consent(site, home.bob, home.alice, post))
        await request_picture(tx, site, home.alice, Wish(prompt="a fox nobody may know of", draft=True))
        await request_picture(tx, site, home.alice, Wish(prompt="a fox for all"))
        account = await accounts.find_by_actor(tx, home.alice.id)
        assert account is not None
        await make_token(tx, site, account, scopes="read write", label="shell")
    await run_jobs_until_idle(house)
    return post


async def test_s21_s35_s147_s159_who_leaves_is_gone_for_everybody_and_leaves_nothing(home: Home) -> None:
    # Given alice with posts, pictures, wishes, ties and a token
    post = await live(home)
    assert len(await home.rows_of(home.alice)) > 12
    assert files(home.house) != []

    # When she leaves
    await home.leave()
    await run_jobs_until_idle(home.house)

    # Then every server we know was told, with a signature that held
    for person in (home.bea, home.eve):
        (told,) = person.host.received("Delete")
        assert (told["actor"], told["object"]) == (home.alice.uri, home.alice.uri)
    # And she is gone wherever one looks
    for path in (home.alice.uri, post.uri, f"{home.alice.uri}/outbox"):
        status, document = await home.get(path)
        assert (status, document["type"]) == (410, "Tombstone"), path
    status, _ = await home.get("/.well-known/webfinger?resource=acct:alice@pinxit.example")
    assert status == 410
    # And nothing of hers is left, neither a row nor a file
    assert set(await home.rows_of(home.alice)) <= set(STAYS)
    assert files(home.house) == []
    async with home.house.database.read() as reader:
        told_of_her = [
            one for one in await notifications.list_of_actor(reader, home.bob.id) if one.from_id == home.alice.id
        ]
        assert told_of_her == []
        row = await reader.one(text("select count(*) from generations where prompt != '' or manifest is not null"))
        assert row == (0,)
        row = await reader.one(text("select count(*) from activities where document like '%secret%'"))
        assert row == (0,)
        row = await reader.one(text("select count(*) from posts where content_html like '%secret%'"))
        assert row == (0,)
        counted = await posts.find_by_uri(reader, post.uri)
        theirs = await reader.one(text(f"select likes_count, shares_count from posts where actor_id = {home.bob.id}"))
    assert counted is not None and counted.deleted_at is not None
    assert theirs == (0, 0)


async def test_the_name_is_never_given_away_again(home: Home) -> None:
    await home.leave()
    await run_jobs_until_idle(home.house)
    with pytest.raises(Conflict):
        async with home.house.database.write() as tx:
            await register(tx, home.house.site, "Alice", password_hash="x", keys=pair_of("alice"))
    with pytest.raises(NotFound):
        await home.leave()


async def test_the_key_stays_until_the_last_server_was_told(home: Home) -> None:
    # Given a server that is down
    home.eve.host.answers = [Shown(b"", 503)] * 3
    await home.leave()
    await run_jobs_until_idle(home.house)
    async with home.house.database.read() as reader:
        assert await actors.find_signing_key(reader, home.alice.id) is not None

    # When it is up again, it is told, and the keys go
    await let_time_pass(home.house, seconds=LOOK_AGAIN_SECONDS * 30)

    assert len(home.eve.host.received("Delete")) == 4
    async with home.house.database.read() as reader:
        assert await actors.list_keys(reader, home.alice.id) == []
    assert await home.house.jobs() == []


async def test_a_server_that_never_answers_keeps_the_key_no_longer_than_we_try(home: Home) -> None:
    home.eve.host.answers = [Shown(b"", 503)] * 100
    await home.leave()
    await let_time_pass(home.house, seconds=30 * 86_400)

    async with home.house.database.read() as reader:
        assert await actors.list_keys(reader, home.alice.id) == []
        assert await deliveries.count_waiting(reader) == 0
    assert await home.house.jobs() == []


async def test_much_goes_in_many_steps(home: Home) -> None:
    async with home.house.database.write() as tx:
        for _ in range(STEP + 5):
            await publish(tx, home.house.site, home.alice, Draft(text="again", visibility=Visibility.UNLISTED))
        for number in range(ROWS + 5):
            host = f"host{number}.example"
            await domain_blocks.add(tx, id=home.house.site.ids.new(), actor_id=home.alice.id, host=host, at=1)
    await home.leave()
    kinds = await run_jobs_until_idle(home.house)

    assert kinds.count("close") >= 5
    assert set(await home.rows_of(home.alice)) <= set(STAYS)


async def test_who_is_gone_hears_nothing_and_is_followed_by_nobody(home: Home) -> None:
    await home.leave()
    await run_jobs_until_idle(home.house)
    bea = home.bea
    mention = [{"type": "Mention", "href": home.alice.uri, "name": "@alice"}]
    note = bea.note("<p>where are you</p>", tag=mention, to=[home.alice.uri])
    for sent in (bea.create(note), bea.activity("Follow", home.alice.uri)):
        await bea.send(sent, f"{home.house.origin}/inbox")
    await run_jobs_until_idle(home.house)
    async with home.house.database.write() as tx:
        alice = await actors.find(tx, home.alice.id)
        assert alice is not None
        await notify(tx, home.house.site, alice, "follow", by=home.bob)
        with pytest.raises(Forbidden):
            await follow(tx, home.house.site, home.bob, alice)

    assert bea.host.received("Accept")[1:] == []
    assert {"notifications", "inbox_entries", "follows"}.isdisjoint(await home.rows_of(home.alice))


async def test_only_people_of_ours_leave_so(home: Home) -> None:
    bea = await find_actor(home.house.services, home.bea.uri)
    instance = await home.house.actor(home.house.site.instance_uri)
    for actor in (bea, instance):
        with pytest.raises(Forbidden):
            async with home.house.database.write() as tx:
                await close_account(tx, home.house.site, actor)


async def test_s160_two_houses_agree_that_somebody_left_though_one_dies_at_any_step(tmp_path: Path) -> None:
    async def begin(world: World) -> None:
        await world.let_bob_follow()
        async with world.alpha.database.write() as tx:
            await publish(tx, world.alpha.site, world.alice, Draft(text="last words", visibility=Visibility.PUBLIC))
        await run_jobs_until_idle(*world.houses)
        async with world.alpha.database.write() as tx:
            await close_account(tx, world.alpha.site, world.alice)

    async def check(world: World) -> None:
        alice = await world.beta.actor(world.alice.uri)
        assert alice.gone_at is not None
        async with world.beta.database.read() as reader:
            assert await follows.find(reader, world.bob.id, alice.id) is None
            row = await reader.one(text("select count(*) from posts where deleted_at is null"))
            assert row == (0,)
        async with world.alpha.database.read() as reader:
            row = await reader.one(text("select count(*) from posts where deleted_at is null"))
            assert row == (0,)
            assert await actors.list_keys(reader, world.alice.id) == []
        assert await world.alpha.jobs() == []

    assert await kill_at_every_step(tmp_path, "alpha", begin, check) > 5

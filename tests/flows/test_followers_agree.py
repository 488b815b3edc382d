"""FEP-8fcf: what two servers think of who follows whom is compared with each post for followers, and settled."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from activitypub import signatures
from activitypub.audience import Visibility
from activitypub.requests import SignedRequest
from activitypub.synchronisation import HEADER, Synchronisation, build_header, digest_of, read_header
from activitypub.vocabulary import LD_MEDIA_TYPE
from server.actions.people.login import make_token
from server.actions.ties.follow import follow
from server.actions.ties.synchronise import AGAIN_SECONDS, STEP, WAIT_SECONDS, Difference
from server.actions.writing.publish import Draft, publish
from server.remote.collections import LISTED_AT_MOST, WHOLE_PAGES
from server.remote.people import find_actor, find_by_handle
from server.store.people import accounts
from server.store.people.actors import Actor
from server.store.ties import follows
from tests.fakes import FakeClock, Network
from tests.flows.world import World, open_world
from tests.instance import Instance, let_time_pass, open_instance, run_jobs_until_idle
from tests.remote_host import Arrived, Person, RemoteHost, Shown


async def post(house: Instance, author: Actor, visibility: Visibility = Visibility.FOLLOWERS) -> None:
    async with house.database.write() as tx:
        await publish(tx, house.site, author, Draft(text="for you", visibility=visibility))
    await run_jobs_until_idle(house)


# What we say.


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Instance]:
    async with open_instance(tmp_path, Network(), FakeClock()) as house:
        yield house


async def befriend(house: Instance, person: Person, alice: Actor) -> Person:
    await person.send(person.activity("Follow", alice.uri), f"{house.origin}/inbox")
    await run_jobs_until_idle(house)
    return person


def told(host: RemoteHost) -> Arrived:
    return [one for one in host.inbox if one.document["type"] == "Create"][-1]


async def test_s241_a_post_for_followers_says_whom_we_count_at_the_host_that_gets_it(house: Instance):
    alice = await house.register("alice")
    near = RemoteHost(house.network, house.clock, origin="https://near.example")
    far = RemoteHost(house.network, house.clock, origin="https://far.example")
    erin, oscar = near.person("erin"), near.person("oscar")
    for person in (erin, oscar, far.person("fay")):
        await befriend(house, person, alice)

    await post(house, alice)

    said = read_header(told(near).headers[HEADER])
    assert said == Synchronisation(
        f"{alice.uri}/followers", f"{alice.uri}/followers_synchronization", digest_of([erin.uri, oscar.uri])
    )
    assert read_header(told(far).headers[HEADER]).digest == digest_of([f"{far.origin}/users/fay"])


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_s241_what_is_said_is_signed(house: Instance, form: str):
    alice = await house.register("alice")
    near = RemoteHost(house.network, house.clock, origin="https://near.example")
    erin = near.person("erin")
    await erin.send(erin.activity("Follow", alice.uri), f"{house.origin}/inbox", form=form)  # type: ignore[arg-type]
    await run_jobs_until_idle(house)

    await post(house, alice)

    arrived = told(near)
    assert arrived.verified is not None and arrived.verified.form == form
    assert HEADER in arrived.headers.get("signature-input", arrived.headers["signature"])


async def test_a_post_for_everybody_says_nothing_of_followers(house: Instance):
    alice = await house.register("alice")
    near = RemoteHost(house.network, house.clock, origin="https://near.example")
    await befriend(house, near.person("erin"), alice)
    await post(house, alice, Visibility.PUBLIC)
    assert HEADER not in told(near).headers


# What we show.


async def ask(house: Instance, path: str, person: Person | None) -> tuple[int, list[str]]:
    headers = {"accept": LD_MEDIA_TYPE}
    if person is not None:
        request = SignedRequest("GET", house.origin, path, headers, b"")
        headers |= signatures.sign(request, person.signer, "cavage", now=house.clock.now())
    answer = await house.network.send("GET", house.origin + path, headers)
    return answer.status_code, answer.json().get("orderedItems", [])


async def test_a_server_sees_its_own_peoples_follows_and_no_others(house: Instance):
    alice = await house.register("alice")
    near = RemoteHost(house.network, house.clock, origin="https://near.example")
    far = RemoteHost(house.network, house.clock, origin="https://far.example")
    erin = await befriend(house, near.person("erin"), alice)
    fay = await befriend(house, far.person("fay"), alice)
    path = "/users/alice/followers_synchronization"

    assert await ask(house, path, erin) == (200, [erin.uri])
    assert await ask(house, path, fay) == (200, [fay.uri])
    assert await ask(house, path, near.person("neighbour")) == (200, [erin.uri])
    assert await ask(house, path, None) == (401, [])
    forged = replace(fay, signer=replace(fay.signer, key_id=erin.signer.key_id))
    assert await ask(house, path, forged) == (401, [])


async def test_no_token_of_ours_reads_what_is_for_servers(house: Instance):
    """Our own people live at our origin, where nobody is a follower from elsewhere: it is not theirs to ask."""
    alice = await house.register("alice")
    async with house.database.write() as tx:
        account = await accounts.find_by_actor(tx, alice.id)
        assert account is not None
        token = await make_token(tx, house.site, account, scopes="read", label="test")
    url = f"{house.origin}/users/alice/followers_synchronization"

    answer = await house.network.send("GET", url, {"accept": LD_MEDIA_TYPE, "authorization": f"Bearer {token}"})

    assert answer.status_code == 401


# What we hear.


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Bob and carol of beta follow alice of alpha."""
    async with open_world(tmp_path) as world:
        await world.let_bob_follow()
        carol = await world.beta.register("carol")
        alice = await find_by_handle(world.beta.services, "alice@alpha.example")
        async with world.beta.database.write() as tx:
            await follow(tx, world.beta.site, carol, alice)
        await run_jobs_until_idle(*world.houses)
        yield world


async def states(house: Instance, followed_uri: str) -> dict[str, str]:
    """Who follows somebody, as one house sees it."""
    followed = await house.actor(followed_uri)
    found = {}
    async with house.database.read() as reader:
        for state in ("accepted", "pending"):
            for _, one in await follows.list_followers(reader, followed.id, state=state):
                found[one.username] = state
    return found


async def lose(house: Instance, follower_uri: str, followed_uri: str) -> None:
    """Let one house forget a follow, as one restored from a backup does."""
    follower, followed = await house.actor(follower_uri), await house.actor(followed_uri)
    async with house.database.write() as tx:
        await follows.drop(tx, follower.id, followed.id)


async def write_and_settle(world: World) -> None:
    await post(world.alpha, world.alice)
    await let_time_pass(*world.houses, seconds=WAIT_SECONDS + 60)


async def test_s241_a_follow_that_the_author_lost_ends_here_too(world: World):
    world.clock.advance(10)
    await lose(world.alpha, world.bob.uri, world.alice.uri)

    await write_and_settle(world)

    assert await states(world.beta, world.alice.uri) == {"carol": "accepted"}


async def test_s241_a_follow_that_we_lost_is_taken_back_there(world: World):
    await lose(world.beta, world.bob.uri, world.alice.uri)

    await write_and_settle(world)

    assert await states(world.alpha, world.alice.uri) == {"carol": "accepted"}
    assert await states(world.beta, world.alice.uri) == {"carol": "accepted"}


async def test_s241_an_accept_that_was_lost_is_taken_as_given(world: World):
    bob, alice = await world.beta.actor(world.bob.uri), await world.beta.actor(world.alice.uri)
    async with world.beta.database.write() as tx:
        known = await follows.find(tx, bob.id, alice.id)
        assert known is not None
        await follows.drop(tx, bob.id, alice.id)
        await follows.put(tx, replace(known, state="pending", accepted_at=None))

    await write_and_settle(world)

    assert await states(world.beta, world.alice.uri) == {"bob": "accepted", "carol": "accepted"}


async def test_where_both_agree_nobody_asks(world: World):
    await write_and_settle(world)
    assert not world.network.asked("GET", "followers_synchronization")


async def test_a_follow_younger_than_the_list_is_left_alone(world: World):
    # Given a list that is asked for at the very moment at which bob was let in
    await lose(world.alpha, world.bob.uri, world.alice.uri)
    bob, alice = await world.beta.actor(world.bob.uri), await world.beta.actor(world.alice.uri)
    await post(world.alpha, world.alice)
    await run_jobs_until_idle(world.beta)
    world.clock.advance(WAIT_SECONDS)
    async with world.beta.database.write() as tx:
        known = await follows.find(tx, bob.id, alice.id)
        assert known is not None
        await follows.drop(tx, bob.id, alice.id)
        await follows.put(tx, replace(known, state="pending", accepted_at=None))
        await follows.accept(tx, bob.id, alice.id, at=world.clock.now())
    await run_jobs_until_idle(world.beta)
    assert (await states(world.beta, world.alice.uri))["bob"] == "accepted"


# … from somebody who may lie.


class Liar:
    """Mallory, whom bob follows, says what she likes of who follows her."""

    def __init__(self, house: Instance) -> None:
        self.house = house
        self.host = RemoteHost(house.network, house.clock, origin="https://evil.example")
        self.mallory = self.host.person("mallory")
        self.partial = f"{self.mallory.uri}/partial"

    async def be_followed(self, bob: Actor) -> None:
        found = await find_actor(self.house.services, self.mallory.uri)
        now = self.house.clock.now()
        async with self.house.database.write() as tx:
            row = follows.Follow(self.house.site.ids.new(), bob.id, found.id, f"{bob.uri}#f", "pending", now, None)
            await follows.put(tx, row)
            await follows.accept(tx, bob.id, found.id, at=now)
        self.house.clock.advance(10)

    def show(self, items: list[str], **more: object) -> None:
        document = {"@context": "https://www.w3.org/ns/activitystreams", "id": self.partial}
        document |= {"type": "OrderedCollection", "orderedItems": items} | more
        said = {name: value for name, value in document.items() if value is not None}
        self.host.show("/users/mallory/partial", said)

    async def say(self, header: str) -> None:
        body = json.dumps(self.mallory.activity("Like", f"{self.house.origin}/users/bob/posts/1")).encode()
        headers = {"content-type": LD_MEDIA_TYPE, HEADER: header}
        request = SignedRequest("POST", self.house.origin, "/inbox", headers, body)
        headers |= signatures.sign(request, self.mallory.signer, "cavage", now=self.house.clock.now())
        assert (await self.house.network.send("POST", f"{self.house.origin}/inbox", headers, body)).status_code == 202
        await let_time_pass(self.house, seconds=WAIT_SECONDS + 1)

    def asked(self) -> int:
        return len(self.house.network.asked("GET", "/partial"))


@pytest.fixture
async def liar(house: Instance) -> Liar:
    liar = Liar(house)
    await liar.be_followed(await house.register("bob"))
    return liar


@pytest.mark.parametrize(
    ("collection", "url"),
    [
        ("https://friend.example/users/victor/followers", "https://evil.example/users/mallory/partial"),
        ("https://evil.example/users/mallory/followers", "https://friend.example/users/mallory/partial"),
        ("https://evil.example/users/mallory/followers", "https://pinxit.example/users/mallory/partial"),
        ("https://evil.example/users/mallory/followers", "https://127.0.0.1/users/mallory/partial"),
    ],
)
async def test_t6_e_a_header_about_others_or_another_origin_is_passed_over(liar: Liar, collection: str, url: str):
    await liar.say(build_header(collection, url, "00" * 32))
    assert liar.asked() == 0


async def test_t24_a_header_that_cannot_be_read_is_passed_over(liar: Liar):
    await liar.say("nonsense")
    assert liar.asked() == 0


async def test_h_a_peer_that_never_agrees_is_asked_once_in_six_hours(liar: Liar):
    liar.show([f"{liar.house.origin}/users/bob"])
    for _ in range(3):
        await liar.say(build_header(liar.mallory.followers, liar.partial, "00" * 32))
    assert liar.asked() == 1
    liar.house.clock.advance(AGAIN_SECONDS)
    await liar.say(build_header(liar.mallory.followers, liar.partial, "00" * 32))
    assert liar.asked() == 2


WRONG: dict[str, dict[str, object]] = {
    "counts more than it shows": {"totalItems": 5},
    "goes on elsewhere": {"next": "https://friend.example/partial?page=2"},
    "goes on without end": {"next": "https://evil.example/users/mallory/partial?page=2"},
    "is too long": {"orderedItems": [f"https://pinxit.example/users/{number}" for number in range(LISTED_AT_MOST + 1)]},
    "says that it is too long": {"totalItems": LISTED_AT_MOST + 1},
    "is no collection": {"type": "Note"},
    "shows no list at all": {"orderedItems": None},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_t51_a_list_that_is_not_whole_ends_no_follow(liar: Liar, wrong: str):
    liar.show([], **WRONG[wrong])
    await liar.say(build_header(liar.mallory.followers, liar.partial, "00" * 32))
    assert liar.asked() == 1 >= len(liar.house.network.asked("GET", "page=2"))
    assert await states(liar.house, liar.mallory.uri) == {"bob": "accepted"}


@pytest.mark.parametrize("way", ["redirect", "next"])
async def test_t51_a_list_that_goes_on_elsewhere_is_not_believed(liar: Liar, way: str):
    # Given an empty list with somebody below the same host, who may be asked, and to whom mallory's list leads
    other = RemoteHost(liar.house.network, liar.house.clock, origin="https://guest.evil.example")
    there = f"{other.origin}/partial"
    empty = {"@context": "https://www.w3.org/ns/activitystreams", "id": there, "type": "OrderedCollection"}
    other.show("/partial", empty | {"orderedItems": []})
    if way == "redirect":
        liar.host.show_raw("/users/mallory/partial", Shown(b"", 302, {"location": there}))
    else:
        liar.show([], next=there)

    await liar.say(build_header(liar.mallory.followers, liar.partial, "00" * 32))

    assert len(liar.house.network.asked("GET", there)) == (way == "redirect")
    assert await states(liar.house, liar.mallory.uri) == {"bob": "accepted"}


async def test_e_a_list_speaks_of_its_own_actors_followers_alone(liar: Liar):
    # Given a list that leaves bob out, and names alice, who follows nobody there
    alice = await liar.house.register("alice")
    liar.show([alice.uri, "https://friend.example/users/victor"])

    await liar.say(build_header(liar.mallory.followers, liar.partial, "00" * 32))

    # Then bob follows no more, and alice's server says that she does not
    assert await states(liar.house, liar.mallory.uri) == {}
    (undo,) = liar.host.received("Undo")
    assert undo["actor"] == alice.uri and undo["object"]["object"] == liar.mallory.uri


def test_a_long_difference_is_settled_in_parts():
    difference = Difference(tuple(map(str, range(STEP + 1))), tuple(map(str, range(2 * STEP))))

    parts = list(difference.parts())

    assert [(len(one.left_out), len(one.beyond)) for one in parts] == [(STEP, 0), (1, 0), (0, STEP), (0, STEP)]
    assert sum((one.left_out for one in parts), ()) == difference.left_out


async def test_a_long_list_on_many_pages_is_settled(liar: Liar):
    # Given bob and carol, who follow mallory, alice, who does not, and a list that has alice, carol and many others
    people = [await liar.house.register(name) for name in ("alice", "carol")]
    await liar.be_followed(people[1])
    pages = WHOLE_PAGES - 1
    strangers = [f"https://pinxit.example/users/gone{number}" for number in range(150 * pages)]
    shown = [*(one.uri for one in people), *strangers]
    for number in range(pages):
        further = {"next": f"{liar.partial}/{number + 1}"} if number < pages - 1 else {}
        page = {"id": f"{liar.partial}/{number}", "type": "OrderedCollectionPage", "partOf": liar.partial}
        liar.host.show(f"/users/mallory/partial/{number}", page | {"orderedItems": shown[number::pages]} | further)
    liar.show(None, totalItems=len(shown), first=f"{liar.partial}/0")  # type: ignore[arg-type]

    await liar.say(build_header(liar.mallory.followers, liar.partial, "00" * 32))

    # Then bob follows no more, carol does, and alice's server says that she does not
    assert await states(liar.house, liar.mallory.uri) == {"carol": "accepted"}
    assert [one["actor"] for one in liar.host.received("Undo")] == [people[0].uri]


async def test_t51_a_list_with_pages_without_end_is_left_at_its_bound(liar: Liar):
    for number in range(WHOLE_PAGES + 5):
        page = {
            "id": f"{liar.partial}/{number}",
            "type": "OrderedCollectionPage",
            "next": f"{liar.partial}/{number + 1}",
        }
        liar.host.show(f"/users/mallory/partial/{number}", page | {"orderedItems": []})
    liar.show(None, first=f"{liar.partial}/0")  # type: ignore[arg-type]

    await liar.say(build_header(liar.mallory.followers, liar.partial, "00" * 32))

    asked = [len(liar.house.network.asked("GET", f"/partial/{number}")) for number in range(WHOLE_PAGES + 5)]
    assert asked == [1] * (WHOLE_PAGES - 1) + [0] * 6
    assert await states(liar.house, liar.mallory.uri) == {"bob": "accepted"}

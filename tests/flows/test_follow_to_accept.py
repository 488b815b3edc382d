"""Walk b: a signed Follow goes through the real door, is acted upon, and its Accept comes back."""

import json

import httpx
import pytest

from activitypub import activities as build
from activitypub import signatures
from activitypub.keys import Signer
from activitypub.requests import SignedRequest
from activitypub.vocabulary import LD_MEDIA_TYPE
from server.store.network.deliveries import count_by_state
from server.store.telling import notifications
from server.store.ties import follows
from tests.fakes import FakeClock, Network, key_of
from tests.flows.world import World, kill_at_every_step, open_world
from tests.instance import open_instance, run_jobs_until_idle
from tests.remote_host import RemoteHost


async def check_that_bob_follows_once(world: World) -> None:
    """Both sides agree, alice was told once, one Accept was sent and taken in; nothing is left over."""
    alpha, beta = world.houses
    bob_there, alice_there = await alpha.actor(world.bob.uri), await beta.actor(world.alice.uri)
    async with alpha.database.read() as reader:
        assert [one.uri for _, one in await follows.list_followers(reader, world.alice.id)] == [world.bob.uri]
        told = await notifications.list_of_actor(reader, world.alice.id)
        assert [(one.kind, one.from_id) for one in told] == [("follow", bob_there.id)]
        assert await count_by_state(reader) == {"delivered": 1}
    async with beta.database.read() as reader:
        assert await follows.follows_accepted(reader, world.bob.id, alice_there.id)
        assert await count_by_state(reader) == {"delivered": 1}
    (asked,) = await beta.sent("Follow")
    assert await alpha.outcome(asked.uri) == "accepted"
    (accept,) = await alpha.sent("Accept")
    assert await beta.outcome(accept.uri) == "accepted"
    assert await alpha.jobs() == await beta.jobs() == []
    assert await alpha.jobs("failed") == await beta.jobs("failed") == []


async def test_a_follow_is_answered_with_an_accept(tmp_path):
    async with open_world(tmp_path) as world:
        # When bob asks to follow alice
        assert await world.ask_to_follow() == "pending"
        ran = await run_jobs_until_idle(*world.houses)

        # Then her server lets him in, and his knows it
        assert ran == ["fanout", "deliver", "inbox", "fanout", "deliver", "inbox", "recent"]
        await check_that_bob_follows_once(world)


@pytest.mark.parametrize("victim", ["alpha", "beta"])
async def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(tmp_path, victim):
    steps = await kill_at_every_step(tmp_path, victim, World.ask_to_follow, check_that_bob_follows_once)

    assert steps >= 20


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_a_follow_signed_in_either_form_is_taken(tmp_path, form):
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path, network, clock) as house:
        # Given somebody on a server of another kind
        alice = await house.register("alice")
        eve = RemoteHost(network, clock).person("eve")

        # When they follow with a signature of this form
        status = await eve.send(eve.activity("Follow", alice.uri), alice.inbox, form=form)
        await run_jobs_until_idle(house)

        # Then it is taken, and their server gets an Accept that is signed in a form they understand
        assert status == 202
        (accept,) = eve.host.received("Accept")
        assert accept["object"]["actor"] == eve.uri
        assert eve.host.inbox[0].verified.form == form


def _signed_by(signer: Signer, document: dict[str, object], inbox: str, now: int) -> tuple[dict[str, str], bytes]:
    body = json.dumps(document).encode()
    address = httpx.URL(inbox)
    headers = {"content-type": LD_MEDIA_TYPE}
    origin = f"{address.scheme}://{address.netloc.decode()}"
    request = SignedRequest("POST", origin, address.raw_path.decode(), headers, body)
    return headers | signatures.sign(request, signer, "cavage", now=now), body


class Forger:
    """Ways of posting a Follow in eve's name that must be refused."""

    def __init__(self, network, clock, eve):
        self.network, self.clock, self.eve = network, clock, eve

    def make(self, way, inbox, followed):
        document = build.follow(f"{self.eve.uri}#follow", self.eve.uri, followed)
        body = json.dumps(document).encode()
        now = self.clock.now()
        if way == "unsigned":
            return {"content-type": LD_MEDIA_TYPE}, body
        if way == "with another key":
            return _signed_by(Signer(self.eve.signer.key_id, key_of("a forger")), document, inbox, now)
        if way == "yesterday":
            return _signed_by(self.eve.signer, document, inbox, now - 86_400_000_000)
        headers, body = _signed_by(self.eve.signer, document, inbox, now)
        if way == "with another body":
            return headers, body.replace(b"#follow", b"#forged")
        if way == "for another inbox":
            return _signed_by(self.eve.signer, document, inbox.replace("alice", "bob"), now)
        assert way == "with a key nobody shows"
        return _signed_by(Signer(f"{self.eve.uri}#other-key", key_of("a forger")), document, inbox, now)


WAYS = [
    "unsigned",
    "with another key",
    "yesterday",
    "with another body",
    "for another inbox",
    "with a key nobody shows",
]


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_not_signed_or_wrongly_is_401_and_leaves_nothing(tmp_path, way):
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path, network, clock) as house:
        alice = await house.register("alice")
        eve = RemoteHost(network, clock).person("eve")
        headers, body = Forger(network, clock, eve).make(way, alice.inbox, alice.uri)

        answer = await network.send("POST", alice.inbox, headers, body)

        assert answer.status_code == 401
        assert await house.jobs() == []
        async with house.database.read() as reader:
            assert await follows.count_followers(reader, alice.id, state="pending") == 0


async def test_a_follow_that_comes_twice_is_answered_once(tmp_path):
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path, network, clock) as house:
        alice = await house.register("alice")
        eve = RemoteHost(network, clock).person("eve")
        follow = eve.activity("Follow", alice.uri)

        assert [await eve.send(follow, alice.inbox) for _ in range(3)] == [202, 202, 202]
        await run_jobs_until_idle(house)

        assert len(eve.host.received("Accept")) == 1

"""How we learn that a host takes RFC 9421: it says so, in its actors or with an answer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from activitypub.audience import Visibility
from activitypub.capabilities import IMPLEMENTS
from activitypub.requests import SignedRequest
from server.actions.writing.publish import Draft, publish
from server.store.people.actors import Actor
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import Person, RemoteHost, Shown

ASKS = {"accept-signature": 'sig1=("@method" "@target-uri" "content-digest");created;keyid'}
ASKS_MORE = {"accept-signature": 'sig1=("@method" "@path" "x-own");created'}


class Modern(RemoteHost):
    """Shows nothing to who signs in the older form."""

    async def _look(self, request: SignedRequest, scope: Any) -> Shown:
        shown = await super()._look(request, scope)
        old = "signature" in request.headers and "signature-input" not in request.headers
        return Shown(b"", 401) if old else shown


@dataclass
class Street:
    house: Instance
    alice: Actor
    host: RemoteHost

    async def befriend(self, **changes: object) -> Person:
        erin = self.host.person("erin", **changes)
        await erin.send(erin.activity("Follow", self.alice.uri), f"{self.house.origin}/inbox")
        await run_jobs_until_idle(self.house)
        return erin

    async def post(self) -> list[str]:
        """Let alice write; return the forms in which her Create was brought."""
        before = len(self.host.inbox)
        async with self.house.database.write() as tx:
            await publish(tx, self.house.site, self.alice, Draft(text="hello", visibility=Visibility.PUBLIC))
        await run_jobs_until_idle(self.house)
        return [str(one.verified.form) for one in self.host.inbox[before:] if one.verified]


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path, network, clock) as house:
        yield Street(house, await house.register("alice"), RemoteHost(network, clock))


async def test_a_host_that_says_nothing_gets_the_older_form(street: Street):
    await street.befriend()
    assert await street.post() == ["cavage"]


async def test_fep_844e_a_host_whose_actor_says_that_it_takes_rfc_9421_gets_it_at_once(street: Street):
    await street.befriend(generator={"type": "Application", "implements": IMPLEMENTS})
    assert street.host.inbox[0].verified is not None and street.host.inbox[0].verified.form == "rfc9421"
    assert await street.post() == ["rfc9421"]


async def test_a_host_that_asks_for_rfc_9421_with_its_thanks_gets_it_next(street: Street):
    await street.befriend()
    street.host.answers = [Shown(b"", 202, ASKS)]
    assert await street.post() == ["cavage"]
    assert await street.post() == ["rfc9421"]


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_s144_a_host_that_refuses_and_asks_for_rfc_9421_gets_it_at_once(street: Street, status: int):
    await street.befriend()
    street.host.answers = [Shown(b"", status, ASKS)]
    assert await street.post() == ["cavage", "rfc9421"]
    assert await street.post() == ["rfc9421"]


async def test_s144_a_host_that_shows_its_actors_to_rfc_9421_alone_gets_that_from_then_on(street: Street):
    street.host = Modern(street.house.network, street.house.clock)
    await street.befriend()

    # Its actor was asked for twice, and whatever came after that went one way.
    assert ["signature-input" in one.headers for one in street.host.gets if one.target == "/users/erin"] == [
        False,
        True,
    ]
    assert {one.verified.form for one in street.host.inbox if one.verified} == {"rfc9421"}


async def test_a_host_that_asks_for_more_than_we_sign_is_left_with_the_older_form(street: Street):
    await street.befriend()
    street.host.answers = [Shown(b"", 202, ASKS_MORE)]
    assert await street.post() == ["cavage"]
    assert await street.post() == ["cavage"]


async def test_fep_844e_we_say_it_of_ourselves(street: Street):
    headers = {"accept": "application/activity+json"}
    person = (await street.house.network.send("GET", street.alice.uri, headers)).json()
    server = (await street.house.network.send("GET", street.house.site.instance_uri, headers)).json()
    assert person["generator"] == {
        "id": street.house.site.instance_uri,
        "type": "Application",
        "implements": IMPLEMENTS,
    }
    assert server["implements"] == IMPLEMENTS and "generator" not in server

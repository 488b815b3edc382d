"""`authorised_fetch`: who must say who they are, who is turned away, and what everybody may still read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import MEDIA_TYPE
from server.actions.network.rule_domain import rule_domain
from server.actions.ties.follow import follow
from server.actions.writing.publish import Draft, publish
from server.actions.writing.react import like
from server.config import Config, FederationConfig, SiteConfig
from server.remote.people import find_by_handle
from server.store.network.domain_rules import Rule
from server.store.writing import posts
from tests.fakes import FakeClock, Network, key_of
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import RemoteHost
from tests.server.federation.conftest import Door

STUB = {"@context", "id", "type", "preferredUsername", "publicKey", "assertionMethod"}


def secure(domain: str) -> Config:
    return Config(site=SiteConfig(domain=domain), federation=FederationConfig(authorised_fetch=True))


@pytest.fixture
async def closed(tmp_path: Path) -> AsyncIterator[Door]:
    """A house that answers signed requests alone; alice has written something."""
    network, clock = Network(), FakeClock()
    victor = RemoteHost(network, clock).person("victor")
    async with open_instance(tmp_path, network, clock, config=secure("pinxit.example")) as house:
        alice = await house.register("alice")
        async with house.database.write() as tx:
            await publish(tx, house.site, alice, Draft(text="hello", visibility=Visibility.PUBLIC))
        await run_jobs_until_idle(house)
        yield Door(house, alice, victor)


async def addresses(door: Door) -> list[str]:
    """What is closed: alice's post, its Create and collections, and hers."""
    (create,) = await door.house.sent("Create")
    post = str(create.object_uri).removeprefix(door.house.origin)
    post_id = post.rpartition("/")[2]
    activity = create.uri.removeprefix(door.house.origin)
    own = [f"/users/alice/{name}" for name in ("outbox", "followers", "following", "featured", "liked")]
    return [post, f"{post}/replies", f"{post}/likes", f"/@alice/{post_id}", activity, *own, f"{own[1]}?before=9"]


async def test_s11_t65_strangers_read_nothing_and_are_told_how_to_sign(closed: Door):
    for path in await addresses(closed):
        answer = await closed.ask(path)
        assert answer.status_code == 401, path
        assert "accept-signature" in answer.headers
        assert "(request-target) host date" in answer.headers["www-authenticate"]
        assert answer.headers["cache-control"] == "private, no-store"


async def test_s194_who_signs_reads_all_of_it_and_no_cache_keeps_it(closed: Door):
    for path in [*await addresses(closed), "/users/alice"]:
        answer = await closed.ask_signed(path, closed.victor)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "private, no-store"
        assert {"Accept", "Signature"} <= {name.strip() for name in answer.headers["vary"].split(",")}, path


@pytest.mark.parametrize("known", [True, False])
async def test_s174_a_suspended_server_is_turned_away_known_or_not(closed: Door, known: bool):
    house = closed.house
    if known:
        assert (await closed.ask_signed("/users/alice/outbox", closed.victor)).status_code == 200
        house.clock.advance(61)
    async with house.database.write() as tx:
        rule = Rule(domain=closed.victor.host.domain, severity="suspend", created_at=house.clock.now())
        await rule_domain(tx, house.site, rule)

    for path in await addresses(closed):
        assert (await closed.ask_signed(path, closed.victor)).status_code == 403, path
    assert (await closed.ask_signed("/users/alice", closed.victor)).json().keys() <= STUB


async def test_a_signature_that_does_not_hold_is_none(closed: Door):
    impostor = replace(closed.victor, signer=replace(closed.victor.signer, key=key_of("somebody else")))
    assert (await closed.ask_signed("/users/alice/outbox", impostor)).status_code == 401


async def test_gotosocial_strangers_see_keys_and_no_profile(closed: Door):
    for path in ("/users/alice", "/@alice"):
        answer = await closed.ask(path, accept=MEDIA_TYPE)
        assert answer.status_code == 200
        assert set(answer.json()) == STUB
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/actor",
        "/.well-known/webfinger?resource=acct:alice@pinxit.example",
        "/.well-known/host-meta",
        "/.well-known/nodeinfo",
        "/nodeinfo/2.1",
    ],
)
async def test_s33_what_servers_begin_with_stays_open(closed: Door, path: str):
    assert (await closed.ask(path)).status_code == 200


async def test_browsers_are_still_sent_to_the_page(closed: Door):
    assert (await closed.ask("/users/alice", accept="text/html")).status_code == 302


async def test_without_the_setting_strangers_read_what_is_open(door: Door):
    assert (await door.ask("/users/alice/outbox")).status_code == 200


async def test_s33_s192_two_servers_that_both_demand_signatures_come_together(tmp_path: Path):
    # Given two such servers that never heard of each other
    network, clock = Network(), FakeClock()
    async with (
        open_instance(tmp_path / "a", network, clock, config=secure("alpha.example")) as alpha,
        open_instance(tmp_path / "b", network, clock, config=secure("beta.example")) as beta,
    ):
        alice, bob = await alpha.register("alice"), await beta.register("bob")

        # When bob follows alice, she writes, and he likes it
        found = await find_by_handle(beta.services, "alice@alpha.example")
        async with beta.database.write() as tx:
            await follow(tx, beta.site, bob, found)
        await run_jobs_until_idle(alpha, beta)
        async with alpha.database.write() as tx:
            written = await publish(tx, alpha.site, alice, Draft(text="hello", visibility=Visibility.FOLLOWERS))
        await run_jobs_until_idle(alpha, beta)
        async with beta.database.write() as tx:
            post = await posts.find_by_uri(tx, written.uri)
            assert post is not None
            await like(tx, beta.site, bob, post)
        await run_jobs_until_idle(alpha, beta)

        # Then it arrived, and so did the like, without one question too many
        assert await _likes(alpha, written.id) == 1
        assert len([one for one in network.log if one.status == 401]) == 0


async def _likes(house: Instance, post_id: int) -> int:
    async with house.database.read() as reader:
        post = await posts.find(reader, post_id)
    assert post is not None
    return post.likes_count

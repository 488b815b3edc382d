"""`rotate-key`: new keys for one of ours, believed by those who know the old ones."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from activitypub import proofs
from activitypub.audience import Visibility
from activitypub.keys import private_pem, public_pem
from activitypub.reading import read_actor
from server.actions.people.register import KeyPair
from server.actions.people.rotate_keys import KEPT_SECONDS, drop_retired_keys, rotate_keys
from server.actions.ties.follow import follow
from server.actions.writing.publish import Draft, publish
from server.remote.people import find_actor
from server.store.people import actors, retired_keys
from server.store.people.actors import Actor
from server.store.ties import follows
from tests.fakes import FakeClock, Network, key_of
from tests.flows.world import World, open_world
from tests.instance import Instance, let_time_pass, open_instance, run_jobs_until_idle
from tests.remote_host import Person, RemoteHost, Shown

NEW = key_of("alice's next key")


async def rotate(house: Instance, actor: Actor) -> None:
    house.clock.advance(1)
    async with house.database.write() as tx:
        await rotate_keys(tx, house.site, actor, KeyPair(private_pem(NEW), public_pem(NEW)))


async def post(house: Instance, author: Actor) -> None:
    async with house.database.write() as tx:
        await publish(tx, house.site, author, Draft(text="hello", visibility=Visibility.PUBLIC))


async def retired(house: Instance, activity_id: int) -> int:
    async with house.database.read() as reader:
        return len(await retired_keys.list_of_activity(reader, activity_id))


async def test_a_second_instance_takes_the_new_key_over_and_believes_it(tmp_path: Path):
    # Given beta, which has alice's key because bob follows her
    async with open_world(tmp_path) as world:
        await world.let_bob_follow()
        await post(world.alpha, world.alice)
        await run_jobs_until_idle(*world.houses)

        # When she gets another one
        await rotate(world.alpha, world.alice)
        await run_jobs_until_idle(*world.houses)

        # Then beta knows it before she writes again
        assert await _key_at_beta(world) == public_pem(NEW)
        (update,) = await world.alpha.sent("Update")
        assert await world.beta.outcome(update.uri) == "changed"
        await post(world.alpha, world.alice)
        await run_jobs_until_idle(*world.houses)
        *_, create = await world.alpha.sent("Create")
        assert await world.beta.outcome(create.uri) == "kept"


async def _key_at_beta(world: World) -> str:
    async with world.beta.database.read() as reader:
        stored = await actors.find_key(reader, f"{world.alice.uri}#main-key")
    assert stored is not None
    return stored.key.public_pem


@pytest.fixture
def strict() -> RemoteHost:
    return RemoteHost(Network(), FakeClock(), origin="https://strict.example")


async def befriend(house: Instance, host: RemoteHost, alice: Actor) -> Person:
    """Let somebody at a host follow alice; the host believes her first keys and no other."""
    erin = host.person("erin")
    await erin.send(erin.activity("Follow", alice.uri), f"{house.origin}/inbox")
    await run_jobs_until_idle(house)
    shown = await host.network.send("GET", alice.uri, {"accept": "application/activity+json"})
    host.trusted = {key.key_id: key for key in read_actor(shown.json()).keys}
    return erin


async def test_gotosocial_the_announcement_is_signed_and_proven_with_the_keys_that_peers_know(
    tmp_path: Path, strict: RemoteHost
):
    async with open_instance(tmp_path, strict.network, strict.clock) as house:  # type: ignore[arg-type]
        alice = await house.register("alice")
        erin = await befriend(house, strict, alice)

        await rotate(house, alice)
        await run_jobs_until_idle(house)

        # Then who knows the old keys alone believes who brings the new ones
        (update,) = erin.host.received("Update")
        assert update["object"]["publicKey"]["publicKeyPem"] == public_pem(NEW)
        proofs.check(update, strict.trusted[f"{alice.uri}#ed25519-key"])

        # … and after that whatever is signed with these
        strict.trusted = {key.key_id: key for key in read_actor(update["object"]).keys}
        await post(house, alice)
        await run_jobs_until_idle(house)
        (create,) = erin.host.received("Create")
        proofs.check(create, strict.trusted[f"{alice.uri}#ed25519-key"])


async def test_whom_one_follows_hears_of_it_and_nobody_learns_who_that_is(tmp_path: Path, strict: RemoteHost):
    async with open_instance(tmp_path, strict.network, strict.clock) as house:  # type: ignore[arg-type]
        alice = await house.register("alice")
        erin = await befriend(house, strict, alice)
        fay = RemoteHost(strict.network, strict.clock, origin="https://quiet.example").person("fay")
        fay.host.trusted = dict(strict.trusted)
        followed = await find_actor(house.services, fay.uri)
        async with house.database.write() as tx:
            await follow(tx, house.site, alice, followed)
            await follows.accept(tx, alice.id, followed.id, at=1)

        await rotate(house, alice)
        await run_jobs_until_idle(house)

        for person in (erin, fay):
            (update,) = person.host.received("Update")
            assert fay.uri not in json.dumps(update)


async def test_an_announcement_that_has_to_be_repeated_is_still_signed_with_the_old_key(
    tmp_path: Path, strict: RemoteHost
):
    async with open_instance(tmp_path, strict.network, strict.clock) as house:  # type: ignore[arg-type]
        alice = await house.register("alice")
        erin = await befriend(house, strict, alice)
        strict.answers = [Shown(b"", 503), Shown(b"", 503)]
        await rotate(house, alice)
        (update,) = await house.sent("Update")
        await run_jobs_until_idle(house)
        assert await retired(house, update.id) == 2

        await let_time_pass(house)
        assert len(erin.host.received("Update")) == 3


async def test_an_old_key_is_kept_until_the_announcement_has_gone_out(tmp_path: Path, strict: RemoteHost):
    async with open_instance(tmp_path, strict.network, strict.clock) as house:  # type: ignore[arg-type]
        alice = await house.register("alice")
        await befriend(house, strict, alice)
        await rotate(house, alice)
        (update,) = await house.sent("Update")
        house.clock.advance(KEPT_SECONDS + 1)

        async with house.database.write() as tx:
            await drop_retired_keys(tx, house.site)
        assert await retired(house, update.id) == 2

        await run_jobs_until_idle(house)
        async with house.database.write() as tx:
            await drop_retired_keys(tx, house.site)
        assert await retired(house, update.id) == 0


async def test_whom_one_follows_is_told_too_and_nobody_learns_who_that_is(tmp_path: Path, strict: RemoteHost):
    async with open_world(tmp_path) as world:
        await world.let_bob_follow()
        # Bob has no followers; alice's server knows his key because he follows her.
        await rotate(world.beta, world.bob)
        await run_jobs_until_idle(*world.houses)

        (update,) = await world.beta.sent("Update")
        assert await world.alpha.outcome(update.uri) == "changed"
        sent = world.network.asked("POST", "/inbox")[-1]
        assert b'"bto"' not in sent.body


async def test_the_instance_gets_new_keys_without_a_word(tmp_path: Path, strict: RemoteHost):
    async with open_instance(tmp_path, strict.network, strict.clock) as house:  # type: ignore[arg-type]
        actor = await house.actor(house.site.instance_uri)
        await rotate(house, actor)
        assert (await house.services.signers.instance()).key.public_key() == NEW.public_key()
        assert await house.sent("Update") == []


async def test_t23_a_peers_update_under_a_key_that_nobody_knew_takes_over_nothing_but_what_its_server_shows(
    tmp_path: Path, strict: RemoteHost
):
    """Blind rotation: a key that does not fit is looked up where it lives, never believed from what was brought."""
    async with open_instance(tmp_path, strict.network, strict.clock) as house:  # type: ignore[arg-type]
        alice = await house.register("alice")
        erin = await befriend(house, strict, alice)
        impostor = replace(erin, signer=replace(erin.signer, key=NEW))
        forged = erin.document | {"publicKey": erin.document["publicKey"] | {"publicKeyPem": public_pem(NEW)}}

        assert await impostor.send(erin.activity("Update", forged), f"{house.origin}/inbox") == 401

        async with house.database.read() as reader:
            stored = await actors.find_key(reader, erin.signer.key_id)
        assert stored is not None and stored.key.public_pem == public_pem(erin.signer.key.public_key())


async def test_t23_a_peers_update_signed_with_the_old_key_brings_the_new_one(tmp_path: Path, strict: RemoteHost):
    async with open_instance(tmp_path, strict.network, strict.clock) as house:  # type: ignore[arg-type]
        alice = await house.register("alice")
        erin = await befriend(house, strict, alice)
        renewed = erin.document | {"publicKey": erin.document["publicKey"] | {"publicKeyPem": public_pem(NEW)}}
        strict.show("/users/erin", renewed)

        assert await erin.send(erin.activity("Update", renewed), f"{house.origin}/inbox") == 202
        await run_jobs_until_idle(house)

        asked = len(strict.gets)
        house.clock.advance(61)
        later = replace(erin, signer=replace(erin.signer, key=NEW))
        assert await later.send(erin.activity("Like", alice.uri), f"{house.origin}/inbox") == 202
        assert len(strict.gets) == asked

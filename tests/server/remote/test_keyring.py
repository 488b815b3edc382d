"""Whose key is this: where keys are looked for, what is believed of them, and how often anybody is asked (T23, T25)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from activitypub import signatures
from activitypub.errors import BadSignature, Forbidden, ProtocolError, Unauthorised
from activitypub.keys import Signer, public_pem
from activitypub.requests import SignedRequest
from activitypub.verified import Form
from server.remote.keyring import BELIEVED_SECONDS, BRAKE_SECONDS, KeyRing, fetch_key
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.people import actors
from tests.fakes import FakeClock, key_of
from tests.server.house import alice_of, open_house
from tests.server.neighbour import Answer, Neighbour, open_neighbour


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Services]:
    async with open_house(tmp_path, clock=clock) as services:
        yield services


@pytest.fixture
async def neighbour() -> AsyncIterator[Neighbour]:
    async with open_neighbour() as opened:
        yield opened


def signed(house: Services, signer: Signer, form: Form = "cavage", body: bytes = b"{}") -> SignedRequest:
    """A POST to our inbox."""
    request = SignedRequest("POST", house.site.origin, "/inbox", {"content-type": "application/activity+json"}, body)
    headers = signatures.sign(request, signer, form, now=house.site.clock.now())
    return replace(request, headers={**request.headers, **headers})


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_a_signature_by_an_unknown_actor_is_verified_with_the_key_that_its_server_shows(
    house: Services, neighbour: Neighbour, form: Form
) -> None:
    uri = neighbour.serve_person("bob")
    verified = await house.keys.check(signed(house, Signer(f"{uri}#main-key", key_of("bob")), form))
    assert (verified.actor_uri, verified.form) == (uri, form)
    async with house.database.read() as reader:
        assert await actors.find_by_uri(reader, uri) is not None


async def test_a_known_key_is_taken_from_memory_and_from_the_store(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("bob")
    await find_actor(house, uri)
    asked = len(neighbour.asked)
    first = await house.keys.find(f"{uri}#main-key")
    assert await house.keys.find(f"{uri}#main-key") is first
    assert (await KeyRing(house).find(f"{uri}#main-key")).owner == uri
    assert len(neighbour.asked) == asked


async def test_s190_gotosocial_a_key_at_a_path_of_its_own_is_believed_when_its_owner_lists_it(
    house: Services, neighbour: Neighbour
) -> None:
    # GoToSocial: the key's address shows a stub of the actor to strangers.
    uri = f"{neighbour.origin}/users/gts"
    key = {"id": f"{uri}/main-key", "owner": uri, "publicKeyPem": public_pem(key_of("gts"))}
    neighbour.serve_person("gts", publicKey=key)
    neighbour.serve("/users/gts/main-key", {"id": uri, "type": "Person", "preferredUsername": "gts", "publicKey": key})

    verified = await house.keys.check(signed(house, Signer(f"{uri}/main-key", key_of("gts"))))

    assert verified.actor_uri == uri


async def test_a_key_in_a_document_of_its_own_is_kept_beside_an_actor_that_only_names_it(
    house: Services, neighbour: Neighbour
) -> None:
    uri, key_id = f"{neighbour.origin}/users/bob", f"{neighbour.origin}/keys/bob"
    neighbour.serve_person("bob", publicKey=key_id)
    neighbour.serve("/keys/bob", {"id": key_id, "owner": uri, "publicKeyPem": public_pem(key_of("bob"))})

    assert (await house.keys.find(key_id)).owner == uri
    await find_actor(house, uri, fresh=True)
    asked = len(neighbour.asked)
    assert (await KeyRing(house).find(key_id)).owner == uri
    assert len(neighbour.asked) == asked


async def test_s189_a_key_whose_owner_does_not_list_it_is_refused(house: Services, neighbour: Neighbour) -> None:
    victim = neighbour.serve_person("victim")
    key_id = f"{neighbour.origin}/uploads/1"
    neighbour.serve("/uploads/1", {"id": key_id, "owner": victim, "publicKeyPem": public_pem(key_of("eve"))})
    with pytest.raises(Unauthorised):
        await house.keys.check(signed(house, Signer(key_id, key_of("eve"))))


async def test_a_key_on_another_origin_than_its_owner_is_refused(house: Services, neighbour: Neighbour) -> None:
    async with open_neighbour() as evil:
        key_id = f"{evil.origin}/key"
        key = {"id": key_id, "owner": f"{neighbour.origin}/users/victim", "publicKeyPem": public_pem(key_of("eve"))}
        victim = neighbour.serve_person("victim", publicKey=key)
        evil.serve("/key", {**key, "owner": victim})
        with pytest.raises(ProtocolError):
            await house.keys.check(signed(house, Signer(key_id, key_of("eve"))))


async def test_a_key_that_came_by_redirect_from_elsewhere_is_refused(house: Services, neighbour: Neighbour) -> None:
    async with open_neighbour() as evil:
        key_id = f"{neighbour.origin}/open-redirect"
        neighbour.answer("/open-redirect", Answer(status=302, headers={"Location": f"{evil.origin}/key"}))
        owner = neighbour.serve_person("victim")
        evil.serve("/key", {"id": key_id, "owner": owner, "publicKeyPem": public_pem(key_of("eve"))})
        with pytest.raises(Forbidden):
            await house.keys.find(key_id)


async def test_a_key_of_our_own_people_is_never_accepted(house: Services) -> None:
    alice = await alice_of(house)
    signer = await house.signers.of(alice.id)
    assert signer is not None
    with pytest.raises(Forbidden):
        await house.keys.check(signed(house, signer))


async def test_a_changed_key_is_fetched_once_and_then_believed(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    uri = neighbour.serve_person("bob")
    await house.keys.check(signed(house, Signer(f"{uri}#main-key", key_of("bob"))))
    clock.advance(BRAKE_SECONDS)
    new = key_of("bob, later")
    neighbour.serve_person("bob", key=new.public_key())

    assert (await house.keys.check(signed(house, Signer(f"{uri}#main-key", new)))).actor_uri == uri
    with pytest.raises(BadSignature):
        await house.keys.check(signed(house, Signer(f"{uri}#main-key", key_of("bob"))))


async def test_s191_bad_signatures_make_us_ask_once_a_minute_at_most(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    uri = neighbour.serve_person("bob")
    await find_actor(house, uri)
    forged = signed(house, Signer(f"{uri}#main-key", key_of("eve")))
    asked = []
    for _ in range(3):
        with pytest.raises(BadSignature):
            await house.keys.check(forged)
        asked.append(len(neighbour.targets()))
    assert asked[0] == asked[1] == asked[2]
    clock.advance(BRAKE_SECONDS)
    with pytest.raises(BadSignature):
        await house.keys.check(forged)
    assert neighbour.targets().count("/users/bob") == 3


@pytest.mark.parametrize(("status", "gone"), [(404, False), (410, True), (500, False)])
async def test_a_key_that_cannot_be_had_is_not_asked_for_again_within_a_minute(
    house: Services, neighbour: Neighbour, clock: FakeClock, status: int, gone: bool
) -> None:
    neighbour.answer("/users/bob", Answer(status=status))
    for _ in range(3):
        with pytest.raises(FetchFailed) as caught:
            await house.keys.find(f"{neighbour.origin}/users/bob#main-key")
        assert caught.value.gone is gone
    assert neighbour.targets() == ["/users/bob"]
    clock.advance(BRAKE_SECONDS)
    uri = neighbour.serve_person("bob")
    assert (await house.keys.find(f"{uri}#main-key")).owner == uri


async def test_a_key_id_at_a_private_address_is_not_asked_for(house: Services) -> None:
    for key_id in ("ftp://10.0.0.1/key", "http://user@127.0.0.1/key", "no address", "file:///etc/passwd"):
        with pytest.raises((FetchFailed, ProtocolError)):
            await house.keys.find(key_id)


async def test_many_who_wait_for_one_key_ask_once(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("bob")
    keys = await asyncio.gather(*[house.keys.find(f"{uri}#main-key") for _ in range(10)])
    assert len({id(key) for key in keys}) == 1
    assert neighbour.targets().count("/users/bob") == 1


async def test_one_who_stops_waiting_does_not_take_the_key_from_the_others(
    house: Services, neighbour: Neighbour
) -> None:
    uri = neighbour.serve_person("bob")
    first = asyncio.create_task(house.keys.find(f"{uri}#main-key"))
    second = asyncio.create_task(house.keys.find(f"{uri}#main-key"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).owner == uri


async def test_a_suspended_owner_is_refused_within_a_minute(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    uri = neighbour.serve_person("bob")
    await house.keys.find(f"{uri}#main-key")
    async with house.database.write() as tx:
        bob = await actors.find_by_uri(tx, uri)
        assert bob is not None
        await actors.replace(tx, replace(bob, suspended_at=1))
    clock.advance(BELIEVED_SECONDS)
    with pytest.raises(Forbidden):
        await house.keys.find(f"{uri}#main-key")


async def test_an_owner_that_was_gone_may_come_back(house: Services, neighbour: Neighbour, clock: FakeClock) -> None:
    uri = neighbour.serve_person("bob")
    await house.keys.find(f"{uri}#main-key")
    async with house.database.write() as tx:
        await actors.drop_inbox(tx, f"{neighbour.origin}/inbox", at=1)
    clock.advance(BRAKE_SECONDS)
    assert (await house.keys.find(f"{uri}#main-key")).owner == uri
    async with house.database.read() as reader:
        bob = await actors.find_by_uri(reader, uri)
    assert bob is not None and bob.gone_at is None


async def test_an_unsigned_request_is_unauthorised(house: Services) -> None:
    with pytest.raises(Unauthorised):
        await house.keys.check(SignedRequest("POST", house.site.origin, "/inbox", {}, b"{}"))


async def test_t25_a_key_of_ours_is_not_fetched_for_what_comes_in(house: Services) -> None:
    for key_id in (f"{house.site.origin}/users/alice#main-key", f"{house.site.origin}/users/nobody#main-key"):
        with pytest.raises(Forbidden):
            await fetch_key(house, key_id)

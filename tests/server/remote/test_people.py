"""Finding actors: what is believed of a document, what WebFinger must confirm, what is kept and for how long."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activitypub.errors import Forbidden, Malformed, ProtocolError
from server.config import FederationConfig
from server.remote.people import find_actor, find_by_handle
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.people import actors
from tests.fakes import FakeClock
from tests.server.house import alice_of, open_house
from tests.server.neighbour import Answer, Neighbour, open_neighbour

DAY = 86_400


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


async def test_an_actor_is_fetched_checked_cleaned_and_kept(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person(
        "bob", name="Bob", summary="<p onclick='x'>hi<script>y</script></p>", manuallyApprovesFollowers=True
    )

    bob = await find_actor(house, uri)

    assert (bob.uri, bob.handle, bob.name, bob.local, bob.locked) == (uri, f"bob@{neighbour.host}", "Bob", False, True)
    assert bob.summary_html == "<p>hi</p>"
    assert bob.shared_inbox == f"{neighbour.origin}/inbox"
    async with house.database.read() as reader:
        assert await actors.find_by_uri(reader, uri) == bob
        assert [key.key_id for key in await actors.list_keys(reader, bob.id)] == [f"{uri}#main-key"]


async def test_the_fetch_is_signed_by_the_instance(house: Services, neighbour: Neighbour) -> None:
    await find_actor(house, neighbour.serve_person("bob"))
    assert f'keyId="{house.site.instance_uri}#main-key"' in neighbour.asked[0].headers["signature"]


async def test_within_a_day_nothing_is_fetched_again(house: Services, neighbour: Neighbour, clock: FakeClock) -> None:
    uri = neighbour.serve_person("bob")
    await find_actor(house, uri)
    asked = len(neighbour.asked)
    clock.advance(DAY - 1)
    await find_actor(house, f"{uri}#main-key")
    assert len(neighbour.asked) == asked


async def test_after_a_day_the_actor_is_fetched_again_and_keeps_its_id(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    before = await find_actor(house, neighbour.serve_person("bob", name="old"))
    clock.advance(DAY)
    after = await find_actor(house, neighbour.serve_person("bob", name="new"))
    assert (after.id, after.created_at, after.name) == (before.id, before.created_at, "new")


async def test_a_fresh_look_is_taken_when_asked_for(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("bob", name="old")
    await find_actor(house, uri)
    neighbour.serve_person("bob", name="new")
    assert (await find_actor(house, uri)).name == "old"
    assert (await find_actor(house, uri, fresh=True)).name == "new"


async def test_while_its_server_is_down_the_old_copy_is_used(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    uri = neighbour.serve_person("bob")
    known = await find_actor(house, uri)
    clock.advance(2 * DAY)
    neighbour.answer("/users/bob", Answer(status=503))
    assert await find_actor(house, uri) == known
    with pytest.raises(FetchFailed):
        await find_actor(house, uri, fresh=True)


async def test_a_deleted_actor_is_remembered_as_gone(house: Services, neighbour: Neighbour, clock: FakeClock) -> None:
    uri = neighbour.serve_person("bob")
    await find_actor(house, uri)
    clock.advance(DAY)
    neighbour.answer("/users/bob", Answer(status=410))
    with pytest.raises(FetchFailed) as caught:
        await find_actor(house, uri)
    assert caught.value.gone
    async with house.database.read() as reader:
        stored = await actors.find_by_uri(reader, uri)
    assert stored is not None and stored.gone_at == clock.now()


async def test_a_missing_actor_is_not_taken_for_deleted(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    uri = neighbour.serve_person("bob")
    await find_actor(house, uri)
    clock.advance(DAY)
    neighbour.answer("/users/bob", Answer(status=404))
    with pytest.raises(FetchFailed) as caught:
        await find_actor(house, uri)
    assert not caught.value.gone


async def test_our_own_people_are_found_without_asking_anybody(house: Services) -> None:
    alice = await alice_of(house)
    assert await find_actor(house, alice.uri) == alice
    assert await find_by_handle(house, "@Alice@localhost:1") == alice
    with pytest.raises(FetchFailed):
        await find_actor(house, house.site.actor_uri("nobody"))
    with pytest.raises(FetchFailed):
        await find_by_handle(house, "nobody@localhost:1")


async def test_an_actor_asked_by_its_page_is_asked_again_by_its_id(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("bob")
    neighbour.serve("/@bob", neighbour.person("bob"))
    assert (await find_actor(house, f"{neighbour.origin}/@bob")).uri == uri
    assert neighbour.targets()[:2] == ["/@bob", "/users/bob"]


async def test_an_id_that_shows_yet_another_id_is_refused(house: Services, neighbour: Neighbour) -> None:
    neighbour.serve("/@bob", neighbour.person("bob"))
    neighbour.serve("/users/bob", neighbour.person("eve"))
    with pytest.raises(Forbidden):
        await find_actor(house, f"{neighbour.origin}/@bob")


async def test_an_actor_whose_id_lies_on_another_origin_is_only_a_reference_to_it(
    house: Services, neighbour: Neighbour
) -> None:
    async with open_neighbour() as victim:
        real = victim.serve_person("bob", name="real")
        forged = {**victim.person("bob"), "name": "forged"}
        neighbour.serve("/users/bob", forged)
        assert (await find_actor(house, f"{neighbour.origin}/users/bob")).name == "real"
        assert victim.targets()[0] == "/users/bob"
        assert real.startswith(victim.origin)


async def test_a_redirect_to_another_origin_proves_nothing(house: Services, neighbour: Neighbour) -> None:
    async with open_neighbour() as other:
        other.serve("/users/bob", neighbour.person("bob"))
        neighbour.answer("/users/bob", Answer(status=302, headers={"Location": f"{other.origin}/users/bob"}))
        with pytest.raises(Forbidden):
            await find_actor(house, f"{neighbour.origin}/users/bob")


async def test_nobody_elsewhere_claims_our_origin(house: Services, neighbour: Neighbour) -> None:
    neighbour.serve("/users/bob", {**neighbour.person("bob"), "id": house.site.actor_uri("alice")})
    with pytest.raises(Forbidden):
        await find_actor(house, f"{neighbour.origin}/users/bob")


async def test_a_key_of_another_actor_is_not_kept(house: Services, neighbour: Neighbour) -> None:
    key = {"id": "https://victim.example/users/v#main-key", "owner": "https://victim.example/users/v"}
    document = neighbour.person("bob")
    own_key = document["publicKey"]
    assert isinstance(own_key, dict)
    uri = neighbour.serve_person("bob", publicKey=[own_key, {**own_key, **key}])
    bob = await find_actor(house, uri)
    async with house.database.read() as reader:
        assert [one.key_id for one in await actors.list_keys(reader, bob.id)] == [f"{uri}#main-key"]


@pytest.mark.parametrize("missing", ["inbox", "id", "preferredUsername", "type"])
async def test_a_document_that_is_no_whole_actor_is_refused(
    house: Services, neighbour: Neighbour, missing: str
) -> None:
    document = neighbour.person("bob")
    del document[missing]
    neighbour.serve("/users/bob", document)
    with pytest.raises(Malformed):
        await find_actor(house, f"{neighbour.origin}/users/bob")


async def test_without_webfinger_an_actor_is_known_by_its_own_host(house: Services, neighbour: Neighbour) -> None:
    neighbour.serve("/users/bob", neighbour.person("bob"))
    assert (await find_actor(house, f"{neighbour.origin}/users/bob")).handle == f"bob@{neighbour.host}"


async def test_s224_t66_a_name_that_is_somebody_elses_is_refused(house: Services, neighbour: Neighbour) -> None:
    neighbour.serve("/notes/1", {**neighbour.person("bob"), "id": f"{neighbour.origin}/notes/1"})
    neighbour.finger(f"bob@{neighbour.host}", f"{neighbour.origin}/users/bob")
    with pytest.raises(Forbidden):
        await find_actor(house, f"{neighbour.origin}/notes/1")


async def test_a_handle_on_another_host_counts_when_that_host_agrees(house: Services, neighbour: Neighbour) -> None:
    async with open_neighbour() as pretty:
        uri = neighbour.serve_person("bob")
        neighbour.finger(f"bob@{neighbour.host}", uri, subject=f"bob@{pretty.host}")
        pretty.finger(f"bob@{pretty.host}", uri)
        assert (await find_actor(house, uri)).host == pretty.host


async def test_s224_t69_a_handle_on_another_host_that_knows_nothing_of_it_is_not_shown(
    house: Services, neighbour: Neighbour
) -> None:
    async with open_neighbour() as famous:
        uri = neighbour.serve_person("bob")
        neighbour.finger(f"bob@{neighbour.host}", uri, subject=f"bob@{famous.host}")
        assert (await find_actor(house, uri)).host == neighbour.host


async def test_t66_a_handle_on_another_host_that_belongs_to_somebody_there_is_refused(
    house: Services, neighbour: Neighbour
) -> None:
    async with open_neighbour() as famous:
        uri = neighbour.serve_person("bob")
        neighbour.finger(f"bob@{neighbour.host}", uri, subject=f"bob@{famous.host}")
        famous.finger(f"bob@{famous.host}", f"{famous.origin}/users/bob")
        with pytest.raises(Forbidden):
            await find_actor(house, uri)


async def test_t67_two_hops_of_webfinger_are_one_too_many(house: Services, neighbour: Neighbour) -> None:
    async with open_neighbour() as second:
        uri = neighbour.serve_person("bob")
        neighbour.finger(f"bob@{neighbour.host}", uri, subject=f"bob@{second.host}")
        second.finger(f"bob@{second.host}", uri, subject="bob@third.example")
        with pytest.raises(Forbidden):
            await find_actor(house, uri)


async def test_a_name_on_our_own_host_is_refused(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("bob")
    neighbour.finger(f"bob@{neighbour.host}", uri, subject="bob@localhost:1")
    assert (await find_actor(house, uri)).host == neighbour.host


async def test_somebody_is_found_by_handle_and_then_from_the_store(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("Bob")
    bob = await find_by_handle(house, f"@Bob@{neighbour.host}")
    assert bob.uri == uri
    asked = len(neighbour.asked)
    assert await find_by_handle(house, f"bob@{neighbour.host}") == bob
    assert len(neighbour.asked) == asked


async def test_a_known_handle_is_found_while_its_host_is_down(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    neighbour.serve_person("bob")
    bob = await find_by_handle(house, f"bob@{neighbour.host}")
    clock.advance(DAY)
    neighbour.answer(f"/.well-known/webfinger?resource=acct:bob@{neighbour.host}", Answer(status=503))
    assert await find_by_handle(house, f"bob@{neighbour.host}") == bob


async def test_t68_a_handle_that_leads_to_our_own_origin_is_refused(house: Services, neighbour: Neighbour) -> None:
    neighbour.finger(f"bob@{neighbour.host}", house.site.actor_uri("alice"))
    with pytest.raises(Forbidden):
        await find_by_handle(house, f"bob@{neighbour.host}")


@pytest.mark.parametrize("handle", ["", "bob", "@bob", "bob@", "bob@host/path", "b ob@host", "bob@user:pw@host"])
async def test_what_is_no_handle_is_not_looked_up(house: Services, handle: str) -> None:
    with pytest.raises(ProtocolError):
        await find_by_handle(house, handle)


async def test_an_actor_at_a_private_address_is_not_asked(tmp_path: Path) -> None:
    async with open_house(tmp_path, federation=FederationConfig(allow_http=True)) as guarded, open_neighbour() as near:
        uri = near.serve_person("bob")
        with pytest.raises(FetchFailed):
            await find_actor(guarded, uri)
        with pytest.raises(FetchFailed):
            await find_by_handle(guarded, f"bob@{near.host}")
        assert near.asked == []


async def test_the_lines_of_a_profile_are_cleaned_and_kept(house: Services, neighbour: Neighbour) -> None:
    lines = [
        {"type": "PropertyValue", "name": "<b>Home</b>", "value": "<a href='https://bob.example' onclick='x'>me</a>"},
        {"type": "Image", "name": "none of these", "value": "x"},
    ]
    uri = neighbour.serve_person("bob", attachment=lines)

    (line,) = (await find_actor(house, uri)).profile_fields

    assert (line.name, line.verified_at) == ("Home", None)
    assert line.value_html == '<a href="https://bob.example" rel="nofollow noopener">me</a>'

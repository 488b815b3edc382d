"""Actors as others fetch them."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from activitypub.keys import load_public, read_multikey
from activitypub.reading import read_actor
from activitypub.vocabulary import AS2
from tests.server.federation.conftest import Door

LITERAL = "application/activity+json; charset=utf-8"  # Pixelfed knows three spellings, this is one


async def test_s25_s32_an_actor_is_found_by_its_id(door: Door):
    answer = await door.ask("/users/alice")
    actor = read_actor(answer.json())
    assert (answer.status_code, actor.id) == (200, door.alice.uri)
    assert actor.inbox and actor.outbox and actor.shared_inbox
    assert [key.owner for key in actor.keys] == [door.alice.uri] * 2


async def test_s29_an_actor_shows_an_ed25519_key_on_its_own_origin(door: Door):
    document = (await door.ask("/users/alice")).json()
    (method,) = document["assertionMethod"]
    assert (method["type"], method["controller"]) == ("Multikey", door.alice.uri)
    assert method["id"].startswith(f"{door.alice.uri}#")
    assert isinstance(read_multikey(method["publicKeyMultibase"]), Ed25519PublicKey)


@pytest.mark.parametrize("path", ["/users/alice", "/actor"])
async def test_s26_s28_s30_an_actor_has_what_every_peer_looks_for(door: Door, path: str):
    document = (await door.ask(path)).json()
    key = load_public(document["publicKey"]["publicKeyPem"])
    assert document["publicKey"]["owner"] == document["id"]
    assert isinstance(key, RSAPublicKey) and key.key_size >= 2048
    assert document["endpoints"]["sharedInbox"] == f"{door.house.origin}/inbox"
    if path == "/users/alice":
        assert {"followers", "following", "liked"} <= set(document)


async def test_s8_the_content_type_is_the_one_that_everybody_takes(door: Door):
    assert (await door.ask("/users/alice")).headers["content-type"] == LITERAL


async def test_s9_the_document_carries_the_activitystreams_context(door: Door):
    assert AS2 in (await door.ask("/users/alice")).json()["@context"]


async def test_s34_a_name_in_capitals_leads_to_the_one_spelling_of_the_id(door: Door):
    assert (await door.ask("/users/ALICE")).json()["id"] == door.alice.uri


async def test_s7_a_browser_is_sent_to_the_page(door: Door):
    answer = await door.ask("/users/alice", accept="text/html")
    assert (answer.status_code, answer.headers["location"]) == (302, f"{door.house.origin}/@alice")
    assert "Accept" in answer.headers["vary"]


async def test_s7_both_forms_say_that_they_vary(door: Door):
    assert "Accept" in (await door.ask("/users/alice")).headers["vary"]
    assert "Accept" in (await door.ask("/@alice", accept="text/html")).headers["vary"]


async def test_who_wants_neither_form_is_406(door: Door):
    assert (await door.ask("/users/alice", accept="image/png")).status_code == 406


async def test_the_address_of_a_page_lends_the_document_to_who_asks_for_it(door: Door):
    answer = await door.ask("/@alice")
    assert (answer.headers["content-type"], answer.json()["id"]) == (LITERAL, door.alice.uri)


@pytest.mark.parametrize("path", ["/users/nobody", "/@nobody"])
async def test_nobody_is_404(door: Door, path):
    answer = await door.ask(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_s35_who_is_deleted_is_410_with_a_tombstone(door: Door):
    await door.change(replace(door.alice, gone_at=door.now))
    answer = await door.ask("/users/alice")
    assert answer.status_code == 410
    assert answer.json()["type"] == "Tombstone"
    assert answer.json()["formerType"] == "Person"


async def test_who_is_suspended_is_shown_as_such_with_nothing_of_theirs(door: Door):
    """410 would make peers forget her for good, and a suspension may end."""
    await door.change(replace(door.alice, suspended_at=door.now, name="Alice", summary_html="<p>me</p>"))
    answer = await door.ask("/users/alice")
    assert (answer.status_code, answer.json()["suspended"], answer.json()["summary"]) == (200, True, "")
    assert "Alice" not in answer.text
    for part in ("outbox", "followers", "following", "featured", "liked"):
        assert (await door.ask(f"/users/alice/{part}")).status_code == 403, part


async def test_a_peers_actor_is_not_shown_in_our_name(door: Door):
    await door.post_signed(b"{}")
    assert (await door.ask("/users/victor")).status_code == 404


async def test_s33_the_instance_actor_is_shown_without_a_signature(door: Door):
    answer = await door.ask("/actor")
    assert (answer.json()["id"], answer.json()["type"]) == (door.house.site.instance_uri, "Application")


async def test_s33_a_browser_reads_about_the_instance(door: Door):
    answer = await door.ask("/actor", accept="text/html")
    assert answer.headers["location"] == f"{door.house.origin}/about"


async def test_s22_who_has_the_newest_document_gets_304(door: Door):
    first = await door.ask("/users/alice")
    again = await door.ask("/users/alice", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_s22_a_change_has_another_etag(door: Door):
    first = await door.ask("/users/alice")
    await door.change(replace(door.alice, name="Alice"))
    again = await door.ask("/users/alice", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.json()["name"]) == (200, "Alice")


async def test_a_head_is_a_get_without_body(door: Door):
    got, looked = await door.ask("/users/alice"), await door.ask("/users/alice", method="HEAD")
    assert looked.content == b""
    assert looked.headers["etag"] == got.headers["etag"]


async def test_s125_every_origin_may_read(door: Door):
    assert (await door.ask("/users/alice")).headers["access-control-allow-origin"] == "*"
    assert (await door.ask("/users/nobody")).headers["access-control-allow-origin"] == "*"


async def test_s125_a_preflight_is_answered(door: Door):
    answer = await door.ask("/users/alice", method="OPTIONS")
    assert answer.status_code == 204
    assert "Accept" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/users/alice", "/actor", "/.well-known/webfinger", "/nodeinfo/2.1"])
async def test_what_can_only_be_read_is_405_with_allow(door: Door, path, method):
    answer = await door.ask(path, method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_the_picture_of_an_actor_has_its_own_type(door: Door):
    await door.change(replace(door.alice, icon_url=f"{door.house.origin}/media/ab/cd.jpg"))
    assert json.loads((await door.ask("/users/alice")).content)["icon"]["mediaType"] == "image/jpeg"


async def test_s31_endpoints_name_where_clients_log_in_and_send_files(door: Door):
    endpoints = (await door.ask("/users/alice")).json()["endpoints"]
    named = ["oauthAuthorizationEndpoint", "oauthTokenEndpoint", "oauthRegistrationEndpoint", "uploadMedia", "proxyUrl"]
    assert all(endpoints[name].startswith(door.house.origin) for name in [*named, "sharedInbox"])

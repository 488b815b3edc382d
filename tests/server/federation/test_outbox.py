"""Handing something in at the outbox: who may, in which form, and what comes back."""

import json

import pytest

from activitypub.vocabulary import AS2, LD_MEDIA_TYPE, MEDIA_TYPE, PUBLIC
from server.federation.outbox import SUBMISSIONS_AT_MOST
from tests.server.federation.conftest import Door

NOTE = {"@context": AS2, "type": "Note", "content": "<p>hello</p>", "to": [PUBLIC]}


async def test_s55_the_outbox_is_named_by_the_actor(door: Door):
    actor = (await door.ask("/users/alice")).json()
    assert (await door.hand_in(NOTE, path=door.path(actor["outbox"]))).status_code == 201


@pytest.mark.parametrize("media_type", [LD_MEDIA_TYPE, MEDIA_TYPE, f"{MEDIA_TYPE}; charset=utf-8"])
async def test_s56_both_activitystreams_types_are_taken(door: Door, media_type):
    answer = await door.hand_in(NOTE, headers={"content-type": media_type})
    assert answer.status_code == 201


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/ld+json", ""])
async def test_s57_other_types_are_415(door: Door, media_type):
    answer = await door.hand_in(NOTE, headers={"content-type": media_type})
    assert answer.status_code == 415


async def test_s58_s114_without_a_token_it_is_401_with_a_challenge(door: Door):
    answer = await door.post("/users/alice/outbox", json.dumps(NOTE).encode())
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert "resource_metadata=" in answer.headers["www-authenticate"]


async def test_s58_s114_with_a_wrong_token_it_is_401_with_the_reason(door: Door):
    answer = await door.hand_in(NOTE, token="Bearer nonsense")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_s58_at_another_ones_outbox_it_is_403(door: Door):
    bob = await door.house.register("bob")
    answer = await door.hand_in(NOTE, token=await door.token(bob))
    assert answer.status_code == 403


async def test_s109_a_token_that_only_reads_is_403(door: Door):
    answer = await door.hand_in(NOTE, token=await door.token(scopes="read"))
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("scopes", ["write", "write:statuses", "activitypub:write:create", "activitypub:write:all"])
async def test_s109_every_scope_that_says_so_may_create(door: Door, scopes):
    assert (await door.hand_in(NOTE, token=await door.token(scopes=scopes))).status_code == 201


async def test_s110_a_scope_for_the_clients_own_origin_reaches_no_further(door: Door):
    token = await door.token(scopes="activitypub:write:follow:sameorigin")
    answer = await door.hand_in({"type": "Follow", "object": door.victor.uri}, token=token)
    assert answer.status_code == 403


async def test_s59_s61_one_activity_or_one_object_is_taken(door: Door):
    assert (await door.hand_in(NOTE)).status_code == 201
    assert (await door.hand_in({"type": "Create", "object": NOTE})).status_code == 201


@pytest.mark.parametrize(
    "body", [b"[]", b'"note"', b"", b"{", b"null", b"{}", b'{"type":"Mention","href":"https://a.b/"}']
)
async def test_s60_anything_else_is_400(door: Door, body):
    assert (await door.hand_in(body)).status_code == 400


async def test_s24_too_much_is_413(door: Door):
    answer = await door.hand_in({**NOTE, "content": "x" * (1 << 20)})
    assert answer.status_code == 413


async def test_s62_location_carries_the_new_activity_id(door: Door):
    answer = await door.hand_in(NOTE)
    assert answer.headers["location"] == answer.json()["id"]
    assert answer.json()["type"] == "Create"


async def test_s63_the_id_can_be_fetched_at_once_by_anybody_and_by_its_client(door: Door):
    uri = (await door.hand_in(NOTE)).headers["location"]
    assert (await door.ask(door.path(uri))).json()["id"] == uri
    assert (await door.show(uri)).json()["id"] == uri


async def test_s63_s95_what_is_addressed_to_nobody_is_there_for_its_client_alone(door: Door):
    answer = await door.hand_in({"type": "Note", "content": "to myself"})
    created = answer.json()
    for uri in (created["id"], created["object"]["id"]):
        assert (await door.show(uri)).status_code == 200
        assert (await door.ask(door.path(uri))).status_code == 404


async def test_s14_s64_ids_of_the_client_are_replaced(door: Door):
    theirs = "https://pinxit.example/users/alice/activities/1"
    activity = await door.do("Create", {**NOTE, "id": theirs + "/object"}, id=theirs)
    assert activity["id"] != theirs
    assert activity["object"]["id"] not in (theirs, theirs + "/object")
    assert activity["object"]["id"].startswith(door.alice.uri)


async def test_s65_another_actor_is_refused(door: Door):
    answer = await door.hand_in({"type": "Create", "actor": door.victor.uri, "object": NOTE})
    assert answer.status_code == 403


async def test_s69_another_author_is_refused_and_the_actor_becomes_the_author(door: Door):
    answer = await door.hand_in({**NOTE, "attributedTo": door.victor.uri})
    assert answer.status_code == 403
    assert (await door.do("Create", NOTE))["object"]["attributedTo"] == door.alice.uri


async def test_s66_s67_a_bare_object_is_wrapped_with_its_addressing(door: Door):
    bob, carl = door.victor.uri, "https://remote.example/users/carl"
    created = (await door.hand_in({**NOTE, "cc": [bob], "audience": [carl]})).json()
    assert created["type"] == "Create"
    assert (created["to"], created["cc"], created["audience"]) == ([PUBLIC], [bob], [carl])
    assert created["id"] != created["object"]["id"]


async def test_s68_recipients_are_copied_both_ways(door: Door):
    created = await door.do("Create", {"type": "Note", "content": "x", "to": [PUBLIC]}, cc=[door.victor.uri])
    for document in (created, created["object"]):
        assert (document["to"], document["cc"]) == ([PUBLIC], [door.victor.uri])


async def test_s71_it_stands_on_top_of_the_outbox(door: Door):
    await door.write("before")
    created = await door.do("Create", NOTE)
    for address in ("/users/alice/outbox?page=true", "/users/alice/outbox"):
        listed = (await door.ask(address, headers={"authorization": await door.token()})).json()
        assert listed["orderedItems"][0]["id"] == created["id"]
    anonymous = (await door.ask("/users/alice/outbox?page=true")).json()
    assert anonymous["orderedItems"][0]["id"] == created["id"]


@pytest.mark.parametrize("type", ["Create", "Update", "Delete", "Follow", "Add", "Remove", "Like", "Block", "Undo"])
async def test_s72_without_object_it_is_400(door: Door, type):
    answer = await door.hand_in({"type": type, "target": f"{door.alice.uri}/featured"})
    assert answer.status_code == 400


@pytest.mark.parametrize("type", ["Add", "Remove"])
async def test_s73_without_target_it_is_400(door: Door, type):
    post = await door.write()
    assert (await door.hand_in({"type": type, "object": post.uri})).status_code == 400


async def test_s90_an_actor_without_clients_answers_405(door: Door):
    answer = await door.hand_in(NOTE, path="/actor/outbox")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_s92_the_same_key_makes_one_activity(door: Door):
    headers = {"idempotency-key": "one"}
    first = await door.hand_in(NOTE, headers=headers)
    again = await door.hand_in(NOTE, headers=headers)
    other = await door.hand_in(NOTE, headers={"idempotency-key": "two"})
    assert (again.status_code, again.headers["location"]) == (201, first.headers["location"])
    assert other.headers["location"] != first.headers["location"]
    assert (await door.ask("/users/alice/outbox")).json()["totalItems"] == 2


async def test_s93_s125_a_preflight_succeeds_and_location_is_exposed(door: Door):
    asked = {"origin": "https://app.example", "access-control-request-method": "POST"}
    answer = await door.ask("/users/alice/outbox", method="OPTIONS", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    for name in ("Authorization", "Content-Type", "Idempotency-Key"):
        assert name in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    made = await door.hand_in(NOTE)
    for name in ("Location", "WWW-Authenticate", "Link", "Retry-After"):
        assert name in made.headers["access-control-expose-headers"]


async def test_s94_published_is_set_where_it_is_absent(door: Door):
    created = await door.do("Create", NOTE)
    assert created["published"] == created["object"]["published"]
    early = await door.do("Create", {**NOTE, "published": "2020-01-02T03:04:05Z"})
    assert early["object"]["published"] == "2020-01-02T03:04:05.000Z"
    late = await door.do("Create", {**NOTE, "published": "2999-01-02T03:04:05Z"})
    assert late["object"]["published"] == created["object"]["published"]


async def test_s126_too_much_is_429_with_retry_after(door: Door):
    token = await door.token()
    for _ in range(SUBMISSIONS_AT_MOST):
        await door.hand_in(b"{}", token=token)
    answer = await door.hand_in(NOTE, token=token)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_s127_errors_are_problems(door: Door):
    answer = await door.hand_in(b"[]")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400

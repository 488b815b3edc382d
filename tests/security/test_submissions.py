"""Classes B, E, I and J at the outbox: what a client may not say, undo, widen or do with a token for something else."""

import pytest

from activitypub.vocabulary import AS2, PUBLIC
from server.store.reading import reactions
from server.store.reading.reactions import ANNOUNCE
from server.store.ties import follows
from tests.instance import run_jobs_until_idle
from tests.server.federation.conftest import Door, door  # noqa: F401 - a fixture

NOTE = {"@context": AS2, "type": "Note", "content": "<p>hello</p>", "to": [PUBLIC]}


async def refused(door: Door, document: object, scopes: str) -> bool:  # noqa: F811
    return (await door.hand_in(document, token=await door.token(scopes=scopes))).status_code == 403


@pytest.mark.parametrize("claimed", ["Like", "Note", "Announce"])
async def test_t56_a_follow_is_not_undone_under_another_name(door: Door, claimed):  # noqa: F811
    follow = await door.do("Follow", door.victor.uri)
    copy = {"id": follow["id"], "type": claimed, "object": door.victor.uri}
    assert await refused(door, {"type": "Undo", "object": copy}, "write:favourites write:statuses")
    assert await refused(door, {"type": "Undo", "object": follow["id"]}, "write:favourites write:statuses")
    async with door.house.database.read() as reader:
        assert await follows.find_by_uri(reader, follow["id"]) is not None


@pytest.mark.parametrize("scopes", ["write:follows", "activitypub:write:undo:follow", "write"])
async def test_t56_a_follow_is_undone_with_the_scope_for_it(door: Door, scopes):  # noqa: F811
    follow = await door.do("Follow", door.victor.uri)
    answer = await door.hand_in({"type": "Undo", "object": follow["id"]}, token=await door.token(scopes=scopes))
    assert answer.status_code == 201


async def test_t56_who_may_write_posts_may_not_write_the_profile(door: Door):  # noqa: F811
    update = {"type": "Update", "object": {"id": door.alice.uri, "type": "Person", "name": "Mallory"}}
    assert await refused(door, update, "write:statuses")
    answer = await door.hand_in(update, token=await door.token(scopes="write:accounts"))
    assert answer.status_code == 201


@pytest.mark.parametrize("type", ["Move", "as:Move"])
async def test_t31_nobody_is_moved_away_by_a_client(door: Door, type):  # noqa: F811
    move = {"type": type, "actor": door.alice.uri, "object": door.alice.uri, "target": door.victor.uri}
    answer = await door.hand_in({**move, "to": [door.victor.uri]})
    assert answer.status_code == 422
    await run_jobs_until_idle(door.house)
    assert door.victor.host.received("Move") == []


@pytest.mark.parametrize(
    "name",
    [
        *("publicKey", "publicKeyPem", "assertionMethod", "inbox", "outbox", "endpoints", "preferredUsername"),
        *(f"{AS2}#attributedTo", "@graph", "@reverse", "@included", "@nest", "proof", "signature"),
        *("as:bto", "movedTo", "alsoKnownAs", "https://w3id.org/security#publicKey"),
    ],
)
async def test_t27_t33_nothing_that_others_would_believe_of_us_is_passed_on(door: Door, name):  # noqa: F811
    bob = await door.house.register("bob")
    answer = await door.hand_in({"type": "Create", "object": {**NOTE, name: bob.uri}, name: bob.uri, "to": [PUBLIC]})
    assert answer.status_code == 201
    assert name not in answer.json() and name not in answer.json()["object"]
    assert bob.uri not in (await door.ask(door.path(answer.json()["object"]["id"]))).text


@pytest.mark.parametrize(
    "context",
    [
        {"by": "as:attributedTo"},
        {"by": {"@id": f"{AS2}#attributedTo", "@type": "@id"}},
        {"by": "attributedTo"},
        {"by": "@id"},
        {"attributedTo": "https://evil.example/ns#x"},
        {"to": {"@id": "as:content"}},
        {"@vocab": "https://evil.example/"},
        {"@base": "https://evil.example/"},
        {"@import": "https://evil.example/"},
        {"a": "https://www.w3.org/ns/", "by": "a:activitystreams#attributedTo"},
        {"by": {"@reverse": "as:actor"}},
        {"by": {"@id": "https://x.example/by", "@context": {"actor": "as:content"}}},
    ],
)
async def test_t28_no_context_of_a_client_gives_our_words_another_meaning(door: Door, context):  # noqa: F811
    answer = await door.hand_in({**NOTE, "@context": [AS2, context], "by": "https://pinxit.example/users/bob"})
    assert answer.status_code == 201
    assert context not in answer.json()["@context"]
    assert context not in (await door.ask(door.path(answer.json()["object"]["id"]))).json()["@context"]


async def test_t65_a_boost_for_followers_is_shown_to_nobody_else(door: Door):  # noqa: F811
    bob = await door.house.register("bob")
    post = await door.write()
    path, token = "/users/bob/outbox", await door.token(bob)
    body = {"type": "Announce", "object": post.uri, "to": [bob.followers_uri]}
    assert (await door.hand_in(body, token=token, path=path)).status_code == 201
    async with door.house.database.read() as reader:
        boost = await reactions.find(reader, kind=ANNOUNCE, actor_id=bob.id, post_id=post.id)
    assert boost is not None
    for address in (
        f"/api/v1/statuses/{boost.id}",
        f"/api/v1/accounts/{bob.id}/statuses",
        f"/api/v1/statuses/{post.id}/reblogged_by",
        f"/users/alice/posts/{post.id}/shares?page=true",
    ):
        answer = await door.ask(address, accept=None)
        assert bob.uri not in answer.text and f'"{boost.id}"' not in answer.text, address


async def test_t65_pins_do_not_tell_what_there_is(door: Door):  # noqa: F811
    bob = await door.house.register("bob")
    hidden = (await door.do("Create", {**NOTE, "to": [door.alice.followers_uri]}))["object"]["id"]
    token, path = await door.token(bob), "/users/bob/outbox"
    told = set()
    for uri in (hidden, f"{door.alice.uri}/posts/12345"):
        body = {"type": "Add", "object": uri, "target": f"{bob.uri}/featured"}
        answers = [await door.hand_in(body, token=token, path=path)]
        for kind in ("Update", "Delete"):
            answers.append(await door.hand_in({"type": kind, "object": {"id": uri}}, token=token, path=path))
        told.add(tuple(answer.status_code for answer in answers))
    assert len(told) == 1


@pytest.mark.parametrize("path", ["/users/alice", "/users/alice/outbox", "/users/nobody", "/.well-known/nodeinfo"])
async def test_t71_no_document_is_taken_for_a_page(door: Door, path):  # noqa: F811
    assert (await door.ask(path)).headers["x-content-type-options"] == "nosniff"

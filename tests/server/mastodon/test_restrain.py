"""Somebody is suspended or silenced by the operator, ours or a peer's, as apps, peers and the person notice it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, update

from server.actions.people import restrain
from server.problems import Conflict, Forbidden
from server.remote.people import find_actor
from server.store.people import accounts, actors
from server.store.people.accounts import accounts as rows
from tests.server.mastodon.desk import Desk, open_desk

_make_admin = update(rows).where(rows.c.actor_id == bindparam("who")).values(role="admin")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


async def do(desk: Desk, deed, actor) -> None:
    async with desk.house.database.write() as tx:
        await deed(tx, desk.site, actor)
    await desk.settle()


async def ask(desk: Desk, path: str, accept: str = "application/activity+json"):
    return await desk.house.network.send("GET", desk.house.origin + path, {"accept": accept})


def updates(desk: Desk) -> list[Any]:
    """The Updates that bob's server got."""
    return [one.document for one in desk.person.host.inbox if one.document["type"] == "Update"]


async def public(desk: Desk) -> list[str]:
    """The public timeline of a stranger."""
    return [one["id"] for one in (await desk.stranger.get("/api/v1/timelines/public")).json]


async def test_t60_one_of_ours_who_is_suspended_is_shut_out_and_hidden(desk: Desk) -> None:
    post = await desk.write("hello", visibility="public")
    path = f"/users/alice/posts/{post['id']}"
    assert (await ask(desk, path)).status_code == 200

    await do(desk, restrain.suspend, desk.alice)

    assert (await desk.app.get("/api/v1/timelines/home")).status in (401, 403)
    stub = await ask(desk, "/users/alice")
    assert (stub.status_code, stub.json()["suspended"], stub.json()["summary"]) == (200, True, "")
    assert (await ask(desk, path)).status_code == 403
    assert (await ask(desk, "/@alice", "text/html")).status_code == 404
    assert (await desk.stranger.get(f"/api/v1/statuses/{post['id']}")).status == 404
    assert await public(desk) == []
    shown = (await desk.stranger.get(f"/api/v1/accounts/{desk.alice.id}")).json
    assert (shown["suspended"], shown["display_name"], shown["note"]) == (True, "", "")


async def test_a_suspension_may_end_so_no_server_is_told_that_all_is_gone(desk: Desk) -> None:
    await do(desk, restrain.suspend, desk.alice)
    finger = await ask(desk, "/.well-known/webfinger?resource=acct:alice@pinxit.example", "application/jrd+json")
    assert finger.status_code == 404
    follow = desk.person.activity("Follow", desk.alice.uri)
    assert await desk.person.send(follow, desk.alice.inbox) == 403


async def test_peers_are_told_of_a_suspension_and_of_its_end(desk: Desk) -> None:
    await desk.let_bob_follow()
    await do(desk, restrain.suspend, desk.alice)
    (told,) = updates(desk)
    assert (told["object"]["id"], told["object"]["suspended"]) == (desk.alice.uri, True)
    assert told["object"]["summary"] == "" and "icon" not in told["object"]

    await do(desk, restrain.unsuspend, desk.alice)
    assert "suspended" not in updates(desk)[-1]["object"]


async def test_when_a_suspension_ends_everything_is_as_it_was(desk: Desk) -> None:
    await desk.let_bob_follow()
    post = await desk.write("hello", visibility="public")
    await do(desk, restrain.suspend, desk.alice)
    await do(desk, restrain.unsuspend, desk.alice)

    assert (await ask(desk, "/users/alice")).status_code == 200
    assert (await desk.app.get("/api/v1/timelines/home")).status == 200
    assert await public(desk) == [post["id"]]
    assert (await desk.app.get(f"/api/v1/accounts/{desk.alice.id}")).json["followers_count"] == 1


async def test_a_peers_person_who_is_suspended_is_refused_hidden_and_follows_nobody(desk: Desk) -> None:
    await desk.let_bob_follow()
    note = desk.person.note("hi", tag=[{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}])
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    assert len((await desk.app.get("/api/v1/notifications?types[]=mention")).json) == 1

    await do(desk, restrain.suspend, desk.bob)

    assert [one["object"]["actor"] for one in desk.received("Reject")] == [desk.bob.uri]
    # A door that knows the key takes a minute to hear of it.
    like = desk.person.activity("Like", note["id"])
    assert await desk.person.send(like, desk.alice.inbox) == 202
    await desk.settle()
    assert await desk.house.outcome(like["id"]) == "ignored: who sent it is suspended"
    desk.house.clock.advance(61)
    assert await desk.person.send(desk.person.activity("Like", note["id"]), desk.alice.inbox) == 403
    assert (await desk.app.get("/api/v1/notifications?types[]=mention")).json == []
    assert (await desk.app.get("/api/v1/accounts/search?q=bob@remote.example")).json == []
    await do(desk, restrain.unsuspend, desk.bob)
    assert len((await desk.app.get("/api/v1/notifications?types[]=mention")).json) == 1


async def test_a_refreshed_profile_does_not_end_a_suspension_or_a_silence(desk: Desk) -> None:
    for deed in (restrain.silence, restrain.suspend):
        await do(desk, deed, desk.bob)
    before = await desk.house.actor(desk.bob.uri)
    desk.house.clock.advance(100 * 86_400)
    desk.person.host.person("bob", name="Another Bob")

    await find_actor(desk.house.services, desk.bob.uri, fresh=True)

    bob = await desk.house.actor(desk.bob.uri)
    assert bob.name == "Another Bob" != before.name
    assert (bob.suspended_at, bob.silenced_at) == (before.suspended_at, before.silenced_at)
    assert bob.suspended_at is not None and bob.silenced_at is not None


async def test_one_of_ours_who_is_silenced_is_heard_by_followers_alone(desk: Desk) -> None:
    await desk.bens_app.post(f"/api/v1/accounts/{desk.alice.id}/follow")
    await do(desk, restrain.silence, desk.alice)
    post = await desk.write("quiet #boats", visibility="public")

    assert await public(desk) == []
    assert (await desk.stranger.get("/api/v1/timelines/tag/boats")).json == []
    assert [one["id"] for one in (await desk.bens_app.get("/api/v1/timelines/home")).json] == [post["id"]]
    assert (await desk.app.get(f"/api/v1/accounts/{desk.alice.id}")).json["limited"] is True

    await do(desk, restrain.unsilence, desk.alice)
    assert await public(desk) == [post["id"]]


async def test_a_stranger_who_is_silenced_is_put_aside(desk: Desk) -> None:
    await do(desk, restrain.silence, desk.bob)
    await desk.person.send(desk.person.activity("Follow", desk.alice.uri), desk.alice.inbox)
    await desk.settle()
    assert (await desk.app.get("/api/v1/notifications")).json == []
    assert len((await desk.app.get("/api/v1/follow_requests")).json) == 1


async def test_what_is_already_so_or_must_not_be_is_refused(desk: Desk) -> None:
    async with desk.house.database.write() as tx:
        await tx.run(_make_admin, who=desk.alice.id)
        assert await accounts.list_admins(tx) == [desk.alice.id]
        instance = await actors.find_by_uri(tx, desk.site.instance_uri)
    with pytest.raises(Forbidden):
        await do(desk, restrain.suspend, desk.alice)
    with pytest.raises(Forbidden):
        await do(desk, restrain.suspend, instance)
    for deed in (restrain.unsuspend, restrain.unsilence):
        with pytest.raises(Conflict):
            await do(desk, deed, desk.ben)
    await do(desk, restrain.suspend, desk.ben)
    with pytest.raises(Conflict):
        await do(desk, restrain.suspend, desk.ben)

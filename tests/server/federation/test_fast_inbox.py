"""The inbox: what gets in, what each refusal is answered with, and that a 202 means stored."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from activitypub.vocabulary import PUBLIC
from server.actions.network.rule_domain import rule_domain
from server.federation.fast_inbox import FastInbox
from server.remote.people import find_actor
from server.store.network import peers
from server.store.network.domain_rules import SUSPEND, Rule
from tests.server.federation.conftest import Door


async def suspend(door: Door, domain: str) -> None:
    async with door.house.database.write() as tx:
        await rule_domain(tx, door.house.site, Rule(domain=domain, severity=SUSPEND, created_at=0))


def farewell() -> bytes:
    """A stranger deletes their own account."""
    actor = "https://a.example/users/a"
    return json.dumps({"type": "Delete", "id": f"{actor}#delete", "actor": actor, "object": actor}).encode()


async def test_s150_a_signed_activity_is_202_without_body_and_stored_with_its_job(door: Door):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    status = await door.victor.send(like, f"{door.house.origin}/inbox")
    assert status == 202
    assert await door.house.outcome(like["id"]) is None
    assert [job.kind for job in await door.house.jobs()] == ["inbox"]


async def test_s150_the_answer_has_no_body(door: Door):
    answer = await door.post_signed(b'{"id":"https://remote.example/1"}')
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (202, b"", "0")


async def test_s151_the_same_activity_twice_is_202_twice_and_stored_once(door: Door):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    statuses = [await door.victor.send(like, f"{door.house.origin}/inbox") for _ in range(2)]
    assert statuses == [202, 202]
    assert len(await door.house.jobs()) == 1


async def test_s242_many_at_once_are_all_answered_and_all_stored(door: Door):
    likes = [door.victor.activity("Like", f"https://pinxit.example/users/alice/posts/{n}") for n in range(100)]
    statuses = await asyncio.gather(*(door.victor.send(like, f"{door.house.origin}/inbox") for like in likes))
    assert statuses == [202] * 100
    assert len(await door.house.jobs()) == 100


async def test_s150_what_could_not_be_stored_is_not_202(door: Door):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    await door.victor.send(door.victor.activity("Like", "https://pinxit.example/x"), f"{door.house.origin}/inbox")
    door.house.life.die_after(1)
    with pytest.raises(ConnectionError):
        await door.victor.send(like, f"{door.house.origin}/inbox")


@pytest.mark.parametrize("path", ["/inbox", "/users/alice/inbox", "/actor/inbox"])
async def test_s178_every_inbox_takes_a_signed_activity(door: Door, path):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    assert await door.victor.send(like, door.house.origin + path) == 202


async def test_s34_the_name_in_an_inbox_is_read_without_case(door: Door):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    assert await door.victor.send(like, f"{door.house.origin}/users/Alice/inbox") == 202


async def test_s148_unsigned_post_is_401_with_json_and_a_hint(door: Door):
    answer = await door.post("/inbox")
    assert answer.status_code == 401
    assert answer.json() == {"error": "the request is not signed"}
    assert "content-digest" in answer.headers["accept-signature"]  # statement 208


async def test_s148_a_changed_body_is_401(door: Door):
    body = b'{"id":"https://remote.example/1"}'
    signed = await door.post_signed(body)
    request = door.house.network.asked("POST", "/inbox")[-1]
    answer = await door.post("/inbox", body + b" ", request.headers)
    assert (signed.status_code, answer.status_code) == (202, 401)


async def test_s193_an_unreadable_signature_header_is_400(door: Door):
    answer = await door.post("/inbox", headers={"signature": 'keyId="https://remote.example/x'})
    assert answer.status_code == 400


async def test_a_personal_inbox_of_nobody_is_404(door: Door):
    assert (await door.post_signed(b"{}", path="/users/nobody/inbox")).status_code == 404


async def test_s35_the_inbox_of_a_deleted_account_is_410(door: Door):
    await door.change(replace(door.alice, gone_at=door.now))
    assert (await door.post_signed(b"{}", path="/users/alice/inbox")).status_code == 410


async def test_an_inbox_below_a_post_is_no_inbox(door: Door):
    assert (await door.post("/users/alice/posts/inbox")).status_code != 202


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_s51_nobody_reads_the_shared_inbox(door: Door, method):
    answer = await door.ask("/inbox", method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_s54_an_inbox_takes_nothing_but_posts(door: Door, method):
    answer = await door.ask("/users/alice/inbox", method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


async def test_s125_the_inbox_answers_a_preflight(door: Door):
    answer = await door.ask("/inbox", method="OPTIONS")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")


async def test_s24_a_body_over_the_limit_is_413(door: Door):
    limit = door.house.config.federation.max_inbox_bytes
    assert (await door.post("/inbox", b" " * (limit + 1))).status_code == 413


@pytest.mark.parametrize("length", [b"1048577", b"9" * 4000])
async def test_s24_a_length_over_the_limit_is_413_before_the_body_is_read(door: Door, length):
    assert await _status(door, [(b"content-length", length)], _never) == 413


async def test_s24_a_body_that_never_ends_is_413(door: Door):
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b" " * 65536, "more_body": True}

    assert await _status(door, [], receive) == 413


async def test_t48_a_body_that_drips_is_408(door: Door):
    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": True}

    assert await _status(door, [], receive) == 408


async def test_a_sender_that_hangs_up_gets_no_answer(door: Door):
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    assert await _status(door, [], receive) is None


async def test_t49_a_packed_body_is_415(door: Door):
    headers = {"signature": 'keyId="x",signature="eA=="', "content-encoding": "gzip"}
    assert (await door.post("/inbox", headers=headers)).status_code == 415


@pytest.mark.parametrize("media_type", ["", "text/html", "application/x-www-form-urlencoded"])
async def test_another_media_type_is_415(door: Door, media_type):
    headers = {"signature": 'keyId="x",signature="eA=="', "content-type": media_type}
    assert (await door.post("/inbox", headers=headers)).status_code == 415


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b'{"a":NaN}', b'{"a":1,"a":2}', b'{"a":' * 40 + b"1" + b"}" * 40, b'{"a":"\\ud800"}'],
)
async def test_t30_a_verified_body_that_is_no_activity_is_202_and_dropped(door: Door, body):
    assert (await door.post_signed(body)).status_code == 202
    assert await door.house.jobs() == []


async def test_s149_the_activity_of_another_is_403(door: Door):
    other = door.victor.host.person("other")
    like = other.activity("Like", "https://pinxit.example/users/alice/posts/1")
    assert await door.victor.send(like, f"{door.house.origin}/inbox") == 403


async def test_s152_an_activity_id_of_another_origin_is_403(door: Door):
    like = door.victor.activity("Like", "https://pinxit.example/1", id="https://elsewhere.example/1")
    assert await door.victor.send(like, f"{door.house.origin}/inbox") == 403


async def test_nobody_from_outside_speaks_in_our_name(door: Door):
    follow = door.victor.activity("Follow", door.alice.uri) | {"actor": door.alice.uri}
    assert await door.victor.send(follow, f"{door.house.origin}/inbox") == 403


async def test_s174_a_suspended_host_is_403(door: Door):
    await suspend(door, "remote.example")
    assert (await door.post_signed(b"{}")).status_code == 403


async def test_s174_a_suspension_is_felt_within_a_minute(door: Door):
    assert (await door.post_signed(b"{}")).status_code == 202
    await suspend(door, "remote.example")
    door.house.clock.advance(61)
    assert (await door.post_signed(b"{}")).status_code == 403


async def test_s174_a_key_that_was_asked_for_just_now_puts_off_no_suspension(door: Door):
    # Given a host that was looked up first, a key from there fifty seconds later, and a suspension after both
    neighbour = door.victor.host.person("neighbour")
    assert (await door.post_signed(b"{}")).status_code == 202
    door.house.clock.advance(50)
    assert (await door.post_signed(b"{}", person=neighbour)).status_code == 202
    await suspend(door, "remote.example")

    door.house.clock.advance(11)

    assert (await door.post_signed(b"{}", person=neighbour)).status_code == 403


async def test_a_suspended_actor_is_403(door: Door):
    await door.post_signed(b"{}")
    victor = await door.house.actor(door.victor.uri)
    await door.change(replace(victor, suspended_at=door.now))
    door.house.clock.advance(61)
    assert (await door.post_signed(b"{}")).status_code == 403


async def test_a_signer_whose_server_is_down_is_503_with_a_time_to_come_back(door: Door):
    door.house.network.disconnect(door.victor.host.origin)
    answer = await door.post_signed(b"{}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


@pytest.mark.parametrize("type", ["Delete", "Update"])
async def test_a_stranger_that_deletes_itself_is_202_and_nobody_asks_for_its_key(door: Door, type):
    farewell = door.victor.activity(type, door.victor.uri, to=[PUBLIC])
    door.house.network.disconnect(door.victor.host.origin)
    assert await door.victor.send(farewell, f"{door.house.origin}/inbox") == 202
    assert await door.house.jobs() == []


async def test_an_actor_we_know_that_deletes_itself_is_heard(door: Door):
    await door.post_signed(b"{}")
    farewell = door.victor.activity("Delete", door.victor.uri, to=[PUBLIC])
    assert await door.victor.send(farewell, f"{door.house.origin}/inbox") == 202
    assert len(await door.house.jobs()) == 1


async def test_an_actor_that_was_gone_and_says_that_it_is_back_is_heard(door: Door):
    victor = await find_actor(door.house.services, door.victor.uri)
    await door.change(replace(victor, gone_at=door.now))
    door.house.clock.advance(61)
    back = door.victor.activity("Update", door.victor.uri, to=[PUBLIC])
    assert await door.victor.send(back, f"{door.house.origin}/inbox") == 202
    assert len(await door.house.jobs()) == 1
    assert (await door.house.actor(door.victor.uri)).gone_at is None


async def test_s148_an_unsigned_farewell_is_401(door: Door):
    assert (await door.post("/inbox", farewell())).status_code == 401


async def test_s193_a_farewell_with_an_unreadable_signature_is_400(door: Door):
    """Nobody checks whether that of a stranger holds, but it has to be one."""
    answer = await door.post("/inbox", farewell(), {"signature": 'keyId="https://a.example/x'})
    assert answer.status_code == 400


@pytest.mark.parametrize(("form", "remembered"), [("cavage", None), ("rfc9421", "rfc9421")])
async def test_s144_a_host_that_signs_in_the_new_form_is_remembered_for_it(door: Door, form, remembered):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    assert await door.victor.send(like, f"{door.house.origin}/inbox", form=form) == 202
    async with door.house.database.read() as reader:
        peer = await peers.find(reader, "remote.example")
    assert (peer.signature_form if peer else None) == remembered


class _BrokenDatabase:
    """A database whose disk is gone."""

    def read(self) -> Any:
        raise OSError("disk I/O error at /var/lib/pinxit")


async def test_a_fault_of_ours_is_500_and_says_nothing_of_it(door: Door):
    broken = replace(door.house.services, database=_BrokenDatabase())  # type: ignore[arg-type]
    door.house.network.connect("https://broken.example", FastInbox(door.house.app, broken))
    answer = await door.house.network.send("POST", "https://broken.example/users/alice/inbox", {})
    assert (answer.status_code, "disk" in answer.text) == (500, False)


async def _never() -> dict[str, Any]:
    raise AssertionError("the body is not read")


async def _status(door: Door, headers: list[tuple[bytes, bytes]], receive: Any) -> int | None:
    """Speak ASGI to the inbox, with a deadline that is over at once."""
    statuses: list[int] = []

    async def send(message: Any) -> None:
        if "status" in message:
            statuses.append(message["status"])

    inbox = FastInbox(door.house.app, door.house.services, body_seconds=0.001)
    await inbox(_scope("/inbox", headers), receive, send)
    return statuses[0] if statuses else None


def _scope(path: str, headers: list[tuple[bytes, bytes]]) -> Any:
    raw = {"raw_path": path.encode(), "query_string": b"", "headers": headers}
    return {"type": "http", "method": "POST", "path": path} | raw


@pytest.mark.parametrize(
    "media_type",
    [
        "application/activity+json",
        "application/activity+json; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    ],
)
async def test_s130_every_spelling_of_the_type_is_taken_alike(door: Door, media_type: str):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    answer = await door.post_signed(json.dumps(like).encode(), media_type=media_type)
    assert answer.status_code == 202
    assert len(await door.house.jobs()) == 1

"""Class H, resource exhaustion: what is large, slow, deep or endless costs its sender more than us."""

import asyncio
import contextlib
import gzip
import json
import time
from collections.abc import AsyncIterator, Mapping

import pytest

from activitypub.discovery import parse_handle
from activitypub.errors import ProtocolError
from activitypub.structured import read_signature_inputs
from activitypub.vocabulary import PUBLIC, is_as2_media_type, origin_of
from server.actions.writing.compose import find_handles, find_hashtags
from server.federation import fast_inbox
from server.federation.negotiation import choose
from server.html import clean, linkify, plain_text
from server.store.writing import posts
from tests.instance import run_jobs_until_idle
from tests.security.conftest import Siege

# Twenty times what each takes on a machine of today, and a twentieth of what a square would take.
MOMENT = 1.0


async def test_a_body_over_the_limit_is_413_whatever_it_says_of_its_length(siege: Siege):
    body = b" " * (siege.house.config.federation.max_inbox_bytes + 1)
    headers, _ = siege.sign(siege.victor.signer, body)

    assert await siege.post(headers, body) == 413
    assert await siege.post(headers | {"content-length": "7"}, body) in (400, 413)
    assert await siege.post(headers | {"content-length": "9" * 5000}, b"{}") == 413


async def test_t49_a_packed_body_is_not_unpacked(siege: Siege):
    # Given a megabyte of nothing in a kilobyte
    body = gzip.compress(b" " * 1_000_000)
    headers, _ = siege.sign(siege.victor.signer, body)

    for packing in ("gzip", "br", "zstd", "identity, gzip"):
        assert await siege.post(headers | {"content-encoding": packing}, body) == 415


async def test_t48_a_body_that_never_ends_is_given_up(siege: Siege):
    # Given a sender who stops in the middle
    headers, body = siege.sign(siege.victor.signer, {"type": "Like"})
    answers, sent = [], asyncio.Event()
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": "POST", "path": "/inbox", "raw_path": b"/inbox", "query_string": b"", "headers": raw
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        if sent.is_set():
            return {"type": "http.disconnect"}
        sent.set()
        return {"type": "http.request", "body": body[:5], "more_body": True}

    async def send(message: dict[str, object]) -> None:
        answers.append(message)

    # When the connection breaks, nothing is answered and nothing kept
    await fast_inbox.FastInbox(None, siege.house.services)(scope, receive, send)  # type: ignore[arg-type]
    assert answers == [] and await siege.house.jobs() == []
    # And a connection that does not break has this long.
    assert fast_inbox.BODY_SECONDS <= 30


async def test_t48_bodies_that_drip_together_have_so_much_room_and_no_more(siege: Siege):
    # Given a sender who holds a connection with most of a body, with no end in sight
    headers, body = siege.sign(siege.victor.signer, siege.victor.activity("Like", siege.alice.uri))
    door = fast_inbox.FastInbox(None, siege.house.services, arriving_bytes=2 * len(body))  # type: ignore[arg-type]
    held = asyncio.Event()

    async def drip() -> AsyncIterator[dict[str, object]]:
        yield {"type": "http.request", "body": b" " * (len(body) + 1), "more_body": True}
        held.set()
        await asyncio.Event().wait()

    dripping = asyncio.create_task(_knock(door, headers, drip()))
    await held.wait()

    # When an honest one comes, there is no room; once the other is gone there is
    assert await _knock(door, headers, _at_once(body)) == 503
    dripping.cancel()
    await asyncio.gather(dripping, return_exceptions=True)
    assert await _knock(door, headers, _at_once(body)) == 202


async def _at_once(body: bytes) -> AsyncIterator[dict[str, object]]:
    yield {"type": "http.request", "body": body, "more_body": False}


async def _knock(
    door: fast_inbox.FastInbox, headers: Mapping[str, str], messages: AsyncIterator[dict[str, object]]
) -> int:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": "POST", "path": "/inbox", "raw_path": b"/inbox", "query_string": b"", "headers": raw
    }  # fmt: skip
    answers: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        answers.append(message)

    await door(scope, lambda: anext(messages), send)  # type: ignore[arg-type]
    return int(str(answers[0]["status"]))


@pytest.mark.parametrize("name", ["to", "cc", "tag", "attachment", "attributedTo", "url", "alsoKnownAs", "object"])
async def test_s176_t53_ten_thousand_of_anything_are_bounded(siege: Siege, name):
    # Given a post that alice would get, with far too many of something
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    victor = siege.victor
    many: dict[str, list[object]] = {
        "to": [PUBLIC, *(f"https://friend.example/users/{number}" for number in range(10_000))],
        "tag": [
            {"type": "Mention", "href": f"https://friend.example/users/{number}", "name": f"@{number}"}
            for number in range(10_000)
        ],
        "attachment": [
            {"type": "Image", "mediaType": "image/png", "url": f"https://friend.example/{number}.png"}
            for number in range(5_000)
        ],
        "attributedTo": [victor.uri] * 10_000,
        "url": [f"https://friend.example/{number}" for number in range(10_000)],
    }
    values = many.get(name) or [f"https://friend.example/{number}" for number in range(10_000)]
    note = victor.note("<p>many</p>", **({name: values} if name != "object" else {}))
    document = victor.create(note)
    if name == "object":
        document["object"] = [note, *values]
    asked = len(siege.network.log)
    started = time.perf_counter()
    await siege.send(victor, document)

    # Then we ask nobody about them (but for the post itself, where it is one of several), keep a bounded number, and
    # are done soon
    urls = [one.url for one in siege.network.log[asked:] if one.method == "GET"]
    assert urls in ([], [note["id"]])
    post = await siege.find_post(str(note["id"]))
    if post is not None:
        async with siege.house.database.read() as reader:
            assert len(await posts.list_mentions(reader, post.id)) <= 100
            assert len(await posts.list_hashtags(reader, post.id)) <= 100
        assert len(post.to) + len(post.cc) <= 2000
        assert (await siege.get(f"/@victor@friend.example/{post.id}", accept="text/html")).status_code == 200
    assert time.perf_counter() - started < 10 * MOMENT


async def test_t53_long_strings_are_cut(siege: Siege):
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    victor, long = siege.victor, "x" * 120_000
    note = victor.note(f"<p>{long}</p>", summary=long, name=long, conversation=long)
    note["tag"] = [{"type": "Hashtag", "name": f"#{long}"}]
    note["attachment"] = [{"type": "Image", "mediaType": "image/png", "url": "https://a.example/1.png", "name": long}]
    note["updated"] = note["published"] = "9999-12-31T23:59:59-23:59"
    await siege.send(victor, victor.create(note))

    post = await siege.find_post(str(note["id"]))
    assert post is not None and len(post.content_html) <= 110_000 and len(post.summary or "") <= 20_000
    for path in (f"/@victor@friend.example/{post.id}", "/@victor@friend.example"):
        page = await siege.get(path, accept="text/html")
        assert page.status_code == 200 and len(page.content) < 1_000_000


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "-1", "now", "2024-02-30T00:00:00Z"]
)
async def test_t53_odd_dates_break_no_page(siege: Siege, when):
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    note = siege.victor.note("<p>odd</p>", published=when, updated=when)
    await siege.send(siege.victor, siege.victor.create(note))

    post = await siege.find_post(str(note["id"]))
    assert post is not None and post.published_at <= siege.clock.now()
    for path in (f"/@victor@friend.example/{post.id}", "/@victor@friend.example"):
        assert (await siege.get(path, accept="text/html")).status_code == 200


async def test_t51_no_collection_is_walked_for_who_sends_a_post(siege: Siege):
    # Given a post at the end of a thread, with collections that never end
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    victor, uri = siege.victor, siege.victor.uri
    endless = {"id": f"{uri}/replies", "type": "Collection", "first": f"{uri}/replies?page=1"}
    note = victor.note("<p>deep</p>", inReplyTo=f"{uri}/notes/parent", replies=endless, likes=endless, shares=endless)
    asked = len(siege.network.log)

    await siege.send(victor, victor.create(note))

    gets = [one.url for one in siege.network.log[asked:] if one.method == "GET"]
    assert gets == [f"{uri}/notes/parent"]


async def test_s176_t52_a_thread_of_ten_thousand_posts_is_climbed_fifty_steps(siege: Siege):
    # Given an answer that stands upon ten thousand others
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    victor, uri = siege.victor, siege.victor.uri
    note: dict[str, object] = {}
    for number in range(10_000):
        above = {"inReplyTo": f"{uri}/deep/{number - 1}"} if number else {}
        note = victor.note("<p>deeper</p>", id=f"{uri}/deep/{number}", **above)
    asked = len(siege.network.log)

    await siege.send(victor, victor.create(note))

    gets = [one.url for one in siege.network.log[asked:] if one.method == "GET"]
    assert gets == [f"{uri}/deep/{number}" for number in range(9_998, 9_948, -1)]


async def test_h_a_key_is_asked_for_once_however_many_wait(siege: Siege):
    # Given a burst of requests by somebody new
    signed = [
        siege.sign(
            siege.victor.signer, siege.victor.activity("Like", siege.alice.uri, id=f"{siege.victor.uri}#{number}")
        )
        for number in range(20)
    ]

    assert set(await asyncio.gather(*(siege.post(*one) for one in signed))) == {202}

    assert len([one for one in siege.network.asked("GET") if one.url == siege.victor.uri]) == 1


async def test_h_strangers_who_delete_themselves_make_us_ask_nobody(siege: Siege):
    for number in range(20):
        uri = f"https://friend.example/users/gone{number}"
        document = {"id": f"{uri}#delete", "type": "Delete", "actor": uri, "object": uri}
        signer = type(siege.victor.signer)(f"{uri}#main-key", siege.victor.signer.key)
        assert await siege.post(*siege.sign(signer, document)) == 202

    assert siege.network.asked("GET") == []
    assert await siege.house.jobs() == []


async def test_h_an_activity_that_cannot_be_acted_on_ends_and_does_not_come_back(siege: Siege):
    for object in (None, 7, [], {}, "x", {"id": 7}, [[["x"]]], {"type": "Note"}, {"id": siege.mallory.uri, "type": 7}):
        for type in ("Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Like", "Announce", "Block"):
            await siege.send(siege.mallory, siege.mallory.activity(type, object))
    await run_jobs_until_idle(siege.house)

    assert [job for job in await siege.house.jobs() if job.kind == "inbox"] == []
    assert await siege.house.jobs("failed") == []


HOSTILE = [
    "<" * 90_000,
    "<p>" * 4_900,
    "<ul><li>" * 2_400,
    "<blockquote>" * 4_900,
    "&" * 90_000,
    "<h1 " * 20_000,
    "<br" + " " * 90_000,
    "<!--" * 20_000,
    "<a href=x>" * 4_900,
    "<svg><style>" * 2_400,
    "@" * 5_000,
    "@a.b@" * 1_000,
    "#a" * 2_500,
    "a@" * 2_500,
    "https://" + "." * 5_000,
    'a/b;q="' * 5_000,
    'a=("' + "\\\\" * 2_000,
    'a=("a"' + ';a="b"' * 600,
    "https://" + "a-" * 2_000,
    "https://" + "é" * 1_000 + ".example",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_t55_nothing_that_reads_text_takes_the_square_of_its_length(text):
    for read in (
        clean, plain_text, linkify, find_handles, find_hashtags, origin_of, parse_handle, is_as2_media_type,
        read_signature_inputs, lambda text: choose(text, default="page"),
    ):  # fmt: skip
        started = time.perf_counter()
        with contextlib.suppress(ProtocolError):
            read(text)
        assert time.perf_counter() - started < MOMENT, read


async def test_h_metadata_of_the_instance_is_small_and_cached(siege: Siege):
    for path in ("/.well-known/nodeinfo", "/nodeinfo/2.1", "/.well-known/host-meta"):
        answer = await siege.get(path, accept="*/*")
        assert answer.status_code == 200 and len(answer.content) < 10_000
        assert "max-age" in answer.headers["cache-control"]
        if path != "/.well-known/host-meta":
            assert json.loads(answer.content)

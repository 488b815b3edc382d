"""What every way to other servers keeps: the fake one, which joins instances in one process, is no kinder than HTTP."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn

from activitypub.errors import Malformed
from activitypub.keys import OwnedKey, Signer
from activitypub.requests import SignedRequest
from activitypub.verified import Form
from activitypub.vocabulary import LD_MEDIA_TYPE, MEDIA_TYPE
from server.config import FederationConfig
from server.remote.peers import HttpPeers
from server.remote.seam import FetchFailed, Peers, Refused
from tests.fakes import FakeClock, FakePeers, Network, key_of
from tests.remote_host import RemoteHost, Shown

OURS = "http://127.0.0.1:9"
SIGNER = Signer(f"{OURS}/actor#main-key", key_of("instance"))
SETTINGS = FederationConfig(allow_http=True, allow_private_addresses=True, max_document_bytes=2000, total_seconds=5)
NOTE = {"id": "x", "type": "Note", "content": "ü"}


class Choosy(RemoteHost):
    """Shows things to those who sign in the form that it `takes`, where it takes one alone."""

    takes: Form | None = None
    refusal = Shown(b"", 401)

    async def _look(self, request: SignedRequest, scope: Any) -> Shown:
        shown = await super()._look(request, scope)
        form = "rfc9421" if "signature-input" in request.headers else "cavage"
        return shown if self.takes in (None, form) else self.refusal


@dataclass
class Way:
    """A way to other servers, and one that is there."""

    peers: Peers
    host: Choosy

    def url(self, path: str) -> str:
        return self.host.origin + path


@contextlib.asynccontextmanager
async def _fake(clock: FakeClock) -> AsyncIterator[Way]:
    network = Network()
    host = Choosy(network, clock, origin="http://127.0.0.1:8")
    yield Way(FakePeers(network, SETTINGS, OURS, clock), host)


@contextlib.asynccontextmanager
async def _http(clock: FakeClock) -> AsyncIterator[Way]:
    listening = socket.create_server(("127.0.0.1", 0))
    host = Choosy(Network(), clock, origin=f"http://127.0.0.1:{listening.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(host, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server._serve([listening]))
    peers = HttpPeers(SETTINGS, OURS, clock)
    try:
        yield Way(peers, host)
    finally:
        await peers.close()
        server.should_exit = True
        await serving
        listening.close()


WAYS = {"fake": _fake, "http": _http}


@pytest.fixture(params=WAYS)
async def way(request: pytest.FixtureRequest) -> AsyncIterator[Way]:
    async with WAYS[request.param](FakeClock()) as way:
        way.host.trusted[SIGNER.key_id] = OwnedKey(SIGNER.key_id, f"{OURS}/actor", SIGNER.key.public_key())
        yield way


async def test_a_document_comes_with_the_address_that_answered(way):
    way.host.show("/note", NOTE)

    found = await way.peers.fetch(way.url("/note"))

    assert (found.url, found.value) == (way.url("/note"), NOTE)


async def test_a_fetch_is_signed_by_the_signer_given_and_else_not_at_all(way):
    way.host.show("/note", NOTE)

    await way.peers.fetch(way.url("/note?page=1&x=%C3%BC"), signer=SIGNER)
    await way.peers.fetch(way.url("/note"))

    signed, unsigned = way.host.gets
    verified = await way.host.verify(signed)
    assert verified is not None and verified.key_id == SIGNER.key_id
    assert "signature" not in unsigned.headers


async def test_the_fragment_is_not_asked_for(way):
    way.host.show("/actor", NOTE)

    found = await way.peers.fetch(way.url("/actor#main-key"))

    assert found.url == way.url("/actor")


async def test_a_redirect_is_followed_and_signed_afresh(way):
    way.host.show_raw("/old", Shown(b"", 301, {"location": "/new"}))
    way.host.show("/new", NOTE)

    found = await way.peers.fetch(way.url("/old"), signer=SIGNER)

    assert found.url == way.url("/new")
    assert [await way.host.verify(one) is not None for one in way.host.gets] == [True, True]


async def test_t5_whoever_asks_is_asked_before_each_redirect_and_may_end_it(way):
    way.host.show_raw("/old", Shown(b"", 301, {"location": way.url("/new")}))
    way.host.show("/new", NOTE)
    put: list[str] = []

    async def refuse(url: str) -> None:
        put.append(url)
        raise Refused("not there")

    with pytest.raises(Refused):
        await way.peers.fetch(way.url("/old"), onward=refuse)

    assert put == [way.url("/new")] and [one.target for one in way.host.gets] == ["/old"]


async def test_a_circle_of_redirects_ends(way):
    way.host.show_raw("/round", Shown(b"", 302, {"location": "/round"}))

    with pytest.raises(FetchFailed):
        await way.peers.fetch(way.url("/round"))


async def test_a_redirect_to_ourselves_is_refused(way):
    way.host.show_raw("/old", Shown(b"", 302, {"location": f"{OURS}/users/alice"}))

    with pytest.raises(Refused):
        await way.peers.fetch(way.url("/old"))


@pytest.mark.parametrize(("status", "gone", "passing"), [(404, False, False), (410, True, False), (503, False, True)])
async def test_a_refusal_says_whether_it_is_for_good(way, status, gone, passing):
    way.host.show("/note", NOTE, status=status)

    with pytest.raises(FetchFailed) as caught:
        await way.peers.fetch(way.url("/note"))

    assert (caught.value.status, caught.value.gone, caught.value.passing) == (status, gone, passing)


@pytest.mark.parametrize(
    "kind", ["text/html", "application/json", "application/ld+json", "application/octet-stream", ""]
)
async def test_only_an_activitystreams_type_is_read(way, kind):
    way.host.show("/note", NOTE, media_type=kind)

    with pytest.raises(FetchFailed):
        await way.peers.fetch(way.url("/note"))


@pytest.mark.parametrize("kind", [MEDIA_TYPE, f"{MEDIA_TYPE}; charset=utf-8", LD_MEDIA_TYPE])
async def test_every_activitystreams_type_is_read(way, kind):
    way.host.show("/note", NOTE, media_type=kind)

    assert (await way.peers.fetch(way.url("/note"))).value == NOTE


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff"])
async def test_what_is_no_clean_json_object_is_malformed(way, body):
    way.host.show_raw("/note", Shown(body, 200, {"content-type": MEDIA_TYPE}))

    with pytest.raises(Malformed):
        await way.peers.fetch(way.url("/note"))


async def test_a_document_beyond_the_limit_is_not_read(way):
    way.host.show("/note", NOTE | {"content": "x" * 2001})

    with pytest.raises(FetchFailed):
        await way.peers.fetch(way.url("/note"))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/note", "http://127.0.0.1:2/inbox"])
async def test_where_nobody_answers_a_later_try_may_succeed(way, address):
    with pytest.raises(FetchFailed) as caught:
        await way.peers.fetch(address)
    assert caught.value.status is None and caught.value.passing

    for sent in (
        await way.peers.post(address, b"{}", signer=SIGNER, form="cavage"),
        await way.peers.push(address, b"{}", {}),
    ):
        assert sent.status is None and sent.error and not sent.hopeless


@pytest.mark.parametrize("address", [f"{OURS}/users/alice", "ftp://127.0.0.1/x", "http://u:p@127.0.0.1/x", "/x", ""])
async def test_addresses_against_our_rules_are_not_gone_to(way, address):
    with pytest.raises(Refused):
        await way.peers.fetch(address)

    assert (await way.peers.post(address, b"{}", signer=SIGNER, form="cavage")).hopeless
    assert (await way.peers.push(address, b"{}", {})).hopeless


async def test_other_json_is_read_in_the_type_that_was_asked_for(way):
    way.host.person("bob")
    url = way.url(f"/.well-known/webfinger?resource=acct:bob@{way.host.domain}")

    found = await way.peers.fetch_json(url, "application/jrd+json, application/json")
    assert found.value["subject"] == f"acct:bob@{way.host.domain}"
    with pytest.raises(FetchFailed):
        await way.peers.fetch_json(url, "application/json")


async def test_a_file_comes_with_its_media_type_up_to_the_limit(way):
    way.host.show_raw("/a.jpg", Shown(b"\xff\xd8picture", 200, {"content-type": "image/jpeg; x=y"}))

    assert await way.peers.download(way.url("/a.jpg"), 9) == (b"\xff\xd8picture", "image/jpeg")
    with pytest.raises(FetchFailed):
        await way.peers.download(way.url("/a.jpg"), 8)


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_a_post_arrives_whole_and_signed_in_the_form_wanted(way, form):
    sent = await way.peers.post(way.url("/inbox?x=1"), b'{"id": "\xc3\xbc"}', signer=SIGNER, form=form)

    assert sent.status == 202
    (arrived,) = way.host.inbox
    assert arrived.document == {"id": "ü"}
    assert arrived.verified is not None and arrived.verified.form == form
    assert arrived.headers["content-type"] == LD_MEDIA_TYPE


async def test_the_answer_to_a_post_is_told_as_it_was(way):
    way.host.answers = [Shown(b"", 429, {"retry-after": "30"}), Shown(b"", 307, {"location": "/elsewhere"})]

    slow = await way.peers.post(way.url("/inbox"), b"{}", signer=SIGNER, form="cavage")
    moved = await way.peers.post(way.url("/inbox"), b"{}", signer=SIGNER, form="cavage")

    assert (slow.status, slow.headers["retry-after"]) == (429, "30")
    # Who moves an inbox says so in the actor.
    assert moved.status == 307
    assert [one.path for one in way.host.inbox] == ["/inbox", "/inbox"]


ASKS = {"accept-signature": 'sig1=("@method" "@target-uri");created'}


@pytest.mark.parametrize("takes", ["cavage", "rfc9421"])
async def test_s144_a_fetch_that_is_refused_is_signed_in_the_other_form(way, takes):
    choosy = way.host
    choosy.takes = takes
    choosy.show("/note", NOTE)
    other = "rfc9421" if takes == "cavage" else "cavage"

    assert (await way.peers.fetch(way.url("/note"), signer=SIGNER, form=takes)).form == takes
    assert (await way.peers.fetch(way.url("/note"), signer=SIGNER, form=other)).form == takes
    assert [await choosy.verify(one) is not None for one in choosy.gets] == [True, True, True]


@pytest.mark.parametrize(("status", "headers", "knocks"), [(401, {}, 2), (403, {}, 1), (403, ASKS, 2), (404, ASKS, 1)])
async def test_s144_a_fetch_is_tried_twice_only_where_the_signature_may_be_why(way, status, headers, knocks):
    choosy = way.host
    choosy.takes, choosy.refusal = "rfc9421", Shown(b"", status, headers)
    with pytest.raises(FetchFailed) as caught:
        await way.peers.fetch(way.url("/nothing"), signer=SIGNER)
    assert len(choosy.gets) == knocks
    assert caught.value.status == (status if knocks == 1 else 404)


async def test_a_fetch_that_is_not_signed_is_not_tried_twice(way):
    choosy = way.host
    choosy.takes = "rfc9421"
    with pytest.raises(FetchFailed):
        await way.peers.fetch(way.url("/note"))
    assert len(choosy.gets) == 1


ODD_PATHS = [
    "/@ngaio@takahe.example/inbox/",
    "/wp-json/activitypub/1.0/actors/1/inbox?rest_route=/x&y=%20z",
    "/%E2%9C%93/inbox",
    "/a;b=c/(d)/inbox!$&'*+,=:",
    "//inbox",
    "/a/%2F/inbox",
]


@pytest.mark.parametrize("path", ODD_PATHS)
async def test_takahe_and_others_have_odd_paths_and_what_is_signed_is_what_is_on_the_wire(way, path):
    for form in ("cavage", "rfc9421"):
        await way.peers.post(way.url(path), b"{}", signer=SIGNER, form=form)

    assert [one.verified is not None for one in way.host.inbox] == [True, True]


@pytest.mark.parametrize("path", ODD_PATHS)
async def test_takahe_and_others_have_odd_paths_and_are_read_under_a_signature_that_holds(way, path):
    way.host.show(path, NOTE)

    await way.peers.fetch(way.url(path), signer=SIGNER)

    assert await way.host.verify(way.host.gets[-1]) is not None

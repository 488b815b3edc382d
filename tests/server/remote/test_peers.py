"""The fetcher and the sender against a real server on loopback."""

import asyncio
import contextlib
import gzip
import ssl
from collections.abc import AsyncIterator

import pytest
import trustme
from aiohttp import web
from aiohttp.web_request import BaseRequest

from activitypub import signatures
from activitypub.errors import Malformed, TooLarge
from activitypub.keys import OwnedKey, Signer
from activitypub.vocabulary import ACCEPT, LD_MEDIA_TYPE
from server.config import FederationConfig
from server.remote.peers import HttpPeers
from server.remote.seam import FetchFailed, Refused
from tests.fakes import FakeClock, key_of
from tests.server.house import usual_trust
from tests.server.neighbour import Answer, Neighbour, open_neighbour

OURS = "https://ours.example"
SIGNER = Signer(f"{OURS}/actor#main-key", key_of("instance"))
OPEN = FederationConfig(allow_http=True, allow_private_addresses=True)
# Far more than any of these needs, and far less than a question that nothing ends.
PATIENCE_SECONDS = 10
AS2_TYPE = {"Content-Type": "application/activity+json"}


@contextlib.asynccontextmanager
async def peers_with(
    settings: FederationConfig = OPEN, *, own_origin: str = OURS, tls: ssl.SSLContext | None = None
) -> AsyncIterator[HttpPeers]:
    peers = HttpPeers(settings, own_origin, FakeClock(), tls=tls or usual_trust())
    try:
        yield peers
    finally:
        await peers.close()


def is_signed_for(neighbour: Neighbour, number: int) -> bool:
    request = neighbour.asked[number]
    signature = signatures.read(request)
    key = OwnedKey(SIGNER.key_id, f"{OURS}/actor", SIGNER.key.public_key())
    return signatures.verify(request, signature, key, now=FakeClock().now()).actor_uri == f"{OURS}/actor"


async def test_a_document_is_fetched_with_the_standard_accept_header_and_a_signature() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.serve("/users/bob?x=1", {"id": "x"})

        document = await peers.fetch(f"{neighbour.origin}/users/bob?x=1#main-key", signer=SIGNER)

        assert document.value == {"id": "x"}
        assert document.url == f"{neighbour.origin}/users/bob?x=1"
        assert neighbour.asked[0].headers["accept"] == ACCEPT
        assert neighbour.asked[0].headers["accept-encoding"] == "identity"
        assert "ours.example" in neighbour.asked[0].headers["user-agent"]
        assert is_signed_for(neighbour, 0)


@pytest.mark.parametrize("target", ["/a/%7Ebob?q=a%20b+c&d=%C3%A9", "/ünï?q=[1]", "/a%2Fb;c=d'e", "/"])
async def test_what_is_signed_is_what_stands_on_the_wire(target: str) -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        with pytest.raises(FetchFailed):
            await peers.fetch(neighbour.origin + target, signer=SIGNER)
        await peers.post(neighbour.origin + target, b"{}", signer=SIGNER, form="cavage")
        await peers.post(neighbour.origin + target, b"{}", signer=SIGNER, form="rfc9421")
        assert [is_signed_for(neighbour, number) for number in range(3)] == [True, True, True]


@pytest.mark.parametrize(
    "media_type",
    ["text/html", "application/json", "application/ld+json", "application/octet-stream", "", 'text/plain; profile="x"'],
)
async def test_t8_a_document_of_another_media_type_is_refused(media_type: str) -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/x", Answer(b"{}", 200, {"Content-Type": media_type}))
        with pytest.raises(FetchFailed, match="answered with") as caught:
            await peers.fetch(f"{neighbour.origin}/x")
        assert not caught.value.passing


@pytest.mark.parametrize(
    "media_type", ["application/activity+json; charset=utf-8", LD_MEDIA_TYPE, "APPLICATION/ACTIVITY+JSON"]
)
async def test_a_document_of_either_standard_media_type_is_read(media_type: str) -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/x", Answer(b'{"a":1}', 200, {"Content-Type": media_type}))
        assert (await peers.fetch(f"{neighbour.origin}/x")).value == {"a": 1}


async def test_webfinger_answers_are_json_or_nothing() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/json", Answer(b"{}", 200, {"Content-Type": "application/json; charset=utf-8"}))
        neighbour.answer("/html", Answer(b"{}", 200, {"Content-Type": "text/html"}))
        accept = "application/jrd+json, application/json"
        assert (await peers.fetch_json(f"{neighbour.origin}/json", accept)).value == {}
        assert "signature" not in neighbour.asked[0].headers
        with pytest.raises(FetchFailed):
            await peers.fetch_json(f"{neighbour.origin}/html", accept)


@pytest.mark.parametrize("body", [b"[1]", b"not json", b'{"a":1,"a":2}', b'{"a":NaN}', b""])
async def test_a_document_that_cannot_be_relied_on_is_malformed(body: bytes) -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/x", Answer(body, 200, AS2_TYPE))
        with pytest.raises(Malformed):
            await peers.fetch(f"{neighbour.origin}/x")


@pytest.mark.parametrize(("status", "gone", "passing"), [(404, False, False), (410, True, False), (503, False, True)])
async def test_a_refusal_says_whether_the_thing_is_gone_and_whether_to_ask_again(
    status: int, gone: bool, passing: bool
) -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/x", Answer(status=status))
        with pytest.raises(FetchFailed) as caught:
            await peers.fetch(f"{neighbour.origin}/x")
        assert (caught.value.status, caught.value.gone, caught.value.passing) == (status, gone, passing)


async def test_three_redirects_are_followed_each_signed_afresh() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        for number in range(3):
            neighbour.answer(f"/{number}", Answer(status=302, headers={"Location": f"/{number + 1}"}))
        neighbour.serve("/3", {"id": "end"})

        document = await peers.fetch(f"{neighbour.origin}/0", signer=SIGNER)

        assert document.url == f"{neighbour.origin}/3"
        assert [is_signed_for(neighbour, number) for number in range(4)] == [True] * 4


async def test_t50_a_redirect_loop_ends() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/x", Answer(status=307, headers={"Location": "/x"}))
        with pytest.raises(FetchFailed, match="more than 3 redirects"):
            await peers.fetch(f"{neighbour.origin}/x")
        assert len(neighbour.asked) == 4


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "data:application/activity+json,{}",
        "gopher://x.example/",
        f"{OURS}/users/a",
        "https://u:p@h/",
    ],
)
async def test_t5_a_redirect_to_where_we_do_not_go_is_refused(location: str) -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/x", Answer(status=301, headers={"Location": location}))
        with pytest.raises(Refused):
            await peers.fetch(f"{neighbour.origin}/x")


async def test_t5_a_redirect_from_https_to_http_is_refused() -> None:
    authority = trustme.CA()
    inside, outside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(inside)
    authority.configure_trust(outside)
    settings = FederationConfig(allow_private_addresses=True)
    async with (
        open_neighbour() as plain,
        open_neighbour(tls=inside) as secure,
        peers_with(settings, tls=outside) as peers,
    ):
        secure.serve("/good", {"id": "x"})
        secure.answer("/x", Answer(status=302, headers={"Location": f"{plain.origin}/y"}))
        assert (await peers.fetch(f"{secure.origin}/good")).value == {"id": "x"}
        with pytest.raises(Refused, match="only https"):
            await peers.fetch(f"{secure.origin}/x")
        assert plain.asked == []


async def test_a_certificate_that_nobody_we_trust_signed_is_refused() -> None:
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(inside)
    settings = FederationConfig(allow_private_addresses=True)
    async with open_neighbour(tls=inside) as neighbour, peers_with(settings) as peers:
        with pytest.raises(FetchFailed, match="ertificate"):
            await peers.fetch(f"{neighbour.origin}/x")
        sent = await peers.post(f"{neighbour.origin}/inbox", b"{}", signer=SIGNER, form="cavage")
        assert sent.status is None and not sent.hopeless


async def test_s237_a_body_over_the_limit_is_not_read_to_its_end() -> None:
    settings = FederationConfig(allow_http=True, allow_private_addresses=True, max_document_bytes=1000)
    async with open_neighbour() as neighbour, peers_with(settings) as peers:
        neighbour.answer("/x", Answer(b" " * 1001, 200, AS2_TYPE))
        with pytest.raises(FetchFailed, match="larger than 1000"):
            await peers.fetch(f"{neighbour.origin}/x")


async def test_s237_t45_an_endless_body_ends_at_the_limit() -> None:
    async def pour(request: BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers=AS2_TYPE)
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await response.write(b" " * 65536)
        return response

    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer_with("/x", pour)
        with pytest.raises(FetchFailed, match="larger than"):
            await peers.fetch(f"{neighbour.origin}/x")


async def test_t49_a_packed_body_is_refused_however_small() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        bomb = gzip.compress(b" " * 10_000_000)
        neighbour.answer("/x", Answer(bomb, 200, {**AS2_TYPE, "Content-Encoding": "gzip"}))
        with pytest.raises(FetchFailed, match="packed"):
            await peers.fetch(f"{neighbour.origin}/x")


async def test_s237_t48_a_byte_at_a_time_meets_the_deadline_of_the_whole() -> None:
    async def drip(request: BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers=AS2_TYPE)
        await response.prepare(request)
        while not request.transport or not request.transport.is_closing():
            await response.write(b" ")
            await asyncio.sleep(0.02)
        return response

    settings = FederationConfig(allow_http=True, allow_private_addresses=True, total_seconds=0.3)
    async with open_neighbour() as neighbour, peers_with(settings) as peers:
        neighbour.answer_with("/x", drip)
        with pytest.raises(FetchFailed, match="no whole answer"):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await peers.fetch(f"{neighbour.origin}/x")


async def test_cookies_are_neither_kept_nor_sent() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/x", Answer(b"{}", 200, {**AS2_TYPE, "Set-Cookie": "a=b; Path=/"}))
        await peers.fetch(f"{neighbour.origin}/x")
        await peers.fetch(f"{neighbour.origin}/x")
        await peers.post(f"{neighbour.origin}/inbox", b"{}", signer=SIGNER, form="cavage")
        assert not any("cookie" in request.headers for request in neighbour.asked)


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.serve("/x", {})
        assert (await peers.fetch(f"{neighbour.origin}/x")).value == {}
        sent = await peers.post(f"{neighbour.origin}/inbox", b"{}", signer=SIGNER, form="cavage")
        assert sent.status == 202


async def test_s129_a_delivery_is_posted_with_the_profiled_media_type_and_signed_over_its_body() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        sent = await peers.post(f"{neighbour.origin}/inbox", b'{"a":1}', signer=SIGNER, form="cavage")
        assert (sent.status, sent.error) == (202, None)
        assert neighbour.asked[0].headers["content-type"] == LD_MEDIA_TYPE
        assert neighbour.asked[0].body == b'{"a":1}'
        assert is_signed_for(neighbour, 0)


async def test_what_a_refused_delivery_has_to_say_is_kept() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/inbox", Answer(b"slow down", 429, {"Retry-After": "30"}))
        sent = await peers.post(f"{neighbour.origin}/inbox", b"{}", signer=SIGNER, form="cavage")
        assert sent.status == 429 and sent.headers["retry-after"] == "30"


async def test_a_redirected_delivery_is_not_sent_on() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/inbox", Answer(status=307, headers={"Location": "/other"}))
        sent = await peers.post(f"{neighbour.origin}/inbox", b"{}", signer=SIGNER, form="cavage")
        assert sent.status == 307
        assert neighbour.targets("POST") == ["/inbox"]


async def test_a_host_that_is_not_there_is_an_outcome_and_no_error() -> None:
    async with open_neighbour() as neighbour:
        origin = neighbour.origin
    async with peers_with() as peers:
        sent = await peers.post(f"{origin}/inbox", b"{}", signer=SIGNER, form="cavage")
        assert sent.status is None and sent.error and not sent.hopeless
        with pytest.raises(FetchFailed) as caught:
            await peers.fetch(f"{origin}/x")
        assert caught.value.passing


async def test_s136_an_inbox_at_our_own_address_is_hopeless() -> None:
    async with open_neighbour() as neighbour, peers_with(own_origin=neighbour.origin) as peers:
        sent = await peers.post(f"{neighbour.origin}/inbox", b"{}", signer=SIGNER, form="cavage")
        assert sent.hopeless and neighbour.asked == []


async def test_a_file_comes_with_its_media_type_and_within_its_size() -> None:
    async with open_neighbour() as neighbour, peers_with() as peers:
        neighbour.answer("/p.jpg", Answer(b"picture", 200, {"Content-Type": "Image/JPEG; x=y"}))
        assert await peers.download(f"{neighbour.origin}/p.jpg", 7) == (b"picture", "image/jpeg")
        with pytest.raises(FetchFailed):
            await peers.download(f"{neighbour.origin}/p.jpg", 6)


async def test_a_document_over_the_readers_own_limit_is_too_large() -> None:
    settings = FederationConfig(allow_http=True, allow_private_addresses=True, max_document_bytes=3_000_000)
    async with open_neighbour() as neighbour, peers_with(settings) as peers:
        neighbour.answer("/x", Answer(b'{"a":"' + b"a" * (1 << 20) + b'"}', 200, AS2_TYPE))
        with pytest.raises(TooLarge):
            await peers.fetch(f"{neighbour.origin}/x")

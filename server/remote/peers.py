"""Speaks HTTP with other servers: fetches through httpx, deliveries through aiohttp, both on one guarded connector.

It must not know what a document means, nor keep anything between two requests but open connections.
httpx's own pool re-scans itself for every request (64 deliveries a second at 200 hosts), so aiohttp's lies beneath it.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport
from yarl import URL

from activitypub.keys import Signer
from activitypub.reading import read_json
from activitypub.requests import SignedRequest
from activitypub.signatures import asks_for_messages, other_form
from activitypub.verified import Form
from activitypub.vocabulary import ACCEPT, LD_MEDIA_TYPE, is_as2_media_type
from server.config import FederationConfig
from server.ids import Clock
from server.remote.guard import Guard, GuardedResolver
from server.remote.seam import NOTHING, Document, FetchFailed, Onward, Refused, Sent
from server.remote.signing import SigningDesk
from server.remote.turns import Turns

VERSION = "0.1.0"
# Sockets in use at once; well under the 1024 files that a process may open by default.
CONNECTIONS_AT_MOST = 400
# Idle ones are kept beside those. 25 deliveries under way finish some 100 a second, so these stay about 500.
IDLE_SECONDS = 5
# Mastodon's number: a moved server needs one or two, more is a loop (T50).
REDIRECTS_AT_MOST = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What a peer says to a delivery is read so far, to use the connection again; nobody reads the words.
ANSWER_BYTES = 8192


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for: the Accept header, whether an answer's media type will do, and the size it may have."""

    accept: str
    is_wanted: Callable[[str], bool]
    max_bytes: int
    signer: Signer | None = None
    form: Form = "cavage"
    onward: Onward | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    media_type: str
    body: bytes
    form: Form | None


class _Unheard(FetchFailed):
    """The peer refused the request, and might take it under the other form of signature."""


class HttpPeers:
    """Other servers, over HTTP. Made inside a running loop, closed by `close`."""

    def __init__(
        self,
        settings: FederationConfig,
        own_origin: str,
        clock: Clock,
        *,
        tls: ssl.SSLContext | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._guard = Guard(own_origin, settings.allow_http, settings.allow_private_addresses)
        self._user_agent = f"Pinxit/{VERSION} (+{own_origin}/)"
        self._desk = SigningDesk()
        self._turns = Turns(clock)
        context = tls or ssl.create_default_context()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS_AT_MOST,
                keepalive_timeout=IDLE_SECONDS,
                ssl=context,
                resolver=GuardedResolver(resolver or aiohttp.ThreadedResolver(), self._guard),
                socket_factory=self._guard.open_socket,
            ),
            timeout=aiohttp.ClientTimeout(total=settings.total_seconds, sock_connect=settings.connect_seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            # A proxy out of the environment would make the connection, and no guard would see where to.
            trust_env=False,
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
        )
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=self._session, verify=context, trust_env=False),
            timeout=httpx.Timeout(settings.total_seconds, connect=settings.connect_seconds),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,
            follow_redirects=False,
        )

    async def fetch(
        self, url: str, *, signer: Signer | None = None, form: Form = "cavage", onward: Onward | None = None
    ) -> Document:
        """Get an ActivityStreams document, signed where `signer` is given, in the other form when this is refused.

        Raises:
            FetchFailed: the peer did not give one.
            Malformed: it gave something that cannot be relied on.
        """
        wish = _Wish(ACCEPT, is_as2_media_type, self._settings.max_document_bytes, signer, form, onward)
        answer = await self._get(url, wish)
        return Document(answer.url, read_json(answer.body), answer.form)

    async def fetch_json(self, url: str, accept: str, *, onward: Onward | None = None) -> Document:
        """Get a JSON document of one of the media types in `accept`, unsigned; raises like `fetch`."""
        names = {name.partition(";")[0].strip() for name in accept.split(",")}
        wish = _Wish(accept, lambda kind: _name_of(kind) in names, self._settings.max_document_bytes, onward=onward)
        answer = await self._get(url, wish)
        return Document(answer.url, read_json(answer.body))

    async def download(self, url: str, max_bytes: int, *, onward: Onward | None = None) -> tuple[bytes, str]:
        """Get a file and its media type as the peer names it; raises FetchFailed."""
        answer = await self._get(url, _Wish("*/*", lambda _: True, max_bytes, onward=onward))
        return answer.body, _name_of(answer.media_type)

    async def post(
        self, inbox: str, body: bytes, *, signer: Signer, form: Form, beside: Mapping[str, str] = NOTHING
    ) -> Sent:
        """Sign and send an activity once. A redirect is not followed: who moves an inbox says so in the actor."""
        try:
            origin = self._guard.check_url(inbox)
        except Refused as refusal:
            return Sent(None, error=refusal.reason, hopeless=True)
        url = URL(inbox)
        headers = {"content-type": LD_MEDIA_TYPE, "user-agent": self._user_agent, **beside}
        request = SignedRequest("POST", origin, url.raw_path_qs, headers, body)
        headers |= await self._desk.sign(request, signer, form, now=self._clock.now())
        return await self._send(url, body, headers)

    async def push(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Hand a sealed message to a push service once. A redirect is not followed: the client named the address."""
        try:
            self._guard.check_url(endpoint)
        except Refused as refusal:
            return Sent(None, error=refusal.reason, hopeless=True)
        return await self._send(URL(endpoint), body, {**headers, "user-agent": self._user_agent})

    async def _send(self, url: URL, body: bytes, headers: Mapping[str, str]) -> Sent:
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                await response.content.read(ANSWER_BYTES)
                return Sent(response.status, _useful_headers(response))
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return Sent(None, error=_describe(error))

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
        await self._session.close()
        self._desk.close()

    async def _get(self, url: str, wish: _Wish) -> _Answer:
        """One deadline spans all redirects and the whole body: a byte a second ends there as well (T48)."""
        deadline = asyncio.get_running_loop().time() + self._settings.total_seconds
        try:
            return await self._follow(url, wish, deadline)
        except TimeoutError as error:
            raise FetchFailed(f"no whole answer within {self._settings.total_seconds:g} s") from error
        except httpx.InvalidURL as error:
            raise Refused(_describe(error)) from error
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchFailed(_describe(error)) from error

    async def _follow(self, url: str, wish: _Wish, deadline: float) -> _Answer:
        for hop in range(REDIRECTS_AT_MOST + 1):
            url = url.partition("#")[0]
            origin = self._guard.check_url(url)
            if hop and wish.onward is not None:
                await wish.onward(url)
            # Whoever sends us on at the last moment must not have another blamed for being slow.
            async with self._turns.take(url, blame=not hop), asyncio.timeout_at(deadline):
                found = await self._ask_twice(url, origin, wish)
            if isinstance(found, _Answer):
                return found
            url = found
        raise FetchFailed(f"more than {REDIRECTS_AT_MOST} redirects", 302)

    async def _ask_twice(self, url: str, origin: str, wish: _Wish) -> "_Answer | str":
        try:
            return await self._ask(url, origin, wish)
        except _Unheard:
            return await self._ask(url, origin, replace(wish, form=other_form(wish.form)))

    async def _ask(self, url: str, origin: str, wish: _Wish) -> "_Answer | str":
        """Ask once; return the answer, or the address that it sends us to. Each hop is checked and signed afresh."""
        address = httpx.URL(url)
        headers = {"accept": wish.accept, "accept-encoding": "identity", "user-agent": self._user_agent}
        if wish.signer is not None:
            # The target as it will be on the wire, where aiohttp writes it.
            target = URL(str(address)).raw_path_qs
            request = SignedRequest("GET", origin, target, headers, b"")
            headers |= await self._desk.sign(request, wish.signer, wish.form, now=self._clock.now())
        async with self._client.stream("GET", address, headers=headers) as response:
            if response.status_code in REDIRECTS and "location" in response.headers:
                return str(address.join(response.headers["location"]))
            if wish.signer is not None and _may_hear_other_form(response):
                raise _Unheard(f"the peer answered {response.status_code}", response.status_code)
            if response.status_code != 200:
                raise FetchFailed(f"the peer answered {response.status_code}", response.status_code)
            media_type = response.headers.get("content-type", "")
            if not wish.is_wanted(media_type):
                raise FetchFailed(f"the peer answered with {media_type[:100] or 'no media type'}", 200)
            form = wish.form if wish.signer is not None else None
            return _Answer(url, media_type, await _read(response, wish.max_bytes), form)


def _may_hear_other_form(response: httpx.Response) -> bool:
    """Whether it is refused for its signature: with 401, or with another word that asks for RFC 9421."""
    status = response.status_code
    return status == 401 or (status in (400, 403) and asks_for_messages(response.headers))


async def _read(response: httpx.Response, max_bytes: int) -> bytes:
    """Read the body as it comes. A packed one was not asked for, and could unfold to anything (T49)."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise FetchFailed("the peer packed its answer although we did not ask for it", 200)
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > max_bytes:
            raise FetchFailed(f"the answer is larger than {max_bytes} bytes", 200)
        parts.append(part)
    return b"".join(parts)


def _useful_headers(response: aiohttp.ClientResponse) -> Mapping[str, str]:
    """What an answer that is no success may have to say; a success may ask for another signature the next time."""
    if response.status < 300:
        asked = response.headers.get("accept-signature")
        return {} if asked is None else {"accept-signature": asked}
    return {name.lower(): value for name, value in response.headers.items()}


def _name_of(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _describe(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
        # A refusal comes under either name.
        return f"no connection: {error}"[:300]
    return f"{type(error).__name__}: {error}"[:300]

"""A small ASGI callable in front of the web framework that takes the POSTs to inboxes.

A durable accept costs a third here of what it costs in a route. It must not interpret what it takes in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import structlog
from hypercorn.typing import ASGIFramework, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from activitypub.errors import ProtocolError, Unauthorised
from activitypub.requests import SignedRequest, from_asgi
from server.callers import client_address
from server.federation.answers import ACCEPTED, PREFLIGHT, Answer, give, refusal
from server.federation.deadline import Deadline
from server.federation.gate import Gate, NoRoom, seconds_to_wait
from server.federation.reception import Reception
from server.problems import TooMany
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.people import actors

# For the whole body, however slowly it drips (T48); Mastodon's senders give up after ten seconds of writing.
BODY_SECONDS = 20.0
# Of all bodies from their first byte to their answer, so that a thousand which drip, or wait for a slow disk, do not
# fill the memory. Honest ones have 3 KB and are here at once.
ARRIVING_BYTES_AT_MOST = 64 * 1024 * 1024
# What a signed body may call itself. The signature vouches for it, so plain JSON does no harm here.
MEDIA_TYPES = frozenset({"application/activity+json", "application/ld+json", "application/json"})

_PEOPLE = "/users/"
_INBOX = "/inbox"

log = structlog.get_logger()


class _Unread(Exception):
    """The body was not taken; `status` says why, None when the sender left."""

    def __init__(self, status: int | None, reason: str = "") -> None:
        super().__init__(reason)
        self.status = status


@dataclass(slots=True)
class _Load:
    """The bytes of one body that are here."""

    size: int = 0


class FastInbox:
    """Answers everything that goes to an inbox and hands on all else."""

    def __init__(
        self,
        app: ASGIFramework,
        services: Services,
        *,
        body_seconds: float = BODY_SECONDS,
        arriving_bytes: int = ARRIVING_BYTES_AT_MOST,
    ) -> None:
        self._app = app
        self._services = services
        self._gate = Gate(services)
        self._reception = Reception(services, self._gate)
        self._deadline = Deadline(body_seconds)
        self._room = arriving_bytes
        self._max_bytes = services.site.config.federation.max_inbox_bytes

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Take one request."""
        if scope["type"] != "http" or not scope["path"].endswith(_INBOX) or not _is_inbox(scope["path"]):
            await self._app(scope, receive, send)
            return
        if scope["method"] in ("GET", "HEAD") and scope["path"].startswith(_PEOPLE):
            # Its owner reads it with a token.
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
        except Exception as error:
            log.exception("inbox failed", path=scope["path"], error=type(error).__name__)
            answer = refusal(500, "something is broken here; please try again later")
        if answer is not None:
            await give(send, answer)

    async def _answer(self, scope: HTTPScope, receive: ASGIReceiveCallable) -> Answer | None:
        if scope["method"] != "POST":
            return _answer_others(scope["method"])
        address, load = _address(scope), _Load()
        try:
            await self._gate.check(address)
            await self._check_name(scope["path"])
            await self._reception.take_in(await self._read(scope, receive, load))
        except _Unread as unread:
            return None if unread.status is None else self._refuse(scope, unread.status, str(unread))
        except (TooMany, NoRoom) as problem:
            return refusal(problem.status, str(problem), after_seconds=seconds_to_wait(problem))
        except ProtocolError as error:
            self._gate.note_refusal(address)
            return self._refuse(scope, error.status, str(error))
        except FetchFailed as failure:
            self._gate.note_refusal(address)
            return self._refuse(scope, 503 if failure.passing else 401, f"the key cannot be had: {failure.reason}")
        finally:
            self._room += load.size
        return ACCEPTED

    def _refuse(self, scope: HTTPScope, status: int, reason: str) -> Answer:
        log.info("inbox refused", status=status, path=scope["path"], reason=reason)
        return refusal(status, reason)

    async def _check_name(self, path: str) -> None:
        """An inbox of somebody who is not here is not there either."""
        if not path.startswith(_PEOPLE):
            return
        name = path.removeprefix(_PEOPLE).removesuffix(_INBOX)
        async with self._services.database.read() as reader:
            actor = await actors.find_by_uri(reader, self._services.site.actor_uri(name.lower()))
        if actor is None or not actor.local:
            raise _Unread(404, "nobody here has this name")
        if actor.gone_at is not None:
            raise _Unread(410, "this account is gone")
        if actor.suspended_at is not None:
            # Not 410: servers forget an inbox that says so, and a suspension may end.
            raise _Unread(403, "this account is suspended")

    async def _read(self, scope: HTTPScope, receive: ASGIReceiveCallable, load: _Load) -> SignedRequest:
        """Read the request to its end; raises _Unread, or Malformed for headers that two readers see differently."""
        raw_headers = list(scope["headers"])
        _check_length(raw_headers, self._max_bytes)
        try:
            body = await self._deadline.wait(self._read_body(receive, load))
        except TimeoutError:
            raise _Unread(408, "the body did not arrive in time") from None
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        request = from_asgi("POST", self._services.site.origin, target.decode("latin-1"), raw_headers, body)
        _check_headers(request.headers)
        return request

    async def _read_body(self, receive: ASGIReceiveCallable, load: _Load) -> bytes:
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise _Unread(None)
            part = message.get("body", b"")
            load.size += len(part)
            self._room -= len(part)
            if load.size > self._max_bytes:
                raise _Unread(413, f"the body is larger than {self._max_bytes} bytes")
            if self._room < 0:
                raise _Unread(503, "too much is arriving at once")
            parts.append(part)
            if not message.get("more_body", False):
                return parts[0] if len(parts) == 1 else b"".join(parts)


def _address(scope: HTTPScope) -> str:
    forwarded = next((value for name, value in scope["headers"] if name == b"x-forwarded-for"), b"")
    client = scope.get("client")
    return client_address(client[0] if client else None, forwarded.decode("latin-1"))


def _is_inbox(path: str) -> bool:
    if path in ("/inbox", "/actor/inbox"):
        return True
    return path.startswith(_PEOPLE) and path.count("/") == 3 and len(path) > len(_PEOPLE) + len(_INBOX)


def _answer_others(method: str) -> Answer:
    if method == "OPTIONS":
        return PREFLIGHT
    return refusal(405, "an inbox takes POST only")


def _check_length(raw_headers: Iterable[tuple[bytes, bytes]], max_bytes: int) -> None:
    for name, value in raw_headers:
        if name == b"content-length" and value.isdigit() and int(value[:20]) > max_bytes:
            raise _Unread(413, f"the body is larger than {max_bytes} bytes")


def _check_headers(headers: Mapping[str, str]) -> None:
    if "signature" not in headers:
        raise Unauthorised("the request is not signed")
    if not _is_wanted(headers.get("content-type", "")):
        raise _Unread(415, "expected application/activity+json")
    # What is packed could unfold to anything (T49), and no peer packs what it sends.
    if headers.get("content-encoding", "identity") != "identity":
        raise _Unread(415, "expected a body that is not packed")


@lru_cache(maxsize=64)
def _is_wanted(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() in MEDIA_TYPES

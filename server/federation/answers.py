"""The answers of the fast inbox: ready-made headers and JSON bodies. It must not decide which one is given."""

from dataclasses import dataclass

import msgspec
from hypercorn.typing import ASGISendCallable

Header = tuple[bytes, bytes]

# No credentials are ever read from a browser here, so every origin may look.
_CORS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Location, WWW-Authenticate, Link, Retry-After"),
)
_PREFLIGHT: tuple[Header, ...] = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Accept, Idempotency-Key, Last-Event-ID"),
    (b"access-control-max-age", b"86400"),
)
# Says what a signature has to cover, in both forms: RFC 9421 §5.1, and the challenge of draft-cavage §3.1.1.
_CHALLENGE: tuple[Header, ...] = (
    (b"accept-signature", b'sig1=("@method" "@target-uri" "@authority" "content-digest");created;keyid'),
    (b"www-authenticate", b'Signature realm="inbox",headers="(request-target) host date digest"'),
)
_ALLOW: tuple[Header, ...] = ((b"allow", b"POST, OPTIONS"),)
# A body that was not read to its end leaves the connection in the middle of it.
_CLOSE: tuple[Header, ...] = ((b"connection", b"close"),)
# Long enough for a host that restarts; Mastodon keeps its own hands off for five minutes.
RETRY_SECONDS = 60

_BESIDE: dict[int, tuple[Header, ...]] = {
    401: _CHALLENGE,
    405: _ALLOW,
    408: _CLOSE,
    413: _CLOSE,
}
_COME_AGAIN = (429, 503)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, as ASGI wants it."""

    status: int
    headers: tuple[Header, ...]
    body: bytes = b""


ACCEPTED = Answer(202, ((b"content-length", b"0"),))
PREFLIGHT = Answer(204, (*_CORS, *_PREFLIGHT, *_ALLOW))


def refusal(status: int, reason: str, *, after_seconds: int = RETRY_SECONDS) -> Answer:
    """Return an answer that says in JSON what was wrong, and with 429 and 503 when to come again."""
    body = msgspec.json.encode({"error": reason})
    headers = (
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *_CORS,
        *_BESIDE.get(status, ()),
        *(((b"retry-after", str(after_seconds).encode()),) if status in _COME_AGAIN else ()),
    )
    return Answer(status, headers, body)


async def give(send: ASGISendCallable, answer: Answer) -> None:
    """Send the answer."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers, "trailers": False})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})

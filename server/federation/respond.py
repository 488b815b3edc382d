"""The shapes in which the door answers: documents, redirects to pages, problems. It must not look anything up."""

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec
from quart import Response, request

from activitypub.activities import Document

# Pixelfed compares this letter by letter (peers.md 2.12).
DOCUMENT_TYPE: Final = "application/activity+json; charset=utf-8"
PROBLEM_TYPE: Final = "application/problem+json"
# A minute takes the load of a crowd that hears of a post at once, and an edit is still seen soon.
OPEN_CACHE = "public, max-age=60"
CLOSED_CACHE = "private, no-store"

# No credentials are ever read from a browser here, so every origin may look.
CORS: Mapping[str, str] = {
    # What others wrote is in these documents, and a browser shall not take it for a page.
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, WWW-Authenticate, Link, Retry-After",
}
# What a signature of a GET has to cover, in both forms: RFC 9421 §5.1, and the challenge of draft-cavage §3.1.1.
CHALLENGE: Mapping[str, str] = {
    "Accept-Signature": 'sig1=("@method" "@target-uri" "@authority");created;keyid',
    "WWW-Authenticate": 'Signature realm="documents",headers="(request-target) host date"',
}
PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept, Idempotency-Key, Last-Event-ID",
    "Access-Control-Max-Age": "86400",
}


def document(value: Document, *, open: bool = True, status: int = 200, vary: str = "Accept") -> Response:
    """Answer with an ActivityStreams document; `open` says that everybody who names no other `vary` gets the same."""
    return data(msgspec.json.encode(value), DOCUMENT_TYPE, open=open, status=status, vary=vary)


def close(response: Response) -> Response:
    """Have nobody on the way keep an answer that was given to one who asked under their name."""
    response.headers["Cache-Control"] = CLOSED_CACHE
    response.vary.update(("Signature", "Authorization"))
    return response


def created(value: Document, location: str) -> Response:
    """Answer that something was made, with what it is and where it lies."""
    response = document(value, open=False, status=201)
    response.headers["Location"] = location
    return response


def data(body: bytes, content_type: str, *, open: bool = True, status: int = 200, vary: str | None = None) -> Response:
    """Answer with bytes under their ETag, or with 304 to one who has them."""
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    known = status == 200 and request.if_none_match.contains_weak(etag)
    response = Response(b"" if known else body, status=304 if known else status, content_type=content_type)
    response.set_etag(etag)
    response.headers["Cache-Control"] = OPEN_CACHE if open and status == 200 else CLOSED_CACHE
    if vary is not None:
        response.headers["Vary"] = vary if open else f"{vary}, Signature, Authorization"
    return response


def page(url: str) -> Response:
    """Send a browser to the page."""
    response = Response(b"", status=302, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = url
    response.headers["Vary"] = "Accept"
    return response


def preflight(allow: str) -> Response:
    """Answer an OPTIONS request."""
    response = Response(b"", status=204)
    response.headers["Allow"] = allow
    response.headers.update(PREFLIGHT)
    return response


def problem(status: int, detail: str) -> Response:
    """Say what is wrong, as RFC 9457 has it. Nobody keeps it: it may depend on who asks."""
    body = msgspec.json.encode({"type": "about:blank", "status": status, "title": detail, "error": detail})
    response = Response(body, status=status, content_type=PROBLEM_TYPE)
    response.headers["Cache-Control"] = CLOSED_CACHE
    response.headers["Vary"] = "Accept, Signature, Authorization"
    return response

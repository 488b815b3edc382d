"""What a handler may answer beside a plain entity: a page of a list, or a value with a status of its own.

It must not decide what stands on a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import msgspec
from quart import Response

from server.problems import Problem, TooMany

JSON_TYPE = "application/json; charset=utf-8"
CURSORS = ("max_id", "since_id", "min_id")
WRONG_SCOPE = "This action is outside the authorized scopes"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list, or what holds it. `next` and `prev` are the parameters that lead on, as `{"max_id": "5"}`."""

    items: Sequence[object] | msgspec.Struct
    next: Mapping[str, str] | None = None
    prev: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A value with a status and headers of its own."""

    value: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def page_of(items: Sequence[object] | msgspec.Struct, cursors: Sequence[int], *, full: bool = True) -> Page:
    """Return a page, newest first, whose rows had these cursors; `full` says that there may be more.

    The cursors are of all rows that were read: those of which nothing is shown still lead on.
    """
    if not cursors:
        return Page(items)
    return Page(items, {"max_id": str(min(cursors))} if full else None, {"min_id": str(max(cursors))})


def write(value: object, *, here: str, query: str) -> Response:
    """Return the response for what a handler answered; `here` is the address without its query."""
    if isinstance(value, Response):
        return value
    reply = value if isinstance(value, Reply) else Reply(value)
    content = reply.value
    headers = dict(reply.headers)
    if isinstance(content, Page):
        if links := link_header(content, here, query):
            headers["Link"] = links
        content = content.items
    body = msgspec.json.encode({} if content is None else content)
    response = Response(body, status=reply.status, content_type=JSON_TYPE)
    response.headers.update(headers)
    return response


def link_header(page: Page, here: str, query: str) -> str:
    """Write the `Link` of a page: absolute addresses that keep the other parameters (RFC 8288)."""
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in CURSORS]
    links = []
    for relation, cursor in (("next", page.next), ("prev", page.prev)):
        if cursor is not None:
            own = [(name, value) for name, value in kept if name not in cursor]
            links.append(f'<{here}?{urlencode([*own, *cursor.items()])}>; rel="{relation}"')
    return ", ".join(links)


def refuse(problem: Problem) -> Response:
    """Say what is wrong, as clients of this API read it."""
    response = error(problem.status, str(problem))
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(problem.after_seconds)
    return response


def error(status: int, message: str, description: str | None = None) -> Response:
    """Return `{"error": …}`."""
    content = {"error": message} | ({"error_description": description} if description else {})
    return Response(msgspec.json.encode(content), status=status, content_type=JSON_TYPE)

"""Mounts the client API: the table of its addresses, and what holds for all of them. It answers none itself."""

from collections.abc import Mapping
from functools import partial

import structlog
from quart import Quart, Response, request
from quart.datastructures import FileStorage
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from server.callers import client_address
from server.mastodon import answers, openapi, params
from server.mastodon.call import Call
from server.mastodon.ids import NOT_FOUND, IdConverter, RestConverter
from server.mastodon.limits import LimitName, Limits
from server.mastodon.route import Route
from server.mastodon.routes import ROUTES
from server.mastodon.streaming import door as streaming
from server.oauth.bearer import BadToken, Bearer, challenge, read_bearer
from server.problems import Forbidden, Invalid, Problem
from server.services import Services

# Any method that a client may try, so that a refusal is ours and has its shape.
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
INVALID = "The access token is invalid"
NO_PERSON = "This method requires an authenticated user"
# No credentials are read from a browser by itself here, so every origin may ask (Mastodon's issue 10400).
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, Retry-After",
    "Cache-Control": "private, no-store",
    "Vary": "Authorization, Origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Accept, Accept-Language",
    "Access-Control-Max-Age": "86400",
}
# An upload of forty megabytes over a slow line takes its minutes.
UPLOAD_SECONDS = 600

log = structlog.get_logger()


class Door:
    """What the door is built with once."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.limits = Limits(services.site.clock)


def register(app: Quart, services: Services) -> None:
    """Mount every address on `app`, and an answer for those below /api that are none."""
    door = Door(services)
    app.url_map.converters["id"] = IdConverter
    for path, methods in by_path((*ROUTES, openapi.route(ROUTES))).items():
        _mount(app, path, partial(_answer, door, methods))
    streaming.register(app, services)
    app.url_map.converters["rest"] = RestConverter
    for path in ("/api/", "/api/<rest:path>"):
        _mount(app, path, partial(_answer, door, {}))


def by_path(routes: tuple[Route, ...]) -> dict[str, dict[str, Route]]:
    """Return the routes by path and method."""
    found: dict[str, dict[str, Route]] = {}
    for route in routes:
        found.setdefault(route.path, {})[route.method] = route
    return found


def body_bytes_at_most(path: str) -> int | None:
    """Return how much may be sent to one of our addresses without variable parts; None for all others."""
    return max((route.body_bytes for route in ROUTES if route.path == path), default=None)


def _mount(app: Quart, path: str, view: object) -> None:
    app.add_url_rule(
        path,
        endpoint=f"mastodon:{path}",
        view_func=view,  # type: ignore[arg-type]
        methods=METHODS,
        # Mastodon.py asks for /api/v1/instance/ and others with a slash at the end.
        strict_slashes=False,
        provide_automatic_options=False,
    )


async def _answer(door: Door, methods: Mapping[str, Route], **values: object) -> Response:
    """Answer one request and give every failure its shape."""
    if request.method == "OPTIONS":
        return _open(_preflight(methods))
    keys: list[tuple[LimitName, str]] = []
    try:
        response = await _run(door, methods, keys, values)
    except BadToken as problem:
        response = _unauthorised(door, str(problem))
    except Problem as problem:
        response = answers.refuse(problem)
    except HTTPException as refusal:
        response = answers.error(refusal.code or 500, refusal.name)
    except Exception as error:
        log.exception("client call failed", path=request.path, error=type(error).__name__)
        response = answers.error(500, "Something is broken here.")
    if keys:
        response.headers.update(door.limits.standing(keys).headers())
    return _open(response)


async def _run(
    door: Door, methods: Mapping[str, Route], keys: list[tuple[LimitName, str]], values: Mapping[str, object]
) -> Response:
    address = client_address(request.remote_addr, ",".join(request.headers.getlist("X-Forwarded-For")))
    route = methods.get("GET" if request.method == "HEAD" else request.method)
    if route is None:
        return _absent(methods)
    try:
        bearer = await _recognise(door)
    except BadToken:
        # Nobody may try tokens faster than anything else.
        keys.append(("address", address))
        door.limits.spend(keys)
        raise
    keys.extend(_limit_keys(route, bearer, address))
    door.limits.spend(keys)
    refused = _refuse_entry(door, route, bearer)
    if refused is not None:
        return refused
    tree, files = await _read_parameters(route)
    person = bearer.actor if bearer is not None else None
    knock = partial(door.limits.spend, [("lookup", str(person.id) if person else address)])
    call = Call(door.services, bearer, request._get_current_object(), address, knock, files)  # type: ignore[attr-defined]
    given = (params.convert(tree, route.takes),) if route.takes is not None else ()
    value = await route.handler(call, *given, **values)
    here = f"{door.services.site.origin}{request.path}"
    return answers.write(value, here=here, query=request.query_string.decode("ascii", "replace"))


async def _recognise(door: Door) -> Bearer | None:
    # A browser's EventSource cannot send a header.
    query_token = request.args.get("access_token") if request.path.startswith(streaming.PATH) else None
    async with door.services.database.read() as reader:
        return await read_bearer(
            reader, door.services.site, request.headers.get("Authorization"), query_token=query_token
        )


def _limit_keys(route: Route, bearer: Bearer | None, address: str) -> list[tuple[LimitName, str]]:
    """Return what this request counts against. An app that speaks for nobody counts by its address too."""
    keys: list[tuple[LimitName, str]] = []
    person = str(bearer.actor.id) if bearer is not None and bearer.actor is not None else None
    if bearer is not None:
        keys.append(("token", bearer.token_hash))
    if person is None:
        keys.append(("address", address))
    else:
        keys.append(("person", person))
    holder = person or address
    if any(name in request.args for name in answers.CURSORS):
        keys.append(("paging", holder))
    if route.brake is not None:
        keys.append((route.brake, holder))
    return keys


def _refuse_entry(door: Door, route: Route, bearer: Bearer | None) -> Response | None:
    """Return the refusal for who may not come in here."""
    if bearer is None:
        return None if route.who == "anyone" else _unauthorised(door, INVALID)
    if route.scope is not None and not bearer.allows(route.scope):
        raise Forbidden(answers.WRONG_SCOPE)
    if route.who == "person" and bearer.actor is None:
        raise Invalid(NO_PERSON)
    return None


async def _read_parameters(route: Route) -> tuple[dict[str, object], dict[str, FileStorage]]:
    """Return what was sent, nested, and the file parts. The body goes before the query."""
    tree: dict[str, object] = {}
    files: MultiDict[str, FileStorage] = MultiDict()
    kind = request.mimetype
    if route.takes is not None or route.files:
        if route.files:
            request.body_timeout = UPLOAD_SECONDS
        if kind == "application/json" or kind.endswith("+json"):
            tree = params.read_json(await request.get_data(True, False, False))
        elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            tree = params.nest((await request.form).items(multi=True))
            files = await request.files
    query = params.nest(request.args.items(multi=True))
    return {**query, **tree}, {name: files[name] for name in files}


def _preflight(methods: Mapping[str, Route]) -> Response:
    response = Response(b"", status=204)
    response.headers["Allow"] = _allow(methods)
    response.headers.update(PREFLIGHT)
    return response


def _absent(methods: Mapping[str, Route]) -> Response:
    if not methods:
        return answers.error(404, NOT_FOUND)
    response = answers.error(405, "This cannot be done here.")
    response.headers["Allow"] = _allow(methods)
    return response


def _allow(methods: Mapping[str, Route]) -> str:
    return ", ".join([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"])


def _unauthorised(door: Door, message: str) -> Response:
    response = answers.error(401, message)
    response.headers["WWW-Authenticate"] = challenge(door.services.site, "invalid_token", None)
    return response


def _open(response: Response) -> Response:
    for name, value in CORS.items():
        response.headers.setdefault(name, value)
    return response

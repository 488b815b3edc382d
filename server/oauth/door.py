"""Mounts the OAuth door: the table of its addresses, and what holds for all of them. It answers none itself.

Where a person says yes or no is a page (`server.web.account.authorize`); here only programs come in.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import msgspec
import structlog
from quart import Blueprint, Quart, Response, request
from werkzeug.exceptions import HTTPException

from server.brake import Brake
from server.oauth import introspection, metadata, registration, revocation, token
from server.oauth.ask import Ask, Brakes, read_ask
from server.oauth.bearer import RESOURCE_METADATA, BadToken, challenge
from server.oauth.errors import OAuthError
from server.problems import Problem, TooMany
from server.services import Services

REGISTRATION_SECONDS = 600
# A program that fails thirty times in five minutes is broken or guessing.
FAILURES_AT_MOST, FAILURE_SECONDS = 30, 300
# No credentials are ever read from a browser here, so every origin may ask.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept",
    "Access-Control-Max-Age": "86400",
}
# An answer may hold a token.
NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
OPEN_CACHE = {"Cache-Control": "public, max-age=3600"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Route:
    """One address for programs: how it may be asked, what answers, and with which status."""

    path: str
    methods: tuple[str, ...]
    handler: Callable[[Ask], Awaitable[object]]
    status: int = 200
    with_query: bool = False


ROUTES = (
    Route("/oauth/token", ("POST",), token.give_token),
    Route("/oauth/revoke", ("POST",), revocation.revoke),
    Route("/oauth/introspect", ("POST",), introspection.introspect),
    Route("/oauth/userinfo", ("GET", "POST"), introspection.show_userinfo),
    Route("/oauth/register", ("POST",), registration.register_client, 201),
    Route("/api/v1/apps", ("POST",), registration.register_app, with_query=True),
    Route("/api/v1/apps/verify_credentials", ("GET",), registration.show_app),
)


def register(app: Quart, services: Services) -> None:
    """Mount every address for programs."""
    brakes = make_brakes(services)
    door = Blueprint("oauth", __name__)
    mount = partial(door.add_url_rule, methods=METHODS, provide_automatic_options=False)
    for number, route in enumerate(ROUTES):
        mount(route.path, endpoint=f"{number}", view_func=partial(_answer, services, brakes, route))
    server = partial(_show_server, services)
    mount("/.well-known/oauth-authorization-server", endpoint="server", view_func=server)
    resource = partial(_show_resource, services)
    mount(RESOURCE_METADATA, endpoint="resource", view_func=resource)
    mount(f"{RESOURCE_METADATA}/<path:rest>", endpoint="resource-below", view_func=resource)
    app.register_blueprint(door)


def make_brakes(services: Services) -> Brakes:
    """Return fresh brakes, counted in this process."""
    clock, settings = services.site.clock, services.site.config.oauth
    return Brakes(
        registrations=Brake(clock, most=settings.registrations_per_address, seconds=REGISTRATION_SECONDS),
        failures=Brake(clock, most=FAILURES_AT_MOST, seconds=FAILURE_SECONDS),
    )


async def _answer(services: Services, brakes: Brakes, route: Route) -> Response:
    if (early := _before(route.methods)) is not None:
        return early
    try:
        ask = await read_ask(services, brakes, with_query=route.with_query)
        response = _json(await route.handler(ask), status=route.status)
    except Problem as problem:
        response = _refuse(services, problem)
    except HTTPException as error:
        response = _json({"error": "invalid_request", "error_description": error.name}, status=error.code or 400)
    except Exception as error:
        log.exception("oauth failed", path=request.path, error=type(error).__name__)
        response = _json({"error": "server_error", "error_description": "Something is broken here."}, status=500)
    response.headers.update(NEVER_KEPT)
    return response


async def _show_server(services: Services) -> Response:
    if (early := _before(("GET",))) is not None:
        return early
    response = _json(metadata.authorization_server(services.site))
    response.headers.update(OPEN_CACHE)
    return response


async def _show_resource(services: Services, rest: str = "") -> Response:
    """Answer for the address whose path and query follow the well-known one, as they came."""
    if (early := _before(("GET",))) is not None:
        return early
    raw: bytes = request.scope.get("raw_path") or request.path.encode()
    path = raw.partition(b"?")[0].decode("ascii", "replace").removeprefix(RESOURCE_METADATA)
    query = request.query_string.decode("ascii", "replace")
    response = _json(metadata.protected_resource(services.site, path + (f"?{query}" if query else "")))
    response.headers.update(OPEN_CACHE)
    return response


def _before(methods: tuple[str, ...]) -> Response | None:
    """Answer a preflight, and refuse a method that this address does not know."""
    allow = ", ".join((*methods, *(("HEAD",) if "GET" in methods else ()), "OPTIONS"))
    if request.method == "OPTIONS":
        return Response(b"", status=204, headers={**CORS, **PREFLIGHT, "Allow": allow})
    if request.method in methods or (request.method == "HEAD" and "GET" in methods):
        return None
    response = _json({"error": "invalid_request", "error_description": "Method Not Allowed"}, status=405)
    response.headers["Allow"] = allow
    return response


def _refuse(services: Services, problem: Problem) -> Response:
    if not isinstance(problem, OAuthError):
        response = _json({"error": str(problem)}, status=problem.status)
    else:
        response = _json({"error": problem.code, "error_description": str(problem)}, status=problem.status)
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(problem.after_seconds)
    elif isinstance(problem, BadToken):
        sent = "invalid_token" if request.headers.get("Authorization") else None
        response.headers["WWW-Authenticate"] = challenge(services.site, sent, f"{services.site.origin}{request.path}")
    elif problem.status == 401 and request.headers.get("Authorization", "").lower().startswith("basic"):
        # Only to who tried it: a browser's script that did not would have a dialog opened over it.
        response.headers["WWW-Authenticate"] = f'Basic realm="{services.site.domain}"'
    return response


def _json(value: object, *, status: int = 200) -> Response:
    response = Response(msgspec.json.encode(value), status=status, content_type="application/json; charset=utf-8")
    response.headers.update(CORS)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

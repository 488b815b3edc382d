"""Mounts the federation door: the table of its addresses, and what holds for all of them. It answers none itself."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from quart import Blueprint, Quart, Response, request
from werkzeug.exceptions import HTTPException

from activitypub.errors import ProtocolError
from server.brake import Brake
from server.callers import client_address
from server.federation import (
    activities,
    actors,
    collections,
    echoes,
    emojis,
    followers,
    inboxes,
    objects,
    outbox,
    pictures,
    respond,
    stamps,
    streams,
    uploads,
    well_known,
)
from server.federation.bearers import Narrow, NoToken, demand, find_bearer, require_person
from server.federation.fast_inbox import FastInbox
from server.federation.finding import Gone
from server.federation.negotiation import Form, choose
from server.federation.permission import SCOPES
from server.federation.proxy import SCOPES as PROXY_SCOPES
from server.federation.proxy import Proxy
from server.federation.signed_get import Unsigned, check_authorised, may_strangers_read
from server.oauth.bearer import BadToken
from server.problems import Problem, TooMany
from server.services import Services

Handler = Callable[..., Awaitable[Response]]

ALLOW = "GET, HEAD, OPTIONS"
ALLOW_POST = "GET, HEAD, POST, OPTIONS"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# Pages of our people and posts; their documents are lent there too, as people paste these addresses into searches.
_PAGE = re.compile(r"/@(?P<name>[A-Za-z0-9_]+)(?:/(?P<post_id>[0-9]{1,18}))?\Z")

# What a challenge says was wrong with the token (RFC 6750).
_ERRORS: Mapping[type[Problem], str | None] = {
    NoToken: None,
    BadToken: "invalid_token",
    Narrow: "insufficient_scope",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `page` says where browsers are sent; None where there is no other form than the document.

    `to_strangers`: it is read unsigned even under `authorised_fetch`.
    `takes` is what a POST to it does, with a token that has one of `scopes`; without it, it can only be read.
    """

    path: str
    handler: Handler
    page: Callable[..., str] | None = None
    takes: Handler | None = None
    scopes: tuple[str, ...] = ()
    to_strangers: bool = False

    @property
    def allow(self) -> str:
        """The methods that it answers."""
        return ALLOW if self.takes is None else ALLOW_POST


_POST = "/users/<name>/posts/<int(max=9223372036854775807):post_id>"
_COLLECTION = "/users/<name>/collections/<int(max=9223372036854775807):collection_id>"
_ACTIVITY = "/activities/<int(max=9223372036854775807):activity_id>"


def routes(services: Services) -> tuple[Route, ...]:
    """Return every address of the door but the inboxes, which are taken before the framework."""
    return (
        Route("/users/<name>", actors.show_person, actors.person_page, to_strangers=True),
        Route(
            "/users/<name>/outbox",
            outbox.show_outbox,
            actors.person_page,
            takes=outbox.Outbox(services).take,
            scopes=SCOPES,
        ),
        Route("/users/<name>/inbox", inboxes.show_inbox, actors.person_page),
        Route('/users/<name>/<any("inbox", "outbox"):box>/events', streams.Streams().show),
        Route("/users/<name>/followers", collections.show_followers, actors.person_page),
        Route("/users/<name>/followers_synchronization", followers.show_partial, actors.person_page),
        Route("/users/<name>/following", collections.show_following, actors.person_page),
        Route("/users/<name>/featured", collections.show_featured, actors.person_page),
        Route("/users/<name>/featured_tags", collections.show_featured_tags, actors.person_page),
        Route("/users/<name>/liked", collections.show_liked, actors.person_page),
        Route(_COLLECTION, collections.show_custom),
        Route("/users/<name>/media/<int(max=9223372036854775807):media_id>", pictures.show_picture),
        Route("/uploads", uploads.refuse_reading, takes=uploads.Uploads(services).take, scopes=uploads.SCOPES),
        Route("/users/<name>" + _ACTIVITY, activities.show_activity),
        Route("/users/<name>/stamps/<int(max=9223372036854775807):consent_id>", stamps.show_stamp),
        Route(_POST, objects.show_post, objects.post_page),
        Route(_POST + "/context", echoes.show_context, objects.post_page),
        Route(_POST + "/replies", echoes.show_replies, objects.post_page),
        Route(_POST + "/likes", echoes.show_likes, objects.post_page),
        Route(_POST + "/shares", echoes.show_shares, objects.post_page),
        Route("/emojis/<name>", emojis.show_emoji, to_strangers=True),
        Route("/actor", actors.show_instance, actors.instance_page, to_strangers=True),
        Route("/actor/outbox", collections.show_instance_outbox, actors.instance_page, to_strangers=True),
        Route("/actor" + _ACTIVITY, activities.show_instance_activity),
        Route("/.well-known/webfinger", well_known.show_webfinger, to_strangers=True),
        Route("/.well-known/host-meta", well_known.show_host_meta, to_strangers=True),
        Route("/.well-known/nodeinfo", well_known.show_nodeinfo_index, to_strangers=True),
        Route('/nodeinfo/<any("2.0", "2.1"):version>', well_known.NodeInfo(services).show, to_strangers=True),
    )


def register(app: Quart, services: Services) -> None:
    """Mount every address, and the fast inbox in front of the app."""
    door = Blueprint("federation", __name__)
    table = routes(services)
    readers = {f"{door.name}.{number}": route.handler for number, route in enumerate(table)}
    proxy = Proxy(services, readers.get)
    proxied = Route("/proxy", uploads.refuse_reading, takes=proxy.take, scopes=PROXY_SCOPES)
    asked = Brake(services.site.clock, most=services.site.config.federation.asked_per_address, seconds=60)
    for number, route in enumerate((*table, proxied)):
        door.add_url_rule(
            route.path,
            endpoint=f"{number}",
            view_func=partial(_answer, services, asked, route),
            methods=METHODS,
            provide_automatic_options=False,
        )
    door.before_app_request(partial(_lend_document, services, asked))
    door.after_app_request(_mark_page)
    app.register_blueprint(door)
    app.asgi_app = FastInbox(app.asgi_app, services)  # type: ignore[method-assign]


def body_bytes_at_most(path: str) -> int | None:
    """Return how much may be sent to one of our addresses; None where that is what a form may have."""
    return uploads.BODY_BYTES_AT_MOST if path == "/uploads" else None


async def _answer(services: Services, asked: Brake, route: Route, **values: object) -> Response:
    if request.method == "OPTIONS":
        return _open(respond.preflight(route.allow))
    if request.method == "POST" and route.takes is not None:
        return await _run(partial(_take, route), services, **values)
    if request.method not in ("GET", "HEAD"):
        refused = respond.problem(405, "This can only be read.")
        refused.headers["Allow"] = route.allow
        return _open(refused)
    if route.page is not None:
        form = _wanted_form("document")
        if form is None:
            return _open(respond.problem(406, f"This is there as {respond.DOCUMENT_TYPE} and as a page."))
        if form == "page":
            return _open(respond.page(route.page(services.site, **values)))
    read = partial(_read_slowly, asked, route.handler, to_strangers=route.to_strangers)
    return await _run(read, services, **values)


async def _read_slowly(
    asked: Brake, handler: Handler, services: Services, *, to_strangers: bool, **values: object
) -> Response:
    """Give what is asked for, unless this address asks for too much, or must say who it is.

    Raises:
        TooMany: it was asked for more than one address may have.
        Problem: strangers may not read this here, nor those whom the operator suspended.
    """
    asked.spend(client_address(request.remote_addr, request.headers.get("X-Forwarded-For")))
    if await may_strangers_read(services):
        return await handler(services, **values)
    if not to_strangers:
        await check_authorised(services)
    return respond.close(await handler(services, **values))


async def _take(route: Route, services: Services, **values: object) -> Response:
    if route.takes is None:
        raise LookupError("only a route that takes something is asked")
    await require_person(services, *route.scopes)
    return await route.takes(services, **values)


async def _lend_document(services: Services, asked: Brake) -> Response | None:
    """Give the document at a page's address to one who asks for that form."""
    found = _PAGE.match(request.path)
    if found is None or request.method not in ("GET", "HEAD") or _wanted_form("page") != "document":
        return None
    if found["post_id"] is None:
        show = partial(_read_slowly, asked, actors.show_person, to_strangers=True)
        return await _run(show, services, name=found["name"])
    show = partial(_read_slowly, asked, objects.show_post, to_strangers=False)
    return await _run(show, services, name=found["name"], post_id=int(found["post_id"]))


async def _mark_page(response: Response) -> Response:
    """Tell caches that a page's address also has another form."""
    if _PAGE.match(request.path):
        response.vary.add("Accept")
    return response


def _wanted_form(default: Form) -> Form | None:
    return choose(request.headers.get("Accept", ""), default=default)


async def _run(handler: Handler, services: Services, **values: object) -> Response:
    """Run a handler and give every failure its shape."""
    try:
        # Before anything is looked for, so that a bad token gets one answer for what is there and what is not.
        await find_bearer(services)
        response = await handler(services, **values)
    except Gone as gone:
        response = respond.document(gone.tombstone, status=gone.status)
    except (NoToken, BadToken, Narrow) as error:
        response = respond.problem(error.status, str(error))
        response.headers["WWW-Authenticate"] = demand(services, _ERRORS[type(error)])
    except Unsigned as error:
        response = respond.problem(error.status, str(error))
        response.headers.update(respond.CHALLENGE)
    except TooMany as error:
        response = respond.problem(error.status, str(error))
        response.headers["Retry-After"] = str(error.after_seconds)
    except (Problem, ProtocolError) as error:
        response = respond.problem(error.status, str(error))
    except HTTPException as refusal:
        response = respond.problem(refusal.code or 500, refusal.name)
    except Exception as error:
        log.exception("federation failed", path=request.path, error=type(error).__name__)
        response = respond.problem(500, "Something is broken here.")
    return _open(response)


def _open(response: Response) -> Response:
    response.headers.update(respond.CORS)
    return response

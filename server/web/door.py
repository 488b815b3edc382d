"""Mounts the pages: who may come in, what a form must prove, and how a refusal looks. It must not answer any itself."""

import asyncio
from functools import partial
from urllib.parse import quote

import structlog
from quart import Blueprint, Quart, Response, g, request
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map

from server.brake import Brake
from server.ids import MICROSECONDS
from server.oauth.sessions import Person, recognise
from server.passwords import Passwords
from server.problems import Forbidden, Problem, TooMany
from server.services import Services
from server.store.people import accounts
from server.web import assets, headers, templating, tokens
from server.web.files import media, peer_files
from server.web.files.copier import Copier
from server.web.routes import ROUTES
from server.web.visit import Brakes, Route, Visit, Web, flatten

log = structlog.get_logger()

# What a row's number fits in; a larger one in an address is nobody's.
LARGEST_ID = (1 << 63) - 1
# How exactly the list of sessions knows when a browser was last here.
SEEN_EVERY_SECONDS = 3600
# Set by the app before it leaves, so that event streams end at once instead of holding the process.
STOPPING = "pinxit.stopping"


class IdConverter(IntegerConverter):
    """Reads one of our own ids in an address: `<id:post_id>`."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


def register(app: Quart, services: Services) -> None:
    """Mount every page, the assets and the picture files on `app`."""
    web = _build(app, services)
    pages = Blueprint("web", __name__)
    # A redirect that tidies an address up would be built from what the request calls our host.
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
    for route in ROUTES:
        pages.add_url_rule(
            route.path,
            endpoint=f"{route.method} {route.path}".replace(".", "-"),
            view_func=partial(_answer, web, route),
            methods=[route.method],
        )
    pages.add_url_rule(
        "/assets/<version>/<path:path>", endpoint="asset", view_func=partial(_send_asset, web), methods=["GET"]
    )
    pages.register_error_handler(Problem, partial(_refuse, web))
    pages.register_error_handler(HTTPException, partial(_refuse, web))
    pages.register_error_handler(Exception, partial(_break, web))
    pages.after_request(partial(_guard, web))
    app.register_blueprint(pages)
    app.register_blueprint(media.blueprint(services))
    copier = Copier(services)
    app.after_serving(copier.close)
    app.register_blueprint(peer_files.blueprint(services, copier))
    app.register_error_handler(404, partial(_refuse, web))
    app.register_error_handler(405, partial(_refuse, web))


def body_bytes_at_most(path: str) -> int | None:
    """Return how much a form may have that is sent to one of our addresses without variable parts; None otherwise."""
    return next((route.body_bytes for route in ROUTES if route.method == "POST" and route.path == path), None)


def _build(app: Quart, services: Services) -> Web:
    clock = services.site.clock
    stopping: asyncio.Event = app.extensions.setdefault(STOPPING, asyncio.Event())
    passwords = Passwords()
    app.after_serving(partial(_leave, passwords))
    return Web(
        services=services,
        pages=templating.build(),
        brakes=Brakes(
            # Ten mistakes are a forgotten password, more are a guess; an address may be a school.
            login_name=Brake(clock, most=10, seconds=900),
            login_address=Brake(clock, most=40, seconds=900),
            # Of a million codes three are right at a time.
            code=Brake(clock, most=6, seconds=900),
            # Each look-up makes us knock at another server.
            lookup=Brake(clock, most=20, seconds=60),
            # Each archive reads all that somebody has, files and all.
            archive=Brake(clock, most=4, seconds=3600),
        ),
        version=assets.read_version(),
        stopping=stopping,
        passwords=passwords,
    )


async def _leave(passwords: Passwords) -> None:
    passwords.close()


async def _answer(web: Web, route: Route, **values: object) -> Response:
    visit = await _enter(web)
    if route.who != "anyone" and visit.person is None:
        # A stranger's form is not read: it may be as large as a picture.
        if route.method == "POST":
            return visit.go("/login")
        return visit.go(f"/login?next={quote(_asked_for(), safe='')}")
    if route.who == "admin" and visit.me.account.role != "admin":
        raise Forbidden("This is for those who run this instance.")
    if route.method == "POST":
        await _read_form(web, route, visit)
    if visit.person is not None:
        await _note_visit(web, visit.person)
    return await route.handler(visit, **values)


async def _note_visit(web: Web, person: Person) -> None:
    """Remember that this browser was here, seldom enough to cost nothing."""
    now = web.services.site.clock.now()
    if now - person.seen_at < SEEN_EVERY_SECONDS * MICROSECONDS:
        return
    async with web.services.database.write(durable=False) as tx:
        await accounts.see_session(tx, person.session_hash, at=now)


def _asked_for() -> str:
    """The path and query of this request, as they came."""
    query = request.query_string.decode("ascii", "replace")
    return quote(request.path, safe="/@:") + (f"?{query}" if query else "")


async def _enter(web: Web) -> Visit:
    async with web.services.database.read() as reader:
        person = await recognise(reader, web.services.site, request)
    visit = Visit(web, request, person, {})
    g.visit = visit
    return visit


async def _read_form(web: Web, route: Route, visit: Visit) -> None:
    if (request.content_length or 0) > route.body_bytes:
        raise RequestEntityTooLarge
    tokens.check_origin(request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), web.services.site.origin)
    form = flatten(await request.form)
    tokens.check_token(web.services.secret, visit.holder, form.get(tokens.FIELD, ""))
    visit.form = form
    visit.files = {name: file for name, file in (await request.files).items() if file.filename}


async def _refuse(web: Web, error: Problem | HTTPException) -> Response:
    """Show a refusal as a page."""
    visit: Visit = g.get("visit") or await _enter(web)
    status = error.status if isinstance(error, Problem) else error.code or 500
    words = str(error) if isinstance(error, Problem) else ""
    response = await visit.page("error.html", {"code": status, "words": words, "noindex": True}, status=status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.after_seconds)
    return await _guard(web, response)


async def _break(web: Web, error: Exception) -> Response:
    """Show that something of ours is broken; the operator reads what. It may be the database, so that is not asked."""
    log.exception("page failed", path=request.path, error=type(error).__name__)
    g.visit = Visit(web, request, None, {})
    return await _refuse(web, InternalServerError())


async def _guard(web: Web, response: Response) -> Response:
    return headers.guard(response)


async def _send_asset(web: Web, version: str, path: str) -> Response:
    return await assets.send(path, fresh=version == web.version)

"""The page for one's own data: an archive of everything, tables to take along, and tables brought. It packs nothing."""

from datetime import UTC, datetime

from quart import Response

from server.actions.carrying.archive import list_parts, write_table
from server.actions.carrying.begin import Plan, begin_import, plan_import, stop_import
from server.actions.carrying.kept import FILES, KINDS, Kind
from server.actions.carrying.tables import BYTES_AT_MOST, read_table
from server.ids import MICROSECONDS
from server.media.packing import pack
from server.problems import Invalid, NotFound, Problem
from server.store.people import imports
from server.web.account.assurance import check_password
from server.web.visit import Route, Visit

PAGE = "/settings/data"
# A table, and the other fields.
TABLE_BYTES = BYTES_AT_MOST + 16 * 1024
# Of the rows that could not be acted on; who needs more of them reads them elsewhere.
FAILED_SHOWN = 20


async def show_data(visit: Visit) -> Response:
    """Show what can be taken along."""
    return await _show(visit)


async def send_archive(visit: Visit) -> Response:
    """Send everything as a zip, which is packed as it is sent; private posts are in it, so the password is asked."""
    try:
        await check_password(visit)
        visit.web.brakes.archive.spend(str(visit.me.actor.id))
    except Invalid as problem:
        return await _show(visit, problem)
    services = visit.web.services
    parts = list_parts(services.database, visit.site, visit.me.actor)
    day = datetime.fromtimestamp(visit.site.clock.now() / MICROSECONDS, UTC).date().isoformat()
    name = f"{visit.me.account.username}-{day}.zip"
    response = Response(pack(parts, services.storage), content_type="application/zip", headers=_attached(name))
    # Quart ends an answer after a minute; this one is as long as somebody's life here.
    response.timeout = None
    return response


async def send_table(visit: Visit, kind: str) -> Response:
    """Send one of the tables."""
    if kind not in FILES:
        raise NotFound("There is no such table.")
    rows = write_table(visit.web.services.database, visit.me.actor, kind, now=visit.site.clock.now())
    return Response(rows, content_type="text/csv; charset=utf-8", headers=_attached(FILES[kind]))


async def take_table(visit: Visit) -> Response:
    """Read a table of another server, and have it acted on; or only say what that would do."""
    kind, overwrite = _read_kind(visit.field("kind", 40)), visit.field("mode", 20) == "overwrite"
    file = visit.files.get("file")
    try:
        if kind is None or file is None:
            raise Invalid("Choose a table and say what is in it.", field="file")
        brought = read_table(visit.site, kind, file.read())
        database, me = visit.web.services.database, visit.me.actor
        plan = await plan_import(database, me, brought, overwrite=overwrite, now=visit.site.clock.now())
        if visit.field("only", 20) == "check":
            return await _show(visit, plan=plan)
        async with database.write() as tx:
            await begin_import(tx, visit.site, me, plan)
    except Problem as problem:
        return await _show(visit, problem)
    return visit.go(f"{PAGE}#imports")


async def end_import(visit: Visit, import_id: int) -> Response:
    """Stop an import, or forget one that is over."""
    async with visit.web.services.database.write() as tx:
        await stop_import(tx, visit.me.actor, import_id)
    return visit.go(f"{PAGE}#imports")


def _read_kind(text: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == text), None)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}


async def _show(visit: Visit, problem: Problem | None = None, plan: Plan | None = None) -> Response:
    async with visit.web.services.database.read() as reader:
        brought = [
            (one, await imports.count(reader, one.id), await imports.list_failed(reader, one.id, limit=FAILED_SHOWN))
            for one in await imports.list_of_actor(reader, visit.me.actor.id)
        ]
    content = {
        "files": FILES,
        "kinds": KINDS,
        "imports": brought,
        "plan": plan,
        "typed": {name: visit.form.get(name, "")[:40] for name in ("kind", "mode")},
        "problem": problem,
        "field": problem.field if isinstance(problem, Invalid) else "file",
        "noindex": True,
    }
    return await visit.page("data.html", content, status=problem.status if problem else 200)


ROUTES = (
    Route("GET", PAGE, show_data, "person"),
    Route("POST", f"{PAGE}/archive", send_archive, "person"),
    Route("GET", f"{PAGE}/<kind>.csv", send_table, "person"),
    Route("POST", f"{PAGE}/imports", take_table, "person", body_bytes=TABLE_BYTES),
    Route("POST", f"{PAGE}/imports/<id:import_id>/end", end_import, "person"),
)

"""The page for one's own data: an archive of everything, and the tables that other servers read. It packs nothing."""

from datetime import UTC, datetime

from quart import Response

from server.actions.carrying.archive import list_parts, write_table
from server.actions.carrying.kept import FILES
from server.ids import MICROSECONDS
from server.media.packing import pack
from server.problems import Invalid, NotFound, Problem
from server.web.assurance import check_password
from server.web.visit import Route, Visit

PAGE = "/settings/data"


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


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}


async def _show(visit: Visit, problem: Problem | None = None) -> Response:
    content = {"files": FILES, "problem": problem, "noindex": True}
    return await visit.page("data.html", content, status=problem.status if problem else 200)


ROUTES = (
    Route("GET", PAGE, show_data, "person"),
    Route("POST", f"{PAGE}/archive", send_archive, "person"),
    Route("GET", f"{PAGE}/<kind>.csv", send_table, "person"),
)

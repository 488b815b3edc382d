"""What people reported about others, on a page. It must not act on anybody; the page of people does."""

from dataclasses import dataclass

from quart import Response

from server.actions.telling.report import settle_report
from server.problems import NotFound
from server.store.database import Reader
from server.store.paging import NEWEST, Stretch
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.telling import reports
from server.store.telling.reports import Report
from server.store.writing import posts
from server.web.admin.overview import operator
from server.web.gallery.cards import Card, gather
from server.web.visit import Route, Visit

PLACE = "/admin/reports"
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Told:
    """A report with who told it and about whom."""

    report: Report
    by: Actor
    about: Actor


async def show_reports(visit: Visit) -> Response:
    """Show the open reports, or all of them, newest first."""
    everything = visit.argument("all") == "yes"
    stretch = Stretch(before=visit.before() or NEWEST, limit=SHOWN)
    async with visit.web.services.database.read() as reader:
        found = await reports.list_reports(reader, stretch, resolved=everything)
        told = [await _tell(reader, one) for one in found]
    older = found[-1].id if len(found) == SHOWN else None
    content = {"told": told, "everything": everything, "older": older, "noindex": True}
    return await visit.page("admin_reports.html", content)


async def show_report(visit: Visit, report_id: int) -> Response:
    """Show one report with the posts that it names, as far as they are still there."""
    async with visit.web.services.database.read() as reader:
        found = await reports.find(reader, report_id)
        if found is None:
            raise NotFound("There is no such report.")
        told = await _tell(reader, found)
        named = await posts.find_many(reader, found.posts)
        cards: list[Card] = await gather(reader, visit.site, list(named.values()), visit.viewer_id)
    content = {"told": told, "cards": cards, "missing": len(found.posts) - len(cards), "noindex": True}
    return await visit.page("admin_report.html", content)


async def resolve_report(visit: Visit, report_id: int) -> Response:
    """Say that a report was dealt with."""
    async with visit.web.services.database.write() as tx:
        await settle_report(tx, visit.site, report_id, by=operator(visit))
    return visit.go(PLACE)


async def _tell(reader: Reader, report: Report) -> Told:
    people = await actors.find_many(reader, [report.actor_id, report.target_id])
    return Told(report, people[report.actor_id], people[report.target_id])


ROUTES = (
    Route("GET", PLACE, show_reports, "admin"),
    Route("GET", f"{PLACE}/<id:report_id>", show_report, "admin"),
    Route("POST", f"{PLACE}/<id:report_id>/resolve", resolve_report, "admin"),
)

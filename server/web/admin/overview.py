"""What whoever runs the instance sees first: what waits, what the files take, and what operators did."""

from quart import Response

from server.actions.network.audit import Operator
from server.store.network import audit, deliveries, domain_rules, peer_files
from server.store.network.domain_rules import EVERYBODY
from server.store.paging import NEWEST, Stretch
from server.store.people import actors
from server.store.telling import reports
from server.store.writing import posts
from server.web.visit import Route, Visit

PLACE = "/admin"
ACTS = 60
# More open reports than that are a number nobody counts.
COUNTED = 500


def operator(visit: Visit) -> Operator:
    """Who acts here, as the audit names them."""
    return Operator(f"@{visit.me.actor.username}")


async def show_overview(visit: Visit) -> Response:
    """Show in a few numbers how the instance fares."""
    async with visit.web.services.database.read() as reader:
        content = {
            "open_reports": len(await reports.list_reports(reader, Stretch(limit=COUNTED))),
            "rules": len([one for one in await domain_rules.list_rules(reader) if one.domain != EVERYBODY]),
            "listed_only": await domain_rules.find(reader, EVERYBODY) is not None,
            "people": await actors.count_local(reader),
            "posts": await posts.count_local(reader),
            "waiting": await deliveries.count_waiting(reader),
            "copies": await peer_files.count(reader),
        }
    media = visit.site.config.media
    bounds = {"budget": media.peer_cache_bytes, "days": media.peer_cache_days, "noindex": True}
    return await visit.page("admin.html", content | bounds)


async def show_acts(visit: Visit) -> Response:
    """Show what operators did, newest first."""
    before = visit.before() or NEWEST
    async with visit.web.services.database.read() as reader:
        acts = await audit.list_acts(reader, before_id=before, limit=ACTS)
    older = acts[-1].id if len(acts) == ACTS else None
    return await visit.page("admin_acts.html", {"acts": acts, "older": older, "noindex": True})


ROUTES = (
    Route("GET", PLACE, show_overview, "admin"),
    Route("GET", f"{PLACE}/acts", show_acts, "admin"),
)

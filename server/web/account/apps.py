"""The apps that may act for somebody, and how they lose that again. It must not let any in; `web.authorize` does."""

from quart import Response

from server.actions.people.grant import withdraw_consent
from server.oauth.consents import list_consents
from server.web.visit import Route, Visit

PAGE = "/settings/apps"


async def show_apps(visit: Visit) -> Response:
    """Show the apps with what each may do."""
    async with visit.web.services.database.read() as reader:
        consents = await list_consents(reader, visit.site, visit.me.actor.id)
    return await visit.page("apps.html", {"consents": consents, "noindex": True})


async def put_out(visit: Visit, family: int) -> Response:
    """End what was once allowed to an app; its streams and notifications end with it."""
    async with visit.web.services.database.write() as tx:
        await withdraw_consent(tx, visit.site, visit.me.actor.id, family)
    return visit.go(PAGE)


ROUTES = (
    Route("GET", PAGE, show_apps, "person"),
    Route("POST", f"{PAGE}/<id:family>/end", put_out, "person"),
)

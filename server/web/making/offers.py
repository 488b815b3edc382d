"""Which models this instance could paint with: for whoever runs it, from the first day. It must not measure."""

from quart import Response

from server.actions.painting.offers import find_offers, say_seconds
from server.problems import Forbidden
from server.web.making.models import list_models
from server.web.visit import Route, Visit


async def show_models(visit: Visit) -> Response:
    """Show what paints here, and what else could, with size, licence and expected seconds on this machine."""
    if visit.me.account.role != "admin":
        raise Forbidden("Only who runs this instance chooses its models.")
    async with visit.web.services.database.read() as reader:
        models = await list_models(reader, visit.site)
        offers = await find_offers(reader)
    return await visit.page(
        "models.html", {"models": models, "offers": offers, "say_seconds": say_seconds, "noindex": True}
    )


ROUTES = (Route("GET", "/models", show_models, "person"),)

"""The apps that may act for somebody, and how they lose that again."""

from quart import Response

from server.actions.grant import withdraw
from server.oauth.scopes import parse
from server.oauth.words import explain
from server.problems import NotFound
from server.store import tokens
from server.store.tokens import AccessToken
from server.web.visit import Route, Visit

PAGE = "/settings/apps"
# Of a token's hash: enough to tell one's own apart.
NAME_LETTERS = 16


async def show_apps(visit: Visit) -> Response:
    """Show the apps with what each may do."""
    known = await _list(visit)
    apps = [(token, token.token_hash[:NAME_LETTERS], explain(parse(token.scopes))) for token in known]
    return await visit.page("apps.html", {"apps": apps, "noindex": True})


async def take_away(visit: Visit) -> Response:
    """End an app's tokens; its streams and notifications end with them."""
    name = visit.field("app", NAME_LETTERS)
    chosen = next((token for token in await _list(visit) if name and token.token_hash.startswith(name)), None)
    if chosen is None:
        raise NotFound("This app may do nothing any more.")
    async with visit.web.services.database.write() as tx:
        await withdraw(tx, visit.site, chosen)
    return visit.go(PAGE)


async def _list(visit: Visit) -> list[AccessToken]:
    async with visit.web.services.database.read() as reader:
        return await tokens.list_of_actor(reader, visit.me.actor.id, now=visit.site.clock.now())


ROUTES = (
    Route("GET", PAGE, show_apps, "person"),
    Route("POST", f"{PAGE}/take-away", take_away, "person"),
)

"""The page on which somebody deletes their account. It must not delete anything itself; `close_account` does."""

from quart import Response

from server.actions.people.close_account import close_account
from server.oauth import sessions
from server.problems import Invalid
from server.web.account.assurance import check_password
from server.web.visit import Route, Visit

PAGE = "/settings/leave"


async def show_leaving(visit: Visit) -> Response:
    """Say what goes, and ask for the password and the name."""
    return await _show(visit)


async def leave(visit: Visit) -> Response:
    """Delete the account for good."""
    try:
        if visit.field("name").removeprefix("@").lower() != visit.me.account.username:
            raise Invalid("That is not the name of this account.", field="name")
        await check_password(visit)
    except Invalid as problem:
        return await _show(visit, problem)
    async with visit.web.services.database.write() as tx:
        await close_account(tx, visit.site, visit.me.actor)
    visit.person = None
    response = await visit.page("left.html", {"noindex": True})
    sessions.take_back(response, visit.site)
    return response


async def _show(visit: Visit, problem: Invalid | None = None) -> Response:
    content = {"problem": problem, "noindex": True}
    return await visit.page("leave.html", content, status=problem.status if problem else 200)


ROUTES = (
    Route("GET", PAGE, show_leaving, "person"),
    Route("POST", PAGE, leave, "person"),
)

"""The page for who comes from another server or goes to one. It must not decide whether a move is believed."""

from quart import Response

from activitypub.errors import ProtocolError
from server.actions.people.aliases import add_alias, remove_alias
from server.actions.people.move_away import cancel_move, move_away
from server.problems import Invalid, NotFound, Problem
from server.remote.people import find_stated
from server.remote.seam import FetchFailed
from server.store.people import actors
from server.store.people.actors import Actor
from server.web.account.assurance import check_password
from server.web.visit import Route, Visit

PAGE = "/settings/moving"
LONGEST = 2048
NOWHERE = "No account was found there. Write it as name@server; its server has to answer now."


async def show_moving(visit: Visit) -> Response:
    """Show the accounts that one was before, and where one goes."""
    return await _show(visit)


async def take_alias(visit: Visit) -> Response:
    """Say that one was somebody else before."""
    try:
        other = await _find(visit, "other")
        async with visit.web.services.database.write() as tx:
            await add_alias(tx, visit.site, visit.me.actor, other)
    except Problem as problem:
        return await _show(visit, problem, "other")
    return visit.go(f"{PAGE}?saved")


async def drop_alias(visit: Visit) -> Response:
    """Take that back."""
    async with visit.web.services.database.write() as tx:
        await remove_alias(tx, visit.site, visit.me.actor, visit.field("uri", LONGEST))
    return visit.go(PAGE)


async def go_away(visit: Visit) -> Response:
    """Move: the password is asked again, for a crowd goes along."""
    try:
        await check_password(visit)
        new = await _find(visit, "place", fresh=True)
        async with visit.web.services.database.write() as tx:
            await move_away(tx, visit.site, visit.me.actor, new)
    except Problem as problem:
        return await _show(visit, problem, "place")
    return visit.go(PAGE)


async def come_back(visit: Visit) -> Response:
    """Live here again."""
    async with visit.web.services.database.write() as tx:
        await cancel_move(tx, visit.site, visit.me.actor)
    return visit.go(PAGE)


async def _find(visit: Visit, field: str, *, fresh: bool = False) -> Actor:
    stated = visit.field(field, LONGEST)
    if not stated:
        raise Invalid("Say which account.", field=field)
    visit.web.brakes.lookup.spend(f"person:{visit.me.actor.id}")
    try:
        return await find_stated(visit.web.services, stated, fresh=fresh)
    except (FetchFailed, ProtocolError):
        raise NotFound(NOWHERE) from None


async def _show(visit: Visit, problem: Problem | None = None, place: str | None = None) -> Response:
    async with visit.web.services.database.read() as reader:
        me = await actors.find(reader, visit.me.actor.id) or visit.me.actor
        aliases = [(uri, await actors.find_by_uri(reader, uri)) for uri in me.aliases]
        new = await actors.find_by_uri(reader, me.moved_to) if me.moved_to else None
    content = {
        "mine": me,
        "aliases": aliases,
        "new": new,
        "problem": problem,
        "place": place,
        "typed": {name: visit.form.get(name, "")[:LONGEST] for name in ("other", "place")},
        "saved": "saved" in visit.request.args,
        "noindex": True,
    }
    return await visit.page("moving.html", content, status=problem.status if problem else 200)


ROUTES = (
    Route("GET", PAGE, show_moving, "person"),
    Route("POST", f"{PAGE}/aliases", take_alias, "person"),
    Route("POST", f"{PAGE}/aliases/remove", drop_alias, "person"),
    Route("POST", f"{PAGE}/away", go_away, "person"),
    Route("POST", f"{PAGE}/back", come_back, "person"),
)

"""Suspending and silencing people, from a page. It must not delete anybody."""

from collections.abc import Awaitable, Callable, Mapping

from quart import Response

from server.actions.people import restrain
from server.problems import Conflict, Forbidden
from server.store.people import actors, hiding
from server.store.people.actors import Actor
from server.web.admin.overview import operator
from server.web.people.named import find_named
from server.web.visit import Route, Visit

PLACE = "/admin/people"
SHOWN = 200
DEEDS: Mapping[str, Callable[..., Awaitable[None]]] = {
    "suspend": restrain.suspend,
    "unsuspend": restrain.unsuspend,
    "silence": restrain.silence,
    "unsilence": restrain.unsilence,
}


async def show_people(visit: Visit) -> Response:
    """Show whom we know under a handle, and everybody who is suspended or silenced by themselves."""
    return await _show(visit)


async def restrain_person(visit: Visit, actor_id: int, deed: str) -> Response:
    """Suspend or silence somebody, or take it back."""
    try:
        async with visit.web.services.database.write() as tx:
            await DEEDS[deed](tx, visit.site, await find_named(tx, actor_id), by=operator(visit))
    except (Conflict, Forbidden) as problem:
        return await _show(visit, problem)
    return visit.go_back(PLACE)


async def _show(visit: Visit, problem: Conflict | Forbidden | None = None) -> Response:
    asked = visit.argument("handle", 300)
    async with visit.web.services.database.read() as reader:
        user, _, host = asked.removeprefix("@").partition("@")
        found = await actors.find_by_handle(reader, user, host or visit.site.domain) if asked else None
        restrained = await hiding.list_marked(reader, limit=SHOWN)
    content = {
        "asked": asked,
        "found": found,
        "missing": bool(asked) and found is None,
        "restrained": [one for one in restrained if not _is_shown_twice(one, found)],
        "problem": problem,
        "noindex": True,
    }
    return await visit.page("admin_people.html", content, status=problem.status if problem else 200)


def _is_shown_twice(one: Actor, found: Actor | None) -> bool:
    return found is not None and one.id == found.id


ROUTES = (
    Route("GET", PLACE, show_people, "admin"),
    Route(
        "POST",
        f"{PLACE}/<id:actor_id>/<any(suspend, unsuspend, silence, unsilence):deed>",
        restrain_person,
        "admin",
    ),
)

"""Following and unfollowing from the page, and the requests of those who want to follow me."""

from quart import Response

from server.actions.ties.follow import accept_request, follow, reject_request, unfollow
from server.store.ties import follows
from server.web.gallery.cards import profile_path
from server.web.people.named import find_named
from server.web.visit import Route, Visit


async def begin(visit: Visit, actor_id: int) -> Response:
    """Follow somebody, or ask to."""
    async with visit.web.services.database.write() as tx:
        target = await find_named(tx, actor_id)
        await follow(tx, visit.site, visit.me.actor, target)
    return visit.go_back(profile_path(target))


async def end(visit: Visit, actor_id: int) -> Response:
    """Stop following somebody, or take the request back."""
    async with visit.web.services.database.write() as tx:
        target = await find_named(tx, actor_id)
        await unfollow(tx, visit.site, visit.me.actor, target)
    return visit.go_back(profile_path(target))


async def show_requests(visit: Visit) -> Response:
    """Show who waits to follow me."""
    async with visit.web.services.database.read() as reader:
        waiting = await follows.list_followers(reader, visit.me.actor.id, state="pending")
    return await visit.page("requests.html", {"waiting": [actor for _, actor in waiting], "noindex": True})


async def accept(visit: Visit, actor_id: int) -> Response:
    """Let somebody in."""
    async with visit.web.services.database.write() as tx:
        await accept_request(tx, visit.site, visit.me.actor, await find_named(tx, actor_id))
    return visit.go("/follow-requests")


async def reject(visit: Visit, actor_id: int) -> Response:
    """Send somebody away."""
    async with visit.web.services.database.write() as tx:
        await reject_request(tx, visit.site, visit.me.actor, await find_named(tx, actor_id))
    return visit.go("/follow-requests")


ROUTES = (
    Route("POST", "/people/<id:actor_id>/follow", begin, "person"),
    Route("POST", "/people/<id:actor_id>/unfollow", end, "person"),
    Route("GET", "/follow-requests", show_requests, "person"),
    Route("POST", "/follow-requests/<id:actor_id>/accept", accept, "person"),
    Route("POST", "/follow-requests/<id:actor_id>/reject", reject, "person"),
)

"""Who asks to follow, and the answers."""

from server.actions.ties.follow import accept_request, reject_request
from server.mastodon.answers import Page
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account, Relationship
from server.mastodon.ids import NOT_FOUND, Paging
from server.mastodon.people_pages import find_target, people_page, read_stretch
from server.mastodon.route import Route
from server.mastodon.showing.relationships import show_relationship
from server.problems import NotFound
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.ties import follows


async def list_requests(call: Call, paging: Paging) -> Page:
    """Return who asks to follow."""
    stretch = read_stretch(paging)
    async with call.database.read() as reader:
        found = await follows.list_waiting(reader, call.me.id, stretch)
        return await people_page(call, reader, found, stretch)


async def authorize(call: Call, actor_id: int) -> Relationship:
    """Let somebody in."""
    async with call.database.write() as tx:
        asking = await _find_asking(tx, call, actor_id)
        await accept_request(tx, call.site, call.me, asking)
    async with call.database.read() as reader:
        return await show_relationship(reader, call.site, call.me, asking)


async def reject(call: Call, actor_id: int) -> Relationship:
    """Send somebody away."""
    async with call.database.write() as tx:
        asking = await _find_asking(tx, call, actor_id)
        await reject_request(tx, call.site, call.me, asking)
    async with call.database.read() as reader:
        return await show_relationship(reader, call.site, call.me, asking)


async def _find_asking(reader: Reader, call: Call, actor_id: int) -> Actor:
    asking = await find_target(reader, actor_id)
    known = await follows.find(reader, asking.id, call.me.id)
    if known is None or known.state != "pending":
        raise NotFound(NOT_FOUND)
    return asking


_PATH = "/api/v1/follow_requests"

ROUTES = (
    Route("GET", _PATH, list_requests, "read:follows", "person", Paging, gives=list[Account]),
    Route("POST", f"{_PATH}/<id:actor_id>/authorize", authorize, "write:follows", "person", gives=Relationship),
    Route("POST", f"{_PATH}/<id:actor_id>/reject", reject, "write:follows", "person", gives=Relationship),
)

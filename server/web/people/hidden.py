"""Blocking and muting from a page, and the list of all that somebody does not want to meet."""

from quart import Response

from server.actions.ties.block_domain import block_domain, unblock_domain
from server.actions.ties.follow import block, unblock
from server.actions.ties.mute import mute, unmute
from server.store.paging import Stretch
from server.store.ties import domain_blocks, follows, mutes
from server.web.gallery.cards import profile_path
from server.web.people.named import find_named
from server.web.visit import Route, Visit

# Who hides more people than this uses an app, whose lists have pages.
SHOWN = 500
PLACE = "/settings/hidden"


async def show_hidden(visit: Visit) -> Response:
    """Show whom I block and mute, and the hosts of which I want nothing."""
    me = visit.me.actor.id
    async with visit.web.services.database.read() as reader:
        blocked = await follows.list_blocked(reader, me, Stretch(limit=SHOWN))
        muted = await mutes.list_muted(reader, me, Stretch(limit=SHOWN), now=visit.site.clock.now())
        hosts = await domain_blocks.list_hosts(reader, me, Stretch(limit=SHOWN))
    return await visit.page(
        "hidden.html",
        {
            "blocked": [actor for _, actor in blocked],
            "muted": muted,
            "hosts": [host for _, host in hosts],
            "noindex": True,
        },
    )


async def begin_block(visit: Visit, actor_id: int) -> Response:
    """Block somebody."""
    async with visit.web.services.database.write() as tx:
        target = await find_named(tx, actor_id)
        await block(tx, visit.site, visit.me.actor, target)
    return visit.go_back(profile_path(target))


async def end_block(visit: Visit, actor_id: int) -> Response:
    """Take a block back."""
    async with visit.web.services.database.write() as tx:
        target = await find_named(tx, actor_id)
        await unblock(tx, visit.me.actor, target)
    return visit.go_back(profile_path(target))


async def begin_mute(visit: Visit, actor_id: int) -> Response:
    """Mute somebody, notifications and all, until I take it back."""
    async with visit.web.services.database.write() as tx:
        target = await find_named(tx, actor_id)
        await mute(tx, visit.site, visit.me.actor, target)
    return visit.go_back(profile_path(target))


async def end_mute(visit: Visit, actor_id: int) -> Response:
    """Hear somebody again."""
    async with visit.web.services.database.write() as tx:
        target = await find_named(tx, actor_id)
        await unmute(tx, visit.me.actor, target)
    return visit.go_back(profile_path(target))


async def begin_host_block(visit: Visit) -> Response:
    """Want nothing of a host any more."""
    async with visit.web.services.database.write() as tx:
        await block_domain(tx, visit.site, visit.me.actor, visit.field("host", 300))
    return visit.go(PLACE)


async def end_host_block(visit: Visit) -> Response:
    """Take that back."""
    async with visit.web.services.database.write() as tx:
        await unblock_domain(tx, visit.me.actor, visit.field("host", 300))
    return visit.go(PLACE)


ROUTES = (
    Route("GET", PLACE, show_hidden, "person"),
    Route("POST", "/people/<id:actor_id>/block", begin_block, "person"),
    Route("POST", "/people/<id:actor_id>/unblock", end_block, "person"),
    Route("POST", "/people/<id:actor_id>/mute", begin_mute, "person"),
    Route("POST", "/people/<id:actor_id>/unmute", end_mute, "person"),
    Route("POST", f"{PLACE}/hosts", begin_host_block, "person"),
    Route("POST", f"{PLACE}/hosts/remove", end_host_block, "person"),
)

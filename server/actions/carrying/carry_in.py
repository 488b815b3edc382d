"""Does what one row of a table says, or undoes it. It must not fetch anybody: who and what it is about arrive known."""

from collections.abc import Awaitable, Callable, Mapping

from server.actions.ties.block_domain import block_domain, unblock_domain
from server.actions.ties.follow import Wanted, block, follow, unblock, unfollow
from server.actions.ties.lists import ListChange, add_to_list, make_list, remove_list, take_off_list
from server.actions.ties.mute import mute, unmute
from server.actions.writing.keep import bookmark, unbookmark
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.ties import follows, lists
from server.store.ties.lists import List
from server.store.writing.posts import Post

Cells = tuple[str, ...]
_Do = Callable[[Transaction, Site, Actor, Actor, Cells], Awaitable[None]]


async def carry_in_person(
    tx: Transaction, site: Site, actor: Actor, kind: str, target: Actor, cells: Cells, *, removes: bool
) -> None:
    """Follow, block, mute or list somebody as a row says; raises what the action raises."""
    await (_UNDO if removes else _DO)[kind](tx, site, actor, target, cells)


async def carry_in_domain(tx: Transaction, site: Site, actor: Actor, host: str, *, removes: bool) -> None:
    """Block a host, or take that back."""
    if removes:
        await unblock_domain(tx, actor, host)
    else:
        await block_domain(tx, site, actor, host)


async def carry_in_bookmark(tx: Transaction, site: Site, actor: Actor, post: Post, *, removes: bool) -> None:
    """Keep a post, or no more."""
    if removes:
        await unbookmark(tx, actor, post)
    else:
        await bookmark(tx, site, actor, post)


async def _follow(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    languages = tuple(one.strip() for one in cells[3].split(",") if one.strip())
    wanted = Wanted(reblogs=cells[1] == "true", notify=cells[2] == "true", languages=languages)
    known = await follows.find(tx, actor.id, target.id)
    # Asked already and not answered: asking again would only knock once more.
    if known is None or known.state == "accepted":
        await follow(tx, site, actor, target, wanted)


async def _unfollow(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    await unfollow(tx, site, actor, target)


async def _block(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    if not await follows.is_blocked(tx, by=actor.id, actor_id=target.id):
        await block(tx, site, actor, target)


async def _unblock(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    await unblock(tx, actor, target)


async def _mute(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    await mute(tx, site, actor, target, hides_notifications=cells[1] == "true")


async def _unmute(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    await unmute(tx, actor, target)


async def _enlist(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    """Put somebody on the list of that title, making it and following them where need be, as Mastodon does."""
    found = await _find_list(tx, actor, cells[0]) or await make_list(tx, site, actor, ListChange(title=cells[0]))
    if target.id in await lists.list_member_ids(tx, found.id):
        return
    if target.id != actor.id and await follows.find(tx, actor.id, target.id) is None:
        await follow(tx, site, actor, target)
    await add_to_list(tx, site, actor, found.id, [target.id])


async def _delist(tx: Transaction, site: Site, actor: Actor, target: Actor, cells: Cells) -> None:
    found = await _find_list(tx, actor, cells[0])
    if found is None:
        return
    await take_off_list(tx, actor, found.id, [target.id])
    if not await lists.list_member_ids(tx, found.id):
        await remove_list(tx, actor, found.id)


async def _find_list(tx: Transaction, actor: Actor, title: str) -> List | None:
    return next((one for one in await lists.list_of_actor(tx, actor.id) if one.title == title), None)


_DO: Mapping[str, _Do] = {"following": _follow, "blocks": _block, "mutes": _mute, "lists": _enlist}
_UNDO: Mapping[str, _Do] = {"following": _unfollow, "blocks": _unblock, "mutes": _unmute, "lists": _delist}

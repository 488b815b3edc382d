"""Lists, and who is on them."""

import msgspec

from server.actions.ties.lists import (
    ListChange,
    add_to_list,
    change_list,
    find_list,
    make_list,
    remove_list,
    take_off_list,
)
from server.mastodon.answers import Page
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account
from server.mastodon.entities.people import UserList
from server.mastodon.ids import Paging, read_ids
from server.mastodon.people_pages import find_target, people_page, read_stretch
from server.mastodon.route import Empty, Route
from server.mastodon.showing.accounts import show_accounts
from server.store.paging import Stretch
from server.store.ties import lists
from server.store.ties.lists import List

# Nobody puts more on a list at once, and `limit=0` (everybody) has to end somewhere.
MANY, EVERYBODY = 200, 5000


class ListFields(msgspec.Struct, kw_only=True):
    """What a list is to be."""

    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None


class Members(msgspec.Struct, kw_only=True):
    """Who is meant."""

    account_ids: list[str] = msgspec.field(default_factory=list)


async def list_lists(call: Call) -> list[UserList]:
    """Return the lists of who asks."""
    async with call.database.read() as reader:
        return [_show(one) for one in await lists.list_of_actor(reader, call.me.id)]


async def list_lists_with(call: Call, actor_id: int) -> list[UserList]:
    """Return on which of their lists who asks has somebody."""
    async with call.database.read() as reader:
        target = await find_target(reader, actor_id)
        return [_show(one) for one in await lists.list_with_member(reader, call.me.id, target.id)]


async def show_list(call: Call, list_id: int) -> UserList:
    """Return one list."""
    async with call.database.read() as reader:
        return _show(await find_list(reader, call.me, list_id))


async def make(call: Call, fields: ListFields) -> UserList:
    """Make a list."""
    async with call.database.write() as tx:
        return _show(await make_list(tx, call.site, call.me, _change(fields)))


async def change(call: Call, fields: ListFields, list_id: int) -> UserList:
    """Change a list."""
    async with call.database.write() as tx:
        return _show(await change_list(tx, call.me, list_id, _change(fields)))


async def remove(call: Call, list_id: int) -> Empty:
    """Forget a list."""
    async with call.database.write() as tx:
        await remove_list(tx, call.me, list_id)
    return Empty()


async def list_members(call: Call, paging: Paging, list_id: int) -> Page | list[Account]:
    """Return who is on a list; a limit of 0 means everybody, on one page."""
    async with call.database.read() as reader:
        found_list = await find_list(reader, call.me, list_id)
        if paging.limit == 0:
            everybody = await lists.list_members_of(reader, found_list.id, Stretch(limit=EVERYBODY))
            return await show_accounts(reader, call.site, [actor for _, actor in everybody])
        stretch = read_stretch(paging)
        found = await lists.list_members_of(reader, found_list.id, stretch)
        return await people_page(call, reader, found, stretch)


async def add_members(call: Call, members: Members, list_id: int) -> Empty:
    """Put people on a list."""
    async with call.database.write() as tx:
        await add_to_list(tx, call.site, call.me, list_id, read_ids(members.account_ids, most=MANY))
    return Empty()


async def drop_members(call: Call, members: Members, list_id: int) -> Empty:
    """Take people off a list."""
    async with call.database.write() as tx:
        await take_off_list(tx, call.me, list_id, read_ids(members.account_ids, most=MANY))
    return Empty()


def _change(fields: ListFields) -> ListChange:
    return ListChange(title=fields.title, replies_policy=fields.replies_policy, exclusive=fields.exclusive)


def _show(one: List) -> UserList:
    return UserList(id=str(one.id), title=one.title, replies_policy=one.replies_policy, exclusive=one.exclusive)


_ALL, _ONE = "/api/v1/lists", "/api/v1/lists/<id:list_id>"
_READ, _WRITE = "read:lists", "write:lists"

ROUTES = (
    Route("GET", _ALL, list_lists, _READ, "person", gives=list[UserList]),
    Route("POST", _ALL, make, _WRITE, "person", ListFields, gives=UserList),
    Route("GET", _ONE, show_list, _READ, "person", gives=UserList),
    Route("PUT", _ONE, change, _WRITE, "person", ListFields, gives=UserList),
    Route("DELETE", _ONE, remove, _WRITE, "person"),
    Route("GET", f"{_ONE}/accounts", list_members, _READ, "person", Paging, gives=list[Account]),
    Route("POST", f"{_ONE}/accounts", add_members, _WRITE, "person", Members),
    Route("DELETE", f"{_ONE}/accounts", drop_members, _WRITE, "person", Members),
    Route("GET", "/api/v1/accounts/<id:actor_id>/lists", list_lists_with, _READ, "person", gives=list[UserList]),
)

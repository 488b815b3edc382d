"""What happened to who asks, in groups (v2)."""

from typing import Literal

from server.actions.telling.notify import client_word
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account
from server.mastodon.entities.notices import GroupedNotifications, UnreadCount
from server.mastodon.ids import NOT_FOUND, Paging, read_limit
from server.mastodon.people_pages import people_page, read_stretch
from server.mastodon.resources.notices import AT_MOST, COUNTED, COUNTED_AT_MOST, PER_PAGE, Choice, read_wanted
from server.mastodon.route import Empty, Route
from server.mastodon.showing.notices import show_groups
from server.problems import NotFound
from server.store.people import actors
from server.store.telling import notice_groups, notifications
from server.store.telling.notice_groups import GROUPABLE, read_alone


class GroupChoice(Choice, kw_only=True):
    """Which notifications, which types stand together, and how much of everybody is wanted."""

    grouped_types: list[str] | None = None
    expand_accounts: Literal["full", "partial_avatars"] = "full"


async def list_groups(call: Call, choice: GroupChoice) -> Page:
    """Return what happened, the group with the latest first."""
    stretch = read_stretch(choice, default=PER_PAGE, most=AT_MOST)
    async with call.database.read() as reader:
        groups = await notice_groups.list_groups(reader, read_wanted(call, choice), _grouped(choice), stretch)
        partial = choice.expand_accounts == "partial_avatars"
        shown = await show_groups(reader, call.site, groups, call.me, partial=partial)
    return page_of(shown, [one.newest.id for one in groups], full=len(groups) == stretch.limit)


async def show_group(call: Call, group_key: str) -> GroupedNotifications:
    """Return one group."""
    async with call.database.read() as reader:
        group = await notice_groups.find_group(reader, call.me.id, group_key)
        shown = await show_groups(reader, call.site, [group], call.me, on_page=False) if group is not None else None
    if shown is None or not shown.notification_groups:
        raise NotFound(NOT_FOUND)
    return shown


async def list_senders(call: Call, paging: Paging, group_key: str) -> Page:
    """Return whose doing a group is, the latest first."""
    stretch = read_stretch(paging, default=PER_PAGE, most=AT_MOST)
    async with call.database.read() as reader:
        told = await notice_groups.list_members(reader, call.me.id, group_key, stretch)
        found = await actors.find_many(reader, [one.from_id for one in told])
        return await people_page(call, reader, [(one.id, found[one.from_id]) for one in told], stretch)


async def dismiss(call: Call, group_key: str) -> Empty:
    """Forget a group."""
    alone = read_alone(group_key)
    async with call.database.write() as tx:
        if alone is not None:
            await notifications.drop_one(tx, call.me.id, alone)
        else:
            await notice_groups.drop_group(tx, call.me.id, group_key)
    return Empty()


async def count_unread(call: Call, choice: GroupChoice) -> UnreadCount:
    """Count the groups with something unread."""
    limit = read_limit(choice.limit, default=COUNTED, most=COUNTED_AT_MOST)
    async with call.database.read() as reader:
        wanted, grouped = read_wanted(call, choice), _grouped(choice)
        return UnreadCount(count=await notice_groups.count_unread(reader, wanted, grouped, limit=limit))


def _grouped(choice: GroupChoice) -> list[str]:
    """Return our kinds that stand together; those that never do are left out."""
    types = choice.grouped_types
    return [kind for kind in GROUPABLE if types is None or client_word(kind) in types]


_PATH = "/api/v2/notifications"
_ONE = f"{_PATH}/<group_key>"
_READ, _WRITE = "read:notifications", "write:notifications"

ROUTES = (
    Route("GET", _PATH, list_groups, _READ, "person", GroupChoice, gives=GroupedNotifications),
    Route("GET", f"{_PATH}/unread_count", count_unread, _READ, "person", GroupChoice, gives=UnreadCount),
    Route("GET", _ONE, show_group, _READ, "person", gives=GroupedNotifications),
    Route("GET", f"{_ONE}/accounts", list_senders, _READ, "person", Paging, gives=list[Account]),
    Route("POST", f"{_ONE}/dismiss", dismiss, _WRITE, "person"),
)

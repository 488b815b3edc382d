"""What happened to who asks, one by one (v1)."""

from collections.abc import Sequence

import msgspec

from server.actions.telling.notices import clear as clear_all
from server.actions.telling.notify import PAGES_ONLY, client_word
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.notices import Notification, UnreadCount
from server.mastodon.ids import NOT_FOUND, Paging, read_id, read_limit
from server.mastodon.people_pages import read_stretch
from server.mastodon.route import Empty, Route
from server.mastodon.showing.notices import EMOJI_WORD, show_notifications
from server.problems import NotFound
from server.store.telling import notifications
from server.store.telling.notifications import KINDS, Wanted

# Mastodon's numbers.
PER_PAGE, AT_MOST = 40, 80
COUNTED, COUNTED_AT_MOST = 100, 1000


class Choice(Paging, kw_only=True):
    """Which notifications: of these types, not of those, by one account, also those that were put aside."""

    types: list[str] = msgspec.field(default_factory=list)
    exclude_types: list[str] = msgspec.field(default_factory=list)
    account_id: str | None = None
    include_filtered: bool = False


async def list_notifications(call: Call, choice: Choice) -> Page:
    """Return what happened, newest first."""
    stretch = read_stretch(choice, default=PER_PAGE, most=AT_MOST)
    async with call.database.read() as reader:
        told = await notifications.list_wanted(reader, read_wanted(call, choice), stretch)
        with_emoji = EMOJI_WORD in choice.types
        shown = await show_notifications(reader, call.site, told, call.me, with_emoji=with_emoji)
    return page_of(shown, [one.id for one in told], full=len(told) == stretch.limit)


async def show_notification(call: Call, notification_id: int) -> Notification:
    """Return one thing that happened."""
    async with call.database.read() as reader:
        told = await notifications.find(reader, notification_id)
        if told is None or told.actor_id != call.me.id:
            raise NotFound(NOT_FOUND)
        shown = await show_notifications(reader, call.site, [told], call.me)
    if not shown:
        raise NotFound(NOT_FOUND)
    return shown[0]


async def count_unread(call: Call, choice: Choice) -> UnreadCount:
    """Count what is unread."""
    limit = read_limit(choice.limit, default=COUNTED, most=COUNTED_AT_MOST)
    async with call.database.read() as reader:
        return UnreadCount(count=await notifications.count_wanted(reader, read_wanted(call, choice), limit=limit))


async def clear(call: Call) -> Empty:
    """Forget everything."""
    async with call.database.write() as tx:
        await clear_all(tx, call.me)
    return Empty()


async def dismiss(call: Call, notification_id: int) -> Empty:
    """Forget one thing."""
    async with call.database.write() as tx:
        if not await notifications.drop_one(tx, call.me.id, notification_id):
            raise NotFound(NOT_FOUND)
    return Empty()


def read_wanted(call: Call, choice: Choice) -> Wanted:
    """Read which notifications are meant; types that we do not know are none."""
    asked = [kind for kind in KINDS if _names(choice.types, kind)] if choice.types else _TOLD
    kinds = [kind for kind in asked if not _names(choice.exclude_types, kind)]
    return Wanted(
        actor_id=call.me.id,
        kinds=kinds,
        from_id=read_id(choice.account_id) if choice.account_id else 0,
        include_filtered=choice.include_filtered,
    )


def _names(types: Sequence[str], kind: str) -> bool:
    """Whether a kind is among those that a client named. Emoji are likes to clients that do not name them."""
    if kind == "emoji" and EMOJI_WORD in types:
        return True
    return client_word(kind) in types


_TOLD = [kind for kind in KINDS if kind not in PAGES_ONLY]
_PATH = "/api/v1/notifications"
_READ, _WRITE = "read:notifications", "write:notifications"

ROUTES = (
    Route("GET", _PATH, list_notifications, _READ, "person", Choice, gives=list[Notification]),
    Route("GET", f"{_PATH}/unread_count", count_unread, _READ, "person", Choice, gives=UnreadCount),
    Route("POST", f"{_PATH}/clear", clear, _WRITE, "person"),
    Route("GET", f"{_PATH}/<id:notification_id>", show_notification, _READ, "person", gives=Notification),
    Route("POST", f"{_PATH}/<id:notification_id>/dismiss", dismiss, _WRITE, "person"),
)

"""Threads of direct posts."""

from collections.abc import Sequence

from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.notices import Conversation
from server.mastodon.ids import NOT_FOUND, Paging
from server.mastodon.people_pages import read_stretch
from server.mastodon.route import Empty, Route
from server.mastodon.showing.conversations import show_conversations
from server.problems import NotFound
from server.store.writing import conversations
from server.store.writing.conversations import Conversation as Kept

# Mastodon's numbers.
PER_PAGE, AT_MOST = 20, 40


async def list_conversations(call: Call, paging: Paging) -> Page:
    """Return conversations, the one with the newest post first; the cursor is that post's id."""
    stretch = read_stretch(paging, default=PER_PAGE, most=AT_MOST)
    async with call.database.read() as reader:
        found = await conversations.list_of_actor(reader, call.me.id, stretch)
        shown = await show_conversations(reader, call.site, found, call.me)
    return page_of(shown, [one.last_post_id for one in found], full=len(found) == stretch.limit)


async def remove(call: Call, conversation_id: int) -> Empty:
    """Take a conversation off the list; it comes back with its next post."""
    async with call.database.write() as tx:
        if not await conversations.drop(tx, call.me.id, conversation_id):
            raise NotFound(NOT_FOUND)
    return Empty()


async def mark_read(call: Call, conversation_id: int) -> Conversation:
    """Say that a conversation was read."""
    return await _mark(call, conversation_id, unread=False)


async def mark_unread(call: Call, conversation_id: int) -> Conversation:
    """Say that a conversation is still to be read."""
    return await _mark(call, conversation_id, unread=True)


async def _mark(call: Call, conversation_id: int, *, unread: bool) -> Conversation:
    async with call.database.write() as tx:
        await conversations.set_unread(tx, call.me.id, conversation_id, unread=unread)
    async with call.database.read() as reader:
        found = await conversations.find(reader, call.me.id, conversation_id)
        kept: Sequence[Kept] = [found] if found is not None else []
        shown = await show_conversations(reader, call.site, kept, call.me)
    if not shown:
        raise NotFound(NOT_FOUND)
    return shown[0]


_PATH = "/api/v1/conversations"
_ONE = f"{_PATH}/<id:conversation_id>"

ROUTES = (
    Route("GET", _PATH, list_conversations, "read:statuses", "person", Paging, gives=list[Conversation]),
    Route("DELETE", _ONE, remove, "write:conversations", "person"),
    Route("POST", f"{_ONE}/read", mark_read, "write:conversations", "person", gives=Conversation),
    Route("POST", f"{_ONE}/unread", mark_unread, "write:conversations", "person", gives=Conversation),
)

"""Posts to read: one, several, the conversation around one, and who reacted to it."""

import msgspec

from server.actions.network.look_up import ask_thread, is_thread_due
from server.actions.painting.promise import find_promised
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account, Context, Status
from server.mastodon.found import find_post
from server.mastodon.ids import NOT_FOUND, Paging, read_ids, read_span
from server.mastodon.route import Route
from server.mastodon.showing.accounts import show_accounts
from server.mastodon.showing.statuses import show_entries, show_statuses
from server.problems import NotFound
from server.store.reading.reactions import ANNOUNCE, LIKE
from server.store.reading.timelines import Entry
from server.store.ties import circles
from server.store.writing import posts, threads

ACCOUNTS_AT_MOST = 80
STATUSES_AT_MOST = 40
# How much of a conversation is shown at once (app/controllers/api/v1/statuses_controller.rb), to strangers less.
ANCESTORS, DESCENDANTS, DEPTH = 400, 400, 40
ANCESTORS_FOR_STRANGERS, DESCENDANTS_FOR_STRANGERS, DEPTH_FOR_STRANGERS = 40, 60, 20


class ManyParams(msgspec.Struct, kw_only=True):
    """Which ones, by id."""

    id: list[str] = msgspec.field(default_factory=list)


async def show(call: Call, post_id: int) -> Status:
    """Return one post, or a boost; of mine also one whose picture is still painted."""
    async with call.database.read() as reader:
        promised = await find_promised(reader, call.site, call.viewer, post_id)
        if promised is not None:
            return (await show_statuses(reader, call.site, [promised], call.viewer))[0]
        found = await find_post(reader, post_id, call.viewer)
        shown = await show_entries(reader, call.site, [Entry(post_id, found.post, found.boost)], call.viewer)
    if not shown:
        raise NotFound(NOT_FOUND)
    return shown[0]


async def show_many(call: Call, params: ManyParams) -> list[Status]:
    """Return several posts; those that are not there, or not for the viewer, are left out."""
    ids = read_ids(params.id, most=STATUSES_AT_MOST)
    async with call.database.read() as reader:
        found = await posts.find_many(reader, ids)
        return await show_statuses(reader, call.site, [found[one] for one in ids if one in found], call.viewer)


async def show_context(call: Call, post_id: int) -> Context:
    """Return what a post answers, and what answers it."""
    known = call.viewer is not None
    async with call.database.read() as reader:
        if await find_promised(reader, call.site, call.viewer, post_id) is not None:
            return Context(ancestors=[], descendants=[])
        post = (await find_post(reader, post_id, call.viewer)).post
        above = await threads.list_ancestors(reader, post, most=ANCESTORS if known else ANCESTORS_FOR_STRANGERS)
        below = await threads.list_descendants(
            reader,
            post,
            most=DESCENDANTS if known else DESCENDANTS_FOR_STRANGERS,
            depth=DEPTH if known else DEPTH_FOR_STRANGERS,
        )
        shown = await show_statuses(reader, call.site, [*above, *below], call.viewer, context="thread")
        due = known and not post.local and await is_thread_due(reader, call.site, post)
    if due:
        async with call.database.write(durable=False) as tx:
            await ask_thread(tx, call.site, post)
    before = {str(one.id) for one in above}
    return Context(
        ancestors=[one for one in shown if one.id in before],
        descendants=[one for one in shown if one.id not in before],
    )


async def list_favourited_by(call: Call, params: Paging, post_id: int) -> Page:
    """Return who likes a post."""
    return await _list_reacting(call, params, post_id, LIKE)


async def list_reblogged_by(call: Call, params: Paging, post_id: int) -> Page:
    """Return who boosted a post."""
    return await _list_reacting(call, params, post_id, ANNOUNCE)


async def _list_reacting(call: Call, params: Paging, post_id: int, kind: str) -> Page:
    span = read_span(params, default=40, most=ACCOUNTS_AT_MOST)
    async with call.database.read() as reader:
        post = (await find_post(reader, post_id, call.viewer)).post
        found = await circles.list_reacting(reader, post.id, kind, span.stretch)
        people = await show_accounts(reader, call.site, [actor for _, actor in found])
    return page_of(people, [cursor for cursor, _ in found], full=len(found) == span.limit)


_POST = "/api/v1/statuses/<id:post_id>"
ROUTES = (
    Route("GET", "/api/v1/statuses", show_many, "read:statuses", "anyone", ManyParams, list[Status]),
    Route("GET", _POST, show, "read:statuses", "anyone", gives=Status),
    Route("GET", f"{_POST}/context", show_context, "read:statuses", "anyone", gives=Context),
    Route("GET", f"{_POST}/favourited_by", list_favourited_by, "read:accounts", "anyone", Paging, list[Account]),
    Route("GET", f"{_POST}/reblogged_by", list_reblogged_by, "read:accounts", "anyone", Paging, list[Account]),
)

"""People to read: one, several, by handle, their posts, and who follows whom."""

import msgspec

from server.actions.network.look_up import ask_recent, is_recent_due
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account, CredentialAccount, Status
from server.mastodon.found import find_actor
from server.mastodon.ids import NOT_FOUND, Paging, Span, read_ids, read_limit, read_span
from server.mastodon.lookups import find_people
from server.mastodon.resources.statuses import ManyParams
from server.mastodon.resources.timelines import page_of_entries, viewer_of
from server.mastodon.route import Route
from server.mastodon.showing.accounts import show_accounts, show_credential_account
from server.mastodon.showing.statuses import show_statuses
from server.problems import NotFound
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import timelines
from server.store.reading.timelines import AccountFilter
from server.store.ties import circles, follows
from server.store.writing import pins
from server.store.writing.posts import OPEN_VISIBILITIES

ACCOUNTS_AT_MOST = 80
MANY_AT_MOST = 40


class StatusesParams(Paging, kw_only=True):
    """Which of somebody's posts."""

    pinned: bool = False
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    tagged: str | None = None


class LookupParams(msgspec.Struct, kw_only=True):
    """Whom: a handle, `name` for one of our own."""

    acct: str = ""


class SearchParams(msgspec.Struct, kw_only=True):
    """Whom to look for; `resolve` asks the server of a whole handle."""

    q: str = ""
    limit: int | None = None
    offset: int = 0
    resolve: bool = False
    following: bool = False


async def show(call: Call, actor_id: int) -> Account:
    """Return somebody."""
    async with call.database.read() as reader:
        return (await show_accounts(reader, call.site, [await find_actor(reader, actor_id)]))[0]


async def show_many(call: Call, params: ManyParams) -> list[Account]:
    """Return several people; those whom we do not know are left out."""
    ids = read_ids(params.id, most=MANY_AT_MOST)
    async with call.database.read() as reader:
        found = await actors.find_many(reader, ids)
        there = [found[one] for one in ids if one in found and found[one].gone_at is None]
        return await show_accounts(reader, call.site, there)


async def verify(call: Call) -> CredentialAccount:
    """Return my own account, with what only I may know."""
    async with call.database.read() as reader:
        return await show_credential_account(reader, call.site, call.me, call.my_account)


async def look_up(call: Call, params: LookupParams) -> Account:
    """Return who bears a handle, if we know them: nobody else's server is asked."""
    name, _, host = params.acct.strip().removeprefix("@").partition("@")
    async with call.database.read() as reader:
        found = await actors.find_by_handle(reader, name, host or call.site.domain)
        if found is None or found.gone_at is not None:
            raise NotFound(NOT_FOUND)
        return (await show_accounts(reader, call.site, [found]))[0]


async def search(call: Call, params: SearchParams) -> list[Account]:
    """Return people by the beginning of their name or handle."""
    found = await find_people(
        call,
        params.q,
        limit=read_limit(params.limit, default=40, most=ACCOUNTS_AT_MOST),
        offset=params.offset,
        resolve=params.resolve,
        following=params.following,
    )
    async with call.database.read() as reader:
        return await show_accounts(reader, call.site, found)


async def list_statuses(call: Call, params: StatusesParams, actor_id: int) -> Page:
    """Return what somebody posted and boosted, as far as the viewer may see it."""
    span = read_span(params)
    async with call.database.read() as reader:
        author = await find_actor(reader, actor_id)
        if author.suspended_at is not None:
            return Page([])
        if params.pinned:
            found = await pins.list_of_actor(reader, author.id)
            return Page(await show_statuses(reader, call.site, found, call.viewer, context="account"))
        wanted = AccountFilter(
            visibilities=await _visibilities(reader, author, call.viewer),
            viewer_uri=call.viewer.uri if call.viewer else "",
            only_media=params.only_media,
            exclude_replies=params.exclude_replies,
            exclude_reblogs=params.exclude_reblogs,
            tagged=(params.tagged or "").lower(),
        )
        entries = await timelines.read_account(reader, author.id, wanted, span.stretch, viewer=viewer_of(call))
        page = await page_of_entries(call, reader, entries, span, "account")
        due = call.viewer is not None and await is_recent_due(reader, call.site, author)
    if due:
        async with call.database.write(durable=False) as tx:
            await ask_recent(tx, call.site, author)
    return page


async def list_followers(call: Call, params: Paging, actor_id: int) -> Page:
    """Return who follows somebody."""
    span = read_span(params, default=40, most=ACCOUNTS_AT_MOST)
    async with call.database.read() as reader:
        if await _hides(reader, call, actor_id):
            return Page([])
        return await _page(call, reader, await circles.list_followers(reader, actor_id, span.stretch), span)


async def list_following(call: Call, params: Paging, actor_id: int) -> Page:
    """Return whom somebody follows."""
    span = read_span(params, default=40, most=ACCOUNTS_AT_MOST)
    async with call.database.read() as reader:
        if await _hides(reader, call, actor_id):
            return Page([])
        return await _page(call, reader, await circles.list_followed(reader, actor_id, span.stretch), span)


async def _hides(reader: Reader, call: Call, actor_id: int) -> bool:
    """Whether somebody shows the viewer nobody: they do not want to, or block the viewer."""
    shown = await find_actor(reader, actor_id)
    if call.viewer is not None and call.viewer.id == shown.id:
        return False
    if shown.hides_collections or shown.suspended_at is not None:
        return True
    return call.viewer is not None and await follows.is_blocked(reader, by=shown.id, actor_id=call.viewer.id)


async def _page(call: Call, reader: Reader, found: list[tuple[int, Actor]], span: Span) -> Page:
    people = await show_accounts(reader, call.site, [actor for _, actor in found])
    return page_of(people, [cursor for cursor, _ in found], full=len(found) == span.limit)


async def _visibilities(reader: Reader, author: Actor, viewer: Actor | None) -> tuple[str, ...]:
    """Return which of an author's posts the viewer may see without being named in them."""
    if viewer is not None and viewer.id == author.id:
        return (*OPEN_VISIBILITIES, "followers", "direct")
    if viewer is not None and await follows.follows_accepted(reader, viewer.id, author.id):
        return (*OPEN_VISIBILITIES, "followers")
    return OPEN_VISIBILITIES


_ONE = "/api/v1/accounts/<id:actor_id>"
ROUTES = (
    Route("GET", "/api/v1/accounts", show_many, "read:accounts", "anyone", ManyParams, list[Account]),
    Route("GET", "/api/v1/accounts/verify_credentials", verify, "profile", "person", gives=CredentialAccount),
    Route("GET", "/api/v1/accounts/lookup", look_up, "read:accounts", "anyone", LookupParams, Account),
    Route("GET", "/api/v1/accounts/search", search, "read:accounts", "person", SearchParams, list[Account]),
    Route("GET", _ONE, show, "read:accounts", "anyone", gives=Account),
    Route("GET", f"{_ONE}/statuses", list_statuses, "read:statuses", "anyone", StatusesParams, list[Status]),
    Route("GET", f"{_ONE}/followers", list_followers, "read:accounts", "anyone", Paging, list[Account]),
    Route("GET", f"{_ONE}/following", list_following, "read:accounts", "anyone", Paging, list[Account]),
)

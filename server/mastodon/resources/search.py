"""Search for people, posts and hashtags by words, handles and addresses."""

from collections.abc import Sequence

import msgspec

from server.mastodon.call import Call
from server.mastodon.entities.basics import Search
from server.mastodon.ids import read_id, read_limit
from server.mastodon.lookups import OFFSET_AT_MOST, find_at, find_people, is_address
from server.mastodon.route import Route
from server.mastodon.showing.accounts import show_accounts
from server.mastodon.showing.statuses import show_statuses
from server.mastodon.showing.tags import show_tags
from server.store.people.actors import Actor
from server.store.reading.search import Finder, find_posts
from server.store.writing import uses
from server.store.writing.posts import Post

KINDS = ("accounts", "statuses", "hashtags")
# What somebody types is a few words; a longer text finds nothing that its beginning does not.
LONGEST = 2048


class SearchParams(msgspec.Struct, kw_only=True):
    """What to look for. `type`: only accounts, hashtags or statuses; `resolve` asks other servers too."""

    q: str = ""
    type: str | None = None
    resolve: bool = False
    following: bool = False
    account_id: str | None = None
    limit: int | None = None
    offset: int = 0


async def search(call: Call, params: SearchParams) -> Search:
    """Return what was found; an address leads to the one thing that is there."""
    text = params.q.strip()[:LONGEST]
    if is_address(text):
        return await _search_address(call, params, text)
    people = await _search_people(call, params, text) if _wants(params, "accounts") else []
    return await _show(
        call,
        people=people,
        found=await _search_posts(call, params, text) if _wants(params, "statuses") else [],
        names=await _search_tags(call, params, text) if _wants(params, "hashtags") else [],
    )


async def _search_address(call: Call, params: SearchParams, text: str) -> Search:
    found = await find_at(call, text, resolve=params.resolve)
    if isinstance(found, Actor) and _wants(params, "accounts"):
        return await _show(call, people=[found], found=[], names=[])
    if isinstance(found, Post) and _wants(params, "statuses"):
        return await _show(call, people=[], found=[found], names=[])
    return Search(accounts=[], statuses=[], hashtags=[])


async def _search_people(call: Call, params: SearchParams, text: str) -> list[Actor]:
    if text.startswith("#") or any(letter.isspace() for letter in text):
        return []
    return await find_people(
        call, text, limit=_limit(params), offset=_offset(params), resolve=params.resolve, following=params.following
    )


async def _search_posts(call: Call, params: SearchParams, text: str) -> list[Post]:
    """Return posts with these words; strangers find none, as elsewhere."""
    if call.viewer is None:
        return []
    author_id = read_id(params.account_id) if params.account_id else 0
    finder = Finder(call.viewer.id, call.viewer.uri, call.site.clock.now())
    first, most = _offset(params), _limit(params)
    async with call.database.read() as reader:
        found = await find_posts(reader, text, finder, author_id=author_id, limit=first + most)
    return found[first:]


async def _search_tags(call: Call, params: SearchParams, text: str) -> list[str]:
    name = text.removeprefix("#")
    if not name or text.startswith("@") or any(letter.isspace() for letter in name):
        return []
    async with call.database.read() as reader:
        return await uses.list_named(reader, name, limit=_limit(params), offset=_offset(params))


async def _show(call: Call, *, people: Sequence[Actor], found: Sequence[Post], names: Sequence[str]) -> Search:
    async with call.database.read() as reader:
        return Search(
            accounts=await show_accounts(reader, call.site, people),
            statuses=await show_statuses(reader, call.site, found, call.viewer),
            hashtags=await show_tags(reader, call.site, names, call.viewer),
        )


def _wants(params: SearchParams, kind: str) -> bool:
    return params.type not in KINDS or params.type == kind


def _limit(params: SearchParams) -> int:
    return read_limit(params.limit, default=20, most=40)


def _offset(params: SearchParams) -> int:
    return max(0, min(params.offset, OFFSET_AT_MOST))


ROUTES = (Route("GET", "/api/v2/search", search, "read:search", "anyone", SearchParams, Search),)

"""Filters with their keywords and posts, in their second version."""

import msgspec
from msgspec import UNSET, UnsetType

from server.actions.ties import filters as act
from server.actions.ties.filters import FilterChange, KeywordChange
from server.mastodon.call import Call
from server.mastodon.entities.basics import Filter, FilterKeyword, FilterStatus
from server.mastodon.found import find_post
from server.mastodon.ids import read_id
from server.mastodon.route import Empty, Route
from server.mastodon.showing.filters import show_filter, show_keyword, show_named_post
from server.store.reading import filters


class KeywordFields(msgspec.Struct, kw_only=True):
    """A keyword to add, to change (with its `id`) or to take away (`_destroy`)."""

    id: str | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(default=False, name="_destroy")


class FilterFields(msgspec.Struct, kw_only=True):
    """What a filter is to be. `expires_in`: seconds from now, null or empty for ever."""

    title: str | None = None
    context: list[str] | None = None
    filter_action: str | None = None
    expires_in: int | UnsetType | None = UNSET
    keywords_attributes: list[KeywordFields] = msgspec.field(default_factory=list)


class WordFields(msgspec.Struct, kw_only=True):
    """A keyword."""

    keyword: str | None = None
    whole_word: bool | None = None


class Named(msgspec.Struct, kw_only=True):
    """A post."""

    status_id: str


async def list_filters(call: Call) -> list[Filter]:
    """Return the filters of who asks."""
    async with call.database.read() as reader:
        return [show_filter(one) for one in await filters.list_of_actor(reader, call.me.id)]


async def show_one(call: Call, filter_id: int) -> Filter:
    """Return one filter."""
    async with call.database.read() as reader:
        return show_filter(await act.find_filter(reader, call.me, filter_id))


async def make(call: Call, fields: FilterFields) -> Filter:
    """Make a filter."""
    async with call.database.write() as tx:
        return show_filter(await act.make_filter(tx, call.site, call.me, _change(fields), _words(fields)))


async def change(call: Call, fields: FilterFields, filter_id: int) -> Filter:
    """Change a filter."""
    async with call.database.write() as tx:
        return show_filter(await act.change_filter(tx, call.site, call.me, filter_id, _change(fields), _words(fields)))


async def remove(call: Call, filter_id: int) -> Empty:
    """Forget a filter."""
    async with call.database.write() as tx:
        await act.remove_filter(tx, call.site, call.me, filter_id)
    return Empty()


async def list_keywords(call: Call, filter_id: int) -> list[FilterKeyword]:
    """Return what a filter looks for."""
    async with call.database.read() as reader:
        found = await act.find_filter(reader, call.me, filter_id)
    return [show_keyword(word) for word in found.keywords]


async def add_keyword(call: Call, fields: WordFields, filter_id: int) -> FilterKeyword:
    """Have a filter look for a word more."""
    wanted = KeywordChange(keyword=fields.keyword, whole_word=fields.whole_word)
    async with call.database.write() as tx:
        return show_keyword(await act.add_keyword(tx, call.site, call.me, filter_id, wanted))


async def show_word(call: Call, keyword_id: int) -> FilterKeyword:
    """Return one keyword."""
    async with call.database.read() as reader:
        return show_keyword(await act.find_keyword(reader, call.me, keyword_id))


async def change_keyword(call: Call, fields: WordFields, keyword_id: int) -> FilterKeyword:
    """Change a keyword."""
    wanted = KeywordChange(keyword=fields.keyword, whole_word=fields.whole_word)
    async with call.database.write() as tx:
        return show_keyword(await act.change_keyword(tx, call.site, call.me, keyword_id, wanted))


async def remove_keyword(call: Call, keyword_id: int) -> Empty:
    """Forget a keyword."""
    async with call.database.write() as tx:
        await act.remove_keyword(tx, call.site, call.me, keyword_id)
    return Empty()


async def list_posts(call: Call, filter_id: int) -> list[FilterStatus]:
    """Return the posts that a filter names."""
    async with call.database.read() as reader:
        found = await act.find_filter(reader, call.me, filter_id)
    return [show_named_post(entry) for entry in found.posts]


async def add_post(call: Call, named: Named, filter_id: int) -> FilterStatus:
    """Have a filter name a post."""
    async with call.database.write() as tx:
        post = (await find_post(tx, read_id(named.status_id), call.me)).post
        return show_named_post(await act.add_post(tx, call.site, call.me, filter_id, post.id))


async def show_post(call: Call, entry_id: int) -> FilterStatus:
    """Return the entry of a post in a filter."""
    async with call.database.read() as reader:
        return show_named_post(await act.find_entry(reader, call.me, entry_id))


async def remove_post(call: Call, entry_id: int) -> FilterStatus:
    """Take a post out of a filter."""
    async with call.database.write() as tx:
        return show_named_post(await act.remove_post(tx, call.site, call.me, entry_id))


def _change(fields: FilterFields) -> FilterChange:
    return FilterChange(
        title=fields.title,
        places=tuple(fields.context) if fields.context is not None else None,
        action=fields.filter_action,
        seconds=read_seconds(fields.expires_in),
    )


def read_seconds(expires_in: int | UnsetType | None) -> int | None:
    """Return for how long a filter holds: 0 for ever, None where nothing was said."""
    if isinstance(expires_in, UnsetType):
        return None
    return expires_in or 0


def _words(fields: FilterFields) -> list[KeywordChange]:
    return [
        KeywordChange(
            id=read_id(one.id) if one.id else None,
            keyword=one.keyword,
            whole_word=one.whole_word,
            gone=one.destroy,
        )
        for one in fields.keywords_attributes
    ]


_ALL, _ONE = "/api/v2/filters", "/api/v2/filters/<id:filter_id>"
_WORD, _POST = "/api/v2/filters/keywords/<id:keyword_id>", "/api/v2/filters/statuses/<id:entry_id>"
_READ, _WRITE = "read:filters", "write:filters"

ROUTES = (
    Route("GET", _ALL, list_filters, _READ, "person", gives=list[Filter]),
    Route("POST", _ALL, make, _WRITE, "person", FilterFields, gives=Filter),
    Route("GET", _ONE, show_one, _READ, "person", gives=Filter),
    Route("PUT", _ONE, change, _WRITE, "person", FilterFields, gives=Filter),
    Route("DELETE", _ONE, remove, _WRITE, "person"),
    Route("GET", f"{_ONE}/keywords", list_keywords, _READ, "person", gives=list[FilterKeyword]),
    Route("POST", f"{_ONE}/keywords", add_keyword, _WRITE, "person", WordFields, gives=FilterKeyword),
    Route("GET", _WORD, show_word, _READ, "person", gives=FilterKeyword),
    Route("PUT", _WORD, change_keyword, _WRITE, "person", WordFields, gives=FilterKeyword),
    Route("DELETE", _WORD, remove_keyword, _WRITE, "person"),
    Route("GET", f"{_ONE}/statuses", list_posts, _READ, "person", gives=list[FilterStatus]),
    Route("POST", f"{_ONE}/statuses", add_post, _WRITE, "person", Named, gives=FilterStatus),
    Route("GET", _POST, show_post, _READ, "person", gives=FilterStatus),
    Route("DELETE", _POST, remove_post, _WRITE, "person", gives=FilterStatus),
)

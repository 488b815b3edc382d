"""Filters in their first version, where each has one word. What is made in either version is seen in both."""

import msgspec
from msgspec import UNSET, UnsetType

from server.actions.ties import filters as act
from server.actions.ties.filters import FilterChange, KeywordChange
from server.mastodon.call import Call
from server.mastodon.entities.people import OldFilter
from server.mastodon.resources.filters import read_seconds
from server.mastodon.route import Empty, Route
from server.mastodon.words import show_time
from server.store.database import Reader
from server.store.reading import filters
from server.store.reading.filters import Keyword, WholeFilter


class OldFields(msgspec.Struct, kw_only=True):
    """What a filter is to be. `irreversible` ones hide, the others warn."""

    phrase: str | None = None
    context: list[str] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: int | UnsetType | None = UNSET


async def list_filters(call: Call) -> list[OldFilter]:
    """Return the words of all filters of who asks."""
    async with call.database.read() as reader:
        found = await filters.list_of_actor(reader, call.me.id)
    return [_show(one, word) for one in found for word in one.keywords]


async def show_one(call: Call, keyword_id: int) -> OldFilter:
    """Return one word."""
    async with call.database.read() as reader:
        return _show(*await _find(reader, call, keyword_id))


async def make(call: Call, fields: OldFields) -> OldFilter:
    """Make a filter of one word."""
    word = KeywordChange(keyword=fields.phrase or "", whole_word=fields.whole_word)
    change = msgspec.structs.replace(fields, irreversible=bool(fields.irreversible))
    async with call.database.write() as tx:
        made = await act.make_filter(tx, call.site, call.me, _change(change, title=fields.phrase), [word])
    return _show(made, made.keywords[0])


async def change(call: Call, fields: OldFields, keyword_id: int) -> OldFilter:
    """Change a word and its filter."""
    async with call.database.write() as tx:
        known, _ = await _find(tx, call, keyword_id)
        word = KeywordChange(id=keyword_id, keyword=fields.phrase, whole_word=fields.whole_word)
        wanted = _change(fields, title=fields.phrase if len(known.keywords) == 1 else None)
        await act.change_filter(tx, call.site, call.me, known.filter.id, wanted, [word])
        return _show(*await _find(tx, call, keyword_id))


async def remove(call: Call, keyword_id: int) -> Empty:
    """Forget a word, and the filter with its last one."""
    async with call.database.write() as tx:
        known, _ = await _find(tx, call, keyword_id)
        if len(known.keywords) == 1 and not known.posts:
            await act.remove_filter(tx, call.site, call.me, known.filter.id)
        else:
            await act.remove_keyword(tx, call.site, call.me, keyword_id)
    return Empty()


async def _find(reader: Reader, call: Call, keyword_id: int) -> tuple[WholeFilter, Keyword]:
    word = await act.find_keyword(reader, call.me, keyword_id)
    return await act.find_filter(reader, call.me, word.filter_id), word


def _change(fields: OldFields, *, title: str | None) -> FilterChange:
    action = None if fields.irreversible is None else "hide" if fields.irreversible else "warn"
    return FilterChange(
        title=title,
        places=tuple(fields.context) if fields.context is not None else None,
        action=action,
        seconds=read_seconds(fields.expires_in),
    )


def _show(one: WholeFilter, word: Keyword) -> OldFilter:
    return OldFilter(
        id=str(word.id),
        phrase=word.keyword,
        context=list(one.filter.places),
        whole_word=word.whole_word,
        expires_at=show_time(one.filter.expires_at),
        irreversible=one.filter.action == "hide",
    )


_ALL, _ONE = "/api/v1/filters", "/api/v1/filters/<id:keyword_id>"
_READ, _WRITE = "read:filters", "write:filters"

ROUTES = (
    Route("GET", _ALL, list_filters, _READ, "person", gives=list[OldFilter]),
    Route("POST", _ALL, make, _WRITE, "person", OldFields, gives=OldFilter),
    Route("GET", _ONE, show_one, _READ, "person", gives=OldFilter),
    Route("PUT", _ONE, change, _WRITE, "person", OldFields, gives=OldFilter),
    Route("DELETE", _ONE, remove, _WRITE, "person"),
)

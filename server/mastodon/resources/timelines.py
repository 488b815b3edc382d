"""Timelines: home, public, hashtags, lists. What stands in them is `store.timelines`' business."""

import msgspec

from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Status
from server.mastodon.ids import NOT_FOUND, Paging, Span, read_span
from server.mastodon.route import Route
from server.mastodon.showing.statuses import FilterContext, show_entries
from server.problems import NotFound
from server.store.database import Reader
from server.store.reading import timelines
from server.store.reading.timelines import STRANGER, Entry, TagFilter, Viewer, Where
from server.store.ties import lists

# As many hashtags as one question may name.
TAGS_AT_MOST = 4


class PublicParams(Paging, kw_only=True):
    """Which public posts."""

    local: bool = False
    remote: bool = False
    only_media: bool = False


class TagParams(PublicParams, kw_only=True):
    """Which hashtags beside the one in the address: one of `any`, every one of `all`, none of `none`."""

    any: list[str] = msgspec.field(default_factory=list)
    all: list[str] = msgspec.field(default_factory=list)
    none: list[str] = msgspec.field(default_factory=list)


class LinkParams(Paging, kw_only=True):
    """Which link."""

    url: str


async def show_home(call: Call, params: Paging) -> Page:
    """Return what those whom I follow post and boost, and my own."""
    span = read_span(params)
    async with call.database.read() as reader:
        found = await timelines.read_home(reader, call.me.id, span.stretch, now=call.site.clock.now())
        return await page_of_entries(call, reader, found, span, "home")


async def show_public(call: Call, params: PublicParams) -> Page:
    """Return what anybody posted to all."""
    span = read_span(params)
    async with call.database.read() as reader:
        found = await timelines.read_public(
            reader, span.stretch, where=_where(params), only_media=params.only_media, viewer=viewer_of(call)
        )
        entries = [Entry(post.id, post) for post in found]
        return await page_of_entries(call, reader, entries, span, "public")


async def show_tag(call: Call, params: TagParams, name: str) -> Page:
    """Return what anybody posted to all under a hashtag."""
    span = read_span(params)
    wanted = TagFilter(
        any=tuple([name, *params.any][: TAGS_AT_MOST + 1]),
        all=tuple(params.all[:TAGS_AT_MOST]),
        none=tuple(params.none[:TAGS_AT_MOST]),
        where=_where(params),
        only_media=params.only_media,
    )
    async with call.database.read() as reader:
        found = await timelines.read_tag(reader, wanted, span.stretch, viewer=viewer_of(call))
        entries = [Entry(post.id, post) for post in found]
        return await page_of_entries(call, reader, entries, span, "public")


async def show_list(call: Call, params: Paging, list_id: int) -> Page:
    """Return what stands on one of my lists."""
    span = read_span(params)
    async with call.database.read() as reader:
        if await lists.find(reader, call.me.id, list_id) is None:
            raise NotFound(NOT_FOUND)
        found = await timelines.read_list(reader, list_id, span.stretch, viewer_of(call))
        return await page_of_entries(call, reader, found, span, "home")


async def show_link(call: Call, params: LinkParams) -> list[Status]:
    """Return what was posted about a link that is in fashion. We follow no fashion in links, so there is nothing."""
    return []


def viewer_of(call: Call) -> Viewer:
    """Return who looks, as the timelines' store takes it."""
    return STRANGER if call.viewer is None else Viewer(call.viewer.id, call.site.clock.now())


async def page_of_entries(
    call: Call, reader: Reader, entries: list[Entry], span: Span, context: FilterContext | None
) -> Page:
    """Return a page of lines. Its cursors are of all that was read, of which some may not be shown."""
    shown = await show_entries(reader, call.site, entries, call.viewer, context=context)
    return page_of(shown, [entry.id for entry in entries], full=span.from_after or len(entries) == span.limit)


def _where(params: PublicParams) -> Where:
    if params.local == params.remote:
        return "all"
    return "local" if params.local else "remote"


ROUTES = (
    Route("GET", "/api/v1/timelines/home", show_home, "read:statuses", "person", Paging, list[Status]),
    Route("GET", "/api/v1/timelines/public", show_public, "read:statuses", "anyone", PublicParams, list[Status]),
    Route("GET", "/api/v1/timelines/tag/<name>", show_tag, "read:statuses", "anyone", TagParams, list[Status]),
    Route("GET", "/api/v1/timelines/list/<id:list_id>", show_list, "read:lists", "person", Paging, list[Status]),
    Route("GET", "/api/v1/timelines/link", show_link, "read:statuses", "anyone", LinkParams, list[Status]),
)

"""What is in fashion here: hashtags by who uses them, posts by who likes them. Links never: we make no previews."""

import msgspec

from server.mastodon.call import Call
from server.mastodon.entities.basics import Card, Status, Tag
from server.mastodon.ids import read_limit
from server.mastodon.route import Route
from server.mastodon.showing.statuses import show_statuses
from server.mastodon.showing.tags import DAYS, first_of_days, show_tags
from server.store.writing import uses

OFFSET_AT_MOST = 1000


class TrendParams(msgspec.Struct, kw_only=True):
    """How many, after how many."""

    limit: int | None = None
    offset: int = 0


async def list_tags(call: Call, params: TrendParams) -> list[Tag]:
    """Return the hashtags that most people used in the last days."""
    async with call.database.read() as reader:
        names = await uses.list_most_used(
            reader,
            first_id=first_of_days(call.site, DAYS),
            limit=read_limit(params.limit, default=10, most=20),
            offset=_offset(params),
        )
        return await show_tags(reader, call.site, names, call.viewer)


async def list_statuses(call: Call, params: TrendParams) -> list[Status]:
    """Return the posts of the last days that most people liked and boosted."""
    async with call.database.read() as reader:
        found = await uses.list_most_liked(
            reader,
            first_id=first_of_days(call.site, DAYS),
            limit=read_limit(params.limit, default=20, most=40),
            offset=_offset(params),
        )
        return await show_statuses(reader, call.site, found, call.viewer, context="public")


async def list_links(call: Call, params: TrendParams) -> list[Card]:
    """Return no links."""
    return []


def _offset(params: TrendParams) -> int:
    return max(0, min(params.offset, OFFSET_AT_MOST))


ROUTES = (
    # The address from before there were other trends; toot and Tusky still ask it.
    Route("GET", "/api/v1/trends", list_tags, None, "anyone", TrendParams, list[Tag]),
    Route("GET", "/api/v1/trends/tags", list_tags, None, "anyone", TrendParams, list[Tag]),
    Route("GET", "/api/v1/trends/statuses", list_statuses, None, "anyone", TrendParams, list[Status]),
    Route("GET", "/api/v1/trends/links", list_links, None, "anyone", TrendParams, list[Card]),
)

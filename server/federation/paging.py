"""Pages of collections by a stable cursor, which nothing new can move. It must not fetch the items."""

from collections.abc import Sequence

from quart import request

from activitypub.activities import Document
from activitypub.collection import build_page
from activitypub.context import SIMPLE_CONTEXT, Context
from activitypub.errors import Malformed

# Whole activities, at about 3 KB each.
ACTIVITIES_PER_PAGE = 20
# Addresses alone.
ADDRESSES_PER_PAGE = 40
NEWEST = (1 << 63) - 1
FIRST = "?page=true"

Entry = tuple[int, object]


def read_cursor(name: str = "before", *, start: int = NEWEST) -> int | None:
    """Return where the wanted page begins; None where the collection itself is asked for. Raises Malformed."""
    if "page" not in request.args:
        return None
    text = request.args.get(name)
    if text is None:
        return start
    if not (text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= NEWEST):
        raise Malformed(f"expected a number as '{name}'")
    return int(text)


def lay_out(
    uri: str,
    entries: Sequence[Entry],
    limit: int,
    *,
    name: str = "before",
    ordered: bool = True,
    context: Context = SIMPLE_CONTEXT,
) -> Document:
    """Build the page at the current request from (cursor, item), one more than `limit` if there is a next page.

    An item of None takes its place in the count and is not shown.
    """
    shown = entries[:limit]
    here = request.args.get(name)
    return build_page(
        _address(uri, name, here),
        part_of=uri,
        items=[item for _, item in shown if item is not None],
        next=_address(uri, name, str(shown[-1][0])) if len(entries) > limit else None,
        ordered=ordered,
        context=context,
    )


def _address(uri: str, name: str, cursor: str | None) -> str:
    return f"{uri}{FIRST}" if cursor is None else f"{uri}{FIRST}&{name}={cursor}"

"""Pages of collections by a stable cursor, which nothing new can move. It must not fetch the items."""

from collections.abc import Sequence
from dataclasses import dataclass

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

# Above nothing: the oldest page.
LAST = "?page=true&after=0"

Entry = tuple[int, object]


@dataclass(frozen=True, slots=True)
class Span:
    """Which page of a collection is wanted: what lies below `before`, or else just above `after`."""

    before: int = NEWEST
    after: int | None = None


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


def read_span() -> Span | None:
    """Return which page is wanted; None where the collection itself is asked for. Raises Malformed."""
    if "after" not in request.args:
        before = read_cursor()
        return None if before is None else Span(before=before)
    after = read_cursor("after", start=0)
    return None if after is None else Span(after=after)


def lay_out_span(
    uri: str,
    span: Span,
    entries: Sequence[Entry],
    limit: int,
    *,
    ordered: bool = True,
    context: Context = SIMPLE_CONTEXT,
) -> Document:
    """Build a page, newest first, from entries in the order in which they were listed: with `after`, oldest first.

    There is one entry more than `limit` where more lies in that direction.
    """
    more = len(entries) > limit
    shown = list(entries[:limit])
    if span.after is not None:
        shown.reverse()
    # In the direction from which the reader came there is something, as a cursor stands for an item.
    older = more if span.after is None else span.after > 0
    newer = more if span.after is not None else span.before < NEWEST
    here = f"&after={span.after}" if span.after is not None else f"&before={span.before}" if newer else ""
    return build_page(
        f"{uri}{FIRST}{here}",
        part_of=uri,
        items=[item for _, item in shown if item is not None],
        next=f"{uri}{FIRST}&before={shown[-1][0]}" if older and shown else None,
        prev=f"{uri}{FIRST}&after={shown[0][0]}" if newer and shown else None,
        ordered=ordered,
        context=context,
    )


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

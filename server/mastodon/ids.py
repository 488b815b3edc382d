"""Ids and cursors as clients write them. It must not look anything up."""

from dataclasses import dataclass

import msgspec
from werkzeug.routing import BaseConverter

from server.problems import Invalid, NotFound
from server.store.paging import Stretch

NOT_FOUND = "Record not found"
# What a row's number fits in; a larger one is nobody's.
LARGEST_ID = (1 << 63) - 1


class IdConverter(BaseConverter):
    """Reads one of our own ids in an address: `<id:post_id>`. A number that is too large becomes one that is nobody's.

    (A converter that refuses ends the search for a route, so that the answer would not be ours.)
    """

    regex = "[0-9]{1,40}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return min(int(value), LARGEST_ID)


class RestConverter(BaseConverter):
    """Reads whatever comes, slashes and line breaks too: `<rest:path>`."""

    part_isolating = False
    regex = "(?s:.*)"
    # After every route that is one.
    weight = 300


class Paging(msgspec.Struct, kw_only=True):
    """What every list takes. `max_id`: older than this; `since_id`: the newest after; `min_id`: right after this."""

    max_id: str | None = None
    since_id: str | None = None
    min_id: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a list by cursor: below `before`, above `after`, at most `limit`.

    `from_after` begins at `after` and goes up (`min_id`); otherwise the newest are meant. Either way they are shown
    newest first.
    """

    before: int = LARGEST_ID
    after: int = 0
    from_after: bool = False
    limit: int = 20

    @property
    def stretch(self) -> Stretch:
        """The same as stores take it."""
        return Stretch(before=self.before, after=self.after, ascending=self.from_after, limit=self.limit)


def read_id(text: str) -> int:
    """Read an id that stands in parameters.

    Raises:
        NotFound: it can be nobody's.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_ID:
        raise NotFound(NOT_FOUND)
    return int(text)


def read_ids(texts: list[str], *, most: int) -> list[int]:
    """Read several ids, each once, in order; what can be nobody's is left out, and so is what comes after `most`."""
    found = dict.fromkeys(text for text in texts if text.isascii() and text.isdigit() and len(text) <= 19)
    return [number for number in (int(text) for text in list(found)[:most]) if number <= LARGEST_ID]


def read_span(paging: Paging, *, default: int = 20, most: int = 40) -> Span:
    """Read the cursors and the limit, which is kept between 1 and `most`.

    Raises:
        Invalid: a cursor is no id.
    """
    after = paging.min_id if paging.min_id is not None else paging.since_id
    return Span(
        before=_read_cursor(paging.max_id, LARGEST_ID, "max_id"),
        after=_read_cursor(after, 0, "min_id" if paging.min_id is not None else "since_id"),
        from_after=paging.min_id is not None,
        limit=read_limit(paging.limit, default=default, most=most),
    )


def read_limit(limit: int | None, *, default: int, most: int) -> int:
    """Return how many are wanted, between 1 and `most`."""
    return default if limit is None else max(1, min(limit, most))


def _read_cursor(text: str | None, otherwise: int, name: str) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit()):
        raise Invalid(f"{name} is no id", field=name)
    return min(int(text[:20]), LARGEST_ID)

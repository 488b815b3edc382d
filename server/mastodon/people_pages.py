"""Pages of people, and the finding of one. It must not know what list they are of."""

from collections.abc import Sequence

from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.ids import NOT_FOUND, Paging, Span, read_span
from server.mastodon.showing.accounts import show_accounts
from server.problems import NotFound
from server.store.database import Reader
from server.store.paging import Stretch
from server.store.people import actors
from server.store.people.actors import Actor

# Mastodon's numbers for lists of people.
PEOPLE_PER_PAGE, PEOPLE_AT_MOST = 40, 80


def read_stretch(paging: Paging, *, default: int = PEOPLE_PER_PAGE, most: int = PEOPLE_AT_MOST) -> Stretch:
    """Read cursors and limit. Raises Invalid."""
    return stretch_of(read_span(paging, default=default, most=most))


def stretch_of(span: Span) -> Stretch:
    """Return a client's stretch as the store knows it."""
    return Stretch(span.before, span.after, span.from_after, span.limit)


async def people_page(call: Call, reader: Reader, found: Sequence[tuple[int, Actor]], stretch: Stretch) -> Page:
    """Return a page of people with their cursors."""
    shown = await show_accounts(reader, call.site, [actor for _, actor in found])
    return page_of(shown, [cursor for cursor, _ in found], full=len(found) == stretch.limit)


async def find_target(reader: Reader, actor_id: int) -> Actor:
    """Find whom an address means, also one whose account is closed: a block of them can be taken back.

    Raises:
        NotFound: nobody we know.
    """
    found = await actors.find(reader, actor_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


async def find_living(reader: Reader, actor_id: int) -> Actor:
    """Find whom an address means. Raises NotFound for nobody we know, and for one who is gone or suspended."""
    found = await find_target(reader, actor_id)
    if found.gone_at is not None or found.suspended_at is not None or (found.local and found.type == "Application"):
        raise NotFound(NOT_FOUND)
    return found

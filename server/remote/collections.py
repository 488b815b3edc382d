"""Fetches a peer's collection page by page, within bounds. It must not fetch what the pages list."""

from activitypub.authority import refuse_ours
from activitypub.collection_walk import Item, Walk
from activitypub.errors import Forbidden, Malformed, ProtocolError
from activitypub.reading import Collection, Document, read_collection
from activitypub.vocabulary import id_of, same_origin
from server.remote.profiles import fetch_document
from server.remote.seam import FetchFailed, Reach

# So many of our people will not follow one person for a long while. Their addresses are about a megabyte, which is what
# one document may have, and 3 MB while they are held. Mastodon gives them all in one piece.
LISTED_AT_MOST = 20_000
# Whoever gives two hundred on a page, or more, gets to the bound; nobody has us ask oftener, once in six hours.
WHOLE_PAGES = 100
# What a count has room for.
MAX_TOTAL = 2**31 - 1


async def fetch_whole(reach: Reach, uri: str, *, origin_of_all: str) -> tuple[str, ...]:
    """Return the addresses in a collection, if all of them can be had from one origin.

    Raises:
        FetchFailed: a page cannot be had.
        ProtocolError: it is none, lies elsewhere, or is too long to be read whole.
    """
    refuse_ours(uri, reach.site.origin)
    found: dict[str, None] = {}
    asked, met = uri, {uri}
    total: int | None = None
    listed = False
    for _ in range(WHOLE_PAGES):
        document = await fetch_document(reach, asked)
        if not same_origin(document.url, origin_of_all):
            raise Forbidden("the collection comes from another origin than its owner")
        collection = read_collection(document.value, most=LISTED_AT_MOST + 1)
        total = collection.total if total is None else total
        page = collection.page or collection
        listed = listed or _has_list(document.value)
        found |= {address: None for item in page.items if (address := id_of(item)) is not None}
        if max(len(page.items), len(found), total or 0) > LISTED_AT_MOST:
            raise Malformed("the collection is too long to be read whole")
        further = page.next or (page.first if not page.items and page.first != asked else None)
        if further is None:
            break
        if not same_origin(further, origin_of_all):
            raise Forbidden("the collection goes on at another origin")
        if further in met:
            raise Malformed("the collection goes round in a circle")
        asked = further
        met.add(further)
    else:
        raise Malformed("the collection has too many pages")
    if not listed and total != 0:
        # What a server shows those whom it does not tell: that is no empty list.
        raise Malformed("the collection does not show what it holds")
    if total is not None and total != len(found):
        raise Malformed("the collection does not show all that it counts")
    return tuple(found)


def _has_list(document: Document) -> bool:
    first = document.get("first")
    holders = [document, first] if isinstance(first, dict) else [document]
    return any(name in one for one in holders for name in ("items", "orderedItems"))


async def walk(reach: Reach, uri: str, *, pages: int, items: int, known: Collection | None = None) -> tuple[Item, ...]:
    """Return what the collection at `uri` lists; what was found until a page failed is found.

    `known` is the collection itself, where it stood inside a document of its own server.
    """
    return (await walk_counted(reach, uri, pages=pages, items=items, known=known)).items


async def walk_counted(reach: Reach, uri: str, *, pages: int, items: int, known: Collection | None = None) -> Walk:
    """Walk like `walk`, and return the walk, which knows too how many the collection says it has."""
    refuse_ours(uri, reach.site.origin)
    walking = Walk(uri, pages=pages, items=items)
    if known is not None and walking.next is not None:
        walking.take(uri, known)
    while walking.next is not None:
        try:
            document = await fetch_document(reach, walking.next)
            walking.take(document.url, read_collection(document.value))
        except (FetchFailed, ProtocolError):
            break
    return walking


async def read_total(reach: Reach, uri: str | None) -> int | None:
    """Return how many a collection says it has; None where it does not tell, or cannot be had."""
    if uri is None:
        return None
    try:
        refuse_ours(uri, reach.site.origin)
        document = await fetch_document(reach, uri)
        if not same_origin(document.url, uri):
            return None
        total = read_collection(document.value).total
    except (FetchFailed, ProtocolError):
        return None
    return limit_total(total)


def limit_total(total: int | None) -> int | None:
    """A count that a peer tells, unless it is nonsense."""
    return total if total is not None and 0 <= total <= MAX_TOTAL else None

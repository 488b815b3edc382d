"""Fetches a peer's collection page by page, within bounds. It must not fetch what the pages list."""

from activitypub.authority import refuse_ours
from activitypub.collection_walk import Item, Walk
from activitypub.errors import ProtocolError
from activitypub.reading import Collection, read_collection
from server.remote.profiles import fetch_document
from server.remote.seam import FetchFailed, Reach


async def walk(reach: Reach, uri: str, *, pages: int, items: int, known: Collection | None = None) -> tuple[Item, ...]:
    """Return what the collection at `uri` lists; what was found until a page failed is found.

    `known` is the collection itself, where it stood inside a document of its own server.
    """
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
    return walking.items

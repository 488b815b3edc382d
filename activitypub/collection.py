"""Builders of collections and their pages.

They must not filter: what a reader may see is settled before the items come here.
"""

from collections.abc import Iterable

from activitypub.context import SIMPLE_CONTEXT, Context

Document = dict[str, object]


def build_collection(
    id: str,
    *,
    total: int | None,
    first: str | None = None,
    last: str | None = None,
    items: Iterable[object] | None = None,
    ordered: bool = True,
    context: Context = SIMPLE_CONTEXT,
) -> Document:
    """A collection: a root that points to its pages, or a short one with its items in it.

    `total` stays when the items are hidden; Mastodon takes a missing `first` for a hidden list.
    """
    document: Document = {"@context": context, "id": id, "type": "OrderedCollection" if ordered else "Collection"}
    if total is not None:
        document["totalItems"] = total
    document |= {name: uri for name, uri in (("first", first), ("last", last)) if uri is not None}
    if items is not None:
        document[_items_name(ordered)] = list(items)
    return document


def build_page(
    id: str,
    *,
    part_of: str,
    items: Iterable[object],
    next: str | None = None,
    prev: str | None = None,
    total: int | None = None,
    ordered: bool = True,
    context: Context = SIMPLE_CONTEXT,
) -> Document:
    """A page, newest item first; the last page has no `next`."""
    kind = "OrderedCollectionPage" if ordered else "CollectionPage"
    document: Document = {"@context": context, "id": id, "type": kind, "partOf": part_of}
    if total is not None:
        document["totalItems"] = total
    document |= {name: uri for name, uri in (("next", next), ("prev", prev)) if uri is not None}
    document[_items_name(ordered)] = list(items)
    return document


def _items_name(ordered: bool) -> str:
    return "orderedItems" if ordered else "items"

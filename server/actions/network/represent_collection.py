"""Builds the documents of the collections that our people keep. It must not decide who may read them."""

from collections.abc import Sequence

from activitypub.activities import Document
from activitypub.collection import build_collection
from activitypub.extras import put_back
from activitypub.notes import build_tombstone
from server.ids import iso
from server.store.people.actors import Actor
from server.store.writing.collections import Collection

FIRST = "?page=true"


def represent_collection(
    owner: Actor, collection: Collection, *, total: int, last: str | None = None, items: Sequence[str] | None = None
) -> Document:
    """Return a collection with the number of what is in it, or its Tombstone."""
    if collection.deleted_at is not None:
        return build_tombstone(collection.uri, collection.type, iso(collection.deleted_at))
    first = f"{collection.uri}{FIRST}"
    document = build_collection(
        collection.uri, total=total, first=first, last=last, items=items, ordered=collection.ordered
    )
    document["attributedTo"] = owner.uri
    document["published"] = iso(collection.created_at)
    if collection.updated_at is not None:
        document["updated"] = iso(collection.updated_at)
    document |= {name: list(named) for name, named in (("to", collection.to), ("cc", collection.cc)) if named}
    return put_back(document, collection.more)

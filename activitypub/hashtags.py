"""Hashtags as objects: read from a collection or an activity, and written. It must not decide which may be used."""

from activitypub import fields
from activitypub.fields import Document
from activitypub.vocabulary import as_list, types_of

MAX_NAME = 256
# Mastodon shows ten on a profile.
MAX_LISTED = 50


def build_hashtag(name: str, href: str) -> Document:
    """A hashtag, given without its sign."""
    return {"type": "Hashtag", "href": href, "name": f"#{name}"}


def read_hashtag(value: object) -> str | None:
    """The name of a hashtag without its sign; None for anything else."""
    value = fields.first(value)
    if not isinstance(value, dict) or "Hashtag" not in types_of(value):
        return None
    return (fields.text(value, "name", MAX_NAME) or "").strip().lstrip("#") or None


def read_hashtags(document: Document) -> tuple[str, ...]:
    """The hashtags of a collection that holds them itself, or on its first page inside it."""
    first = fields.first(fields.field(document, "first"))
    for holder in (document, first if isinstance(first, dict) else {}):
        items = as_list(holder.get("orderedItems", holder.get("items")))[:MAX_LISTED]
        if items:
            return tuple(name for one in items if (name := read_hashtag(one)) is not None)
    return ()

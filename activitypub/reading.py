"""Untrusted JSON → frozen structs. What a peer *says*; whether it may say so is `authority`'s question.

The larger documents have files of their own (`documents`, `remote_actor`, `remote_note`); all are imported from here.
"""

from dataclasses import dataclass, replace

import msgspec

from activitypub import fields
from activitypub.discovery import is_actor_link, parse_handle
from activitypub.documents import MAX_BYTES, MAX_DEPTH, read_json
from activitypub.errors import Malformed
from activitypub.fields import Document
from activitypub.keys import OwnedKey
from activitypub.remote_actor import KeyClaim, ProfileField, RemoteActor, read_actor, read_key_claims
from activitypub.remote_note import RemoteAttachment, RemoteNote, RemoteTag, read_note
from activitypub.vocabulary import COLLECTION_TYPES, as_list, types_of

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Activity",
    "Collection",
    "Document",
    "Finger",
    "KeyClaim",
    "OwnedKey",
    "ProfileField",
    "RemoteActor",
    "RemoteAttachment",
    "RemoteNote",
    "RemoteTag",
    "read_activity",
    "read_actor",
    "read_collection",
    "read_json",
    "read_key_claims",
    "read_note",
    "read_webfinger",
]

MAX_TYPE = 100  # the longest type in use has 20 letters
MAX_OBJECTS = 100  # a Flag names an actor and some notes
MAX_ITEMS = 1000  # pages hold 10 to 100; more is not a page
MAX_LINKS = 100  # WebFinger answers have about five
MAX_TOTAL = 2**53  # what JSON carries without loss


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """What a peer says it did. `object` is untouched; `object_ids` are all ids in it.

    A Struct with what every inbox request needs; the rest is read when it is asked for.
    """

    id: str
    type: str
    actor: str
    object: object
    object_ids: tuple[str, ...]
    raw: Document

    @property
    def object_id(self) -> str | None:
        """The first id in the object."""
        return self.object_ids[0] if self.object_ids else None

    @property
    def object_type(self) -> str | None:
        """The first type of an embedded object."""
        return next(iter(types_of(fields.first(self.object))), None)

    @property
    def target(self) -> str | None:
        """The collection, or the new account."""
        return fields.uri(self.raw, "target")

    @property
    def to(self) -> tuple[str, ...]:
        """The primary recipients."""
        return fields.recipients(self.raw, "to")

    @property
    def cc(self) -> tuple[str, ...]:
        """The secondary recipients."""
        return fields.recipients(self.raw, "cc")

    @property
    def audience(self) -> tuple[str, ...]:
        """Recipients of a third kind, which groups use."""
        return fields.recipients(self.raw, "audience")

    @property
    def published(self) -> str | None:
        """When it was done, as written."""
        return fields.date(self.raw, "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A collection or one page of it. `page` is the first page where it stands inside its collection."""

    id: str | None
    type: str
    total: int | None
    first: str | None
    next: str | None
    part_of: str | None
    items: tuple[object, ...]
    page: "Collection | None" = None


@dataclass(frozen=True, slots=True)
class Finger:
    """A WebFinger answer: `subject` as user@host, and the actor it points to.

    A subject other than the one asked for is a claim to be asked about once more, at the subject's own host.
    """

    subject: str
    actor_uri: str


def read_activity(document: Document) -> Activity:
    """Read an activity of any type, known or not. Raises Malformed without id, type or one actor."""
    return Activity(
        id=fields.document_id(document),
        type=_read_type(document),
        actor=_read_actor_uri(document),
        object=fields.field(document, "object"),
        object_ids=fields.uris(document, "object", MAX_OBJECTS),
        raw=document,
    )


def read_collection(document: Document, *, most: int = MAX_ITEMS) -> Collection:
    """Read a collection or a page of one. Raises Malformed if it is neither."""
    collection = _read_collection(document, most)
    for inner in fields.objects(document, "first", 1):
        if COLLECTION_TYPES.intersection(types_of(inner)):
            return replace(collection, page=_read_collection(inner, most))
    return collection


def read_webfinger(document: Document, *, expected: str) -> Finger:
    """Read the answer to a WebFinger query for `expected` (user@host). Raises Malformed without a self link.

    A missing subject means the one that was asked for (RFC 7033 section 4.4.1 leaves it optional).
    """
    subject = fields.text(document, "subject", fields.MAX_URI)
    user, host = parse_handle(subject if subject and subject.startswith("acct:") else expected)
    for link in fields.objects(document, "links", MAX_LINKS):
        href = fields.media_url(link.get("href"))
        if href is not None and is_actor_link(link.get("rel"), link.get("type")):
            return Finger(f"{user}@{host}", href)
    raise Malformed("expected a link to an actor")


def _read_type(document: Document) -> str:
    names = types_of(document)
    if not names or not names[0] or len(names[0]) > MAX_TYPE:
        raise Malformed("expected a short name as 'type'")
    return names[0]


def _read_actor_uri(document: Document) -> str:
    """The one actor. Two would let a signer speak for somebody else."""
    if len(as_list(fields.field(document, "actor"))) != 1:
        raise Malformed("expected one actor")
    return fields.required_uri(document, "actor")


def _read_collection(document: Document, most: int) -> Collection:
    kind = next((name for name in types_of(document) if name in COLLECTION_TYPES), None)
    if kind is None:
        raise Malformed(f"expected a collection, found {', '.join(types_of(document))[:200] or 'no type'}")
    items = fields.field(document, "orderedItems")
    return Collection(
        id=fields.uri_of(document),
        type=kind,
        total=fields.integer(document, "totalItems", least=0, most=MAX_TOTAL),
        first=fields.uri(document, "first"),
        next=fields.uri(document, "next"),
        part_of=fields.uri(document, "partOf"),
        items=tuple(as_list(fields.field(document, "items") if items is None else items)[:most]),
    )

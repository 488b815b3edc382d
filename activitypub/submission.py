"""What one of our people's clients hands in at the outbox → one activity, read and put in order (ActivityPub 6).

It must not know what the activity does, nor look anything up. Malformed means the client wrote nonsense, Forbidden
that it speaks for somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from activitypub import fields
from activitypub.audience import strip_blind
from activitypub.errors import Forbidden, Malformed
from activitypub.hashtags import read_hashtag
from activitypub.reading import MAX_TYPE
from activitypub.terms import is_passed_on, read_contexts
from activitypub.vocabulary import as_list, id_of, types_of

Document = dict[str, object]
Values = list[object]

ACTIVITY_TYPES = frozenset(
    [
        "Accept",
        "Activity",
        "Add",
        "Announce",
        "Arrive",
        "Block",
        "Create",
        "Delete",
        "Dislike",
        "EmojiReact",
        "Flag",
        "Follow",
        "Ignore",
        "IntransitiveActivity",
        "Invite",
        "Join",
        "Leave",
        "Like",
        "Listen",
        "Move",
        "Offer",
        "Read",
        "Reject",
        "Remove",
        "TentativeAccept",
        "TentativeReject",
        "Travel",
        "Undo",
        "Update",
        "View",
    ]
)
# A Mention or a Link is a part of something and never a thing of its own.
_LINK_TYPES = frozenset({"Link", "Mention"})
# ActivityPub 6: what these do is done to an object, and for two of them to a target.
NEEDS_OBJECT = frozenset(
    (
        *("Accept", "Add", "Announce", "Block", "Create", "Delete", "EmojiReact", "Follow", "Like"),
        *("Reject", "Remove", "Undo", "Update"),
    )
)
NEEDS_TARGET = frozenset({"Add", "Remove"})
AUDIENCE = ("to", "cc", "audience", "bto", "bcc")
_HANDLED = frozenset(["@context", "id", "@id", "type", "@type", "actor", "object", "target", *AUDIENCE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Whom the client named, in the fields that it named them in. `bto` and `bcc` are never shown."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    bto: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    @property
    def blind(self) -> tuple[str, ...]:
        """Those of whom the others are not told."""
        return (*self.bto, *self.bcc)

    @property
    def everybody(self) -> tuple[str, ...]:
        """All of them, once each."""
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.audience, *self.bto, *self.bcc)))

    def joined(self, other: "Addressed") -> "Addressed":
        """Both, for an activity and its object have the same recipients (ActivityPub 6.2)."""
        return Addressed(**{name: _union(getattr(self, name), getattr(other, name)) for name in AUDIENCE})

    def document(self) -> Document:
        """The fields that have anybody in them."""
        return {name: list(value) for name in AUDIENCE if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One activity in order. `object` of a Create has no id and no addressing of its own any more; `more` is the rest.

    `context` are the vocabularies that the client named beside ActivityStreams.
    """

    type: str
    object: object
    object_id: str | None
    target: str | None
    addressed: Addressed
    more: Document
    context: Values

    @property
    def embedded(self) -> Document:
        """The object, where it was written out; Malformed where it was only named."""
        value = fields.first(self.object)
        if not isinstance(value, dict):
            raise Malformed("expected the object itself, not its address")
        return value


def read_submission(document: Document, *, actor_uri: str) -> Submission:
    """Read what `actor_uri`'s client handed in: one activity, or one object, which then is created.

    Raises:
        Malformed: it is neither, or lacks what its type needs.
        Forbidden: it claims to be somebody else's.
    """
    activity = document if is_activity(document) else _wrap(document)
    kind = _read_type(activity)
    _check_actor(activity, "actor", actor_uri)
    _check_needs(kind, activity)
    addressed = read_addressed(activity)
    value = _object_of(activity)
    if kind == "Create":
        value, addressed = _open_create(value, addressed, actor_uri)
    return Submission(
        type=kind,
        object=_without_blind(value),
        object_id=fields.uri_of(fields.first(value)),
        target=fields.uri(activity, "target"),
        addressed=addressed,
        more={
            name: _without_blind(one) for name, one in activity.items() if name not in _HANDLED and is_passed_on(name)
        }
        | _target(activity),
        context=read_contexts(document),
    )


def is_activity(document: Document) -> bool:
    """Whether this is something done rather than something made.

    A Question is a post to everybody who has one. Of a type that nobody knows, its parts tell.
    """
    types = types_of(document)
    if not types:
        raise Malformed("expected an object with a 'type'")
    if "Question" in types:
        return fields.field(document, "object") is not None
    if ACTIVITY_TYPES.intersection(types):
        return True
    return "object" in document or "actor" in document


def read_addressed(document: Document) -> Addressed:
    """Whom a document names as its recipients."""
    return Addressed(**{name: fields.recipients(document, name) for name in AUDIENCE})


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _wrap(document: Document) -> Document:
    if _LINK_TYPES.intersection(types_of(document)):
        raise Malformed("a Link cannot stand alone")
    return {"type": "Create", "object": document}


def _read_type(activity: Document) -> str:
    """The type that says what is done, where there are several."""
    types = types_of(activity)
    found = next((name for name in types if name in ACTIVITY_TYPES), types[0])
    if not found or len(found) > MAX_TYPE:
        raise Malformed("expected a short name as 'type'")
    return found


def _check_actor(document: Document, name: str, actor_uri: str) -> None:
    for value in as_list(fields.field(document, name)):
        if id_of(value) != actor_uri:
            raise Forbidden(f"the {name!r} is somebody else")


def _check_needs(kind: str, activity: Document) -> None:
    value = fields.first(fields.field(activity, "object"))
    if kind in NEEDS_OBJECT and not isinstance(value, dict | str):
        raise Malformed(f"a {kind} needs an 'object'")
    named = fields.uri_of(value) is not None or _names_what_it_answers(kind, value) or _is_hashtag(kind, value)
    if kind in NEEDS_OBJECT - {"Create"} and not named:
        raise Malformed(f"a {kind} needs an 'object' with an id")
    if kind in NEEDS_TARGET and fields.uri(activity, "target") is None:
        raise Malformed(f"a {kind} needs a 'target'")


def _names_what_it_answers(kind: str, value: object) -> bool:
    """Clients accept and undo with a copy of the activity that has its type and object, but not always its id."""
    return (
        kind in ("Accept", "Reject", "Undo") and bool(types_of(value)) and isinstance(value, dict) and "object" in value
    )


def _is_hashtag(kind: str, value: object) -> bool:
    """A hashtag has no id: it is known by its name."""
    return kind in NEEDS_TARGET and read_hashtag(value) is not None


def _object_of(activity: Document) -> object:
    value = fields.field(activity, "object")
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _open_create(value: object, addressed: Addressed, actor_uri: str) -> tuple[Document, Addressed]:
    """A Create's object: the owner's own, without the client's ids, with the recipients of both."""
    if not isinstance(value, dict):
        raise Malformed("a Create needs its 'object' written out")
    types = types_of(value)
    if not types or not types[0] or len(types[0]) > MAX_TYPE:
        raise Malformed("the object of a Create needs a short name as 'type'")
    if ACTIVITY_TYPES.intersection(types) or _LINK_TYPES.intersection(types):
        raise Malformed(f"a {types[0]} cannot be created")
    _check_actor(value, "attributedTo", actor_uri)
    dropped = ("id", "@id", *AUDIENCE)
    return {name: one for name, one in value.items() if name not in dropped}, addressed.joined(read_addressed(value))


def _without_blind(value: object) -> object:
    if isinstance(value, Mapping):
        return strip_blind(value)
    if isinstance(value, list):
        return [_without_blind(one) for one in value]
    return value


def _target(activity: Document) -> Document:
    value = fields.field(activity, "target")
    return {} if value is None else {"target": value}

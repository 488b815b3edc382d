"""What an activity is about, as ActivityPub 7.1.2 asks before it is passed on. It must not say whose that is."""

from activitypub import fields, ldsignature, proofs
from activitypub.fields import Document
from activitypub.vocabulary import as_list, id_of

# The four that the specification names; a Mention or Hashtag says by `href` what it points to.
FIELDS = ("object", "target", "inReplyTo", "tag")
# An Undo of an Announce of a Note with its tags; nothing honest lies deeper (statement 154).
MAX_DEPTH = 4
# A lively thread mentions some twenty people.
MAX_LINKS = 100


def linked_uris(document: Document) -> tuple[str, ...]:
    """The addresses that an activity is linked with, nearest first, without its own; at most `MAX_LINKS`."""
    found: dict[str, None] = {}
    level = [document]
    for _ in range(MAX_DEPTH):
        inner = [value for one in level for value in _values(one)][:MAX_LINKS]
        for value in inner:
            if len(found) < MAX_LINKS and (uri := _address(value)) is not None:
                found[uri] = None
        level = [value for value in inner if isinstance(value, dict)]
    return tuple(found)


def vouches_for_itself(document: Document) -> bool:
    """Whether something inside may vouch for it wherever it goes; whether that holds is for who checks it."""
    return proofs.key_id_of(document) is not None or ldsignature.key_id_of(document) is not None


def _values(document: Document) -> list[object]:
    return [value for name in FIELDS for value in as_list(fields.field(document, name))[:MAX_LINKS]]


def _address(value: object) -> str | None:
    uri = id_of(value)
    if uri is None and isinstance(value, dict):
        uri = id_of(value.get("href"))
    return uri if uri is not None and fields.is_uri(uri) else None

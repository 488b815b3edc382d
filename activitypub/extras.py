"""What our people's clients wrote beyond what we know: kept apart, and put back when the document is built.

It must not overrule us: where we have a value of our own, ours is written.
"""

from collections.abc import Mapping

from activitypub.languages import MAPS, join_spoken
from activitypub.terms import is_passed_on, read_contexts
from activitypub.vocabulary import AS2, as_list

Document = dict[str, object]

# What is ours in these comes first, and the client's further entries after it.
_SHARED_LISTS = ("attachment", "tag", "url")
_IDENTITY = frozenset({"@id", "@type", "type", "id", "actor", "attributedTo", "to", "cc", "bto", "bcc"})
_WORDS = frozenset({"content", "contentMap", "summary", "summaryMap"})
_TEXT = _WORDS | {"sensitive", "inReplyTo", "published", "updated", "genAI"}
_OWN = _IDENTITY | _TEXT | {"url", "tag", "attachment", "replies", "likes", "shares"}


def take_extras(document: Mapping[str, object], *, known: frozenset[str] = frozenset()) -> Document:
    """The properties that we have no place for; `known` are those that the caller keeps elsewhere."""
    extras = {
        name: value for name, value in document.items() if name not in _OWN and name not in known and is_passed_on(name)
    }
    if context := read_contexts(document):
        extras["@context"] = context
    return extras


def put_back(document: Document, extras: Mapping[str, object]) -> Document:
    """The document with the extras in it; whatever it has already stays as it is."""
    if not extras:
        return document
    merged = {name: value for name, value in extras.items() if name not in _SHARED_LISTS} | document
    if document.get("type") in as_list(extras.get("type")):
        merged["type"] = extras["type"]
    for name in _SHARED_LISTS:
        if name in extras:
            merged[name] = [*as_list(document.get(name)), *as_list(extras[name])]
    for name in MAPS.values():
        if name in extras:
            merged[name] = join_spoken(document.get(name), extras[name])
    merged["@context"] = join_contexts(document.get("@context", AS2), as_list(extras.get("@context")))
    return merged


def join_contexts(ours: object, theirs: list[object]) -> object:
    """Ours with the client's before our own terms, since in JSON-LD the later definition holds."""
    if not theirs:
        return ours
    first, *rest = as_list(ours)
    return [first, *(one for one in theirs if one not in rest), *rest]

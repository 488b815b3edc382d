"""Which words and vocabularies of our people's clients are passed on, and which could be taken for what is ours to say.

What comes from our origin is believed by others: a second author under the full name of `attributedTo`, a key, an
inbox, or a context that gives one of our words another meaning. It must not know what the words are used for.
"""

from collections.abc import Mapping
from typing import Final

from activitypub.vocabulary import AS2, as_list

# Where our own words are defined, under whichever prefix. (A shorter address is a prefix that leads there.)
_OURS: Final = ("https://www.w3.org/ns/activitystreams", "https://w3id.org/security", "http://www.w3.org/ns/ldp")
_PREFIXES: Final = frozenset({"as", "ldp", "sec"})
# By these others find out who somebody is, and whether it is they who speak.
_BELIEVED: Final = frozenset(
    (
        *("alsoKnownAs", "assertionMethod", "authentication", "controller", "endpoints", "featured", "followers"),
        *("following", "inbox", "liked", "movedTo", "outbox", "preferredUsername", "proof", "publicKey"),
        *("publicKeyPem", "sharedInbox", "signature", "verificationMethod", "webfinger"),
    )
)
_CORE: Final = frozenset(
    (
        *("actor", "attachment", "attributedTo", "audience", "bcc", "bto", "cc", "content", "contentMap", "formerType"),
        *("href", "id", "inReplyTo", "items", "mediaType", "name", "object", "orderedItems", "published", "replies"),
        *("source", "summary", "tag", "target", "to", "type", "updated", "url"),
    )
)
# A definition with anything else could turn a statement round, or change the meaning of what is inside.
_PLAIN: Final = frozenset({"@id", "@type", "@container", "@language"})
# Vocabularies in use name one to five; each is repeated in every document.
MAX_CONTEXTS: Final = 10
_DEEPEST: Final = 4


def is_passed_on(name: str) -> bool:
    """Whether a property that we do not know may stand beside ours."""
    if name.startswith("@") or name in _BELIEVED:
        return False
    return ":" not in name or not (name.partition(":")[0] in _PREFIXES or name.startswith(_OURS))


def read_contexts(document: Mapping[str, object]) -> list[object]:
    """The contexts that a client named beside ActivityStreams' own, without what is said of our words in them."""
    named = [_harmless(one) for one in as_list(document.get("@context")) if one != AS2]
    return [one for one in named if one][:MAX_CONTEXTS]


def _harmless(context: object) -> object:
    if isinstance(context, str):
        return context
    if not isinstance(context, dict):
        return None
    return {
        term: definition
        for term, definition in context.items()
        if isinstance(term, str) and term not in _CORE and is_passed_on(term) and _is_foreign(definition, context)
    }


def _is_foreign(definition: object, context: Mapping[str, object]) -> bool:
    """Whether a term means something that is none of our words."""
    if isinstance(definition, dict):
        if not _PLAIN.issuperset(definition):
            return False
        definition = definition.get("@id")
    address = _expand(definition, context)
    if address is None:
        return False
    return not any(address.startswith(ours) or ours.startswith(address) for ours in _OURS)


def _expand(value: object, context: Mapping[str, object]) -> str | None:
    """The address that a definition leads to; None where that cannot be told."""
    for _ in range(_DEEPEST):
        if not isinstance(value, str) or ":" not in value:
            return None
        prefix, _, rest = value.partition(":")
        if prefix in _PREFIXES:
            return None
        if rest.startswith("//") or prefix not in context:
            return value
        known = context[prefix]
        leads = known.get("@id") if isinstance(known, dict) else known
        value = f"{leads}{rest}" if isinstance(leads, str) else None
    return None

"""The `@context` of each kind of document we publish.

Only contexts that peers carry built in are named by address; every other term is defined inline, so that no
reader has to fetch anything. Nothing here may depend on the document at hand.
"""

from activitypub.vocabulary import AS2, DATA_INTEGRITY, MULTIKEY, SECURITY, as_list

Context = str | list[str | dict[str, object]]


def _link(iri: str) -> dict[str, object]:
    return {"@id": iri, "@type": "@id"}


SIMPLE_CONTEXT: Context = AS2

_DEEDS = ("Like", "Reply", "Announce")

ACTOR_TERMS: dict[str, object] = {
    "toot": "http://joinmastodon.org/ns#",
    "schema": "http://schema.org#",
    "Emoji": "toot:Emoji",
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
    "movedTo": _link("as:movedTo"),
    "featured": _link("toot:featured"),
    "featuredTags": _link("toot:featuredTags"),
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "suspended": "toot:suspended",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
    "assertionMethod": {"@id": "sec:assertionMethod", "@type": "@id", "@container": "@set"},
    "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@list"},
    # The other endpoints are in ActivityStreams' own context.
    "oauthRegistrationEndpoint": _link("http://litepub.social/ns#oauthRegistrationEndpoint"),
}

NOTE_TERMS: dict[str, object] = {
    "toot": "http://joinmastodon.org/ns#",
    "ostatus": "http://ostatus.org#",
    "gts": "https://gotosocial.org/ns#",
    "sensitive": "as:sensitive",
    "Hashtag": "as:Hashtag",
    "Emoji": "toot:Emoji",
    "conversation": "ostatus:conversation",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    "digestMultibase": {"@id": "sec:digestMultibase", "@type": "sec:multibase"},
    "size": "https://joinpeertube.org/ns#size",
    "quote": _link("https://w3id.org/fep/044f#quote"),
    "quoteAuthorization": _link("https://w3id.org/fep/044f#quoteAuthorization"),
    "quoteUri": "http://fedibird.com/ns#quoteUri",
    "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
    "quoteUrl": "as:quoteUrl",
    "votersCount": "toot:votersCount",
    "interactionPolicy": _link("gts:interactionPolicy"),
    **{f"can{deed}": _link(f"gts:can{deed}") for deed in (*_DEEDS, "Quote")},
    "automaticApproval": _link("gts:automaticApproval"),
    "manualApproval": _link("gts:manualApproval"),
    "always": _link("gts:always"),
    "approvalRequired": _link("gts:approvalRequired"),
    "replyAuthorization": _link("gts:replyAuthorization"),
    "approvedBy": _link("gts:approvedBy"),
}


# Of questions about a post, and of the stamps that answer them (FEP-044f, GoToSocial's interaction controls).
CONSENT_TERMS: dict[str, object] = {
    "gts": "https://gotosocial.org/ns#",
    "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
    "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
    "quoteAuthorization": _link("https://w3id.org/fep/044f#quoteAuthorization"),
    **{f"{deed}{part}": f"gts:{deed}{part}" for deed in _DEEDS for part in ("Request", "Authorization")},
    **{f"{deed.lower()}Authorization": _link(f"gts:{deed.lower()}Authorization") for deed in _DEEDS},
    "approvedBy": _link("gts:approvedBy"),
    "interactingObject": _link("gts:interactingObject"),
    "interactionTarget": _link("gts:interactionTarget"),
}

# Of a collection that tells its changes (SWICG's draft of server-sent events).
STREAM_TERMS: dict[str, object] = {"eventStream": _link("https://swicg.github.io/activitypub-api/sse#eventStream")}


EMOJI_TERMS: dict[str, object] = {"toot": "http://joinmastodon.org/ns#", "Emoji": "toot:Emoji"}
# Of an emoji given to a post; Pleroma's word for it.
REACTION_TERMS: dict[str, object] = {
    **EMOJI_TERMS,
    "litepub": "http://litepub.social/ns#",
    "EmojiReact": "litepub:EmojiReact",
}


def actor_context(*, with_multikey: bool) -> Context:
    """The context of an actor; the Multikey one only where such a key is published."""
    known: list[str | dict[str, object]] = [AS2, SECURITY]
    return [*known, MULTIKEY, ACTOR_TERMS] if with_multikey else [*known, ACTOR_TERMS]


def note_context(own_terms: dict[str, object]) -> Context:
    """The context of a Note, with the terms for its origin beside those that peers share."""
    return [AS2, SECURITY, {**NOTE_TERMS, **own_terms}]


def consent_context(inner: object = AS2) -> list[object]:
    """The context of a question or an answer, behind that of the document which is embedded in it."""
    return [*as_list(inner), CONSENT_TERMS]


def proof_context(context: object) -> list[object]:
    """A document's context with the one that defines a proof, behind those that are named and before what is inline.

    The inline terms stay last, as some readers look for them there.
    """
    listed = as_list(context)
    named = [entry for entry in listed if isinstance(entry, str) and entry != DATA_INTEGRITY]
    return [*named, DATA_INTEGRITY, *(entry for entry in listed if not isinstance(entry, str))]

"""A peer's actor document → a frozen actor, and the keys it lists.

It must not decide whether the document came from where it should: `authority.check_actor_document` does.
Limits are Mastodon's (process_account_service.rb) where it has one; what is above is cut, not refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from activitypub import fields
from activitypub.emoji import Emoji, read_tags
from activitypub.errors import Malformed
from activitypub.fields import Document
from activitypub.keys import OwnedKey, PublicKey, load_public, read_multikey
from activitypub.vocabulary import ACTOR_TYPES, as_list, host_of, same_origin, types_of

MAX_USERNAME = 256  # longer names appear nowhere, and handles must stay readable
MAX_NAME = 2048
MAX_SUMMARY = 20_000
MAX_FIELDS = 50
MAX_FIELD = 2047
MAX_ALIASES = 256
MAX_KEYS = 10  # each costs a parse; a real actor has one RSA key and one Ed25519 key

# Mastodon's pattern. Whatever it refuses could not be mentioned, and might imitate another handle.
_USERNAME = re.compile(r"[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?\Z")


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """A public key and the actor it says it belongs to; believed once that actor lists it back."""

    key_id: str
    owner: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A name and a value that an actor shows on its profile, the value as unsanitised HTML."""

    name: str
    value_html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteActor:
    """What we use of a peer's actor. `summary_html` is unsanitised."""

    id: str
    type: str
    username: str
    name: str | None
    summary_html: str | None
    url: str | None
    inbox: str
    shared_inbox: str | None
    outbox: str | None
    followers: str | None
    following: str | None
    featured: str | None
    featured_tags: str | None
    icon_url: str | None
    image_url: str | None
    manually_approves: bool
    discoverable: bool
    indexable: bool
    suspended: bool
    generates: bool
    moved_to: str | None
    also_known_as: tuple[str, ...]
    profile_fields: tuple[ProfileField, ...]
    emoji: tuple[Emoji, ...]
    keys: tuple[OwnedKey, ...]
    key_uris: tuple[str, ...]
    published: str | None
    webfinger: str | None
    raw: Document


def read_actor(document: Document) -> RemoteActor:
    """Read a whole actor. Raises Malformed without id, known type, inbox or a name that can be mentioned."""
    actor_id = fields.document_id(document)
    inbox = fields.required_uri(document, "inbox")
    return RemoteActor(
        id=actor_id,
        type=_read_type(document),
        username=_read_username(document),
        name=fields.text(document, "name", MAX_NAME),
        summary_html=fields.text(document, "summary", MAX_SUMMARY),
        url=_read_page(document, actor_id),
        inbox=inbox,
        shared_inbox=_read_shared_inbox(document, inbox),
        outbox=fields.uri(document, "outbox"),
        followers=fields.uri(document, "followers"),
        following=fields.uri(document, "following"),
        featured=fields.uri(document, "featured"),
        featured_tags=fields.uri(document, "featuredTags"),
        icon_url=fields.media_url(document.get("icon")),
        image_url=fields.media_url(document.get("image")),
        manually_approves=fields.boolean(document, "manuallyApprovesFollowers"),
        discoverable=fields.boolean(document, "discoverable"),
        indexable=fields.boolean(document, "indexable"),
        suspended=fields.boolean(document, "suspended"),
        generates=fields.boolean(document, "genAI"),
        moved_to=fields.uri(document, "movedTo"),
        also_known_as=fields.uris(document, "alsoKnownAs", MAX_ALIASES),
        profile_fields=tuple(_read_profile_fields(document)),
        emoji=read_tags(document),
        keys=_read_own_keys(document, actor_id),
        key_uris=_read_key_uris(document),
        published=fields.date(document, "published"),
        webfinger=fields.text(document, "webfinger", MAX_USERNAME + 255),
        raw=document,
    )


def read_key_claims(document: Document) -> tuple[KeyClaim, ...]:
    """The keys in an actor, in a stub of one (GoToSocial shows such to strangers), or in a key's own document.

    They are claims only: `authority.confirm_key` asks the owner's document.
    """
    holder = fields.document_id(document)
    if document.get("publicKeyPem") or document.get("publicKeyMultibase"):
        return tuple(_claims([document], holder=None))
    return tuple(_claims(_key_objects(document), holder=holder))


def _read_type(document: Document) -> str:
    for name in types_of(document):
        if name in ACTOR_TYPES:
            return name
    raise Malformed(f"expected an actor, found {', '.join(types_of(document))[:200] or 'no type'}")


def _read_username(document: Document) -> str:
    name = fields.text(document, "preferredUsername", MAX_USERNAME + 1)
    if name is None:
        address = fields.text(document, "webfinger", MAX_USERNAME + 255) or ""
        name = address.removeprefix("acct:").partition("@")[0]
    if len(name) > MAX_USERNAME or not _USERNAME.match(name):
        raise Malformed(f"expected a user name of letters, digits, _ . -, found {name[:80]!r}")
    return name


def _read_page(document: Document, actor_id: str) -> str | None:
    """The profile page, if it lies on the actor's own host: another could pass for somebody else's."""
    page = fields.media_url(document.get("url"))
    return page if page is not None and host_of(page) == host_of(actor_id) else None


def _read_shared_inbox(document: Document, inbox: str) -> str | None:
    """The shared inbox, believed on the origin of the actor's own one only: else it could aim us at a victim."""
    for endpoints in fields.objects(document, "endpoints", 1):
        shared = fields.uri(endpoints, "sharedInbox")
        if shared is not None and same_origin(shared, inbox):
            return shared
    return None


def _read_profile_fields(document: Document) -> Iterator[ProfileField]:
    for entry in fields.objects(document, "attachment", MAX_FIELDS):
        name, value = fields.text(entry, "name", MAX_FIELD), fields.text(entry, "value", MAX_FIELD)
        if "PropertyValue" in (kind.removeprefix("schema:") for kind in types_of(entry)) and name and value:
            yield ProfileField(name, value)


def _read_own_keys(document: Document, actor_id: str) -> tuple[OwnedKey, ...]:
    """The keys that stand in the actor's own document and name it as their owner: both sides agree."""
    claims = _claims(_key_objects(document), holder=actor_id)
    return tuple(
        OwnedKey(claim.key_id, claim.owner, claim.key)
        for claim in claims
        if claim.owner == actor_id and same_origin(claim.key_id, actor_id)
    )


def _read_key_uris(document: Document) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(fields.uris(document, "publicKey", MAX_KEYS) + fields.uris(document, "assertionMethod", MAX_KEYS))
    )


def _key_objects(document: Document) -> list[Document]:
    listed = as_list(document.get("publicKey"))[:MAX_KEYS] + as_list(document.get("assertionMethod"))[:MAX_KEYS]
    return list(fields.mappings(listed))[:MAX_KEYS]


def _claims(entries: list[Document], *, holder: str | None) -> Iterator[KeyClaim]:
    for entry in entries:
        key_id = fields.uri_of(entry)
        owner = fields.uri(entry, "owner") or fields.uri(entry, "controller") or holder
        key = _read_key(entry)
        if key_id is not None and owner is not None and key is not None:
            yield KeyClaim(key_id, owner, key)


def _read_key(entry: Document) -> PublicKey | None:
    """The key, or None for a kind or size that we do not use: it may stand beside one that we do."""
    pem, multibase = entry.get("publicKeyPem"), entry.get("publicKeyMultibase")
    try:
        if isinstance(pem, str):
            return load_public(pem)
        return read_multikey(multibase) if isinstance(multibase, str) else None
    except Malformed:
        return None

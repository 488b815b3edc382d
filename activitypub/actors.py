"""Builder of our actor documents, people and the instance's own alike.

It must not decide what an account shows: absent fields stay absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activitypub.capabilities import IMPLEMENTS
from activitypub.context import actor_context
from activitypub.emoji import Emoji, build_tag

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class ImageLink:
    """A picture of an actor."""

    url: str
    media_type: str
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A line of the profile: a name and its value as HTML."""

    name: str
    value_html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorFields:
    """Everything that an actor document shows. `webfinger` is user@host; `generator` the instance's own actor."""

    id: str
    type: str
    username: str
    name: str
    summary_html: str
    url: str
    inbox: str
    outbox: str
    followers: str | None
    following: str | None
    featured: str | None
    shared_inbox: str | None
    public_key_id: str
    public_key_pem: str
    webfinger: str
    published: str
    manually_approves: bool
    discoverable: bool
    indexable: bool
    ed25519_key_id: str | None = None
    ed25519_multikey: str | None = None
    icon: ImageLink | None = None
    image: ImageLink | None = None
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None
    liked: str | None = None
    featured_tags: str | None = None
    properties: tuple[Property, ...] = ()
    emoji: tuple[Emoji, ...] = ()
    suspended: bool = False
    endpoints: Mapping[str, str] = field(default_factory=dict)
    generator: str | None = None


def build_actor(actor: ActorFields) -> Document:
    """The actor's document, in a shape that Mastodon, GoToSocial, Pixelfed and the others all accept."""
    document = _identity(actor) | _collections(actor) | _keys(actor) | _policy(actor) | _capabilities(actor)
    document |= {
        name: _image(picture) for name, picture in (("icon", actor.icon), ("image", actor.image)) if picture is not None
    }
    if actor.properties:
        document["attachment"] = [_property(line) for line in actor.properties]
    if actor.emoji:
        document["tag"] = [build_tag(one) for one in actor.emoji]
    if actor.also_known_as:
        document["alsoKnownAs"] = list(actor.also_known_as)
    if actor.moved_to is not None:
        document["movedTo"] = actor.moved_to
    return document


def build_key_stub(actor: ActorFields) -> Document:
    """The keys and nothing else, for strangers when only signed requests see the whole.

    Somebody has to show a key unsigned, or two such servers could never begin to talk.
    """
    names = ("@context", "id", "type", "preferredUsername", "publicKey", "assertionMethod")
    whole = build_actor(actor)
    return {name: whole[name] for name in names if name in whole}


def _identity(actor: ActorFields) -> Document:
    return {
        "@context": actor_context(with_multikey=actor.ed25519_multikey is not None),
        "id": actor.id,
        "type": actor.type,
        "preferredUsername": actor.username,
        "name": actor.name,
        "summary": actor.summary_html,
        "url": actor.url,
        "webfinger": actor.webfinger,
        "published": actor.published,
    }


def _collections(actor: ActorFields) -> Document:
    collections = {
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "followers": actor.followers,
        "following": actor.following,
        "featured": actor.featured,
        "featuredTags": actor.featured_tags,
        "liked": actor.liked,
    }
    endpoints = {"sharedInbox": actor.shared_inbox} if actor.shared_inbox is not None else {}
    document: Document = {name: uri for name, uri in collections.items() if uri is not None}
    if all_endpoints := endpoints | dict(actor.endpoints):
        document["endpoints"] = all_endpoints
    return document


def _keys(actor: ActorFields) -> Document:
    keys: Document = {"publicKey": {"id": actor.public_key_id, "owner": actor.id, "publicKeyPem": actor.public_key_pem}}
    if actor.ed25519_key_id is not None and actor.ed25519_multikey is not None:
        keys["assertionMethod"] = [
            {
                "id": actor.ed25519_key_id,
                "type": "Multikey",
                "controller": actor.id,
                "publicKeyMultibase": actor.ed25519_multikey,
            }
        ]
    return keys


def _policy(actor: ActorFields) -> Document:
    """Always written out: Pixelfed takes a missing manuallyApprovesFollowers for true."""
    policy: Document = {
        "manuallyApprovesFollowers": actor.manually_approves,
        "discoverable": actor.discoverable,
        "indexable": actor.indexable,
    }
    return policy | {"suspended": True} if actor.suspended else policy


def _capabilities(actor: ActorFields) -> Document:
    """What this server understands (FEP-844e), said by the instance's actor of itself and by the others of it."""
    if actor.type == "Application":
        return {"implements": IMPLEMENTS}
    generator = {"type": "Application", "implements": IMPLEMENTS}
    return {"generator": {"id": actor.generator, **generator} if actor.generator is not None else generator}


def _image(picture: ImageLink) -> Document:
    image: Document = {"type": "Image", "mediaType": picture.media_type, "url": picture.url}
    # Mastodon reads summary before name, Pixelfed reads name only.
    return image | {"name": picture.alt, "summary": picture.alt} if picture.alt else image


def _property(line: Property) -> Document:
    return {"type": "PropertyValue", "name": line.name, "value": line.value_html}

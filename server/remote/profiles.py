"""Fetches an actor's document, checks it and stores it. It must not decide when: `people` and `keyring` do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from activitypub.authority import check_actor_document, refuse_ours
from activitypub.capabilities import RFC9421, implements
from activitypub.discovery import parse_handle
from activitypub.errors import Forbidden, Malformed
from activitypub.keys import OwnedKey, public_pem
from activitypub.reading import RemoteActor, read_actor
from activitypub.verified import Form
from activitypub.vocabulary import host_of, origin_of, same_origin, without_fragment
from server.html import clean, plain_text
from server.ids import parse_iso
from server.remote.fingers import ask_webfinger
from server.remote.frugal import Spent
from server.remote.plain import make_plain
from server.remote.seam import Document, FetchFailed, Reach
from server.remote.speaking import check_host, speaking
from server.store.database import Transaction
from server.store.network import domain_rules, peers
from server.store.people import actors
from server.store.people.actors import Actor, ActorKey, ProfileField
from server.store.writing import emojis
from server.store.writing.emojis import CustomEmoji

# The job that looks at the follows of whose name is of another host than before.
RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Profile:
    """An actor as its own server shows it, found to be what it claims; `host` is the proven part after the @."""

    actor: RemoteActor
    host: str


async def fetch_document(reach: Reach, uri: str) -> Document:
    """Fetch an ActivityStreams document in the instance's name; raises FetchFailed or ProtocolError.

    Every document that is stored comes this way, so this is where a suspended host is left alone.
    """
    host = host_of(uri)
    async with reach.database.read() as reader:
        await check_host(reader, host)
        peer = await peers.find(reader, host)
    form: Form = "rfc9421" if peer is not None and peer.signature_form == "rfc9421" else "cavage"
    document = await reach.peers.fetch(uri, signer=await reach.signers.instance(), form=form, onward=speaking(reach))
    if document.form == "rfc9421" and form != document.form and same_origin(document.url, uri):
        await _prefer_messages(reach, host)
    return replace(document, value=await make_plain(document.value))


async def fetch_profile(reach: Reach, uri: str, document: Document | None = None) -> Profile:
    """Fetch and check the actor `uri`; `document` is what was fetched from there just now, if anything.

    Raises:
        FetchFailed: the peer did not give it.
        ProtocolError: it is no actor, not the one asked for, or claims what it may not.
    """
    refuse_ours(uri, reach.site.origin)
    requested = without_fragment(uri)
    document = document or await fetch_document(reach, requested)
    actor = read_actor(document.value)
    if actor.id != requested:
        # Asked by another address of the same actor: once more, by the id (peers do; then it must fit).
        refuse_ours(actor.id, reach.site.origin)
        requested = actor.id
        document = await fetch_document(reach, requested)
        actor = read_actor(document.value)
    check_actor_document(requested, document.url, actor)
    refuse_ours(actor.id, reach.site.origin)
    return Profile(actor, await _prove_host(reach, actor))


async def store_profile(reach: Reach, profile: Profile, *, extra_keys: Sequence[OwnedKey] = ()) -> Actor:
    """Store the actor with its keys, new or over what was known, and return it."""
    async with reach.database.write(durable=False) as tx:
        known = await actors.find_by_uri(tx, profile.actor.id)
        actor = await _restrain(tx, _to_actor(reach, profile, known))
        if known is None:
            await actors.add(tx, actor)
        else:
            await actors.replace(tx, actor)
            if known.host != actor.host:
                # Somebody here, or the operator, may want nothing of the host of the new name.
                await reach.site.queue.enqueue(tx, RENAMED, {"actor": actor.id}, unique=f"{RENAMED}:{actor.id}")
        await _store_keys(tx, actor, profile.actor, extra_keys)
        await _keep_emoji(reach, tx, actor, profile.actor)
        if known is None and implements(profile.actor.raw, RFC9421):
            # Said once: what its host does from then on counts for more.
            await peers.prefer_form(tx, host_of(actor.uri), "rfc9421", at=reach.site.clock.now())
    return actor


async def _restrain(tx: Transaction, actor: Actor) -> Actor:
    """Mark whom a rule restrains: by the host of the name, which may be new, or by that of the address."""
    rule = await domain_rules.find_strictest(tx, (actor.host, host_of(actor.uri)))
    if rule is not None and rule.suspends and not actor.is_barred:
        return replace(actor, suspended_at=rule.created_at)
    if rule is not None and rule.silences and actor.silenced_at is None:
        return replace(actor, silenced_at=rule.created_at)
    return actor


async def _keep_emoji(reach: Reach, tx: Transaction, actor: Actor, remote: RemoteActor) -> None:
    """Keep what stands in its name and fields, unless the operator wants no pictures from there."""
    rule = await domain_rules.find_strictest(tx, (actor.host, host_of(actor.uri))) if remote.emoji else None
    if rule is not None and rule.reject_media:
        return
    now, ids = reach.site.clock.now(), reach.site.ids
    rows = []
    for one in remote.emoji:
        updated_at = min(parse_iso(one.updated) or now, now)
        rows.append(CustomEmoji(ids.new(), actor.host, one.name, one.icon_url, None, None, updated_at))
    await emojis.keep(tx, actor.host, rows, overwrite=True)


async def _prefer_messages(reach: Reach, host: str) -> None:
    """Remember that a host took RFC 9421 after it had refused the older form."""
    async with reach.database.write(durable=False) as tx:
        await peers.prefer_form(tx, host, "rfc9421", at=reach.site.clock.now())


async def forget_profile(reach: Reach, uri: str) -> None:
    """Remember that the actor was deleted at home."""
    async with reach.database.write(durable=False) as tx:
        await actors.mark_gone(tx, uri, at=reach.site.clock.now())


async def _prove_host(reach: Reach, actor: RemoteActor) -> str:
    """WebFinger back (statement 224): a handle on another host than the id's is believed only when both hosts agree.

    Without any answer the actor is known by its own host, which needs no proof. An answer that leads elsewhere
    means that somebody else has this name.
    """
    own_host = host_of(actor.id)
    handle = actor.webfinger or f"{actor.username}@{own_host}"
    try:
        user, host = parse_handle(handle)
        scheme = origin_of(actor.id).partition(":")[0]
        finger = await ask_webfinger(reach, f"{user}@{host}", scheme=scheme, to_judge=True)
    except Spent:
        # It was not asked, which proves nothing: the name would be a wrong one.
        raise
    except (FetchFailed, Malformed):
        return own_host
    if finger.actor_uri != actor.id:
        raise Forbidden(f"{handle} is {finger.actor_uri}, not {actor.id}")
    user, host = parse_handle(finger.subject)
    if user.lower() != actor.username.lower():
        raise Forbidden(f"{actor.id} calls itself {actor.username}, its host {user}")
    if host == reach.site.domain:
        raise Forbidden(f"{actor.id} claims a name on our host")
    return host


def _to_actor(reach: Reach, profile: Profile, known: Actor | None) -> Actor:
    remote, now = profile.actor, reach.site.clock.now()
    suspended_there_at = (known and known.suspended_there_at) or now if remote.suspended else None
    return Actor(
        id=known.id if known else reach.site.ids.new(),
        uri=remote.id,
        local=False,
        type=remote.type,
        username=remote.username,
        host=profile.host,
        name=remote.name,
        summary_html=clean(remote.summary_html) if remote.summary_html else None,
        url=remote.url,
        inbox=remote.inbox,
        shared_inbox=remote.shared_inbox,
        outbox=remote.outbox,
        followers_uri=_own(remote, remote.followers),
        following_uri=_own(remote, remote.following),
        featured_uri=_own(remote, remote.featured),
        featured_tags_uri=_own(remote, remote.featured_tags),
        icon_url=remote.icon_url,
        image_url=remote.image_url,
        locked=remote.manually_approves,
        discoverable=remote.discoverable,
        indexable=remote.indexable,
        moved_to=remote.moved_to,
        also_known_as=msgspec.json.encode(remote.also_known_as).decode(),
        created_at=known.created_at if known else min(parse_iso(remote.published) or now, now),
        fetched_at=now,
        gone_at=None,
        # A mark of ours stays; that of its own server comes and goes with what its document says.
        suspended_at=known.suspended_at if known and known.is_barred else suspended_there_at,
        fields=msgspec.json.encode(_fields(remote)).decode(),
        moved_at=known.moved_at if known else None,
        silenced_at=known.silenced_at if known else None,
        suspended_there_at=suspended_there_at,
    )


def _fields(remote: RemoteActor) -> list[ProfileField]:
    return [ProfileField(plain_text(one.name), clean(one.value_html)) for one in remote.profile_fields]


def _own(remote: RemoteActor, uri: str | None) -> str | None:
    """A collection counts as the actor's on its own origin only: `followers` decides who may see a post."""
    return uri if uri is not None and same_origin(uri, remote.id) else None


async def _store_keys(tx: Transaction, actor: Actor, remote: RemoteActor, extra: Sequence[OwnedKey]) -> None:
    """What the document holds, what was fetched beside it, and what it still names by address alone."""
    keys = {key.key_id: _to_row(actor, key) for key in (*remote.keys, *extra)}
    for row in await actors.list_keys(tx, actor.id):
        if row.key_id in remote.key_uris:
            keys.setdefault(row.key_id, row)
    await actors.replace_keys(tx, actor.id, list(keys.values()))


def _to_row(actor: Actor, key: OwnedKey) -> ActorKey:
    kind = "rsa" if isinstance(key.key, RSAPublicKey) else "ed25519"
    return ActorKey(key.key_id, actor.id, kind, public_pem(key.key), None, actor.fetched_at)

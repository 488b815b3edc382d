"""Changes what one of our people says about themselves, and tells their followers. It must not touch accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from activitypub import activities as build
from activitypub.vocabulary import PUBLIC
from server.actions.network.outgoing import mint, send
from server.actions.network.represent import represent_actor
from server.actions.people.profile_fields import FieldText, compose_fields, needs_proof
from server.actions.writing.compose import compose
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors, preferences
from server.store.people.actors import Actor, ProfileField

NAME_AT_MOST = 30
SUMMARY_AT_MOST = 500
# The job that looks whether the pages in a profile link back to it.
JOB = "verify_links"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What may change; None leaves it as it is. `drops_icon` and `drops_image` take the pictures away."""

    name: str | None = None
    summary: str | None = None
    locked: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    bot: bool | None = None
    hides_collections: bool | None = None
    fields: tuple[FieldText, ...] | None = None
    icon_url: str | None = None
    image_url: str | None = None
    drops_icon: bool = False
    drops_image: bool = False


async def change_profile(tx: Transaction, site: Site, actor: Actor, change: ProfileChange) -> Actor:
    """Apply `change` and send the whole new actor to the followers.

    Raises:
        Invalid: a text is too long.
    """
    _check(change)
    # What the caller read may be old by now, and all of the row is written.
    actor = await actors.find(tx, actor.id) or actor
    changed = _apply(site, actor, change)
    await _keep_sources(tx, actor, change)
    await publish_profile(tx, site, changed)
    await _drop_pictures(tx, site, actor, changed)
    if any(needs_proof(line) for line in changed.profile_fields):
        await site.queue.enqueue(tx, JOB, {"actor": actor.id}, unique=f"{JOB}:{actor.id}")
    return changed


async def mark_verified(tx: Transaction, site: Site, actor_id: int, values_html: Sequence[str]) -> None:
    """Remember that the pages in these lines of a profile link back to it."""
    actor = await actors.find(tx, actor_id)
    if actor is None or not values_html:
        return
    now = site.clock.now()
    lines = [
        replace(line, verified_at=now) if line.value_html in values_html and line.verified_at is None else line
        for line in actor.profile_fields
    ]
    if tuple(lines) != actor.profile_fields:
        await publish_profile(tx, site, replace(actor, fields=_encode(lines), fetched_at=now))


async def publish_profile(tx: Transaction, site: Site, actor: Actor) -> None:
    """Store what may change of one of our people, and send the whole new actor to the followers."""
    await actors.replace(tx, actor)
    key = await actors.find_signing_key(tx, actor.id)
    if key is None:
        raise NotFound("This account has no key.")
    activity_id, uri = mint(site, actor)
    audience = [PUBLIC, *([actor.followers_uri] if actor.followers_uri else [])]
    proof_key = await actors.find_proof_key(tx, actor.id)
    shown = await represent_actor(tx, site, actor, key, proof_key)
    document = build.update(uri, actor.uri, shown, to=audience)
    await send(tx, site, actor, activity_id, document, object_uri=actor.uri)


def _check(change: ProfileChange) -> None:
    if len(change.name or "") > NAME_AT_MOST:
        raise Invalid(f"A name may have {NAME_AT_MOST} characters.", field="name")
    if len(change.summary or "") > SUMMARY_AT_MOST:
        raise Invalid(f"A description may have {SUMMARY_AT_MOST} characters.", field="summary")


def _apply(site: Site, actor: Actor, change: ProfileChange) -> Actor:
    return replace(
        actor,
        name=actor.name if change.name is None else change.name.strip() or None,
        summary_html=actor.summary_html if change.summary is None else compose(site, change.summary),
        locked=_chosen(change.locked, actor.locked),
        discoverable=_chosen(change.discoverable, actor.discoverable),
        indexable=_chosen(change.indexable, actor.indexable),
        bot=_chosen(change.bot, actor.bot),
        hides_collections=_chosen(change.hides_collections, actor.hides_collections),
        fields=actor.fields if change.fields is None else _encode(compose_fields(site, actor, change.fields)),
        icon_url=None if change.drops_icon else change.icon_url or actor.icon_url,
        image_url=None if change.drops_image else change.image_url or actor.image_url,
        fetched_at=site.clock.now(),
    )


def _chosen(wanted: bool | None, known: bool) -> bool:
    return known if wanted is None else wanted


def _encode(lines: Sequence[ProfileField]) -> str:
    return msgspec.json.encode(lines).decode()


async def _keep_sources(tx: Transaction, actor: Actor, change: ProfileChange) -> None:
    """Keep the profile as its owner wrote it, to be edited again."""
    if change.summary is None and change.fields is None:
        return
    kept = await preferences.find(tx, actor.id)
    if change.summary is not None:
        kept = replace(kept, note=change.summary)
    if change.fields is not None:
        pairs = [(line.name.strip(), line.value.strip()) for line in change.fields if line.name.strip()]
        kept = replace(kept, fields=msgspec.json.encode(pairs).decode())
    await preferences.put(tx, kept)


async def _drop_pictures(tx: Transaction, site: Site, before: Actor, after: Actor) -> None:
    """Have the files of pictures that are not shown any more removed, unless something else has them."""
    for old in {before.icon_url, before.image_url} - {after.icon_url, after.image_url, None}:
        key = site.media_key(str(old))
        if key is not None:
            await site.queue.enqueue(tx, "remove_file", {"key": key}, unique=f"remove_file:{key}")

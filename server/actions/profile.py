"""Changes what one of our people says about themselves, and tells their followers. It must not touch accounts."""

from dataclasses import dataclass, replace

from activitypub import activities as build
from activitypub.vocabulary import PUBLIC
from server.actions.compose import compose
from server.actions.outgoing import mint, send
from server.actions.represent import represent_actor
from server.problems import Invalid, NotFound
from server.site import Site
from server.store import actors
from server.store.actors import Actor
from server.store.database import Transaction

NAME_AT_MOST = 30
SUMMARY_AT_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What may change; None leaves it as it is."""

    name: str | None = None
    summary: str | None = None
    locked: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None


async def change_profile(tx: Transaction, site: Site, actor: Actor, change: ProfileChange) -> Actor:
    """Apply `change` and send the whole new actor to the followers.

    Raises:
        Invalid: a text is too long.
    """
    if len(change.name or "") > NAME_AT_MOST:
        raise Invalid(f"A name may have {NAME_AT_MOST} characters.", field="name")
    if len(change.summary or "") > SUMMARY_AT_MOST:
        raise Invalid(f"A description may have {SUMMARY_AT_MOST} characters.", field="summary")
    changed = replace(
        actor,
        name=actor.name if change.name is None else change.name.strip() or None,
        summary_html=actor.summary_html if change.summary is None else compose(site, change.summary),
        locked=actor.locked if change.locked is None else change.locked,
        discoverable=actor.discoverable if change.discoverable is None else change.discoverable,
        indexable=actor.indexable if change.indexable is None else change.indexable,
        fetched_at=site.clock.now(),
    )
    await actors.replace(tx, changed)
    key = await actors.find_signing_key(tx, actor.id)
    if key is None:
        raise NotFound("This account has no key.")
    activity_id, uri = mint(site, actor)
    audience = [PUBLIC, *([actor.followers_uri] if actor.followers_uri else [])]
    document = build.update(uri, actor.uri, represent_actor(site, changed, key), to=audience)
    await send(tx, site, actor, activity_id, document, object_uri=actor.uri)
    return changed

"""Finds people, ours and others': in the store while that is fresh, else at their own server.

It must not be called inside a transaction.
"""

from activitypub.authority import refuse_ours
from activitypub.discovery import parse_handle
from activitypub.vocabulary import without_fragment
from server.ids import MICROSECONDS
from server.remote.fingers import ask_webfinger
from server.remote.keyring import KeyRing
from server.remote.profiles import fetch_profile, forget_profile, store_profile
from server.remote.seam import FetchFailed, Reach
from server.store.people import actors
from server.store.people.actors import Actor

__all__ = ["KeyRing", "find_actor", "find_by_handle", "find_stated"]


async def find_actor(reach: Reach, uri: str, *, fresh: bool = False) -> Actor:
    """Find an actor by its id; `fresh` asks its server even when it was asked lately.

    An actor that cannot be had just now is answered from the store, however old, unless `fresh` is demanded.

    Raises:
        FetchFailed: it is not known and its server does not give it, or (`gone`) says that it was deleted.
        ProtocolError: what its server gives may not be believed.
    """
    uri = without_fragment(uri)
    async with reach.database.read() as reader:
        known = await actors.find_by_uri(reader, uri)
    if known is not None and (known.local or (not fresh and is_fresh(reach, known))):
        return known
    if reach.site.is_ours(uri):
        raise FetchFailed(f"nobody of ours is {uri}", 404)
    try:
        return await store_profile(reach, await fetch_profile(reach, uri))
    except FetchFailed as failure:
        if failure.gone:
            await forget_profile(reach, uri)
        elif known is not None and known.gone_at is None and not fresh and failure.passing:
            return known
        raise


async def find_by_handle(reach: Reach, handle: str) -> Actor:
    """Find who bears `user@host` (or `@user@host`); raises like `find_actor`, Malformed for what is no handle."""
    user, host = parse_handle(handle)
    async with reach.database.read() as reader:
        known = await actors.find_by_handle(reader, user, host)
    if known is not None and (known.local or is_fresh(reach, known)):
        return known
    if host == reach.site.domain:
        raise FetchFailed(f"nobody of ours is called {user}", 404)
    scheme = reach.site.origin.partition(":")[0]
    try:
        finger = await ask_webfinger(reach, f"{user}@{host}", scheme=scheme)
    except FetchFailed as failure:
        if known is None or not failure.passing:
            raise
        return known
    refuse_ours(finger.actor_uri, reach.site.origin)
    return await find_actor(reach, finger.actor_uri)


async def find_stated(reach: Reach, text: str, *, fresh: bool = False) -> Actor:
    """Find whom `user@host`, or the address of an actor, means; raises like `find_by_handle`."""
    wanted = text.strip().removeprefix("acct:")
    if wanted.startswith(("https://", "http://")):
        return await find_actor(reach, wanted, fresh=fresh)
    found = await find_by_handle(reach, wanted)
    return await find_actor(reach, found.uri, fresh=True) if fresh else found


def is_fresh(reach: Reach, actor: Actor) -> bool:
    """Whether what we know of a peer's actor may be used without asking again."""
    age = reach.site.clock.now() - actor.fetched_at
    return actor.gone_at is None and age < reach.site.config.federation.actor_fresh_seconds * MICROSECONDS

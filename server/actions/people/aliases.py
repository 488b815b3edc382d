"""Says which other accounts somebody of ours was before (`alsoKnownAs`). It must not move anybody.

An alias lets the other account send its followers here; the other side has to move by itself.
"""

from dataclasses import replace

import msgspec

from server.actions.people.profile import publish_profile
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor

# Nobody has lived at more places of late; each is one that may send a crowd here. Peers read 256.
ALIASES_AT_MOST = 10


async def add_alias(tx: Transaction, site: Site, actor: Actor, other: Actor) -> Actor:
    """Have `actor` say that it was `other`, and tell the followers.

    Raises:
        Invalid: it is the same account, or it is gone.
        Conflict: it says so already, or it says too many.
    """
    if other.id == actor.id:
        raise Invalid("This is the same account.", field="other")
    if other.gone_at is not None or other.type == "Application":
        raise Invalid("There is no such account.", field="other")
    actor = await actors.find(tx, actor.id) or actor
    if other.uri in actor.aliases:
        raise Conflict(f"@{other.handle} is an alias already.")
    if len(actor.aliases) >= ALIASES_AT_MOST:
        raise Conflict(f"An account has {ALIASES_AT_MOST} aliases at most.")
    return await _say(tx, site, actor, (*actor.aliases, other.uri))


async def remove_alias(tx: Transaction, site: Site, actor: Actor, uri: str) -> Actor:
    """Take an alias back, and tell the followers. Raises NotFound where it is none."""
    actor = await actors.find(tx, actor.id) or actor
    if uri not in actor.aliases:
        raise NotFound("This is no alias of the account.")
    return await _say(tx, site, actor, tuple(one for one in actor.aliases if one != uri))


async def _say(tx: Transaction, site: Site, actor: Actor, aliases: tuple[str, ...]) -> Actor:
    changed = replace(actor, also_known_as=msgspec.json.encode(aliases).decode(), fetched_at=site.clock.now())
    await publish_profile(tx, site, changed)
    return changed

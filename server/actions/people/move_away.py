"""Sends the followers of one of our people where they live now, and takes that back. It must not fetch that place.

What was posted here stays, and can be read.
"""

from dataclasses import replace

from activitypub import activities as build
from server.actions.network.outgoing import mint, send
from server.actions.people.profile import publish_profile
from server.actions.ties.carry_over import may_move_again, move_over
from server.problems import Conflict, Invalid, NotFound, TooMany
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor

# Mastodon's wait between two moves of an account (account_migration.rb); peers take one a week.
AGAIN_SECONDS = 30 * 86_400


async def move_away(tx: Transaction, site: Site, actor: Actor, new: Actor) -> Actor:
    """Say that `actor` lives as `new` now, and ask its followers to follow there; `new` was fetched just now.

    Raises:
        Invalid: nobody can move there, or the new account does not name the old one.
        Conflict: it has moved already.
        TooMany: it moved not long ago.
    """
    actor = await actors.find(tx, actor.id) or actor
    _check_place(actor, new)
    if actor.moved_to is not None:
        raise Conflict("This account has moved already; take that back first.")
    if not may_move_again(site, actor, after_seconds=AGAIN_SECONDS):
        raise TooMany("An account moves once in 30 days.", after_seconds=AGAIN_SECONDS)
    moved = await move_over(tx, site, actor, new)
    # The document first: peers look whether it says the same.
    await publish_profile(tx, site, moved)
    activity_id, uri = mint(site, moved)
    document = build.move(uri, moved.uri, target=new.uri, followers_uri=moved.followers_uri or moved.uri)
    await send(tx, site, moved, activity_id, document, object_uri=moved.uri)
    return moved


async def cancel_move(tx: Transaction, site: Site, actor: Actor) -> Actor:
    """Live here again; who went along stays there. Raises NotFound where nobody moved."""
    actor = await actors.find(tx, actor.id) or actor
    if actor.moved_to is None:
        raise NotFound("This account has not moved.")
    back = replace(actor, moved_to=None, fetched_at=site.clock.now())
    await publish_profile(tx, site, back)
    return back


def _check_place(actor: Actor, new: Actor) -> None:
    if new.id == actor.id:
        raise Invalid("This is the same account.", field="place")
    if new.gone_at is not None or new.suspended_at is not None or new.type == "Application":
        raise Invalid("Nobody can be followed there.", field="place")
    if new.moved_to is not None:
        raise Invalid("The new account has moved on itself.", field="place")
    if actor.uri not in new.aliases:
        raise Invalid(f"@{new.handle} has to name {actor.uri} as an alias first.", field="place")

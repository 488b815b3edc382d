"""Forgets a peer's actor that was deleted: follows end, posts are emptied by and by. It must not touch our own."""

from server.actions.remove import forget_post
from server.actions.withdraw import withdraw_commissions
from server.problems import Forbidden
from server.site import Site
from server.store import actors, follows, timelines
from server.store.actors import Actor
from server.store.database import Transaction

# One transaction stays short; the rest is emptied when somebody looks, since a gone author's posts are not shown.
POSTS_AT_ONCE = 200


async def forget_actor(tx: Transaction, site: Site, actor: Actor) -> None:
    """Mark `actor` gone, end its follows and empty its newest posts.

    Raises:
        Forbidden: the actor is ours.
    """
    if actor.local:
        raise Forbidden("Our own people are not deleted by a peer.")
    await actors.mark_gone(tx, actor.uri, at=site.clock.now())
    await follows.drop_all(tx, actor.id)
    await withdraw_commissions(tx, site, actor)
    for post in await timelines.read_own_profile(tx, actor.id, limit=POSTS_AT_ONCE):
        await forget_post(tx, site, post)

"""Forgets a peer's actor that was deleted: follows end, posts and reactions go step by step. Never one of our own."""

from server.actions.painting.withdraw import withdraw_commissions
from server.actions.writing.react import receive_undo
from server.actions.writing.remove import forget_post
from server.problems import Forbidden
from server.site import Site
from server.store.database import Transaction
from server.store.paging import Stretch
from server.store.people import actors, traces
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions, reactions, timelines
from server.store.ties import follows

# Posts, and reactions, that go in one step: some 20 ms in which nobody else writes.
STEP = 50


async def forget_actor(tx: Transaction, site: Site, actor: Actor) -> None:
    """Mark `actor` gone, end its follows, and have all else that it left here forgotten by a job.

    Raises:
        Forbidden: the actor is ours.
    """
    if actor.local:
        raise Forbidden("Our own people are not deleted by a peer.")
    await actors.mark_gone(tx, actor.uri, at=site.clock.now())
    await follows.drop_all(tx, actor.id)
    await traces.drop_traces(tx, actor.id)
    await withdraw_commissions(tx, site, actor)
    await _enqueue_step(tx, site, actor)


async def forget_step(tx: Transaction, site: Site, actor_id: int) -> None:
    """Empty some posts of an actor that is gone and take back some of its reactions; enqueue the next step."""
    actor = await actors.find(tx, actor_id)
    if actor is None or actor.local or actor.gone_at is None:
        return
    if await forget_words(tx, site, actor):
        await _enqueue_step(tx, site, actor)


async def forget_words(tx: Transaction, site: Site, actor: Actor) -> bool:
    """Empty some posts of an actor and take back some of its reactions; false when there were none left."""
    written = await timelines.read_own_profile(tx, actor.id, Stretch(limit=STEP))
    for post in written:
        await forget_post(tx, site, post)
    given = await reactions.list_by_actor(tx, actor.id, limit=STEP)
    for reaction in given:
        await receive_undo(tx, site, actor, reaction)
    emoji = await emoji_reactions.drop_by_actor(tx, actor.id, limit=STEP)
    return bool(written or given or emoji)


async def _enqueue_step(tx: Transaction, site: Site, actor: Actor) -> None:
    await site.queue.enqueue(tx, "forget", {"actor": actor.id}, unique=f"forget:{actor.id}")

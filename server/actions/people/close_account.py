"""Deletes the account of one of our people for good. It must not be undone: the name stays taken, its address says 410.

At once: nobody is logged in, the profile is empty, the Delete is stored. By a job, in steps that may be repeated:
posts, pictures, wishes and all else. Last, when every server was told, the keys that signed it.
"""

from activitypub import activities as build
from activitypub.vocabulary import PUBLIC
from server.actions.network.outgoing import mint, send
from server.actions.people.forget_actor import STEP, forget_words
from server.actions.writing.remove import remove_file
from server.actions.writing.upload import forget_picture
from server.ids import MICROSECONDS
from server.problems import Forbidden, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities, deliveries
from server.store.people import accounts, actors, belongings, traces
from server.store.people.actors import Actor
from server.store.writing import generations, media

JOB = "close"
# Rows of one's own, in one transaction: some 10 ms in which nobody else writes.
ROWS = 500
# Retries of deliveries go on for days; the key waits with them.
LOOK_AGAIN_SECONDS = 3600


async def close_account(tx: Transaction, site: Site, actor: Actor) -> None:
    """Delete the account: from this commit on nobody acts as `actor`, and every server we know is told.

    Raises:
        Forbidden: it is no person of ours, or the only one that administers the instance.
        NotFound: it is deleted already.
    """
    actor = await actors.find(tx, actor.id) or actor
    if not actor.local or actor.type != "Person":
        raise Forbidden("Only people of this server are deleted here.")
    if actor.gone_at is not None:
        raise NotFound("This account is deleted already.")
    if await accounts.list_admins(tx) == [actor.id]:
        raise Forbidden("Nobody else administers this instance.")
    await actors.mark_gone(tx, actor.uri, at=site.clock.now())
    await belongings.drop_entries(tx, actor.id)
    for url in (actor.icon_url, actor.image_url):
        if url is not None and (key := site.media_key(url)) is not None:
            await remove_file(tx, site, key)
    await traces.drop_traces(tx, actor.id)
    activity_id, uri = mint(site, actor)
    document = build.delete_actor(uri, actor.uri, to=[PUBLIC])
    await send(tx, site, actor, activity_id, document, object_uri=actor.uri)
    await _enqueue(tx, site, actor.id, activity_id)


async def close_step(tx: Transaction, site: Site, actor_id: int, farewell_id: int) -> None:
    """Forget some of what is left; when nothing is, and everybody was told, the keys. Enqueues the next step."""
    actor = await actors.find(tx, actor_id)
    if actor is None or not actor.local or actor.gone_at is None:
        return
    if await _forget_some(tx, site, actor, farewell_id):
        await _enqueue(tx, site, actor_id, farewell_id)
    elif await _is_on_its_way(tx, farewell_id):
        due = site.clock.now() + LOOK_AGAIN_SECONDS * MICROSECONDS
        await _enqueue(tx, site, actor_id, farewell_id, due=due)
    else:
        await actors.replace_keys(tx, actor_id, [])


async def _forget_some(tx: Transaction, site: Site, actor: Actor, farewell_id: int) -> bool:
    if await forget_words(tx, site, actor) or await _forget_pictures(tx, site, actor):
        return True
    if await belongings.drop_some(tx, actor.id, limit=ROWS):
        return True
    return await activities.drop_sent(tx, actor.uri, keep=farewell_id, limit=ROWS) > 0


async def _forget_pictures(tx: Transaction, site: Site, actor: Actor) -> bool:
    """What was painted or brought and never posted, and what was wished for."""
    pictures = await media.list_of_actor(tx, actor.id, limit=STEP)
    for picture in pictures:
        await forget_picture(tx, site, picture)
    wishes = await generations.list_worded(tx, actor.id, limit=STEP)
    for wish in wishes:
        await generations.finish(tx, wish.id, generations.CANCELLED, at=site.clock.now())
        await generations.scrub(tx, wish.id)
    return bool(pictures or wishes)


async def _is_on_its_way(tx: Transaction, farewell_id: int) -> bool:
    """Whether somebody is still to be told: not everybody was found yet, or a delivery waits."""
    farewell = await activities.find(tx, farewell_id)
    if farewell is None:
        return False
    return farewell.processed_at is None or await deliveries.is_waiting(tx, farewell_id)


async def _enqueue(tx: Transaction, site: Site, actor_id: int, farewell_id: int, *, due: int | None = None) -> None:
    payload = {"actor": actor_id, "farewell": farewell_id}
    await site.queue.enqueue(tx, JOB, payload, not_before=due, unique=f"{JOB}:{actor_id}:{due or 0}")

"""A peer's actor takes back a Follow, Like, Announce, EmojiReact or Block. It must not undo what another actor did."""

from activitypub.authority import check_undo
from activitypub.emoji import read_reaction
from activitypub.reading import Activity
from activitypub.vocabulary import id_of, types_of
from server.actions.network.receive import Received
from server.actions.ties.follow import receive_unfollow
from server.actions.writing.react import receive_undo
from server.actions.writing.react_emoji import receive_emoji_undo
from server.actions.writing.wait import withdraw_question
from server.ids import MICROSECONDS
from server.inbox.ending import Ignored, end
from server.jobs.queue import Retry
from server.services import Services
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions, reactions
from server.store.reading.emoji_reactions import EmojiReaction
from server.store.reading.reactions import ANNOUNCE, LIKE, Reaction
from server.store.ties import follows
from server.store.writing import consents, posts

_KINDS = {"Like": LIKE, "Announce": ANNOUNCE}
# Jobs run side by side. What came before its Undo mostly ends in milliseconds, or in seconds where an actor is fetched;
# after ten minutes it is stuck, and the Undo must not be.
AGAIN_SECONDS = 15
PATIENCE_SECONDS = 600


async def handle(received: Received, services: Services) -> None:
    """Reverse the earlier activity, named by its id or embedded (ActivityPub 7.12)."""
    activity = received.activity
    _check_embedded_actor(activity)
    async with services.database.write(durable=False) as tx:
        await _wait_for_undone(tx, services.site, activity)
        actor = await actors.find_by_uri(tx, activity.actor)
        if actor is None:
            raise Ignored("we do not know the actor")
        # First and always: a Like of Misskey is a like and an emoji.
        emoji = await _undo_emoji(tx, actor, activity)
        if not (
            await _undo_follow(tx, actor, activity)
            or await _undo_reaction(tx, services.site, actor, activity)
            or await _undo_block(tx, actor, activity)
            or await _undo_question(tx, actor, activity)
            or emoji
        ):
            raise Ignored("there is nothing to undo")
        await end(tx, services.site, received, "undone")


async def _wait_for_undone(tx: Transaction, site: Site, activity: Activity) -> None:
    """Raise Retry while what is undone waits for its own turn: afterwards nobody would undo it."""
    undone = await activities.find_by_uri(tx, activity.object_id) if activity.object_id else None
    if undone is None or undone.outgoing or undone.processed_at is not None or undone.actor_uri != activity.actor:
        return
    if site.clock.now() - undone.created_at < PATIENCE_SECONDS * MICROSECONDS:
        raise Retry(AGAIN_SECONDS, "what it undoes was not dealt with yet")


def _check_embedded_actor(activity: Activity) -> None:
    inner = activity.object
    if isinstance(inner, dict) and (undone_actor := id_of(inner.get("actor"))) is not None:
        check_undo(activity.actor, undone_actor)


def _embedded(activity: Activity) -> tuple[str | None, str | None]:
    """(type, id of the object) of the embedded activity."""
    inner = activity.object
    if not isinstance(inner, dict):
        return None, None
    return next(iter(types_of(inner)), None), id_of(inner.get("object"))


async def _undo_follow(tx: Transaction, actor: Actor, activity: Activity) -> bool:
    follow = await follows.find_by_uri(tx, activity.object_id) if activity.object_id else None
    kind, target_uri = _embedded(activity)
    if follow is not None:
        if follow.follower_id != actor.id:
            return False
        followed = await actors.find(tx, follow.followed_id)
    elif kind == "Follow" and target_uri is not None:
        # The id may be one that we never saw: Pixelfed and others mint a fresh one.
        followed = await actors.find_by_uri(tx, target_uri)
    else:
        return False
    if followed is None or await follows.find(tx, actor.id, followed.id) is None:
        return False
    await receive_unfollow(tx, actor, followed, activity.object_id)
    return True


async def _undo_reaction(tx: Transaction, site: Site, actor: Actor, activity: Activity) -> bool:
    reaction = await _find_reaction(tx, actor, activity)
    if reaction is None or reaction.actor_id != actor.id:
        return False
    await receive_undo(tx, site, actor, reaction)
    await consents.drop_deed(tx, reaction.uri)
    await activities.forget(tx, reaction.uri, actor_uri=actor.uri)
    return True


async def _undo_question(tx: Transaction, actor: Actor, activity: Activity) -> bool:
    """A like or boost, or the request for it, that its author did not answer yet."""
    return activity.object_id is not None and await withdraw_question(tx, actor, activity.object_id)


async def _find_reaction(tx: Transaction, actor: Actor, activity: Activity) -> Reaction | None:
    found = await reactions.find_by_uri(tx, activity.object_id) if activity.object_id else None
    kind, post_uri = _embedded(activity)
    if found is not None or kind not in _KINDS or post_uri is None:
        return found
    post = await posts.find_by_uri(tx, post_uri)
    return await reactions.find(tx, kind=_KINDS[kind], actor_id=actor.id, post_id=post.id) if post else None


async def _undo_emoji(tx: Transaction, actor: Actor, activity: Activity) -> bool:
    reaction = await _find_emoji(tx, actor, activity)
    if reaction is None or reaction.actor_id != actor.id:
        return False
    await receive_emoji_undo(tx, reaction)
    await activities.forget(tx, reaction.uri, actor_uri=actor.uri)
    return True


async def _find_emoji(tx: Transaction, actor: Actor, activity: Activity) -> EmojiReaction | None:
    found = await emoji_reactions.find_by_uri(tx, activity.object_id) if activity.object_id else None
    kind, post_uri = _embedded(activity)
    if found is not None or kind not in ("EmojiReact", "Like") or post_uri is None:
        return found
    emoji = read_reaction(activity.object) if isinstance(activity.object, dict) else None
    post = await posts.find_by_uri(tx, post_uri)
    if emoji is None or post is None:
        return None
    return await emoji_reactions.find(tx, actor_id=actor.id, post_id=post.id, emoji=emoji.text)


async def _undo_block(tx: Transaction, actor: Actor, activity: Activity) -> bool:
    pair = await follows.find_block_by_uri(tx, activity.object_id) if activity.object_id else None
    kind, target_uri = _embedded(activity)
    if pair is None and kind == "Block" and target_uri is not None:
        target = await actors.find_by_uri(tx, target_uri)
        pair = (actor.id, target.id) if target else None
    if pair is None or pair[0] != actor.id:
        return False
    await follows.unblock(tx, *pair)
    return True

"""A peer's actor likes a post of ours. It must not count a like twice."""

from activitypub.consent import Kind, named_stamp
from activitypub.emoji import read_reaction
from activitypub.reading import Activity
from server.actions.network.receive import Received
from server.actions.writing.hear_request import Deed, hear_reaction
from server.actions.writing.react import receive_reaction
from server.actions.writing.react_emoji import receive_emoji
from server.actions.writing.see import may_see_post
from server.inbox.ending import Ignored, end
from server.remote.people import find_actor
from server.services import Services
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading.reactions import LIKE
from server.store.writing import posts
from server.store.writing.consents import ACCEPTED, PENDING
from server.store.writing.posts import Post


async def handle(received: Received, services: Services) -> None:
    """Add the Like to the post's `likes` (ActivityPub 7.10). Misskey's have an emoji, kept as well.

    Where the author wants to be asked, it waits.
    """
    activity = received.activity
    if activity.object_id is None or not services.site.is_ours(activity.object_id):
        raise Ignored("it likes nothing of ours")
    actor = await find_actor(services, activity.actor)
    async with services.database.write(durable=False) as tx:
        post = await posts.find_by_uri(tx, activity.object_id)
        author = await actors.find(tx, post.actor_id) if post else None
        if post is None or author is None or not await may_see_post(tx, post, author, actor):
            raise Ignored("there is no such post")
        await activities.forget_undo(tx, actor_uri=activity.actor, undone_uri=activity.id)
        heard = await hear_reaction(tx, services.site, Kind.LIKE, actor, post, _read_deed(activity))
        if heard != ACCEPTED:
            await end(tx, services.site, received, "waiting" if heard == PENDING else heard)
            return
        added = await _like(tx, services.site, actor, post, activity)
        await end(tx, services.site, received, "liked" if added else "known")


def _read_deed(activity: Activity) -> Deed:
    return Deed(activity.id, named_stamp(activity.raw, Kind.LIKE))


async def _like(tx: Transaction, site: Site, actor: Actor, post: Post, activity: Activity) -> bool:
    emoji = read_reaction(activity.raw)
    added = await receive_reaction(tx, site, LIKE, actor, post, activity.id, silent=emoji is not None)
    if emoji is not None:
        await receive_emoji(tx, site, emoji, actor, post, activity.id)
    return added

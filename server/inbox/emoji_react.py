"""A peer's actor gives an emoji to a post of ours (litepub's EmojiReact). It must not count as a like."""

from activitypub.consent import Kind
from activitypub.emoji import read_reaction
from server.actions.network.receive import Received
from server.actions.writing.allow import Standing, may_do
from server.actions.writing.react_emoji import receive_emoji
from server.actions.writing.see import may_see_post
from server.inbox.ending import Ignored, end
from server.remote.people import find_actor
from server.services import Services
from server.store.network import activities
from server.store.people import actors
from server.store.writing import posts


async def handle(received: Received, services: Services) -> None:
    """Keep the emoji with the post."""
    activity = received.activity
    if activity.object_id is None or not services.site.is_ours(activity.object_id):
        raise Ignored("it is for nothing of ours")
    emoji = read_reaction(activity.raw)
    if emoji is None:
        raise Ignored("it has no emoji that can be shown")
    actor = await find_actor(services, activity.actor)
    async with services.database.write(durable=False) as tx:
        post = await posts.find_by_uri(tx, activity.object_id)
        author = await actors.find(tx, post.actor_id) if post else None
        if post is None or author is None or not await may_see_post(tx, post, author, actor):
            raise Ignored("there is no such post")
        if await may_do(tx, Kind.LIKE, post, author, actor) is not Standing.AUTOMATIC:
            raise Ignored("the author wants to be asked for likes, and an emoji cannot be asked for")
        await activities.forget_undo(tx, actor_uri=activity.actor, undone_uri=activity.id)
        added = await receive_emoji(tx, services.site, emoji, actor, post, activity.id)
        await end(tx, services.site, received, "reacted" if added else "known")

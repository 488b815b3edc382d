"""A peer's actor deletes a post of theirs, a stamp, or themselves. It must not delete anybody else's."""

from activitypub.authority import may_change
from server.actions.network.receive import Received
from server.actions.people.forget_actor import forget_actor
from server.actions.writing.remove import forget_post
from server.inbox.ending import Ignored, end
from server.inbox.verdict import take_revocation
from server.services import Services
from server.store.people import actors
from server.store.writing import posts


async def handle(received: Received, services: Services) -> None:
    """Empty our copy (ActivityPub 7.4). The stored Delete itself refuses a Create that comes after it."""
    activity = received.activity
    if activity.object_id is None:
        raise Ignored("it deletes nothing")
    if await take_revocation(received, services):
        return
    async with services.database.write(durable=False) as tx:
        author = await actors.find_by_uri(tx, activity.actor)
        if author is None:
            raise Ignored("we do not know the actor")
        if activity.object_id == activity.actor:
            await forget_actor(tx, services.site, author)
            await end(tx, services.site, received, "gone")
            return
        post = await posts.find_by_uri(tx, activity.object_id)
        if post is None:
            raise Ignored("we do not have this post")
        owner = await actors.find(tx, post.actor_id)
        may_change(activity.actor, owner.uri if owner else "", post.uri)
        await forget_post(tx, services.site, post)
        await end(tx, services.site, received, "deleted")

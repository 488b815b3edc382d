"""A peer's actor wants to follow one of our people. It must not decide; `actions.follow` does."""

from server.actions.network.receive import Received
from server.actions.ties.follow import receive_follow
from server.inbox.ending import Ignored, end
from server.remote.people import find_actor
from server.services import Services
from server.store.network import activities
from server.store.people import actors


async def handle(received: Received, services: Services) -> None:
    """Answer with Accept or Reject, or let it wait for the owner (ActivityPub 7.5)."""
    activity = received.activity
    if activity.object_id is None or not services.site.is_ours(activity.object_id):
        raise Ignored("it follows nobody here")
    follower = await find_actor(services, activity.actor)
    async with services.database.write() as tx:
        followed = await actors.find_by_uri(tx, activity.object_id)
        if followed is None or not followed.local or followed.gone_at is not None or followed.followers_uri is None:
            raise Ignored("it follows nobody here")
        await activities.forget_undo(tx, actor_uri=activity.actor, undone_uri=activity.id)
        state = await receive_follow(tx, services.site, follower, followed, activity.id)
        await end(tx, services.site, received, state)

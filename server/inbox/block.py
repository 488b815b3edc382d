"""A peer's actor blocks one of our people. It must not answer; a block is nobody's business but the blocker's."""

from server.actions.network.receive import Received
from server.actions.ties.follow import receive_block
from server.inbox.ending import Ignored, end
from server.remote.people import find_actor
from server.services import Services
from server.store.people import actors


async def handle(received: Received, services: Services) -> None:
    """End the follows between the two and remember the block."""
    activity = received.activity
    if activity.object_id is None or not services.site.is_ours(activity.object_id):
        raise Ignored("it blocks nobody here")
    blocker = await find_actor(services, activity.actor)
    async with services.database.write(durable=False) as tx:
        blocked = await actors.find_by_uri(tx, activity.object_id)
        if blocked is None or not blocked.local:
            raise Ignored("it blocks nobody here")
        await receive_block(tx, services.site, blocker, blocked, activity.id)
        await end(tx, services.site, received, "blocked")

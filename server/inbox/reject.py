"""A peer answers a Follow of ours, or a question about a post of theirs, with Reject.

It must not add anything that we did not ask for.
"""

from server.actions.network.receive import Received
from server.actions.ties.follow import receive_reject
from server.inbox import verdict
from server.inbox.answers import find_answered
from server.inbox.ending import Ignored, end
from server.services import Services


async def handle(received: Received, services: Services) -> None:
    """The Follow is refused, or one accepted before ends (ActivityPub 7.7)."""
    question = await verdict.find_question(services, received.activity)
    if question is not None:
        await verdict.take_no(received, services, question)
        return
    async with services.database.write() as tx:
        follower, followed = await find_answered(tx, services.site, received.activity)
        if not await receive_reject(tx, follower, followed):
            raise Ignored("there is no such Follow")
        await end(tx, services.site, received, "rejected")

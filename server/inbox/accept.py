"""A peer answers a Follow of ours, or a question about a post of theirs, with Accept.

It must not add anything that we did not ask for.
"""

from server.actions.network.receive import Received
from server.actions.ties.follow import receive_accept
from server.inbox import verdict
from server.inbox.answers import find_answered
from server.inbox.ending import Ignored, end
from server.services import Services


async def handle(received: Received, services: Services) -> None:
    """The followed is in `following` from now on (ActivityPub 7.6)."""
    question = await verdict.find_question(services, received.activity)
    if question is not None:
        await verdict.take_yes(received, services, question)
        return
    async with services.database.write() as tx:
        follower, followed = await find_answered(tx, services.site, received.activity)
        if not await receive_accept(tx, services.site, follower, followed):
            raise Ignored("the Follow was not pending")
        await end(tx, services.site, received, "accepted")

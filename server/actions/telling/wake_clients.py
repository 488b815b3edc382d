"""Has those clients woken that want to hear of a notification. It must not send anything: a job does (`push`)."""

from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.telling import push
from server.store.telling.notifications import Notification
from server.store.telling.push import Subscription
from server.store.ties import follows

JOB = "push"


async def wake_clients(
    tx: Transaction, site: Site, told: Actor, word: str, notification: Notification, by: Actor
) -> None:
    """Enqueue a message for each subscription of `told` that wants kinds of this `word`, and this sender."""
    for one in await push.list_of_actor(tx, told.id):
        if word in one.wanted and await _wants(tx, one, told, by):
            await site.queue.enqueue(tx, JOB, {"subscription": one.id, "notification": notification.id})


async def _wants(tx: Transaction, subscription: Subscription, told: Actor, by: Actor) -> bool:
    if subscription.policy == "followed":
        return await follows.follows_accepted(tx, told.id, by.id)
    if subscription.policy == "follower":
        return await follows.follows_accepted(tx, by.id, told.id)
    return subscription.policy == "all"

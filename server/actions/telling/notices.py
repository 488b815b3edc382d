"""What somebody does with what they were told: read it, choose whom to hear, let in who was put aside.

It must not tell anybody anything new.
"""

from collections.abc import Sequence

from server.actions.telling.hearing import MENTIONS
from server.actions.writing.converse import add_to_conversation
from server.actions.writing.spread import emit
from server.problems import Conflict
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.reading import markers
from server.store.reading.markers import NOTIFICATIONS, Marker
from server.store.telling import notice_policy, notifications
from server.store.telling.notice_policy import Request
from server.store.writing import posts


async def move_marker(
    tx: Transaction, site: Site, me: Actor, timeline: str, last_read_id: int, *, known: Marker | None
) -> Marker:
    """Remember how far `me` has read; `known` is where the marker was when they said so.

    Raises:
        Conflict: another client moved it meanwhile.
    """
    now = site.clock.now()
    moved = await markers.put(tx, me.id, timeline, last_read_id, known=known, at=now)
    if moved is None:
        raise Conflict("Conflict during update, please try again")
    if timeline == NOTIFICATIONS:
        await notifications.mark_read(tx, me.id, at=now, last=last_read_id)
    return moved


async def read_all(tx: Transaction, site: Site, me: Actor) -> None:
    """Remember that `me` has seen everything they were told."""
    newest = await notifications.find_newest_id(tx, me.id)
    known = (await markers.find(tx, me.id, [NOTIFICATIONS])).get(NOTIFICATIONS)
    if newest and (known is None or known.last_read_id < newest):
        await move_marker(tx, site, me, NOTIFICATIONS, newest, known=known)
    await notifications.mark_read(tx, me.id, at=site.clock.now())


async def clear(tx: Transaction, me: Actor) -> None:
    """Forget everything that `me` was told, also what was put aside."""
    await notifications.drop_all(tx, me.id)
    await notice_policy.drop_requests(tx, me.id)


async def let_in(tx: Transaction, site: Site, me: Actor, requests: Sequence[Request]) -> None:
    """Hear of these senders from now on, whatever the policy says, and of what was put aside of them."""
    for one in requests:
        await notice_policy.permit(tx, me.id, one.from_id, at=site.clock.now())
        for aside in await notifications.list_filtered(tx, me.id, one.from_id):
            post = await posts.find(tx, aside.post_id) if aside.kind in MENTIONS else None
            if post is not None:
                await add_to_conversation(tx, site, me, post)
        await notifications.unfilter(tx, me.id, one.from_id)
        await notice_policy.drop_request(tx, me.id, one.from_id)
    if requests:
        await emit(tx, site, "notifications_merged", actor_id=me.id)


async def turn_away(tx: Transaction, me: Actor, requests: Sequence[Request]) -> None:
    """Forget what was put aside of these senders; the policy keeps holding for them."""
    for one in requests:
        await notifications.drop_filtered(tx, me.id, one.from_id)
        await notice_policy.drop_request(tx, me.id, one.from_id)


async def hear_no_more(tx: Transaction, me: Actor, other: Actor) -> None:
    """Forget what `me` was told of somebody whom they do not want to hear of any more."""
    await notifications.drop_from(tx, me.id, other.id)
    await notice_policy.drop_request(tx, me.id, other.id)

"""Tells our people what happened to them. It must not tell anybody of themselves or of whom they block, nor peers."""

from server.site import Site
from server.store import follows, notifications
from server.store.actors import Actor
from server.store.database import Transaction


async def notify(tx: Transaction, site: Site, told: Actor, kind: str, *, by: Actor, post_id: int = 0) -> None:
    """Tell `told`, once, that `by` did something: follow, follow_request, like, announce, reply or mention."""
    # Nobody logs in as the studio or the instance to read it.
    if not told.local or told.type != "Person" or told.id == by.id:
        return
    if await follows.is_blocked(tx, by=told.id, actor_id=by.id):
        return
    await notifications.add(
        tx,
        notifications.Notification(
            id=site.ids.new(),
            actor_id=told.id,
            kind=kind,
            from_id=by.id,
            post_id=post_id,
            created_at=site.clock.now(),
            read_at=None,
        ),
    )

"""Stops reading somebody, for a while or for good. It must not tell them: a mute is the muter's business alone."""

from server.actions.telling.notices import hear_no_more
from server.ids import MICROSECONDS
from server.problems import Invalid
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.ties import mutes
from server.store.ties.mutes import Mute


async def mute(
    tx: Transaction, site: Site, actor: Actor, target: Actor, *, hides_notifications: bool = True, seconds: int = 0
) -> None:
    """Have `actor` read `target` no more, for `seconds` (0: for good); a second time changes how.

    Raises:
        Invalid: one cannot mute oneself.
    """
    if actor.id == target.id:
        raise Invalid("You cannot mute yourself.")
    now = site.clock.now()
    await mutes.put(
        tx,
        Mute(
            id=site.ids.new(),
            actor_id=actor.id,
            target_id=target.id,
            hides_notifications=hides_notifications,
            expires_at=now + seconds * MICROSECONDS if seconds > 0 else None,
            created_at=now,
        ),
    )
    if hides_notifications:
        await hear_no_more(tx, actor, target)


async def unmute(tx: Transaction, actor: Actor, target: Actor) -> None:
    """Read somebody again; nothing happens where they were not muted."""
    await mutes.drop(tx, actor.id, target.id)

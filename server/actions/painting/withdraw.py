"""Takes back what somebody elsewhere asked the studio actor for and is not painted yet. It must not touch posts."""

from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.writing import generations


async def withdraw_commissions(tx: Transaction, site: Site, asker: Actor) -> int:
    """Cancel everything of `asker` that waits or is being painted; return how many that were."""
    waiting = await generations.list_open_commissions(tx, asker.id)
    for generation_id in waiting:
        await generations.finish(tx, generation_id, generations.CANCELLED, at=site.clock.now())
        await generations.scrub(tx, generation_id)
    return len(waiting)

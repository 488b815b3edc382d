"""How a received activity ends. It must not know what any activity means."""

from server.actions.clients.put_in_inboxes import put_received
from server.actions.network.forward import ask_forwarding
from server.actions.network.receive import Received
from server.actions.network.wake_peer import wake_peer
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities


class Ignored(Exception):
    """The activity changes nothing here; the reason is kept for the operator."""


async def end(tx: Transaction, site: Site, received: Received, outcome: str, *, withheld: bool = False) -> None:
    """Write the outcome in the transaction that made it true; the sender's host has shown a sign of life.

    What was not refused, and waits for nobody, is put into the inboxes of those whom it is for, here and, where that
    is ours to do, elsewhere; unless it is `withheld`, as an answer is whose asked author did not agree to it.
    """
    await activities.finish(tx, received.id, at=site.clock.now(), outcome=outcome)
    if not withheld and not outcome.startswith(("refused", "waiting")):
        await put_received(tx, site, received.id, received.activity)
    if not withheld:
        await ask_forwarding(tx, site, received, outcome)
    await wake_peer(tx, site, received.host)

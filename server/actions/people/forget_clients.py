"""Forgets codes and tokens that are long dead, and programs that nobody ever let in. It must not end what lives."""

from server.ids import MICROSECONDS
from server.site import Site
from server.store.clients import oauth, tokens
from server.store.database import Transaction

# Until then a second use is known as one.
DEAD_SECONDS = 7 * 86_400
# Elk keeps what it registered for a week, other apps longer: never earlier than they.
UNUSED_SECONDS = 30 * 86_400


async def forget_clients(tx: Transaction, site: Site) -> int:
    """Drop what is of no more use and return how many rows that were."""
    now = site.clock.now()
    dead, unused = now - DEAD_SECONDS * MICROSECONDS, now - UNUSED_SECONDS * MICROSECONDS
    dropped = await tokens.prune(tx, before=dead)
    return dropped + await oauth.prune(tx, codes_before=dead, clients_before=unused)

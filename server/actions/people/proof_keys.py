"""The Ed25519 keys that prove what our actors say wherever it travels (FEP-521a, FEP-8b32). It must not sign.

Unlike an RSA key, one takes 50 µs to make, so it is made where it is needed.
"""

from activitypub import keys
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor, ActorKey


def make_proof_key(site: Site, actor: Actor) -> ActorKey:
    """Make a key for one of our actors; the caller stores it."""
    key = keys.generate_ed25519()
    private, public = keys.private_pem(key), keys.public_pem(key.public_key())
    return ActorKey(f"{actor.uri}#ed25519-key", actor.id, "ed25519", public, private, site.clock.now())


async def complete_proof_keys(tx: Transaction, site: Site) -> int:
    """Give a key to each of our actors that has none, as those made by an older version; return how many."""
    waiting = await actors.list_without_proof_key(tx)
    for actor in waiting:
        await actors.add_key(tx, make_proof_key(site, actor))
    return len(waiting)

"""Says whether one of our people wants nothing of somebody. What follows from it is for those who ask."""

from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.ties import domain_blocks, follows


async def refuses(reader: Reader, owner: Actor, other: Actor) -> bool:
    """Whether `owner` blocks `other`, or all of a host of theirs."""
    if await follows.is_blocked(reader, by=owner.id, actor_id=other.id):
        return True
    return await domain_blocks.covers_actor(reader, by=owner.id, actor_id=other.id)

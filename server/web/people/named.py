"""Finds whom an address of a page names by number. It must not judge whether they may be shown."""

from server.problems import NotFound
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor


async def find_named(reader: Reader, actor_id: int) -> Actor:
    """Find somebody; raises NotFound."""
    found = await actors.find(reader, actor_id)
    if found is None:
        raise NotFound("Nobody here has that name.")
    return found

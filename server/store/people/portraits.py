"""Asks which pictures our own people show of themselves. It must not change anything, nor know files."""

from sqlalchemy import bindparam, literal, select

from server.store.database import Reader
from server.store.people.actors import actors

# By type as well, so that the index of our own few serves.
_ours = (
    select(actors.c.icon_url, actors.c.image_url)
    .where(actors.c.local, actors.c.type.in_([literal("Person"), literal("Service"), literal("Application")]))
    .where(actors.c.icon_url.is_not(None) | actors.c.image_url.is_not(None))
)
_shows = _ours.where((actors.c.icon_url == bindparam("wanted")) | (actors.c.image_url == bindparam("wanted"))).limit(1)


async def is_shown(reader: Reader, url: str) -> bool:
    """Say whether one of our people shows the picture at this address."""
    return await reader.one(_shows, wanted=url) is not None


async def list_shown(reader: Reader) -> set[str]:
    """Return the addresses of every picture that our people show of themselves."""
    return {url for row in await reader.all(_ours) for url in row if url}

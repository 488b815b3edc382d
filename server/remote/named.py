"""Finds who is named in a text: handles in, actors out. It must not store a text or decide who may be named."""

import asyncio
from collections.abc import Sequence

from activitypub.discovery import parse_handle
from activitypub.errors import ProtocolError
from server.remote.people import find_by_handle
from server.remote.seam import FetchFailed, Reach
from server.store.people import actors
from server.store.people.actors import Actor

# Nobody speaks to more at once, and each unknown one makes us knock at a server.
NAMED_AT_MOST = 10


async def find_all_named(reach: Reach, handles: Sequence[str]) -> list[tuple[str, Actor]]:
    """Return (handle, actor) for those of the first ten whom we know or can find; the others stay plain words."""
    asked = list(handles[:NAMED_AT_MOST])
    found = await asyncio.gather(*(find_named(reach, handle) for handle in asked))
    return [(handle, actor) for handle, actor in zip(asked, found, strict=True) if actor and actor.gone_at is None]


async def find_named(reach: Reach, handle: str) -> Actor | None:
    """Find `name` (one of ours) or `name@host`, asking the host if need be; None if that leads nowhere."""
    name, _, host = handle.removeprefix("@").partition("@")
    async with reach.database.read() as reader:
        known = await actors.find_by_handle(reader, name, host or reach.site.domain)
    if known is not None or host in ("", reach.site.domain):
        return known
    try:
        parse_handle(handle)
        return await find_by_handle(reach, handle.removeprefix("@"))
    except (FetchFailed, ProtocolError):
        return None

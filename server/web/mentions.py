"""Looks up who is named in a text before an action takes it. It must not store a text or decide who may be named."""

from activitypub.discovery import parse_handle
from activitypub.errors import ProtocolError
from server.actions.compose import Person, find_handles
from server.remote.people import find_by_handle
from server.remote.seam import FetchFailed
from server.services import Services
from server.store import actors
from server.store.actors import Actor

# Nobody speaks to more at once, and each unknown one makes us knock at a server.
NAMED_AT_MOST = 10


async def look_up(services: Services, text: str) -> tuple[Person, ...]:
    """Return those named in `text` whom we know or can find; the others stay plain words."""
    found = []
    for handle in find_handles(text)[:NAMED_AT_MOST]:
        actor = await find_named(services, handle)
        if actor is not None and actor.gone_at is None:
            found.append(Person(handle, actor.uri, actor.url or actor.uri))
    return tuple(found)


async def find_named(services: Services, handle: str) -> Actor | None:
    """Find `name` (one of ours) or `name@host`, asking the host if need be; None if that leads nowhere."""
    name, _, host = handle.removeprefix("@").partition("@")
    async with services.database.read() as reader:
        known = await actors.find_by_handle(reader, name, host or services.site.domain)
    if known is not None or host in ("", services.site.domain):
        return known
    try:
        parse_handle(handle)
        return await find_by_handle(services, handle.removeprefix("@"))
    except (FetchFailed, ProtocolError):
        return None

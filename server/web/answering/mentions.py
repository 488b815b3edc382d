"""Looks up who is named in a text before an action takes it. It must not store a text or decide who may be named."""

from server.actions.writing.compose import Person, find_handles
from server.remote.named import find_all_named
from server.services import Services


async def look_up(services: Services, text: str) -> tuple[Person, ...]:
    """Return those named in `text` whom we know or can find; the others stay plain words."""
    named = await find_all_named(services, find_handles(text))
    return tuple(Person(handle, actor.uri, actor.url or actor.uri) for handle, actor in named)

"""Looks up who is named in a text before an action takes it. It must not be called inside a transaction."""

from server.actions.compose import Person, find_handles
from server.mastodon.call import Call
from server.remote.named import find_all_named


async def look_up(call: Call, text: str) -> tuple[Person, ...]:
    """Return those named in `text` whom we know or can find; the others stay plain words."""
    named = await find_all_named(call.services, find_handles(text))
    return tuple(Person(handle, actor.uri, actor.url or actor.uri) for handle, actor in named)

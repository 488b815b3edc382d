"""Looks up who is named in a text before an action takes it. It must not be called inside a transaction."""

from server.actions.writing.compose import Person, find_handles
from server.mastodon.call import Call
from server.problems import TooMany
from server.remote.named import NAMED_AT_MOST, find_all_named
from server.store.people import actors


async def look_up(call: Call, text: str) -> tuple[Person, ...]:
    """Return those named in `text` whom we know or can find; the others stay plain words.

    So do those of whom we would have to ask other servers once more than often.
    """
    handles = [handle for handle in find_handles(text)[:NAMED_AT_MOST] if await _may_be_asked_for(call, handle)]
    named = await find_all_named(call.services, handles)
    return tuple(Person(handle, actor.uri, actor.url or actor.uri) for handle, actor in named)


async def _may_be_asked_for(call: Call, handle: str) -> bool:
    name, _, host = handle.partition("@")
    if host in ("", call.site.domain):
        return True
    async with call.database.read() as reader:
        if await actors.find_by_handle(reader, name, host) is not None:
            return True
    try:
        call.knock()
    except TooMany:
        return False
    return True

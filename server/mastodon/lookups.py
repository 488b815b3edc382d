"""Finds people and posts by what somebody typed: part of a name, a handle, an address. It may ask their servers.

It must not be called inside a transaction, nor show what the viewer may not see.
"""

import re

from activitypub.errors import ProtocolError
from server.actions.network.look_up import ask_thread
from server.actions.writing.keep_note import keep_note
from server.mastodon.call import Call
from server.remote.named import find_named
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import search
from server.store.reading.search import Finder
from server.store.writing import posts
from server.store.writing.posts import Post

# Nobody scrolls further through guesses.
OFFSET_AT_MOST = 1000
LONGEST = 2048
_PAGE = re.compile(r"/@(?P<name>[A-Za-z0-9_.-]+)(?:@(?P<host>[^/@]+))?(?:/(?P<post_id>[0-9]{1,18}))?")


def is_address(text: str) -> bool:
    """Whether somebody typed the address of a person or post, not words."""
    return text.startswith(("https://", "http://")) and not any(letter.isspace() for letter in text)


async def find_people(
    call: Call, text: str, *, limit: int, offset: int = 0, resolve: bool = False, following: bool = False
) -> list[Actor]:
    """Return people whose name or handle begins so. With `resolve` the server of a whole handle is asked for it."""
    wanted = text.strip().removeprefix("@")[:LONGEST]
    name, _, host = wanted.partition("@")
    if not name:
        return []
    if resolve and host and call.viewer is not None and await _is_unknown(call, name, host):
        call.knock()
        named = await find_named(call.services, wanted)
        if named is not None and _is_there(named):
            return [named]
    now = call.site.clock.now()
    finder = Finder(call.viewer.id, call.viewer.uri, now) if call.viewer else Finder(0, "", now)
    skipped = max(0, min(offset, OFFSET_AT_MOST))
    async with call.database.read() as reader:
        return await search.find_people(reader, wanted, finder, following=following, limit=limit, offset=skipped)


async def find_at(call: Call, address: str, *, resolve: bool) -> Actor | Post | None:
    """Return the person or post at an address, if we know it, or (`resolve`) its server gives it.

    A post is returned whoever may see it: `show_statuses` asks that.
    """
    address = address[:LONGEST]
    async with call.database.read() as reader:
        known = await _find_known(reader, call.site, address)
    if known is not None:
        return known if isinstance(known, Post) or _is_there(known) else None
    if not resolve or call.viewer is None or call.site.is_ours(address):
        return None
    call.knock()
    return await _fetch_post(call, address) or await _fetch_actor(call, address)


async def _is_unknown(call: Call, name: str, host: str) -> bool:
    async with call.database.read() as reader:
        return await actors.find_by_handle(reader, name, host) is None


def _is_there(actor: Actor) -> bool:
    return actor.gone_at is None and actor.suspended_at is None


async def _find_known(reader: Reader, site: Site, address: str) -> Actor | Post | None:
    """Our own people and posts are found by their pages as well as by their ids."""
    actor = await actors.find_by_uri(reader, address)
    if actor is not None:
        return actor
    post = await posts.find_by_uri(reader, address)
    if post is not None or not site.is_ours(address):
        return post
    page = _PAGE.fullmatch(address.removeprefix(site.origin))
    if page is None:
        return None
    if page["post_id"] is not None:
        return await posts.find(reader, int(page["post_id"]))
    return await actors.find_by_handle(reader, page["name"], page["host"] or site.domain)


async def _fetch_post(call: Call, address: str) -> Post | None:
    """Fetch first, then keep it in one short transaction."""
    try:
        note = await fetch_note(call.services, address)
        author = await find_actor(call.services, note.attributed_to)
    except (FetchFailed, ProtocolError):
        return None
    async with call.database.write(durable=False) as tx:
        await keep_note(tx, call.site, author, note)
        post = await posts.find_by_uri(tx, note.id)
        if post is not None:
            await ask_thread(tx, call.site, post)
        return post


async def _fetch_actor(call: Call, address: str) -> Actor | None:
    try:
        return await find_actor(call.services, address)
    except (FetchFailed, ProtocolError):
        return None

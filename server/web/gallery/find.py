"""Finding somebody or something elsewhere by handle or address, to follow, like, boost or answer it from here."""

from quart import Response

from activitypub.errors import ProtocolError
from server.actions.writing.keep_note import keep_note
from server.problems import NotFound
from server.remote.named import find_named
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post
from server.web.gallery.cards import post_path, profile_path
from server.web.gallery.seen import find_seen
from server.web.visit import Route, Visit

NOWHERE = "Nothing was found there. It may be private, gone, or its server may not answer now."


async def interact(visit: Visit) -> Response:
    """Go to the page, here, of what `uri` names: a handle, an actor, a post. Other servers send our people here."""
    wanted = visit.argument("uri") or visit.argument("q")
    if not wanted:
        return await visit.page("find.html", {"wanted": "", "problem": None, "noindex": True})
    visit.web.brakes.lookup.spend(f"person:{visit.me.actor.id}")
    try:
        return visit.go(await _find_path(visit, wanted))
    except NotFound as problem:
        return await visit.page("find.html", {"wanted": wanted, "problem": str(problem), "noindex": True}, status=404)


async def _find_path(visit: Visit, wanted: str) -> str:
    if not wanted.startswith(("https://", "http://")):
        named = await find_named(visit.web.services, wanted.removeprefix("acct:"))
        if named is None:
            raise NotFound(NOWHERE)
        return profile_path(named)
    async with visit.web.services.database.read() as reader:
        path = await _known_path(reader, visit, wanted)
    return path or await _fetched_path(visit, wanted)


async def _known_path(reader: Reader, visit: Visit, wanted: str) -> str | None:
    """Look in the store; our own addresses are found by their page as well as by their id."""
    if visit.site.is_ours(wanted):
        local = wanted.removeprefix(visit.site.origin)
        if local.startswith("/@"):
            return local
    known = await actors.find_by_uri(reader, wanted)
    if known is not None:
        return profile_path(known)
    post = await posts.find_by_uri(reader, wanted)
    return await _post_path(reader, visit, post) if post else None


async def _fetched_path(visit: Visit, wanted: str) -> str:
    """Ask the other server: a post, or else an actor."""
    services = visit.web.services
    if visit.site.is_ours(wanted):
        raise NotFound(NOWHERE)
    try:
        post = await _fetch_post(visit, wanted)
    except (FetchFailed, ProtocolError):
        post = None
    if post is not None:
        async with services.database.read() as reader:
            return await _post_path(reader, visit, post)
    return profile_path(await _fetch_actor(visit, wanted))


async def _fetch_post(visit: Visit, wanted: str) -> Post | None:
    """Fetch first, then keep it in one short transaction."""
    services = visit.web.services
    note = await fetch_note(services, wanted)
    author = await find_actor(services, note.attributed_to)
    async with services.database.write(durable=False) as tx:
        await keep_note(tx, services.site, author, note)
        return await posts.find_by_uri(tx, note.id)


async def _fetch_actor(visit: Visit, wanted: str) -> Actor:
    try:
        return await find_actor(visit.web.services, wanted)
    except (FetchFailed, ProtocolError):
        raise NotFound(NOWHERE) from None


async def _post_path(reader: Reader, visit: Visit, post: Post) -> str:
    seen, author = await find_seen(reader, visit, post.id)
    return post_path(author, seen)


ROUTES = (Route("GET", "/authorize_interaction", interact, "person"),)

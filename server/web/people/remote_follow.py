"""Sends a visitor to their own server, so that they can follow, like or answer from there."""

from urllib.parse import quote

from quart import Response

from activitypub.discovery import JRD_MEDIA_TYPE, parse_handle
from activitypub.errors import Forbidden, ProtocolError
from activitypub.vocabulary import as_list
from server.problems import Invalid
from server.remote.seam import FetchFailed
from server.remote.speaking import speaking
from server.store.database import Reader
from server.store.people import actors
from server.store.writing import posts
from server.web.gallery.cards import post_path, profile_path
from server.web.visit import Route, Visit

SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
NO_ANSWER = "That server does not say where to go. Search for the address below on your own server instead."


async def show_form(visit: Visit) -> Response:
    """Ask where the visitor is at home; `uri` is what they want to follow or answer."""
    return await _show(visit, visit.argument("uri"), handle="", problem=None)


async def send_home(visit: Visit) -> Response:
    """Ask the visitor's server for its template, and lead there.

    The way out is a page with a link that opens by itself and not a redirect: `form-action 'self'` lets no form leave
    our site.
    """
    uri, handle = visit.field("uri", 2048), visit.field("handle", 300)
    if not visit.site.is_ours(uri):
        raise Invalid("That is not an address of this site.", field="uri")
    visit.web.brakes.lookup.spend(f"address:{visit.address}")
    try:
        template = await _ask_template(visit, handle)
    except Invalid as problem:
        return await _show(visit, uri, handle=handle, problem=str(problem))
    address = template.replace("{uri}", quote(uri, safe=""))
    response = await visit.page("leaving.html", {"address": address, "host": _host(handle), "noindex": True})
    response.headers["Refresh"] = f"0; url={address}"
    return response


async def _show(visit: Visit, uri: str, *, handle: str, problem: str | None) -> Response:
    if not visit.site.is_ours(uri):
        raise Invalid("That is not an address of this site.", field="uri")
    async with visit.web.services.database.read() as reader:
        path = await _path(reader, uri)
    return await visit.page(
        "remote_follow.html",
        {"uri": uri, "path": path, "handle": handle, "problem": problem},
        status=422 if problem else 200,
    )


async def _path(reader: Reader, uri: str) -> str | None:
    """The page of what the visitor wants, for the way back."""
    actor = await actors.find_by_uri(reader, uri)
    if actor is not None:
        return profile_path(actor)
    post = await posts.find_by_uri(reader, uri)
    author = await actors.find(reader, post.actor_id) if post else None
    return post_path(author, post) if post and author else None


async def _ask_template(visit: Visit, handle: str) -> str:
    """Return the address pattern of the visitor's server.

    Raises:
        Invalid: the handle is none, or its server gives no pattern.
    """
    try:
        user, host = parse_handle(handle)
    except ProtocolError:
        raise Invalid("Write your handle like you@your.server.", field="handle") from None
    scheme = visit.site.origin.partition(":")[0]
    resource = quote(f"acct:{user}@{host}", safe="")
    url = f"{scheme}://{host}/.well-known/webfinger?resource={resource}"
    check = speaking(visit.web.services)
    try:
        await check(url)
        found = await visit.web.services.peers.fetch_json(url, f"{JRD_MEDIA_TYPE}, application/json", onward=check)
    except Forbidden:
        raise Invalid(f"This server does not speak with {host}.", field="handle") from None
    except (FetchFailed, ProtocolError):
        raise Invalid(f"{host} did not answer for {user}@{host}.", field="handle") from None
    for link in as_list(found.value.get("links")):
        template = link.get("template") if isinstance(link, dict) and link.get("rel") == SUBSCRIBE else None
        if isinstance(template, str) and _is_usable(template, scheme):
            return template
    raise Invalid(NO_ANSWER, field="handle")


def _is_usable(template: str, scheme: str) -> bool:
    """A web address with a place for ours, that cannot break out of a header."""
    printable = template.isascii() and template.isprintable() and " " not in template and len(template) < 2048
    return printable and "{uri}" in template and template.startswith(f"{scheme}://")


def _host(handle: str) -> str:
    return handle.rpartition("@")[2]


ROUTES = (
    Route("GET", "/remote-follow", show_form, "anyone"),
    Route("POST", "/remote-follow", send_home, "anyone"),
)

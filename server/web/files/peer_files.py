"""Shows files of peers from copies of ours, so that no peer learns who looks. It must not fetch what no row names.

An address says a row, not where the file lies, and has a name in it that only we can make: nobody can have us fetch
what they choose, nor guess at pictures that are not for them.
"""

from functools import partial

from quart import Blueprint, Response, request

from server.actions.network.shown_files import AVATAR, FULL, HEADER, SMALL, STILL
from server.media.moving import HEAD_BYTES, is_moving
from server.media.storage import MediaStorage
from server.problems import TooMany
from server.services import Services
from server.site import Site
from server.store.network.peer_files import PeerFile
from server.web.files.copier import Copier, find_copy, is_resting
from server.web.files.media import send_file
from server.web.files.peer_source import Source, find_source

# Short enough that what the operator or its author takes away is gone the next day from browsers too.
FRESH_SECONDS = 86_400
# What could not be had may be there a minute later.
ABSENT_SECONDS = 60
STANDINS = {AVATAR: "/assets/default/avatar.png", HEADER: "/assets/default/header.png"}


def blueprint(services: Services, copier: Copier) -> Blueprint:
    """Return the door for peers' files."""
    files = Blueprint("peer_files", __name__)
    files.add_url_rule(
        "/peers/<kind>/<id:number>/<name>/<size>",
        endpoint="file",
        view_func=partial(_send, services, copier),
        methods=["GET", "HEAD"],
    )
    return files


async def _send(services: Services, copier: Copier, kind: str, number: int, name: str, size: str) -> Response:
    source = await find_source(services, kind, number, name) if size in (FULL, SMALL, STILL) else None
    if source is None:
        return _absent(services.site, kind)
    file = await find_copy(services, source)
    if is_resting(file, services.site.clock.now()):
        return _absent(services.site, kind)
    key = await _choose(services.storage, file, size)
    if key is None or await services.storage.find(key) is None:
        try:
            key = await _choose(services.storage, await _copy(copier, source), size)
        except TooMany as problem:
            return _later(problem)
    if key is None:
        return _absent(services.site, kind)
    return await send_file(services.storage, key, {"Cache-Control": f"public, max-age={FRESH_SECONDS}"})


async def _copy(copier: Copier, source: Source) -> PeerFile | None:
    """Have a copy made; who asks for the head alone makes nobody work."""
    return None if request.method == "HEAD" else await copier.copy(source)


async def _choose(storage: MediaStorage, file: PeerFile | None, size: str) -> str | None:
    """Return the key of the copy to show; the small one of what moves stands still."""
    if file is None or file.file_key is None or file.small_key is None or size == FULL:
        return file.file_key if file is not None else None
    if size == SMALL:
        return file.small_key
    if await storage.find(file.file_key) is None:
        return file.file_key
    head = b"".join([piece async for piece in storage.stream(file.file_key, end=HEAD_BYTES)])
    return file.small_key if is_moving(head) else file.file_key


def _absent(site: Site, kind: str) -> Response:
    """People always have a portrait on pages and in clients; other pictures may be missing."""
    headers = {"Cache-Control": f"public, max-age={ABSENT_SECONDS}"}
    if kind in STANDINS:
        return Response(status=302, headers={**headers, "Location": site.origin + STANDINS[kind]})
    return Response(
        "There is no such picture.\n", status=404, headers=headers, content_type="text/plain; charset=utf-8"
    )


def _later(problem: TooMany) -> Response:
    headers = {"Retry-After": str(problem.after_seconds), "Cache-Control": "no-store"}
    return Response(f"{problem}\n", status=503, headers=headers, content_type="text/plain; charset=utf-8")

"""Serves the picture files: for ever, in parts if asked, and as nothing but pictures. It must not know whose they are.

A key is a hash of the content, so an address cannot be guessed and never changes; the suffix alone decides the type, so
it can never be one of ActivityStreams.
"""

from collections.abc import Mapping
from functools import partial

from quart import Blueprint, Response, request

from server.media.storage import MediaStorage, StoredFile
from server.services import Services

TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # Peers' pages show our pictures too.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Accept-Ranges": "bytes",
    "X-Robots-Tag": "noai, noimageai",
    "Content-Disposition": "inline",
}


def blueprint(services: Services) -> Blueprint:
    """Return the door for files."""
    files = Blueprint("media", __name__)
    files.add_url_rule(
        "/media/<path:key>", endpoint="file", view_func=partial(send_file, services.storage), methods=["GET", "HEAD"]
    )
    return files


async def send_file(storage: MediaStorage, key: str, changed: Mapping[str, str] | None = None) -> Response:
    """Answer a request with a stored file; `changed` are headers that differ from the usual."""
    found = await storage.find(key)
    if found is None:
        return Response("There is no such picture.\n", status=404, content_type="text/plain; charset=utf-8")
    tag = key.rpartition(".")[0].replace("/", "")
    headers = {**HEADERS, **(changed or {}), "ETag": f'"{tag}"', "Content-Type": TYPES[key.rpartition(".")[2]]}
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers=headers)
    part = _wanted_part(found, tag)
    if part is None:
        headers["Content-Range"] = f"bytes */{found.bytes}"
        return Response(status=416, headers=headers)
    start, end = part
    partial_answer = (start, end) != (0, found.bytes)
    if partial_answer:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.bytes}"
    body = b"" if request.method == "HEAD" else storage.stream(key, start=start, end=end)
    response = Response(body, status=206 if partial_answer else 200, headers=headers)
    # Last, and for HEAD too: a body given whole would set its own length, which is none there.
    response.headers["Content-Length"] = str(end - start)
    return response


def _wanted_part(found: StoredFile, tag: str) -> tuple[int, int] | None:
    """Return the first byte and the one after the last; None for a range outside the file.

    Several ranges at once are answered with the whole file, as RFC 9110 section 14.2 allows.
    """
    whole = (0, found.bytes)
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return whole
    condition = request.headers.get("If-Range")
    if condition is not None and condition != f'"{tag}"':
        return whole
    return wanted.range_for_length(found.bytes)

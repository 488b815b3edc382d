"""Serves the stylesheets and scripts under an address that changes with them. It must not build anything."""

import hashlib
import mimetypes
from importlib.resources import files
from pathlib import Path

from quart import Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

FOLDER = Path(str(files("server.web") / "static"))
FOREVER = "public, max-age=31536000, immutable"


def read_version() -> str:
    """Return a short hash of everything in `static/`."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(path.relative_to(FOLDER).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


async def send(path: str, *, fresh: bool) -> Response:
    """Answer one file; `fresh` says that the address asked for names the version we have."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = Response(_read(path), content_type=f"{kind}; charset=utf-8" if "text" in kind else kind)
    await response.add_etag()
    await response.make_conditional(request)
    response.headers["Cache-Control"] = FOREVER if fresh else "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _read(path: str) -> bytes:
    """The whole file, as each is a few kilobytes: one sent in pieces stays open when its reader goes away."""
    found = safe_join(str(FOLDER), path)
    if found is None or not Path(found).is_file():
        raise NotFound
    return Path(found).read_bytes()

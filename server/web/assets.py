"""Serves the stylesheets and scripts under an address that changes with them. It must not build anything."""

import hashlib
from importlib.resources import files
from pathlib import Path

from quart import Response, send_from_directory

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
    response = await send_from_directory(FOLDER, path)
    response.headers["Cache-Control"] = FOREVER if fresh else "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

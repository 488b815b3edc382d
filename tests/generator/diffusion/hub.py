"""A model hub on loopback with one repository: what huggingface_hub asks of the real one, and nothing else."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def open_hub(source: str, folder: Path) -> Iterator[str]:
    """Serve the files of `folder` as the repository `source`; gives the hub's address."""
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith(f"/api/models/{source}"):
                self._send(self._tree() if "/tree/" in path else self._facts(), "application/json")
                return
            name = path.removeprefix(f"/{source}/resolve/{COMMIT}/")
            if name not in files:
                self.send_response(404)
                self.send_header("X-Error-Code", "EntryNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._send(files[name].read_bytes(), "application/octet-stream")

        do_HEAD = do_GET

        def _facts(self) -> bytes:
            siblings = [{"rfilename": name, "size": path.stat().st_size} for name, path in files.items()]
            return json.dumps({"id": source, "sha": COMMIT, "private": False, "siblings": siblings}).encode()

        def _tree(self) -> bytes:
            return json.dumps(
                [
                    {"type": "file", "path": name, "size": path.stat().st_size, "oid": digest(path)}
                    for name, path in files.items()
                ]
            ).encode()

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def digest(path: Path) -> str:
    """The name that the hub gives a file's content."""
    return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()

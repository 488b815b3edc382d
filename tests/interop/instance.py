"""A real Pinxit server in processes and a folder of its own, driven by its command line. It must not import it."""

import contextlib
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from tests.interop.process import Process, ProcessFailed, free_port
from tests.processes import children_of, find_processes, is_alive

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough passphrase"  # of accounts that live as long as a test
AS2 = "application/activity+json"
# Painting a picture from the drawing engine takes seconds; the rest is a loaded machine.
COMMAND_SECONDS = 120.0
# The model that comes with Pinxit takes seconds to load, and these tests are about other things.
ONLY_DRAWING = '\n[[generation.models]]\nname = "drawing"\nengine = "drawing"\n'


class Instance:
    """`init`, `serve`, `stop`, `kill` and the command line of one server; usable again after `kill`."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.log = folder.parent / f"{folder.name}.log"
        self._environment = {**clean_environment(), **(settings or {})}
        self._server: Process | None = None

    def init(self) -> None:
        """Make the instance's folder, with plain http and loopback allowed; it draws."""
        self.run("init", "--domain", f"localhost:{self.port}", "--local")
        with (self.folder / "pinxit.toml").open("a", encoding="utf-8") as file:
            file.write(ONLY_DRAWING)

    def serve(self) -> None:
        """Start the server and wait until it answers."""
        command = [*_command(self.folder), "serve"]
        self._server = Process(command, log=self.log, folder=ROOT, environment=self._environment)
        self._server.until_ready(self.is_healthy)

    def stop(self) -> int:
        """End the server as an operator does, and return its exit status (0 if it was never started)."""
        return self._server.stop() if self._server is not None else 0

    def kill(self) -> None:
        """End the server and its generator as a power cut does."""
        self.server.kill()

    @property
    def server(self) -> Process:
        """The parent of all that serves."""
        if self._server is None:
            raise ProcessFailed("the server was never started")
        return self._server

    def pid_of(self, name: str) -> int | None:
        """The process id of `parent`, `web`, `work` or `generator`, if it runs."""
        if name == "parent":
            return self.server.pid if self.server.is_running else None
        if name == "generator":
            work = self.pid_of("work")
            found = children_of(work) if work else []
        else:
            found = find_processes("--dir", str(self.folder), name, "--tied")
        return next(filter(is_alive, found), None)

    def ask(self, query: str, *values: object) -> object:
        """The first value of the first row that a query finds in the instance's database; None where there is none."""
        address = f"file:{self.folder / 'pinxit.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=10)) as database:
            row = database.execute(query, values).fetchone()
        return row[0] if row else None

    def is_healthy(self) -> bool:
        try:
            return httpx.get(f"{self.origin}/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def run(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run one command of the instance and return what it printed.

        Raises:
            ProcessFailed: it ended badly; holds both of its outputs.
        """
        done = subprocess.run(
            [*_command(self.folder), *arguments],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if done.returncode != 0:
            printed = f"{done.stdout}\n{done.stderr}"
            raise ProcessFailed(f"pinxit {' '.join(arguments)} ended with {done.returncode}:\n{printed}")
        return done.stdout

    def create_user(self, name: str) -> str:
        """Make an account and return its actor's address."""
        password_file = self.folder.parent / f"{self.folder.name}-{name}.password"
        password_file.write_text(PASSWORD + "\n", encoding="utf-8")
        self.run("user", "create", name, "--password-file", str(password_file))
        return self.actor(name)

    def create_token(self, name: str, scopes: str = "read write") -> str:
        return self.run("user", "token", name, "--scopes", scopes).split()[-1]

    def generate(self, prompt: str, *, name: str, visibility: str = "public", seed: int = 1) -> str:
        """Paint and publish a picture as the account `name`, and return the post's address."""
        printed = self.run("generate", prompt, "--as", name, "--visibility", visibility, "--seed", str(seed))
        return _last_address(printed, self.origin)

    def begin(self, *arguments: str, log: Path) -> Process:
        """Start one command of the instance and do not wait for it."""
        command = [*_command(self.folder), *arguments]
        return Process(command, log=log, folder=ROOT, environment=self._environment)

    @contextlib.contextmanager
    def browse(self, name: str) -> Iterator[httpx.Client]:
        """A browser in which `name` has logged in through the page."""
        with httpx.Client(base_url=self.origin, follow_redirects=True, timeout=30, trust_env=False) as client:
            form = re.search(r'action="/login">.*?name="token" value="([^"]+)"', client.get("/login").text, re.DOTALL)
            assert form is not None, "the log-in page has no form"
            fields = {"token": form[1], "name": name, "password": PASSWORD, "next": "/home"}
            entered = client.post("/login", data=fields, headers={"origin": self.origin})
            assert entered.url.path == "/home", f"{name} is not let in: {entered.status_code}"
            yield client

    def follow(self, handle: str, *, name: str) -> None:
        self.run("follow", handle, "--as", name)

    def actor(self, name: str) -> str:
        return f"{self.origin}/users/{name}"

    def handle(self, name: str) -> str:
        return f"{name}@localhost:{self.port}"

    def get(self, address: str, *, token: str | None = None, accept: str = AS2) -> httpx.Response:
        """GET an address of ours; redirects are shown, not followed."""
        headers = {"accept": accept} | ({"authorization": f"Bearer {token}"} if token else {})
        return httpx.get(httpx.URL(self.origin).join(address), headers=headers, timeout=30)

    def read(self, address: str, *, token: str | None = None) -> dict[str, object]:
        """GET an ActivityStreams document of ours that must be there."""
        response = self.get(address, token=token)
        assert response.status_code == 200, f"{address}: {response.status_code} {response.text[:500]}"
        assert response.headers["content-type"].startswith(("application/activity+json", "application/ld+json"))
        document = response.json()
        assert isinstance(document, dict)
        return document

    def total(self, address: str, *, token: str | None = None) -> int:
        """`totalItems` of a collection of ours."""
        total = self.read(address, token=token)["totalItems"]
        assert isinstance(total, int)
        return total

    def total_of(self, document: Mapping[str, object], collection: str) -> int:
        """`totalItems` of the collection that a document names, whether it is embedded or only an address."""
        named = document[collection]
        if isinstance(named, str):
            return self.total(named)
        assert isinstance(named, dict)
        return self.total(str(named["id"]))


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "server.cli", "--dir", str(folder)]


def clean_environment() -> dict[str, str]:
    """Ours, without settings that a developer's shell may hold for another instance and without proxies."""
    unwanted = re.compile(r"^(PINXIT_.*|.*_proxy)$", re.IGNORECASE)
    kept = {name: value for name, value in os.environ.items() if not unwanted.match(name)}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _last_address(printed: str, origin: str) -> str:
    found = re.findall(rf"{re.escape(origin)}/\S+", printed)
    if not found:
        raise ProcessFailed(f"no address of {origin} in: {printed!r}")
    return str(found[-1]).rstrip(".,;)")

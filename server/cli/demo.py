"""`pinxit demo`: an instance on this machine with an account and a first picture.

It types the commands a person would type, in processes of their own, and looks at the result through the front door; it
must not reach into the store.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TypeVar

import click
import httpx
import msgspec

from server.cli.ground import Stop, folder_of
from server.config import CONFIG_NAME

USER = "alice"
LOG_NAME = "serve.log"
FIRST_PROMPT = "a red sailboat on a calm sea at sunset"
# An imported, migrated and listening server takes one to three seconds here; a Raspberry Pi ten times that.
START_SECONDS = 60
KNOCK_SECONDS = 0.1
# `pinxit serve` gives its children 40 seconds for what is under way.
STOP_SECONDS = 45

Shape = TypeVar("Shape")


class Link(msgspec.Struct):
    """One link of a WebFinger answer."""

    rel: str
    href: str = ""


class Resource(msgspec.Struct):
    """A WebFinger answer."""

    links: list[Link]


class Actor(msgspec.Struct):
    """What is shown of an actor."""

    id: str
    url: str
    outbox: str


class Outbox(msgspec.Struct, rename="camel"):
    """The root of an outbox."""

    total_items: int
    first: str


class Attachment(msgspec.Struct):
    """A picture of a note."""

    url: str


class Note(msgspec.Struct):
    """A post."""

    id: str
    attachment: list[Attachment] = []


class Activity(msgspec.Struct):
    """One item of an outbox page."""

    object: Note | str


class Page(msgspec.Struct, rename="camel"):
    """The newest items of an outbox."""

    ordered_items: list[Activity]


@click.command()
@click.option("--port", default=8080, show_default=True, help="Port on localhost.")
@click.option("--prompt", default=FIRST_PROMPT, show_default=True, help="What the first picture shows.")
@click.pass_context
def demo(context: click.Context, port: int, prompt: str) -> None:
    """Start an instance on localhost with an account and a first picture."""
    folder = folder_of(context)
    domain = f"localhost:{port}"
    _check_port_is_free(port)
    if not (folder / CONFIG_NAME).exists():
        _pinxit(folder, "init", "--local", "--domain", domain)
    with _serving(folder) as server, httpx.Client(base_url=f"http://{domain}", trust_env=False) as client:
        _wait_until_up(server, client, folder)
        password_file = _make_account(folder, client, domain)
        actor = _find_actor(client, domain)
        if not _fetch(client, actor.outbox, Outbox).total_items:
            click.echo(f"Painting the first picture: {prompt}")
            _pinxit(folder, "generate", prompt, "--as", USER, "--visibility", "public")
        _print_addresses(client, actor, password_file)
        server.wait()
        raise Stop(f"the server ended by itself; the reason is at the end of {folder / LOG_NAME}")


def _check_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            hint = f"stop what uses it, or choose another: make demo PORT={port + 1}"
            raise Stop(f"port {port} is taken (by another demo?); {hint}") from None


def _pinxit(folder: Path, *arguments: str) -> None:
    """Run a command; what it says is dropped, what it complains of and its progress are shown."""
    if subprocess.run([*_program(folder), *arguments], stdout=subprocess.DEVNULL, check=False).returncode:
        raise Stop(f"'pinxit {arguments[0]}' failed")


def _program(folder: Path) -> list[str]:
    return [sys.executable, "-m", "server.cli", "--dir", str(folder)]


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `pinxit serve` with its log in a file, and stop it on the way out, however that is taken."""
    signal.signal(signal.SIGTERM, _leave)
    with (
        (folder / LOG_NAME).open("ab") as log,
        subprocess.Popen([*_program(folder), "serve"], stdout=log, stderr=log, start_new_session=True) as server,
    ):
        try:
            yield server
        except KeyboardInterrupt:
            click.echo("\nStopping.")
        finally:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(STOP_SECONDS)
            server.kill()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_until_up(server: subprocess.Popen[bytes], client: httpx.Client, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            client.get("/health").raise_for_status()
            return
        time.sleep(KNOCK_SECONDS)
    raise Stop(f"the server did not start; the reason is at the end of {folder / LOG_NAME}")


def _make_account(folder: Path, client: httpx.Client, domain: str) -> Path:
    """Make the account unless the instance knows it; its password lies in a file that only we can read."""
    password_file = folder / f"{USER}-password.txt"
    if client.get("/.well-known/webfinger", params={"resource": f"acct:{USER}@{domain}"}).status_code == 200:
        return password_file
    descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{secrets.token_urlsafe(12)}\n")
    _pinxit(folder, "user", "create", USER, "--admin", "--password-file", str(password_file))
    return password_file


def _find_actor(client: httpx.Client, domain: str) -> Actor:
    resource = _fetch(client, f"/.well-known/webfinger?resource=acct:{USER}@{domain}", Resource)
    return _fetch(client, next(link.href for link in resource.links if link.rel == "self"), Actor)


def _fetch(client: httpx.Client, url: str, kind: type[Shape]) -> Shape:
    response = client.get(url, headers={"Accept": "application/activity+json, application/jrd+json"})
    return msgspec.json.decode(response.raise_for_status().content, type=kind)


def _print_addresses(client: httpx.Client, actor: Actor, password_file: Path) -> None:
    origin = str(client.base_url).rstrip("/")
    handle = f"{USER}@{origin.removeprefix('http://')}"
    newest = _fetch(client, _fetch(client, actor.outbox, Outbox).first, Page).ordered_items
    pictures = [item.object for item in newest if isinstance(item.object, Note) and item.object.attachment][:1]
    rows = [
        ("pages", f"{origin}/"),
        ("profile", actor.url),
        ("log in", f"{origin}/login   as {USER} with {password_file.read_text().strip()}   (kept in {password_file})"),
        ("WebFinger", f"curl '{origin}/.well-known/webfinger?resource=acct:{handle}'"),
        ("actor", f"curl -H 'Accept: application/activity+json' {actor.id}"),
        ("outbox", f"curl -H 'Accept: application/activity+json' '{actor.outbox}'"),
        *(("post", f"curl -H 'Accept: application/activity+json' {note.id}") for note in pictures),
        *(("picture", note.attachment[0].url) for note in pictures),
    ]
    click.echo(f"\n@{handle} is here. Ctrl-C stops the server; the same command starts it again with what it has.\n")
    for name, value in rows:
        click.echo(f"  {name:<10} {value}")

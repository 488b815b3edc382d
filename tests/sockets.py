"""Sees every connection that this process makes, below all libraries: by Python's own audit events.

While the tests run, none may leave the machine, and none may be begun by our code on a socket that the guard of the
one way out did not open.
"""

import contextlib
import socket
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any
from weakref import WeakSet

GUARD = "server.remote.guard"
OURS = ("activitypub.", "generator.", "server.")
# The operator's own commands, which ask the operator's own server, and fetch a model where it is published.
ROOTS = ("server.cli.", "generator.diffusion.installing")
LOOPBACK = ("127.", "::1", "localhost")

_guarded: "WeakSet[socket.socket]" = WeakSet()
_watchers: list[list[bool]] = []


class WayOut(Exception):
    """A connection that nobody may make."""


def install() -> None:
    """Look from now on; there is no way back."""
    sys.addaudithook(_see)


@contextlib.contextmanager
def watch() -> Iterator[list[bool]]:
    """For each connection made meanwhile: whether the guard opened its socket."""
    seen: list[bool] = []
    _watchers.append(seen)
    try:
        yield seen
    finally:
        _watchers.remove(seen)


def _see(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.__new__":
        if any(name == GUARD for name in _callers()):
            _guarded.add(arguments[0])
    elif event == "socket.connect":
        _judge(arguments[0], arguments[1])


def _judge(opened: socket.socket, address: object) -> None:
    if opened.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return
    for seen in _watchers:
        seen.append(opened in _guarded)
    if not str(address[0]).startswith(LOOPBACK):
        raise WayOut(f"a test would leave the machine for {address}")
    culprit = next((name for name in _callers() if name.startswith(OURS) and not name.startswith(ROOTS)), None)
    if culprit is not None and opened not in _guarded:
        raise WayOut(f"{culprit} connects to {address} past the guard")


def _callers() -> Iterator[str]:
    """The modules on the stack, innermost first."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        yield str(frame.f_globals.get("__name__", ""))
        frame = frame.f_back

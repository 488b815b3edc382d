"""A child process with its log in a file: started, waited for, stopped by its own id. It must not know what it runs."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

# A loaded two-core machine starts Node with Fedify in ten seconds; what takes longer than this hangs.
START_SECONDS = 60.0
STOP_SECONDS = 20.0
PAUSE_SECONDS = 0.05
LOG_TAIL = 6_000

Value = TypeVar("Value")


class ProcessFailed(Exception):
    """A child ended or kept silent when it should not have; the message ends with its log."""


def free_port() -> int:
    """A TCP port of loopback that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(look: Callable[[], Value], *, within_seconds: float = 30.0, what: str = "") -> Value:
    """Call `look` until it returns something true and return that.

    Other processes do not tell us when they are done, so this is the one place here that waits by the clock.

    Raises:
        AssertionError: it did not become true in time; names the last value.
    """
    deadline = time.monotonic() + within_seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_seconds} s: {what or look}; last seen: {seen!r}")
        time.sleep(PAUSE_SECONDS)


class Process:
    """One child in a session of its own, so that its own children can be ended with it and nothing else is."""

    def __init__(self, command: Sequence[str], *, log: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child.poll() is None

    def read_log(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def until_ready(self, look: Callable[[], Value], *, within_seconds: float = START_SECONDS) -> Value:
        """What `look` returns once it is true; fails at once if the child ends first."""

        def alive_and_ready() -> Value:
            if not self.is_running:
                raise ProcessFailed(f"ended with {self._child.returncode} at its start:\n{self.log_tail()}")
            return look()

        try:
            return eventually(alive_and_ready, within_seconds=within_seconds)
        except AssertionError as error:
            self.stop()
            raise ProcessFailed(f"{error}\n{self.log_tail()}") from None

    def log_tail(self) -> str:
        return self.read_log()[-LOG_TAIL:]

    def wait(self, *, within_seconds: float = START_SECONDS) -> int:
        """Wait until it has ended by itself and return its exit status.

        Raises:
            ProcessFailed: it did not end in time.
        """
        try:
            return self._child.wait(within_seconds)
        except subprocess.TimeoutExpired:
            raise ProcessFailed(f"still runs after {within_seconds} s:\n{self.log_tail()}") from None

    def stop(self) -> int:
        """Ask it to end and return its exit status; whatever is left of its session is ended hard."""
        if self.is_running:
            self._child.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(STOP_SECONDS)
        return self.kill()

    def kill(self) -> int:
        """End it and its children as a power cut would, and return its exit status."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        return self._child.wait(STOP_SECONDS)

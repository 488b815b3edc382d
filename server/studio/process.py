"""One run of the generator program: from its start to its end, frames in and out, its stderr into the log.

It must not know requests from one another, nor start a second run: that is `server.studio.child`.
"""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import structlog

from generator import messages
from generator.messages import MAX_LINE_BYTES, BrokenFrame, FromChild, Ready, Stop, ToChild, pack, read_from_child

START_SECONDS = 600.0  # tens of gigabytes from a slow disk
STOP_SECONDS = 5.0  # longer than a step on a GPU; a slow CPU's step is not waited for
BURY_SECONDS = 1.0  # between the end of its output and its own end
RELAY_SECONDS = 1.0  # for the last lines of stderr, which a grandchild may hold open
KEPT_LINES = 20  # of stderr, for the operator who wonders why it does not start
OWN_SETTINGS = "PINXIT_"  # our environment overrides may be secrets, and the generator needs none of them

log = structlog.get_logger()


class StartFailed(Exception):
    """The generator did not come up; the text is the end of what it wrote on stderr."""


class Run:
    """A generator process that is up."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the process has no pipes")
        self._process = process
        self._stdin, self._stdout = process.stdin, process.stdout
        self._last_lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._relay = asyncio.create_task(self._relay_log(process.stderr), name="generator log")
        self.ready = Ready(())

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def read(self) -> FromChild | None:
        """Read what comes next; None when the process has ended or no longer keeps to the frames."""
        try:
            return await read_from_child(self._stdout)
        except BrokenFrame as error:
            log.error("generator.broken_frame", error=str(error))
            return None

    def send(self, content: ToChild) -> None:
        """Send a frame. One that the dying process no longer takes is lost silently: `read` tells of the end."""
        if not self._stdin.is_closing():
            self._stdin.writelines(pack(content))

    async def flush(self) -> None:
        """Wait while more is on its way to the process than it should be."""
        with contextlib.suppress(ConnectionError):
            await self._stdin.drain()

    async def end(self) -> str:
        """Ask the process to leave, make it leave, and return the last lines of its log."""
        self.send(Stop())
        self._stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drain_output(), STOP_SECONDS)
        return await self.bury()

    async def bury(self) -> str:
        """See a process off that has ended or is of no more use, and return the last lines of its log."""
        self._stdin.close()
        try:
            # Not killed at once: it has mostly ended by itself, and a signal then takes its exit code from asyncio.
            await asyncio.wait_for(self._process.wait(), BURY_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        return await self._finish()

    async def _drain_output(self) -> None:
        """Read to the end: a picture that is being written would otherwise hold the process in its pipe."""
        while await self._stdout.read(MAX_LINE_BYTES):
            pass

    async def _finish(self) -> str:
        await asyncio.wait({self._relay}, timeout=RELAY_SECONDS)
        self._relay.cancel()
        await asyncio.gather(self._relay, return_exceptions=True)
        with contextlib.suppress(ConnectionError):
            await self._stdin.wait_closed()
        return "\n".join(self._last_lines)

    async def _relay_log(self, stderr: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stderr.readline()
            except ValueError:  # a line over the stream's limit, which readline has thrown away
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            self._last_lines.append(text)
            log.debug("generator.log", line=text)


async def open_run(command: Sequence[str]) -> Run:
    """Start the program and wait until it is ready; StartFailed with the end of its log."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=MAX_LINE_BYTES,
        env=_environment(),
        start_new_session=True,  # a Ctrl-C at the server's terminal is the server's to answer
    )
    run = Run(process)
    first: FromChild | None = None
    try:
        first = await asyncio.wait_for(run.read(), START_SECONDS)
    except TimeoutError:
        log.error("generator.start_timeout", after_seconds=START_SECONDS)
    finally:
        last_lines = "" if isinstance(first, Ready) else await run.bury()
    if not isinstance(first, Ready):
        raise StartFailed(last_lines or "The generator ended without a word.")
    run.ready = first
    return run


def _environment() -> dict[str, str]:
    """Ours without our own settings, and with the place the generator's package was found in."""
    root = str(Path(messages.__file__).resolve().parent.parent)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
    return environment

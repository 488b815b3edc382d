"""`pinxit serve`: a small parent of one `web` and one `work` process. It must not know what they serve or do.

A child that dies is started again; the children leave when the parent does, however it ends, because their standard
input closes.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

import click
import structlog

from server.cli.ground import Stop, folder_of, load_config, stop_on_signals

# A child that dies at once would be started in a tight loop; one that ran a while is started again immediately.
RESTART_SECONDS = (0.0, 1.0, 5.0, 30.0)
STEADY_SECONDS = 60.0
# What is under way when a stop is asked for; jobs that take longer are handed back by their leases.
LEAVE_SECONDS = 40.0
# A child that leaves with this code has said what the operator must mend; starting it again would say it again.
OPERATORS_CODE = 2

log = structlog.get_logger()


@click.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Serve and work, in one command: web, jobs and generator as processes of their own."""
    load_config(context)
    asyncio.run(_supervise(folder_of(context)))


async def _supervise(folder: Path) -> None:
    stop = stop_on_signals()
    reasons = await asyncio.gather(*(_keep_running(folder, name, stop) for name in ("web", "work")))
    if reason := next(filter(None, reasons), None):
        raise Stop(reason)


async def _keep_running(folder: Path, name: str, stop: asyncio.Event) -> str | None:
    """Run a child until `stop`, starting it again whenever it ends; return why that makes no sense."""
    loop = asyncio.get_running_loop()
    # What ran once will run again: a full disk or a missing driver must not take the whole instance down for good.
    died, was_steady = 0, False
    while not stop.is_set():
        began = loop.time()
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.cli", "--dir", str(folder), name, "--tied", stdin=asyncio.subprocess.PIPE
        )
        await _until_either(child, stop)
        if stop.is_set():
            await _leave(child)
            return None
        if child.returncode == OPERATORS_CODE and not was_steady:
            stop.set()
            return f"pinxit {name} cannot run; the reason stands above"
        was_steady = was_steady or loop.time() - began > STEADY_SECONDS
        died = 1 if loop.time() - began > STEADY_SECONDS else died + 1
        delay = RESTART_SECONDS[min(died - 1, len(RESTART_SECONDS) - 1)]
        log.error("a process ended", process=name, code=child.returncode, again_in_seconds=delay)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), delay or 0.01)
    return None


async def _until_either(child: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    waiting = {asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())}
    _, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


async def _leave(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), LEAVE_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()

"""`pinxit serve`, `web` and `work`: the long-running commands. They must not know what is served or done.

`serve` is a small parent of one `web` and one `work` process. A child that dies is started again; the children leave when
the parent does, however it ends, because their standard input closes.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import click
import httpx
import structlog

from server.app import create_app
from server.app import serve as serve_app
from server.cli.running import Stop, folder_of, load_config, run, stop_on_signals
from server.config import Config
from server.opening import database_path, open_services
from server.store import migration
from server.work import check_kinds, run_workers

# A child that dies at once would be started in a tight loop; one that ran a while is started again immediately.
RESTART_SECONDS = (0.0, 1.0, 5.0, 30.0)
STEADY_SECONDS = 60.0
# What is under way when a stop is asked for; jobs that take longer are handed back by their leases.
LEAVE_SECONDS = 40.0
KNOCK_SECONDS = 0.1
START_SECONDS = 60.0

log = structlog.get_logger()


@click.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Serve and work, in one command: web, jobs and generator as processes of their own."""
    config = load_config(context)
    folder = folder_of(context)
    if not migration.is_current(database_path(folder, config)):
        raise Stop("the database is not at this program's version; run 'pinxit migrate'")
    run(_supervise(folder, config))


@click.command()
@click.option("--tied", is_flag=True, hidden=True, help="Leave when standard input closes.")
@click.pass_context
def web(context: click.Context, tied: bool) -> None:
    """Serve pages and federation, without working."""
    config = load_config(context)

    async def inside() -> None:
        async with _stopping(tied=tied) as stop, open_services(folder_of(context), config) as services:
            await serve_app(create_app(services), config.web, stop)

    run(inside())


@click.command()
@click.option("--only", metavar="KIND,…", help="Only these kinds of jobs.")
@click.option("--tied", is_flag=True, hidden=True, help="Leave when standard input closes.")
@click.pass_context
def work(context: click.Context, only: str | None, tied: bool) -> None:
    """Work without serving: inbox, fanout, deliver, render, remove_file, housekeeping."""
    config = load_config(context)

    async def inside() -> None:
        kinds = check_kinds(only)
        async with _stopping(tied=tied) as stop, open_services(folder_of(context), config) as services:
            await run_workers(services, folder_of(context), kinds, stop)

    run(inside())


@contextlib.asynccontextmanager
async def _stopping(*, tied: bool) -> AsyncIterator[asyncio.Event]:
    """Give an event set by signals and, for a child, by the parent's end."""
    stop = stop_on_signals()
    watcher = asyncio.create_task(_watch_parent(stop)) if tied else None
    try:
        yield stop
    finally:
        if watcher is not None:
            watcher.cancel()


async def _watch_parent(stop: asyncio.Event) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass
    stop.set()


async def _supervise(folder: Path, config: Config) -> None:
    stop = stop_on_signals()
    async with asyncio.TaskGroup() as group:
        for name in ("web", "work"):
            group.create_task(_keep_running(folder, name, stop))
        group.create_task(_announce(config, stop))


async def _keep_running(folder: Path, name: str, stop: asyncio.Event) -> None:
    """Run a child until `stop`, starting it again whenever it ends."""
    loop = asyncio.get_running_loop()
    died = 0
    while not stop.is_set():
        began = loop.time()
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.cli", "--dir", str(folder), name, "--tied", stdin=asyncio.subprocess.PIPE
        )
        await _until_either(child, stop)
        if stop.is_set():
            await _leave(child)
            return
        died = 1 if loop.time() - began > STEADY_SECONDS else died + 1
        delay = RESTART_SECONDS[min(died - 1, len(RESTART_SECONDS) - 1)]
        log.error("a process ended", process=name, code=child.returncode, again_in_seconds=delay)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), delay or 0.01)


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


async def _announce(config: Config, stop: asyncio.Event) -> None:
    """Print the address once the front door answers."""
    scheme = "http" if config.federation.allow_http else "https"
    address = f"{scheme}://{config.site.domain}"
    async with httpx.AsyncClient(trust_env=False, timeout=5.0) as client:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + START_SECONDS
        while not stop.is_set() and loop.time() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"http://{config.web.host}:{config.web.port}/health")).is_success:
                    click.echo(f"Pinxit is up: {address} (listening on {config.web.host}:{config.web.port})")
                    return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), KNOCK_SECONDS)

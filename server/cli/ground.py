"""What every command stands on: the folder, the configuration, errors, signals. It must not open the instance."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import click
import msgspec

from generator import bundled
from server import logs
from server.config import Config, ConfigError, ModelConfig, load


class Stop(click.ClickException):
    """One clear line and exit code 2."""

    exit_code = 2


def folder_of(context: click.Context) -> Path:
    """Return the instance's folder: `--dir`, or PINXIT_DIR, or ./pinxit-data."""
    return Path(context.find_root().params["dir"])


def load_config(context: click.Context, *, terse: bool = False) -> Config:
    """Read the configuration and set up the log; a `terse` command says itself what came of it. Raises Stop."""
    try:
        config = load(folder_of(context), bundled=find_bundled_model())
    except ConfigError as error:
        raise Stop(str(error)) from None
    quiet = terse and config.log.level != "debug"
    logs.configure(msgspec.structs.replace(config.log, level="error") if quiet else config.log)
    return config


def find_bundled_model() -> ModelConfig | None:
    """Return the model that paints here where the operator named none; None where this machine lacks what it needs."""
    folder = bundled.find()
    return ModelConfig(name=bundled.NAME, engine="diffusers", path=str(folder)) if folder else None


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


@contextlib.asynccontextmanager
async def stopping(*, tied: bool) -> AsyncIterator[asyncio.Event]:
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

"""How a command opens the instance and runs; it must not know what any command does."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
import uvloop

from activitypub.errors import ProtocolError
from server import logs
from server.config import Config, ConfigError, load
from server.opening import open_services
from server.problems import Problem
from server.remote.seam import FetchFailed
from server.services import Services

Result = TypeVar("Result")


class Stop(click.ClickException):
    """One clear line and exit code 2."""

    exit_code = 2


def folder_of(context: click.Context) -> Path:
    """Return the instance's folder: `--dir`, or PINXIT_DIR, or ./pinxit-data."""
    return Path(context.find_root().params["dir"])


def load_config(context: click.Context) -> Config:
    """Read the configuration and set up the log. Raises Stop."""
    try:
        config = load(folder_of(context))
    except ConfigError as error:
        raise Stop(str(error)) from None
    logs.configure(config.log)
    return config


def with_services(context: click.Context, work: Callable[[Services], Awaitable[Result]]) -> Result:
    """Open the instance, run `work`, close it again; what it refuses becomes one line."""
    config = load_config(context)

    async def inside() -> Result:
        async with open_services(folder_of(context), config) as services:
            return await work(services)

    return run(inside())


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run on uvloop; the refusals of the use cases become one line."""
    try:
        return uvloop.run(coroutine)
    except (Problem, ConfigError, FetchFailed, ProtocolError) as refusal:
        raise Stop(str(refusal)) from None
    except OSError as error:
        raise Stop(f"{error.filename or 'input/output'}: {error.strerror or error}") from None


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop

"""How a command opens the instance and runs; it must not know what any command does."""

import getpass
import os
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import click
import uvloop

from activitypub.errors import ProtocolError
from server.actions.network.audit import Operator
from server.cli.ground import Stop, folder_of, load_config
from server.config import ConfigError
from server.opening import open_services
from server.problems import Problem
from server.remote.seam import FetchFailed
from server.services import Services
from server.studio.child import StartFailed

Result = TypeVar("Result")


def with_services(context: click.Context, work: Callable[[Services], Awaitable[Result]]) -> Result:
    """Open the instance, run `work`, close it again; what it refuses becomes one line."""
    config = load_config(context, terse=True)

    async def inside() -> Result:
        async with open_services(folder_of(context), config) as services:
            return await work(services)

    return run(inside())


def operator() -> Operator:
    """Return who types here, by the name the system knows them by."""
    try:
        return Operator(f"shell {getpass.getuser()}")
    except (KeyError, OSError):
        return Operator(f"shell {os.getuid()}")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run on uvloop; the refusals of the use cases become one line."""
    try:
        return uvloop.run(coroutine)
    except (Problem, ConfigError, FetchFailed, ProtocolError, StartFailed) as refusal:
        raise Stop(str(refusal)) from None
    except sqlite3.OperationalError as error:
        # A full disk, above all.
        raise Stop(f"the database cannot be used: {error}") from None
    except OSError as error:
        raise Stop(f"{error.filename or 'input/output'}: {error.strerror or error}") from None

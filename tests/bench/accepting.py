"""The process that the accept bench measures: the federation door of an instance, beside a handler that does nothing.

`python -m tests.bench.accepting FOLDER` listens where the instance's addresses point to; `/cpu` says what it has used.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from quart import Quart

from server.config import load
from server.federation import door
from server.opening import open_services

Message = dict[str, Any]


class Bench:
    """Answers `/bare` and `/cpu` and hands on the rest."""

    def __init__(self, app: Quart) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        if scope["path"] not in ("/bare", "/cpu"):
            await self._app(scope, receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        body = b"" if scope["path"] == "/bare" else str(time.process_time()).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 202 if not body else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def serve(folder: Path) -> None:
    """Listen until the process is ended."""
    config = load(folder, {})
    async with open_services(folder, config) as services:
        app = Quart("bench", static_folder=None)
        door.register(app, services)
        port = int(services.site.domain.partition(":")[2])
        settings = uvicorn.Config(
            Bench(app), port=port, http="httptools", loop="none", lifespan="off", log_config=None, access_log=False
        )
        await uvicorn.Server(settings).serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(sys.argv[1])))

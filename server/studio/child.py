"""The server's end of the generator: asks a process of ours for pictures, and starts it again when it dies.

It must not know jobs, posts or files: one request goes in, its events and its picture come out.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal, TypeAlias

import structlog

from generator.messages import (
    Cancel,
    ChildSettings,
    Event,
    Failure,
    FailureKind,
    FromChild,
    ModelCapabilities,
    Picture,
    Ready,
    Request,
    write_settings,
)
from server.studio.process import Run, StartFailed, open_run

__all__ = ["Child", "OnEvent", "RenderFailed", "RenderFailedKind", "StartFailed"]

RenderFailedKind: TypeAlias = FailureKind | Literal["crashed"]
OnEvent: TypeAlias = Callable[[Event], Awaitable[None] | None]

GENERATOR = (sys.executable, "-m", "generator")
# At once the first time, since most crashes are one picture's; then as a broken driver or a full disk deserves.
RESTART_DELAYS_SECONDS = (0.0, 1.0, 5.0, 15.0, 60.0)

log = structlog.get_logger()


class RenderFailed(Exception):
    """There is no picture. `crashed` means that the process ended: ask again; anything else is an answer."""

    def __init__(self, kind: RenderFailedKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(slots=True, eq=False)
class _Render:
    """One call of `render`; what comes for it waits in `incoming` for the coroutine that asked."""

    request_id: str
    incoming: asyncio.Queue[Event | Picture | RenderFailed] = field(default_factory=asyncio.Queue)
    is_sent: bool = False
    is_wanted: bool = True


class Child:
    """One generator process (one GPU); several requests may be in flight, so that it can batch them."""

    def __init__(
        self,
        settings: ChildSettings,
        *,
        command: Sequence[str] = GENERATOR,
        restart_delays_seconds: Sequence[float] = RESTART_DELAYS_SECONDS,
    ) -> None:
        self._command = (*command, write_settings(settings))
        self._restart_delays = restart_delays_seconds
        self._failed_in_a_row = 0
        self._wire_ids = count(1)
        self._renders: dict[str, _Render] = {}  # by the id on the wire, which is never used twice
        self._run: Run | None = None
        self._is_up: asyncio.Future[Run] | None = None  # fails when an attempt to start does
        self._keeper: asyncio.Task[None] | None = None
        self._capabilities: tuple[ModelCapabilities, ...] = ()

    @property
    def capabilities(self) -> tuple[ModelCapabilities, ...]:
        """What its models can do; empty before `start`."""
        return self._capabilities

    @property
    def pid(self) -> int | None:
        """Its process id, while it is up."""
        return self._run.pid if self._run else None

    async def start(self) -> None:
        """Start the process, wait until it is ready, and keep it running; StartFailed when it does not come up."""
        run = await open_run(self._command)
        self._begin_attempt()
        self._succeed(run)
        self._keeper = asyncio.create_task(self._keep(), name="generator")

    async def stop(self) -> None:
        """End the process; requests in flight fail as crashed, which means that they may be asked again."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        run, self._run = self._run, None
        if run is not None:
            await run.end()
        self._fail_attempt("The generator was stopped.")
        self._is_up = None
        self._lose_all("The generator was stopped.")

    async def render(self, request: Request, on_event: OnEvent) -> Picture:
        """Ask for a picture and pass on what happens on the way; RenderFailed when none comes of it.

        While the process is starting again, this waits for how that ends. Cancelling the task that waits here
        cancels the request.
        """
        wire_id, render = str(next(self._wire_ids)), _Render(request.id)
        self._renders[wire_id] = render
        try:
            run = await self._when_up()
            if not render.is_wanted:
                raise RenderFailed("cancelled", "The request was cancelled.")
            if run is not self._run:
                raise RenderFailed("crashed", "The generator ended before it was asked.")
            render.is_sent = True
            run.send(replace(request, id=wire_id))
            await run.flush()
            return await _follow(render, on_event)
        finally:
            # Still there: not answered, since the caller left or its `on_event` raised.
            if self._renders.pop(wire_id, None) is not None:
                self._withdraw(wire_id, render)

    def cancel(self, request_id: str) -> None:
        """Give a request up: its `render` raises RenderFailed("cancelled") unless the picture comes first."""
        for wire_id, render in self._renders.items():
            if render.request_id == request_id:
                self._withdraw(wire_id, render)

    def _withdraw(self, wire_id: str, render: _Render) -> None:
        render.is_wanted = False
        if render.is_sent and self._run is not None:
            self._run.send(Cancel(wire_id))

    async def _when_up(self) -> Run:
        if self._is_up is None:
            raise RenderFailed("crashed", "The generator is not running.")
        return await asyncio.shield(self._is_up)

    async def _keep(self) -> None:
        """Hand out what comes, and start the process again whenever it has ended, until cancelled."""
        while True:
            if self._run is None:
                await self._restart()
                continue
            frame = await self._run.read()
            if frame is None:
                await self._bury(self._run)
            else:
                self._hand_out(frame)

    async def _bury(self, run: Run) -> None:
        self._run = None
        self._begin_attempt()
        last_lines = await run.bury()
        log.error("generator.crashed", in_flight=len(self._renders), log=last_lines)
        self._lose_all("The generator ended while it was painting.")

    async def _restart(self) -> None:
        await asyncio.sleep(self._restart_delays[min(self._failed_in_a_row, len(self._restart_delays) - 1)])
        self._failed_in_a_row += 1  # a picture sets it back; being up is not enough, for it may crash at each request
        try:
            self._succeed(await open_run(self._command))
        except (StartFailed, OSError) as error:
            log.error("generator.start_failed", attempt=self._failed_in_a_row, log=str(error))
            self._fail_attempt("The generator does not start; its operator finds the reason in the log.")
            self._begin_attempt()

    def _begin_attempt(self) -> None:
        self._is_up = asyncio.get_running_loop().create_future()

    def _succeed(self, run: Run) -> None:
        self._run, self._capabilities = run, run.ready.models
        if self._is_up is not None:
            self._is_up.set_result(run)
        log.info("generator.ready", pid=run.pid, models=",".join(model.name for model in run.ready.models))

    def _fail_attempt(self, message: str) -> None:
        if self._is_up is not None and not self._is_up.done():
            self._is_up.set_exception(RenderFailed("crashed", message))
            self._is_up.exception()  # nobody may be waiting, and that is no fault

    def _hand_out(self, frame: FromChild) -> None:
        if isinstance(frame, Ready):
            return
        if isinstance(frame, Picture):
            self._failed_in_a_row = 0
        if isinstance(frame, Picture | Failure):
            render = self._renders.pop(frame.id, None)
        else:
            render = self._renders.get(frame.id)
        if render is None:
            return  # its caller has left
        if isinstance(frame, Failure):
            render.incoming.put_nowait(RenderFailed(frame.kind, frame.message))
        else:
            render.incoming.put_nowait(replace(frame, id=render.request_id))

    def _lose_all(self, message: str) -> None:
        """Tell those whose request died with the process; those still waiting to send theirs go on waiting."""
        for wire_id, render in list(self._renders.items()):
            if render.is_sent:
                del self._renders[wire_id]
                render.incoming.put_nowait(RenderFailed("crashed", message))


async def _follow(render: _Render, on_event: OnEvent) -> Picture:
    while True:
        item = await render.incoming.get()
        if isinstance(item, Picture):
            return item
        if isinstance(item, RenderFailed):
            raise item
        outcome = on_event(item)
        if outcome is not None:
            await outcome

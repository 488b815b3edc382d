"""Ends what waits for too long. It must not know what is waited for."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

Value = TypeVar("Value")

# Nobody minds whether it was 20 seconds or 21.
LOOKS = 20


class Deadline:
    """One time limit for many waiters, kept by a look now and then.

    A timer for each costs half an RSA verify, and nearly none ever rings.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[asyncio.Task[object], float] = {}
        self._looking: asyncio.TimerHandle | None = None

    async def wait(self, awaitable: Awaitable[Value]) -> Value:
        """Wait for it; raises TimeoutError a moment after the time is over."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline holds inside a task only")
        loop = asyncio.get_running_loop()
        self._waiting[task] = loop.time() + self._seconds
        if self._looking is None:
            self._looking = loop.call_later(self._seconds / LOOKS, self._look, loop)
        try:
            return await awaitable
        except asyncio.CancelledError:
            if task in self._waiting:
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            self._waiting.pop(task, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task in [task for task, end in self._waiting.items() if end <= now]:
            del self._waiting[task]
            task.cancel()
        self._looking = loop.call_later(self._seconds / LOOKS, self._look, loop) if self._waiting else None

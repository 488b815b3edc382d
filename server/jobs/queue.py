"""The queue as its users see it. It must not know where the rows lie.

The promise: at least once, not before its time, and not queued twice while waiting under the same name.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from server.store.database import Change, Reader, Transaction

# What an id or a URL may be in a payload; documents, keys and prompts stay in their tables.
Payload = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Job:
    """A leased piece of work. `attempt` begins at 1."""

    id: int
    kind: str
    payload: Mapping[str, int | str]
    attempt: int

    def number(self, name: str) -> int:
        """Return an id of the payload."""
        value = self.payload[name]
        if not isinstance(value, int):
            raise TypeError(f"{self.kind} job: {name} is no number")
        return value


class Retry(Exception):
    """Do it again later."""

    def __init__(self, after_seconds: float, reason: str = "") -> None:
        super().__init__(reason)
        self.after_seconds = after_seconds


class Discard(Exception):
    """It can never succeed; the reason is kept for the operator."""


Handler = Callable[[Job], Awaitable[None]]


class JobQueue(Protocol):
    """Where jobs wait."""

    async def enqueue(
        self,
        tx: Transaction,
        kind: str,
        payload: Payload,
        *,
        not_before: int | None = None,
        unique: str | None = None,
        priority: int = 0,
    ) -> None:
        """Add a job in the caller's transaction; nothing happens while one named `unique` waits."""
        ...

    async def run(
        self,
        handlers: Mapping[str, Handler],
        *,
        concurrency: Mapping[str, int] | int,
        stop: asyncio.Event,
    ) -> None:
        """Run jobs of these kinds until `stop` is set; what is under way is finished first."""
        ...


class IntakeQueue(JobQueue, Protocol):
    """A queue that the group commit of the inbox can feed."""

    def follow_up(self, kind: str, activity_id: int, *, now: int) -> Change:
        """Return the change that adds a job about an activity stored in the same commit, and none if it was known."""
        ...

    async def has_waiting(self, reader: Reader, kind: str, number: int) -> bool:
        """Say whether so many jobs of a kind wait, so that who feeds the queue can stop before it has no end."""
        ...

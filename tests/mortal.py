"""Processes that can be killed: a life is counted in steps, and may end at any of them as `kill -9` would end it.

Whatever a dead process still tries at a seam raises `Killed`, so no cleaning-up of it takes effect.
"""

import contextlib
from collections.abc import AsyncIterator, Sequence

from server.media.storage import MediaStorage
from server.store.database import Change, Database, Reader, Transaction


class Killed(BaseException):
    """The process is dead. Not an Exception: nothing may catch it and go on."""


class Life:
    """Counts the steps that change the world outside the process."""

    def __init__(self) -> None:
        self._dies_at: int | None = None
        self.steps: list[str] = []
        self.dead = False

    def die_after(self, steps: int) -> None:
        """Survive so many more steps, and not the next."""
        self._dies_at = len(self.steps) + steps

    def check(self) -> None:
        """Raise when dead."""
        if self.dead:
            raise Killed

    def step(self, name: str) -> None:
        """Survive one more step, or die at it."""
        self.check()
        if len(self.steps) == self._dies_at:
            self.dead = True
            raise Killed(name)
        self.steps.append(name)


class MortalDatabase:
    """A database used by a process that may die: before a commit takes effect, or right after."""

    def __init__(self, inner: Database, life: Life) -> None:
        self._inner = inner
        self._life = life

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Reader]:
        self._life.check()
        async with self._inner.read() as reader:
            yield reader

    @contextlib.asynccontextmanager
    async def write(self, *, durable: bool = True) -> AsyncIterator[Transaction]:
        self._life.check()
        async with self._inner.write(durable=durable) as tx:
            yield tx
            self._life.step("before a commit")
        self._life.step("after a commit")

    async def commit_together(self, changes: Sequence[Change]) -> None:
        self._life.step("before a shared commit")
        await self._inner.commit_together(changes)
        self._life.step("after a shared commit")

    async def close(self) -> None:
        await self._inner.close()


class MortalStorage(MediaStorage):
    """Files of a process that may die after writing one."""

    def __init__(self, inner: MediaStorage, life: Life) -> None:
        super().__init__(inner._store)
        self._life = life

    async def put(self, data: bytes, suffix: str) -> str:
        self._life.check()
        key = await super().put(data, suffix)
        self._life.step("after a file")
        return key

    async def remove(self, key: str) -> None:
        self._life.check()
        await super().remove(key)
        self._life.step("after removing a file")

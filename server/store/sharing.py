"""Quick transactions of one process that share a commit. It must not know what they write.

A commit costs as much as the handful of statements before it, and it empties the page caches of all readers. So each
quick transaction is a savepoint of a shared one, which is committed when all who were ready have had their turn.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator

# Another process that wants to write waits for so many handlers at most: some ten milliseconds.
MEMBERS_AT_MOST = 16


class SharedCommit:
    """The transaction that is open on one connection, and those who wait for its commit.

    Its caller sees to it that one member at a time is inside.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._waiting: list[asyncio.Future[None]] = []
        self.is_open = False
        # Members committed in all, by which the log grows.
        self.committed = 0

    @property
    def is_full(self) -> bool:
        """Whether it must be committed before anybody else joins."""
        return len(self._waiting) >= MEMBERS_AT_MOST

    @contextlib.contextmanager
    def member(self) -> Iterator["asyncio.Future[None]"]:
        """Do something that is undone alone when it raises; gives what is done after the commit."""
        self._raw.execute("savepoint member")
        try:
            done = asyncio.get_running_loop().create_future()
            yield done
            self._raw.execute("release member")
        except BaseException as error:
            self._undo_member(error)
            raise
        self._waiting.append(done)

    def _undo_member(self, error: BaseException) -> None:
        if self._raw.in_transaction:
            self._raw.execute("rollback to member")
            self._raw.execute("release member")
            return
        # A full disk or a fault of it takes everything back, whoever met it.
        self._end(error if isinstance(error, Exception) else sqlite3.OperationalError(str(error)))

    def commit(self) -> None:
        """Commit, if anything is open, and tell all who wait; a failure is theirs."""
        if not self.is_open:
            return
        try:
            self._raw.commit()
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._raw.rollback()
            self._end(error)
            return
        self.committed += len(self._waiting)
        self._end(None)

    def _end(self, error: Exception | None) -> None:
        waiting, self._waiting = self._waiting, []
        self.is_open = False
        for done in waiting:
            resolve(done, error)


def resolve(done: "asyncio.Future[None]", error: Exception | None) -> None:
    """Tell somebody who may have left that it is done, or why not."""
    if done.done():
        return
    if error is None:
        done.set_result(None)
        return
    done.set_exception(error)

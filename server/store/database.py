"""The engine: readers, one writer per process, and the group commit. It must not know any table.

SQLite in WAL mode; every write is `BEGIN IMMEDIATE` (a deferred transaction that must upgrade fails at once instead of
waiting). Nothing slow may be awaited inside `write()`: SQLite's lock is unfair and waiters starve.

A hop to aiosqlite's thread and back costs 70 µs on one core and 200 to 350 µs across two virtual ones; a query by
index costs 15. So what is short by rule runs where it is asked (`one`, and everything inside a transaction), and what
waits for the disk, the durable commit, runs in the thread. `all` outside a transaction runs where it is asked too, as
a page of a feed asks twenty times, until it proves long: then the same statement goes to the thread for a while.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Protocol

import aiosqlite
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

from server.store.sharing import SharedCommit, resolve
from server.store.statements import Compiler, Row, Values

# Another process may hold the write lock for one transaction; ten seconds is far more than any of ours.
BUSY_SECONDS = 10.0
# How often a waiting writer knocks. SQLite's own handler sleeps up to 100 ms and lets latecomers pass.
KNOCK_SECONDS = 0.002
# A durable commit costs a thread's hop and a flush, 0.3 to 0.6 ms of CPU; a busy loop reads a dozen requests meanwhile.
GATHER_SECONDS = 0.003
# Quick commits do not move pages from the log into the file; after so many of them the thread does.
COMMITS_PER_CHECKPOINT = 500
# What takes longer than some hops would holds everybody else up; it is tried again after so many turns.
LONG_SECONDS = 0.002
# Or was it the disk? Time alone is no sign: the machine may have given its turn to another.
HELD_UP_SECONDS = 0.02
TURNS_IN_THREAD = 50
Change = tuple[ClauseElement, Values]


class _Turn:
    """A transaction as the tasks born inside it know it: none of them may write before it is over."""

    is_over = False


_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)


class Reader(Protocol):
    """Runs queries. Parameters are named."""

    async def one(self, statement: ClauseElement, **values: object) -> Row | None:
        """Return the first row, or None."""
        ...

    async def all(self, statement: ClauseElement, **values: object) -> list[Row]:
        """Return every row."""
        ...


class Transaction(Reader, Protocol):
    """A reader that may also change things; committed when its block ends, undone when it raises."""

    async def run(self, statement: ClauseElement, **values: object) -> int:
        """Run one change and return how many rows it touched."""
        ...

    async def run_many(self, statement: ClauseElement, values: Sequence[Values]) -> None:
        """Run one change for each set of values."""
        ...


class Database(Protocol):
    """Where transactions come from."""

    def read(self) -> contextlib.AbstractAsyncContextManager[Reader]:
        """Lend a reader."""
        ...

    def write(self, *, durable: bool = True) -> contextlib.AbstractAsyncContextManager[Transaction]:
        """Open a transaction. Nested use raises RuntimeError.

        Once committed it survives a killed process. `durable` makes it survive a power cut as well; without it a power
        cut takes back the newest transactions, so it is for what a job does again when its own end is taken back too.
        """
        ...

    async def commit_together(self, changes: Sequence[Change]) -> None:
        """Run `changes` in a transaction shared with other callers; return after the commit."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the connections."""
        ...


class _Session:
    """One connection, reached from here (`raw`) and through aiosqlite's thread (`connection`)."""

    def __init__(self, connection: aiosqlite.Connection, raw: sqlite3.Connection, compiler: Compiler) -> None:
        self.connection = connection
        self.raw = raw
        self.compiler = compiler
        # Statements that proved long, and how many more times they run in the thread.
        self._long: dict[str, int] = {}

    async def one(self, statement: ClauseElement, **values: object) -> Row | None:
        compiled = self.compiler.compile(statement, values)
        row = self.raw.execute(compiled.sql, compiled.arguments(values)).fetchone()
        return None if row is None else compiled.convert([row])[0]

    async def all(self, statement: ClauseElement, **values: object) -> list[Row]:
        compiled = self.compiler.compile(statement, values)
        turns = self._long.get(compiled.sql, 0)
        if turns:
            self._long[compiled.sql] = turns - 1
            rows = await self.connection.execute_fetchall(compiled.sql, compiled.arguments(values))
            return compiled.convert([tuple(row) for row in rows])
        begun, spent = time.perf_counter(), time.thread_time()
        found = self.raw.execute(compiled.sql, compiled.arguments(values)).fetchall()
        if time.thread_time() - spent > LONG_SECONDS or time.perf_counter() - begun > HELD_UP_SECONDS:
            self._long[compiled.sql] = TURNS_IN_THREAD
        return compiled.convert(found)


class _WritingSession(_Session):
    """The writer inside its transaction, where nothing may be long."""

    async def all(self, statement: ClauseElement, **values: object) -> list[Row]:
        compiled = self.compiler.compile(statement, values)
        return compiled.convert(self.raw.execute(compiled.sql, compiled.arguments(values)).fetchall())

    async def run(self, statement: ClauseElement, **values: object) -> int:
        compiled = self.compiler.compile(statement, values)
        return self.raw.execute(compiled.sql, compiled.arguments(values)).rowcount

    async def run_many(self, statement: ClauseElement, values: Sequence[Values]) -> None:
        if not values:
            return
        compiled = self.compiler.compile(statement, values[0])
        self.raw.executemany(compiled.sql, [compiled.arguments(one) for one in values])


class SqliteDatabase:
    """SQLite over aiosqlite: a few readers, one durable and one quick writer that take turns."""

    def __init__(self, durable: _WritingSession, quick: _WritingSession, readers: Sequence[_Session]) -> None:
        self._durable = durable
        self._quick = quick
        self._shared = SharedCommit(quick.raw)
        self._committing: set[asyncio.Task[None]] = set()
        self._checkpointed = 0
        self._all_readers = readers
        self._readers: asyncio.LifoQueue[_Session] = asyncio.LifoQueue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._lock = asyncio.Lock()
        self._waiting: list[tuple[Sequence[Change], asyncio.Future[None]]] = []
        self._several = False  # came together the last time
        self._flushing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path, *, readers: int = 4) -> "SqliteDatabase":
        """Open (and create) the file at `path` with one writer and `readers` readers."""
        compiler = _compiler()
        async with contextlib.AsyncExitStack() as opened:
            durable = _WritingSession(*await _connect(path, opened), compiler)
            quick = _WritingSession(*await _connect(path, opened), compiler)
            for writer in (durable, quick):
                # `_begin` knocks without holding the loop.
                writer.raw.execute("pragma busy_timeout = 0")
            quick.raw.execute("pragma synchronous = normal")
            quick.raw.execute("pragma wal_autocheckpoint = 0")
            database = cls(durable, quick, [_Session(*await _connect(path, opened), compiler) for _ in range(readers)])
            # Only if one fails are the others closed here: their threads would keep the process from ending.
            opened.pop_all()
        return database

    def read(self) -> contextlib.AbstractAsyncContextManager[Reader]:
        """Lend a reader; waits while all are lent."""
        return _Loan(self._readers)

    def write(self, *, durable: bool = True) -> contextlib.AbstractAsyncContextManager[Transaction]:
        """Open a transaction: commit at the end of its block, undo what it did when the block raises.

        Raises:
            RuntimeError: this task is inside a transaction already.
        """
        return self._write_durably() if durable else self._write_quickly()

    @contextlib.asynccontextmanager
    async def _write_durably(self) -> AsyncIterator[Transaction]:
        async with _Alone(self._lock):
            self._shared.commit()
            await _begin(self._durable.raw)
            try:
                yield self._durable
                await self._durable.connection.commit()
            except BaseException:
                # Also on cancellation: a half-done transaction must never be inherited by the next task.
                await _finish(self._durable.connection.rollback())
                raise

    @contextlib.asynccontextmanager
    async def _write_quickly(self) -> AsyncIterator[Transaction]:
        async with _Alone(self._lock):
            if not self._shared.is_open:
                await _begin(self._quick.raw)
                self._shared.is_open = True
                # Its turn comes after all tasks that are ready now: those who want to write join meanwhile.
                self._committing.add(task := asyncio.create_task(self._commit_shared()))
                task.add_done_callback(self._committing.discard)
            with self._shared.member() as done:
                yield self._quick
            if self._shared.is_full:
                self._shared.commit()
        await done

    async def _commit_shared(self) -> None:
        async with self._lock:
            self._shared.commit()
            if self._shared.committed - self._checkpointed >= COMMITS_PER_CHECKPOINT:
                self._checkpointed = self._shared.committed
                # Fetched to its end: a statement that still has a row to give would refuse the next commit.
                await self._durable.connection.execute_fetchall("pragma wal_checkpoint(passive)")

    async def commit_together(self, changes: Sequence[Change]) -> None:
        """Run `changes` in one transaction with whatever else is waiting; return after the commit.

        While one batch commits, the next gathers. When several came together, more are on their way, and the next
        commit waits for them a moment: who comes alone never waits.

        Raises:
            RuntimeError: this task is inside a transaction.
        """
        _refuse_nesting()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((changes, done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        while self._waiting:
            if self._several:
                await asyncio.sleep(GATHER_SECONDS)
            batch, self._waiting = self._waiting, []
            self._several = len(batch) > 1
            try:
                await self._commit([change for changes, _ in batch for change in changes])
            except Exception as error:
                await self._commit_singly(batch, error)
                continue
            for _, done in batch:
                resolve(done, None)

    async def _commit_singly(
        self, batch: Sequence[tuple[Sequence[Change], asyncio.Future[None]]], error: Exception
    ) -> None:
        """One bad entry must not refuse its neighbours."""
        for changes, done in batch:
            if len(batch) == 1:
                resolve(done, error)
                return
            try:
                await self._commit(changes)
            except Exception as own_error:
                resolve(done, own_error)
                continue
            resolve(done, None)

    async def _commit(self, changes: Sequence[Change]) -> None:
        grouped: dict[int, tuple[ClauseElement, list[Values]]] = {}
        for statement, values in changes:
            grouped.setdefault(id(statement), (statement, []))[1].append(values)
        async with self.write() as tx:
            for statement, many in grouped.values():
                await tx.run_many(statement, many)

    async def close(self) -> None:
        """Finish the commit under way and close every connection."""
        if self._flushing is not None:
            await self._flushing
        if self._committing:
            await asyncio.wait(self._committing)
        for session in (*self._all_readers, self._quick, self._durable):
            await session.connection.close()


class _Loan(contextlib.AbstractAsyncContextManager[Reader]):
    """A reader for the length of a block. A class, since the loop keeps books of every generator."""

    def __init__(self, readers: "asyncio.LifoQueue[_Session]") -> None:
        self._readers = readers

    async def __aenter__(self) -> Reader:
        self._session = await self._readers.get()
        return self._session

    async def __aexit__(self, *_: object) -> None:
        self._readers.put_nowait(self._session)


class _Alone(contextlib.AbstractAsyncContextManager[None]):
    """This process's turn to write, for the length of a block. Raises RuntimeError inside another turn of this task."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock

    async def __aenter__(self) -> None:
        _refuse_nesting()
        await self._lock.acquire()
        self._turn = _Turn()
        self._token = _turn.set(self._turn)

    async def __aexit__(self, *_: object) -> None:
        self._turn.is_over = True
        _turn.reset(self._token)
        self._lock.release()


def _refuse_nesting() -> None:
    turn = _turn.get()
    if turn is not None and not turn.is_over:
        raise RuntimeError("a transaction is open in this task already; hand it in instead")


async def _finish(work: Coroutine[None, None, None]) -> None:
    """Wait until `work` is done, however often this task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()


async def _begin(raw: sqlite3.Connection) -> None:
    """Take the write lock, waiting for other processes.

    Raises:
        sqlite3.OperationalError: it was held for ten seconds, or the disk is at fault.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + BUSY_SECONDS
    while True:
        try:
            raw.execute("begin immediate")
        except sqlite3.OperationalError as error:
            # The lowest byte: it is also busy while somebody mends the log after a crash.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or loop.time() > deadline:
                raise
            await asyncio.sleep(KNOCK_SECONDS)
        else:
            return


@cache
def _compiler() -> Compiler:
    """One for all databases of the process: compiling takes a millisecond, and the statements are the same."""
    return Compiler(sqlite.dialect(paramstyle="qmark"))


async def _connect(path: Path, opened: contextlib.AsyncExitStack) -> tuple[aiosqlite.Connection, sqlite3.Connection]:
    # Readers never wait for a writer; both wait where another process mends the log after a crash, or lays it.
    raw = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=512, timeout=BUSY_SECONDS
    )
    for pragma in (
        "pragma journal_mode = wal",
        # FULL: what was answered 202 survives a power cut, not only a killed process.
        "pragma synchronous = full",
        "pragma foreign_keys = on",
        "pragma temp_store = memory",
    ):
        raw.execute(pragma)
    connection = await aiosqlite.Connection(lambda: raw, iter_chunk_size=64)
    opened.push_async_callback(connection.close)
    return connection, raw

"""SQLite through aiosqlite: WAL, one writer, several readers. Knows files and locks, no news.

    transaction() --lock--> writer: BEGIN IMMEDIATE with the first statement ... COMMIT (fsync)
    reading() ----queue---> one of a few read-only connections, each with a thread of its own

A killed process leaves a WAL that the next one replays; a commit that returned is on disk, except
for transactions that need not be durable: they get there with the next durable one.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.core.errors import OperatorError, StorageError
from storage import sqlite_copies
from storage.database import Connection, Row, Sql, Statement, in_dialect

_T = TypeVar("_T")

_READERS = 3
_BUSY_MS = 5_000
_CHUNK = 64
"""Rows that a cursor fetches at once; ours fetch all."""
_WRITER_KB, _READER_KB = 4_000, 1_000
"""Kilobytes of pages cached: readers share the system's cache, the writer walks large indexes."""
_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {_BUSY_MS}",
    "PRAGMA temp_store = MEMORY",
)


@contextmanager
def _translated() -> Iterator[None]:
    """Raise faults of disk and lock as StorageError; faults of our SQL stay as they are: bugs."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_ERROR:
            raise
        raise StorageError(f"The database cannot do it now: {error}.") from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        # Continuing would write to it; any statement may hit the damage.
        raise OperatorError(
            f"The database file is damaged or is no database: {error}. {sqlite_copies.MEND}"
        ) from error


class _Driver(aiosqlite.Connection):
    """aiosqlite's connection, with a way to run several statements in one trip to its thread. A
    trip costs two thread switches, and while the loop is busy each takes milliseconds: so long does
    a transaction last, with all other writers waiting.
    """

    async def go(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run a function of the connection in its thread."""
        with _translated():
            found: _T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
            return found


class SqliteConnection:
    """`storage.database.Connection` over one driver; `begin`: statements to run before the first,
    in the same trip."""

    dialect = "sqlite"

    def __init__(self, driver: _Driver, begin: Sequence[str] = ()) -> None:
        self._driver = driver
        self._begin = begin
        self.used = False
        """Whether there is anything to commit."""

    async def _go(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        begin, self._begin, self.used = self._begin, (), True
        return await self._driver.go(partial(_after, begin, work) if begin else work)

    async def rows(self, sql: Sql, **values: object) -> list[Row]:
        return (await self.batch((sql, values)))[0]

    async def row(self, sql: Sql, **values: object) -> Row | None:
        found = await self.rows(sql, **values)
        return found[0] if found else None

    async def value(self, sql: Sql, **values: object) -> Any:
        found = await self.rows(sql, **values)
        return found[0][0] if found else None  # type: ignore[index]

    async def run(self, sql: Sql, **values: object) -> int:
        text = in_dialect(sql, "sqlite")
        return await self._go(lambda raw: raw.execute(text, values).rowcount)

    async def run_many(self, sql: Sql, values: Iterable[Mapping[str, object]]) -> None:
        text = in_dialect(sql, "sqlite")
        await self._go(lambda raw: raw.executemany(text, values))

    async def batch(self, *statements: Statement) -> list[list[Row]]:
        texts = [(in_dialect(sql, "sqlite"), values) for sql, values in statements]
        return await self._go(
            lambda raw: [raw.execute(text, values).fetchall() for text, values in texts]
        )

    async def load(
        self,
        table: str,
        columns: Sequence[str],
        pages: AsyncIterable[Sequence[Sequence[object]]],
    ) -> None:
        marks = ", ".join("?" for _ in columns)
        text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        async for page in pages:
            await self._go(partial(_insert, text, page))

    async def script(self, text: str) -> None:
        await self.batch(*((statement, {}) for statement in statements(text)))


def statements(text: str) -> Iterator[str]:
    """The statements of a file, one by one (a trigger's inner semicolons do not end it)."""
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip() and not all(
        line.startswith("--") or not line for line in map(str.strip, pending.splitlines())
    ):
        raise ValueError("the file ends within a statement")


def _insert(text: str, page: Sequence[Sequence[object]], raw: sqlite3.Connection) -> None:
    raw.executemany(text, page)


def _after(
    begin: Sequence[str], work: Callable[[sqlite3.Connection], _T], raw: sqlite3.Connection
) -> _T:
    for statement in begin:
        raw.execute(statement)
    return work(raw)


_BEGIN = {
    durable: (f"PRAGMA synchronous = {level}", "BEGIN IMMEDIATE")
    for durable, level in ((True, "FULL"), (False, "NORMAL"))
}


class SqliteDatabase:
    """`storage.database.Database` in one file."""

    dialect = "sqlite"

    def __init__(self, writer: _Driver, readers: list[_Driver]) -> None:
        self._writer = writer
        self._turn = asyncio.Lock()
        self._all = [writer, *readers]
        self._idle: asyncio.Queue[_Driver] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Connection]:
        async with self._turn:
            tx = SqliteConnection(self._writer, _BEGIN[durable])
            try:
                yield tx
                if tx.used:
                    await asyncio.shield(self._writer.go(sqlite3.Connection.commit))
            except BaseException:
                # Also on cancellation, when BEGIN may still be under way in the connection's
                # thread: the rollback queues behind it, and does nothing where nothing was begun.
                await asyncio.shield(self._writer.rollback())
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        raw = await self._idle.get()
        try:
            yield SqliteConnection(raw)
        finally:
            self._idle.put_nowait(raw)

    async def close(self) -> None:
        async with self._turn:
            for raw in self._all:
                await raw.close()


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open or create the file. Raises OperatorError if it cannot be opened or is not a database."""
    opened: list[_Driver] = []
    try:
        # A connection that fails to open would leave its thread talking to a loop that is gone.
        await asyncio.to_thread(_probe, path)
        opened.append(await _connect(path, f"PRAGMA cache_size = -{_WRITER_KB}"))
        cached = f"PRAGMA cache_size = -{_READER_KB}"
        for _ in range(_READERS):  # each is closed when the next one fails
            opened += [await _connect(path, "PRAGMA query_only = ON", cached)]
    except (sqlite3.Error, OSError) as error:
        for raw in opened:
            await raw.close()
        raise _unopened(path, error) from error
    return SqliteDatabase(opened[0], opened[1:])


def _unopened(path: Path, error: Exception) -> OperatorError:
    if not path.parent.is_dir():
        return OperatorError(f"KABAR_DATABASE_URL: there is no folder {path.parent}; create it.")
    damaged = sqlite_copies.damaged(error)
    why = getattr(error, "strerror", None) or str(error)
    if damaged:
        why = "it is no SQLite database, or damaged"
    if "unable to open" in why:
        why = "this user may not read and write it there"
    said = f"KABAR_DATABASE_URL: the database {path} cannot be opened: {why}."
    return OperatorError(f"{said} {sqlite_copies.MEND}" if damaged else said)


def _probe(path: Path) -> None:
    sqlite_copies.private(path)
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA schema_version")


async def _connect(path: Path, *settings: str) -> _Driver:
    raw = _Driver(partial(sqlite3.connect, path, isolation_level=None), _CHUNK)
    await raw
    try:
        raw.row_factory = sqlite3.Row
        await raw.executescript(";".join((*_SETTINGS, *settings)))
    except BaseException:
        await raw.close()
        raise
    return raw


class SingleProcess:
    """Held while a `kabar run` uses a database file. It is SQLite's own lock on a file beside the
    database: it works on every system, and is released when the process ends, however it ends.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + "-run")
        self._held: sqlite3.Connection | None = None

    def acquire(self) -> None:
        """Take the lock. Raises OperatorError if another process holds it, or the file beside the
        database cannot be written."""
        try:
            sqlite_copies.private(self._path)
            held = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise _unopened(self._path, error) from error
        try:
            held.execute("PRAGMA locking_mode = EXCLUSIVE")
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            held.close()
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise _unopened(self._path, error) from error
            raise OperatorError(
                "Another kabar run already works on this database; stop it first, "
                "or use PostgreSQL for several processes."
            ) from error
        self._held = held

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

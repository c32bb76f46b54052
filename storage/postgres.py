"""PostgreSQL through psycopg: one writer, and a few readers. Knows connections, no news.

    transaction() --lock--> writer: BEGIN, the lock of all writers, the first statement ... COMMIT
    reading() ----queue---> one of a few read-only connections, opened when needed

Writers take turns, across all processes of a newsroom: by a lock that PostgreSQL releases at the
end of the transaction. So a transaction sees what it would see on SQLite, none has to be repeated
because of another, and ids become visible in order, which cursors over them rely on.

A lost connection is opened anew. If a commit gets no answer, the server is asked whether it took
place (`pg_xact_status`): nothing is done twice, and nothing is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, cast

import psycopg
from psycopg import errors
from psycopg.pq import PipelineStatus, TransactionStatus

from bot.core.errors import OperatorError, StorageError, Superseded
from storage.database import Connection, Row, Sql, Statement
from storage.postgres_sql import PostgresRow, spelled

READERS = 3
_AGAIN_SECONDS = 0.5
"""Seconds between two questions about the fate of a commit."""
Settings = dict[str, str]

_WRITER: Settings = {
    # Every statement of a writer has its index. The planner uses it once it has statistics; before
    # that, after an import or a move, it would scan whole tables, for seconds.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
}
_READER: Settings = {
    "default_transaction_read_only": "on",
    # The best plan for a word depends on how many articles have it.
    "plan_cache_mode": "force_custom_plan",
}
_SNAPSHOT: Settings = {"idle_in_transaction_session_timeout": "15min"}
"""The reader's disk may be slow."""
Raw = psycopg.AsyncConnection[PostgresRow]
_Cursor = psycopg.AsyncCursor[PostgresRow]


# --- faults ---------------------------------------------------------------------------------------

_PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    # The server ends a transaction that does not go on, of a process that was paused: psycopg
    # counts these among the server's own faults.
    errors.IdleInTransactionSessionTimeout,
    errors.TransactionTimeout,
)


def _is_outdated(error: BaseException) -> bool:
    """Whether a new connection would help: another Kabar has changed a prepared statement's tables,
    or the server has become a standby."""
    return isinstance(error, errors.ReadOnlySqlTransaction) or (
        isinstance(error, errors.FeatureNotSupported) and "cached plan" in str(error)
    )


def _is_passing(error: BaseException) -> bool:
    """Whether it is a fault of connection, disk or lock, not of our SQL."""
    return isinstance(error, _PASSING) or _is_outdated(error)


@contextmanager
def _translated() -> Iterator[None]:
    """Raise passing faults as StorageError; faults of our SQL stay as they are: bugs."""
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate == _SUPERSEDED:
            raise Superseded("Another process has taken over.") from error
        if isinstance(error, errors.InsufficientPrivilege):
            raise OperatorError(
                f"KABAR_DATABASE_URL: the database's user lacks a right: {sentence(error)}."
            ) from error
        if _is_passing(error):
            raise StorageError(f"The database cannot do it now: {sentence(error)}.") from error
        raise


def sentence(error: BaseException) -> str:
    """What libpq or the server says, on one line."""
    said = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
    said = said.removeprefix("connection failed: ").partition("; Is the server running")[0]
    return said.rstrip(".")


class _Session:
    """A connection that is opened when needed, and again after it was lost."""

    def __init__(self, connect: Callable[[], Awaitable[Raw]]) -> None:
        self._connect = connect
        self._raw: Raw | None = None
        self.begun = False
        """Whether a transaction has begun here: it belongs to its connection, even after that is
        lost."""

    async def open(self) -> Raw:
        if self._raw is None or self._raw.closed:
            if self.begun:
                # On another connection, what follows would be committed by itself.
                raise psycopg.OperationalError("the connection was lost within a transaction")
            self._raw = await self._connect()
        return self._raw

    async def go(self, statements: Sequence[tuple[bytes, tuple[object, ...]]]) -> list[_Cursor]:
        """Run statements in order, in one round trip."""
        raw = await self.open()
        try:
            if len(statements) == 1:
                return [await raw.execute(*statements[0])]
            async with raw.pipeline():
                return [await raw.execute(text, values) for text, values in statements]
        except psycopg.Error as error:
            if _is_outdated(error):
                await self.drop()
            raise

    async def go_on(self, statements: Sequence[tuple[bytes, tuple[object, ...]]]) -> list[_Cursor]:
        """The same for the first statements: repeated once if the connection turns out to be lost,
        or another's transaction is in the way."""
        known = self._raw
        try:
            return await self.go(statements)
        except psycopg.Error as error:
            if known is None or not _is_passing(error):
                raise
            await self.undo()
            return await self.go(statements)

    async def script(self, text: str) -> None:
        """Several statements in one text."""
        raw = await self.open()
        await raw.execute(text.encode(), prepare=False)

    async def load(self, text: str, pages: AsyncIterable[Sequence[Sequence[object]]]) -> None:
        """A COPY of rows."""
        raw = await self.open()
        async with raw.cursor() as cursor, cursor.copy(text.encode()) as copying:
            async for page in pages:
                for row in page:
                    await copying.write_row(row)

    async def undo(self) -> None:
        """Undo whatever was begun here, if need be by closing the connection."""
        self.begun = False
        raw = self._raw
        if raw is None or raw.closed:
            return
        if raw.pgconn.pipeline_status != PipelineStatus.OFF:
            await self.drop()
        elif raw.pgconn.transaction_status != TransactionStatus.IDLE:
            try:
                await raw.execute(b"ROLLBACK", prepare=False)
            except psycopg.Error:
                await self.drop()

    async def drop(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            await raw.close()


class PostgresConnection:
    """`storage.database.Connection` over one read-only session: each statement by itself."""

    dialect = "postgresql"

    def __init__(self, session: _Session) -> None:
        self._session = session

    async def _go(self, statements: Sequence[tuple[bytes, tuple[object, ...]]]) -> list[_Cursor]:
        with _translated():
            return await self._session.go_on(statements)

    async def rows(self, sql: Sql, **values: object) -> list[Row]:
        [cursor] = await self._go([spelled(sql, values)])
        return await _fetched(cursor)

    async def row(self, sql: Sql, **values: object) -> Row | None:
        found = await self.rows(sql, **values)
        return found[0] if found else None

    async def value(self, sql: Sql, **values: object) -> Any:
        found = await self.rows(sql, **values)
        return found[0][0] if found else None  # type: ignore[index]

    async def run(self, sql: Sql, **values: object) -> int:
        [cursor] = await self._go([spelled(sql, values)])
        return cursor.rowcount

    async def run_many(self, sql: Sql, values: Iterable[Mapping[str, object]]) -> None:
        statements = [spelled(sql, one) for one in values]
        if statements:
            await self._go(statements)

    async def batch(self, *statements: Statement) -> list[list[Row]]:
        cursors = await self._go([spelled(sql, values) for sql, values in statements])
        return [await _fetched(cursor) for cursor in cursors]

    async def load(
        self,
        table: str,
        columns: Sequence[str],
        pages: AsyncIterable[Sequence[Sequence[object]]],
    ) -> None:
        with _translated():
            await self._session.load(f"COPY {table} ({', '.join(columns)}) FROM STDIN", pages)

    async def script(self, text: str) -> None:
        with _translated():
            await self._session.script(text)


async def _fetched(cursor: _Cursor) -> list[Row]:
    if cursor.pgresult is None or not cursor.pgresult.nfields:
        return []
    return cast("list[Row]", await cursor.fetchall())


_Begin = tuple[tuple[bytes, tuple[object, ...]], ...]


class _Transaction(PostgresConnection):
    """The same within a transaction that begins with its first statement."""

    def __init__(self, session: _Session, begin: _Begin) -> None:
        super().__init__(session)
        self._begin = begin
        self._number: str | None = None

    async def _go(self, statements: Sequence[tuple[bytes, tuple[object, ...]]]) -> list[_Cursor]:
        if self._number is not None:
            with _translated():
                return await self._session.go(statements)
        with _translated():
            begun = await self._session.go_on([*self._begin, *statements])
            [row] = await begun[len(self._begin) - 1].fetchall()
            self._number = row["number"]
            self._session.begun = True
        return begun[len(self._begin) :]

    async def script(self, text: str) -> None:
        await self._go([(b"SELECT 1", ())])
        await super().script(text)

    async def load(
        self,
        table: str,
        columns: Sequence[str],
        pages: AsyncIterable[Sequence[Sequence[object]]],
    ) -> None:
        await self._go([(b"SELECT 1", ())])
        await super().load(table, columns, pages)

    async def commit(self) -> None:
        """Commit. Raises StorageError if nothing of it is stored."""
        if self._number is None:
            return
        try:
            [cursor] = await self._session.go([(b"COMMIT", ())])
            self._session.begun = False
            if cursor.statusmessage != "COMMIT":
                raise StorageError(
                    "The database undid a transaction in which something had failed."
                )
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if not await self._was_committed():
                raise StorageError(f"The database is lost: {sentence(error)}.") from error

    async def _was_committed(self) -> bool:
        """Whether a commit that got no answer took place: asked until that is known."""
        self._session.begun = False
        while True:
            await self._session.drop()
            try:
                [cursor] = await self._session.go([(_FATE, (self._number,))])
                [row] = await cursor.fetchall()
            except (psycopg.OperationalError, psycopg.InterfaceError):
                fate = "in progress"
            except psycopg.DataError:  # an id from the future: this server never had it
                fate = "unknown"
            else:
                fate = row["fate"]
            if fate != "in progress":
                return bool(fate == "committed")
            await asyncio.sleep(_AGAIN_SECONDS)


_SUPERSEDED = "KB001"  # raised by the function `fence`
_FATE = b"SELECT pg_xact_status(CAST($1 AS xid8)) AS fate"
_WRITERS = b"pg_advisory_xact_lock(hashtext('kabar ' || current_schema()), 0)"
_LIGHTLY = b", set_config('synchronous_commit', 'off', true)"


def _begin(durable: bool, fence: int | None) -> _Begin:
    """The statements that begin a transaction. Those after the lock see the state under the
    lock."""
    select = b"SELECT " + _WRITERS + b", CAST(pg_current_xact_id() AS text) AS number"
    if not durable:
        select += _LIGHTLY
    if fence is None:
        return (b"BEGIN", ()), (select, ())
    return (b"BEGIN", ()), (select + b", fence($1)", (fence,))


_STILL: _Begin = (
    (b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ()),
    (b"SELECT '' AS number", ()),
)
_Connect = Callable[[Settings], Awaitable[Raw]]
"""Opens a connection with these settings in addition to those that all have."""


class PostgresDatabase:
    """`storage.database.Database` on a server."""

    dialect = "postgresql"

    def __init__(self, connect: _Connect) -> None:
        self._connect = connect
        self._writer = _Session(partial(connect, _WRITER))
        self._beside = _Session(partial(connect, {}))
        self._fence: int | None = None
        self._turn = asyncio.Lock()
        readers = [_Session(partial(connect, _READER)) for _ in range(READERS)]
        self._all = [self._writer, self._beside, *readers]
        self._idle: asyncio.LifoQueue[_Session] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Connection]:
        async with self._turn:
            tx = _Transaction(self._writer, _begin(durable, self._fence))
            try:
                yield tx
                await asyncio.shield(tx.commit())
            except BaseException:
                await asyncio.shield(self._writer.undo())
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        session = await self._idle.get()
        try:
            yield PostgresConnection(session)
        except BaseException:
            await asyncio.shield(session.undo())
            raise
        finally:
            self._idle.put_nowait(session)

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[Connection]:
        try:
            yield PostgresConnection(self._beside)
        except BaseException:
            await asyncio.shield(self._beside.undo())
            raise

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        session = _Session(partial(self._connect, _SNAPSHOT))
        try:
            yield _Transaction(session, _STILL)
        finally:
            await asyncio.shield(session.drop())

    def fence(self, number: int) -> None:
        self._fence = number

    async def close(self) -> None:
        async with self._turn:
            for session in self._all:
                await session.drop()

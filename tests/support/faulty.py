"""A real database that fails on demand: at the statement, where a full disk would be noticed."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from storage import Connection, Database, Row
from storage.database import Sql, Statement, in_dialect


class FaultyConnection:
    """Passes everything on, except statements that hold the words of a fault."""

    def __init__(self, real: Connection, faults: Mapping[str, Exception]) -> None:
        self._real = real
        self._faults = faults
        self.dialect = real.dialect

    def _look(self, sql: Sql) -> None:
        for words, fault in self._faults.items():
            if words in in_dialect(sql, self.dialect):
                raise fault

    async def rows(self, sql: Sql, **values: object) -> list[Row]:
        self._look(sql)
        return await self._real.rows(sql, **values)

    async def row(self, sql: Sql, **values: object) -> Row | None:
        self._look(sql)
        return await self._real.row(sql, **values)

    async def value(self, sql: Sql, **values: object) -> object:
        self._look(sql)
        return await self._real.value(sql, **values)

    async def run(self, sql: Sql, **values: object) -> int:
        self._look(sql)
        return await self._real.run(sql, **values)

    async def load(
        self,
        table: str,
        columns: Sequence[str],
        pages: AsyncIterable[Sequence[Sequence[object]]],
    ) -> None:
        await self._real.load(table, columns, pages)

    async def script(self, sql: str) -> None:
        self._look(sql)
        await self._real.script(sql)

    async def run_many(self, sql: Sql, values: Iterable[Mapping[str, object]]) -> None:
        self._look(sql)
        await self._real.run_many(sql, values)

    async def batch(self, *statements: Statement) -> list[list[Row]]:
        for sql, _ in statements:
            self._look(sql)
        return await self._real.batch(*statements)


class FaultyDatabase:
    """`faults`: words of a statement, and what it raises while they are listed. `reads`: of
    those outside of transactions, too."""

    def __init__(self, real: Database, *, reads: bool = False) -> None:
        self._real = real
        self._reads = reads
        self.faults: dict[str, Exception] = {}
        self.dialect = real.dialect

    def transaction(self, *, durable: bool = True) -> AbstractAsyncContextManager[Connection]:
        return self._open(self._real.transaction(durable=durable))

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        return self._open(self._real.reading()) if self._reads else self._real.reading()

    async def close(self) -> None:
        await self._real.close()

    @asynccontextmanager
    async def _open(
        self, real: AbstractAsyncContextManager[Connection]
    ) -> AsyncIterator[Connection]:
        async with real as tx:
            yield FaultyConnection(tx, self.faults)

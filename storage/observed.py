"""A database that reports how long each transaction took. Knows time, no SQL."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from storage.database import Connection, Database

Observe = Callable[[str, float], None]
"""("read" or "write", seconds)."""


class ObservedDatabase:
    """`storage.database.Database` around another one."""

    def __init__(self, inner: Database, observe: Observe) -> None:
        self._inner = inner
        self._observe = observe
        self.dialect = inner.dialect

    @asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Connection]:
        began = time.perf_counter()
        async with self._inner.transaction(durable=durable) as tx:
            yield tx
        self._observe("write", time.perf_counter() - began)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        began = time.perf_counter()
        async with self._inner.reading() as cx:
            yield cx
        self._observe("read", time.perf_counter() - began)

    async def close(self) -> None:
        await self._inner.close()

"""What the rest of Kabar knows of a database: transactions and SQL, never a driver.

    async with db.transaction() as tx:      # all or nothing; one writer at a time
        await tx.run("UPDATE chat SET language = :language WHERE id = :id", id=7, language="en")
    async with db.reading() as cx:          # never waits for the writer
        rows = await cx.rows("SELECT ...")

Rules that let the dialects meet: `:name` parameters, times as integers (UTC epoch), states as short
texts with CHECK, truth as 0 and 1, JSON as text. A statement that truly differs is a mapping from
dialect to text beside its function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

Row = Mapping[str, Any]
"""One result row: read by column name."""

Sql = str | Mapping[str, str]
"""A statement, or one for each dialect ("sqlite", "postgresql")."""

Statement = tuple[Sql, Mapping[str, object]]
"""A statement and its values."""


class Connection(Protocol):
    """A place to run SQL: within a transaction, or reading. Raises StorageError when the disk is
    full, the database is locked or lost; then nothing of the transaction remains."""

    async def rows(self, sql: Sql, **values: object) -> list[Row]:
        """All rows of a query."""

    async def row(self, sql: Sql, **values: object) -> Row | None:
        """The first row, or None."""

    async def value(self, sql: Sql, **values: object) -> Any:
        """The first column of the first row, or None without rows (also for RETURNING)."""

    async def run(self, sql: Sql, **values: object) -> int:
        """A statement that changes rows; returns how many."""

    async def run_many(self, sql: Sql, values: Iterable[Mapping[str, object]]) -> None:
        """The same statement for many rows, in one go."""

    async def batch(self, *statements: Statement) -> list[list[Row]]:
        """Several statements in their order, in one journey to the database; the rows of each.

        Where every message pays for it, one journey in place of six is what one notices."""


class Database(Protocol):
    """An open database. `dialect` is "sqlite" or "postgresql"."""

    dialect: str

    def transaction(self, *, durable: bool = True) -> AbstractAsyncContextManager[Connection]:
        """A write transaction: committed at the end of the block, undone on any exception.

        What is committed survives the end of the process. `durable`: a power cut too, for the
        price of waiting for the disk. Whoever acknowledges something to a person needs it."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads and does not wait for writers."""

    async def close(self) -> None:
        """Close all connections; what was committed stays."""


def listed(name: str, values: Sequence[object]) -> tuple[str, dict[str, object]]:
    """What stands in `IN (...)` for some values, and the values themselves.

    The last is repeated up to the next power of two: so few statements differ, and are prepared
    once. There must be at least one value."""
    size = 1 << (len(values) - 1).bit_length()
    padded = [*values, *[values[-1]] * (size - len(values))]
    return ", ".join(f":{name}{n}" for n in range(size)), {
        f"{name}{n}": value for n, value in enumerate(padded)
    }


def in_dialect(sql: Sql, dialect: str) -> str:
    """The text of a statement for one dialect."""
    return sql if isinstance(sql, str) else sql[dialect]

"""What the rest of Kabar knows about a database: transactions and SQL, no driver.

    async with db.transaction() as tx:      # all or nothing; one writer at a time
        await tx.run("UPDATE chat SET language = :language WHERE id = :id", id=7, language="en")
    async with db.reading() as cx:          # never waits for the writer
        rows = await cx.rows("SELECT ...")

Rules that let the dialects meet: `:name` parameters, times as integers (UTC epoch), states as short
texts with CHECK, truth as 0 and 1, JSON as text. What truly differs is a mapping from dialect to
text: a whole statement beside its function, or a part of one (`in_both`).

    _DROP = in_both("DELETE FROM delivery WHERE id IN {ids}", ids=numbers("ids"))
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, runtime_checkable

Row = Mapping[str, Any]
"""One result row: read by column name."""

Sql = str | Mapping[str, str]
"""A statement, or one for each dialect ("sqlite", "postgresql")."""

DIALECTS = ("sqlite", "postgresql")

Statement = tuple[Sql, Mapping[str, object]]
"""A statement and its values."""


class Connection(Protocol):
    """Runs SQL: within a transaction, or reading. Raises StorageError if the disk is full or the
    database is locked or lost; then nothing of the transaction remains.

    `dialect` is "sqlite" or "postgresql"."""

    dialect: str

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
        """Several statements in order, in one round trip to the database; returns the rows of each.
        Since every message pays for it, one round trip instead of six is noticeable."""

    async def load(
        self,
        table: str,
        columns: Sequence[str],
        pages: AsyncIterable[Sequence[Sequence[object]]],
    ) -> None:
        """Rows in bulk, as fast as the database takes them. Rows may refer to later ones."""

    async def script(self, text: str) -> None:
        """A text of several statements without values: a migration."""


class Database(Protocol):
    """An open database. `dialect` is "sqlite" or "postgresql"."""

    dialect: str

    def transaction(self, *, durable: bool = True) -> AbstractAsyncContextManager[Connection]:
        """A write transaction: committed at the end of the block, undone on any exception.

        What is committed survives the end of the process. `durable`: a power cut too, at the price
        of waiting for the disk. Needed before anything is acknowledged to a person."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads and does not wait for writers."""

    async def close(self) -> None:
        """Close all connections; what was committed stays."""


@runtime_checkable
class SharedDatabase(Database, Protocol):
    """A database that several processes may work on at once."""

    def fence(self, number: int) -> None:
        """From now on a transaction takes place only while the process with this number is known
        (`storage.processes`); else it raises Superseded."""

    def beside(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for statements that wait for no transaction, each committed by itself."""

    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads, and sees one moment however long it reads."""


def in_both(text: str, **parts: Sql) -> Sql:
    """A statement for both dialects: `{name}` is a part that they spell differently."""

    def spelled(dialect: str) -> str:
        whole = text
        for name, part in parts.items():
            whole = whole.replace(f"{{{name}}}", in_dialect(part, dialect))
        return whole

    return {dialect: spelled(dialect) for dialect in DIALECTS}


def numbers(name: str) -> Sql:
    """The numbers in a parameter that is one JSON list, as rows with the column `value`: the
    statement stays the same however many there are."""
    return {
        "sqlite": f"(SELECT value FROM json_each(:{name}))",
        "postgresql": "(SELECT CAST(value AS bigint) AS value"
        f" FROM json_array_elements_text(CAST(:{name} AS json)))",
    }


def strings(name: str) -> Sql:
    """The same for a list of texts."""
    return {
        "sqlite": f"(SELECT value FROM json_each(:{name}))",
        "postgresql": f"(SELECT value FROM json_array_elements_text(CAST(:{name} AS json)))",
    }


def text_pairs(name: str, first: str, second: str) -> Sql:
    """The same for a list of texts `first<tab>second`, as rows with these columns: a list of lists
    would be read again for each of its columns."""
    return {
        "sqlite": f"(SELECT substr(value, 1, instr(value, char(9)) - 1) AS {first},"
        f" substr(value, instr(value, char(9)) + 1) AS {second} FROM json_each(:{name}))",
        "postgresql": f"(SELECT split_part(value, chr(9), 1) AS {first},"
        f" substr(value, strpos(value, chr(9)) + 1) AS {second}"
        f" FROM json_array_elements_text(CAST(:{name} AS json)))",
    }


def number_rows(name: str, *columns: str) -> Sql:
    """The same for a list of lists of numbers: rows with these columns."""
    placed = [(f"value ->> {place}", column) for place, column in enumerate(columns)]
    read = ", ".join(f"{value} AS {column}" for value, column in placed)
    cast = ", ".join(f"CAST({value} AS bigint) AS {column}" for value, column in placed)
    return {
        "sqlite": f"(SELECT {read} FROM json_each(:{name}))",
        "postgresql": f"(SELECT {cast} FROM json_array_elements(CAST(:{name} AS json)))",
    }


def json_list(of: str, *more: str) -> Sql:
    """All values of a column, or of several as lists, as one JSON list in one row: for a driver,
    stepping from row to row costs more than parsing the list."""
    listed = ", ".join((of, *more))
    return {
        "sqlite": f"json_group_array({f'json_array({listed})' if more else listed})",
        "postgresql": "COALESCE(CAST(json_agg("
        + (f"json_build_array({listed})" if more else listed)
        + ") AS text), '[]')",
    }


def in_dialect(sql: Sql, dialect: str) -> str:
    """The text of a statement for one dialect."""
    return sql if isinstance(sql, str) else sql[dialect]

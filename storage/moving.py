"""Moves everything from one database to another, of either kind: streamed, then compared.

    tables in the order of their references -> pages of rows -> one load a table (COPY)
    counts and checksums of both sides -> numbers continue after the highest -> commit

It is a single transaction at the target: a failed move leaves nothing there. What only a running
bot needs (who uses the database) is not moved, nor is the search index, which is rebuilt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from hashlib import blake2b
from typing import Any

import orjson

from bot.core.errors import OperatorError
from storage.database import Connection, Database, SharedDatabase, Sql

_PAGE = 2_000
_STAYS = frozenset({"migration", "process", "role"})
_INDEX_MEMOS = "DELETE FROM memo WHERE key LIKE 'search.%'"
_MASK = (1 << 64) - 1

Progress = Callable[[str, int, int], None]
"""(table, rows done, rows in all), at every page."""


@dataclass(frozen=True, slots=True)
class MovedTable:
    """What was moved of one table. The checksum is over all its rows, in any order."""

    table: str
    rows: int
    checksum: int


@dataclass(slots=True)
class _Shape:
    """A table as its engine describes it."""

    columns: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    refers: set[str] = field(default_factory=set)


async def move(source: Database, target: Database, progress: Progress) -> list[MovedTable]:
    """Copy all tables as of one moment and compare them. Nobody may use the target nor, on SQLite,
    the source. Raises OperatorError if the target is not empty, or the copy differs."""
    async with target.transaction() as tx:
        await tx.run(_INDEX_MEMOS)
        if tx.dialect == "sqlite":
            await tx.run("PRAGMA defer_foreign_keys = ON")
        one_moment = source.snapshot() if isinstance(source, SharedDatabase) else source.reading()
        async with one_moment as cx:
            shapes = await _shapes(cx)
            await _refuse_what_holds_something(tx, shapes)
            moved = [
                await _move_table(cx, tx, name, shape, progress) for name, shape in shapes.items()
            ]
        await _compare(tx, shapes, moved)
        await tx.run("UPDATE inbox SET claimed_by = NULL WHERE claimed_by IS NOT NULL")
        await tx.run(_INDEX_MEMOS)
        if tx.dialect == "postgresql":
            await _go_on_numbering(tx, shapes)
    if target.dialect == "postgresql":
        async with target.transaction() as tx:
            await tx.run("ANALYZE")
    return moved


async def _refuse_what_holds_something(tx: Connection, shapes: dict[str, _Shape]) -> None:
    for name in shapes:
        if await tx.value(f"SELECT 1 FROM {name} LIMIT 1"):
            raise OperatorError(
                f"The target holds something already (in {name}); move into an empty database."
            )


async def _move_table(
    cx: Connection, tx: Connection, name: str, shape: _Shape, progress: Progress
) -> MovedTable:
    total = int(await cx.value(f"SELECT count(*) FROM {name}"))
    rows = checksum = 0

    async def pages() -> AsyncIterator[Sequence[Sequence[object]]]:
        nonlocal rows, checksum
        async for page in _pages(cx, name, shape):
            rows += len(page)
            checksum = (checksum + sum(map(_checksum, page))) & _MASK
            yield page
            progress(name, rows, total)

    await tx.load(name, shape.columns, pages())
    return MovedTable(name, rows, checksum)


async def _compare(tx: Connection, shapes: dict[str, _Shape], moved: Sequence[MovedTable]) -> None:
    for one in moved:
        rows = checksum = 0
        async for page in _pages(tx, one.table, shapes[one.table]):
            rows += len(page)
            checksum = (checksum + sum(map(_checksum, page))) & _MASK
        if (rows, checksum) != (one.rows, one.checksum):
            raise OperatorError(
                f"The table {one.table} did not arrive as it left ({rows:,} of {one.rows:,} rows);"
                " nothing was moved."
            )


def _checksum(row: Sequence[object]) -> int:
    text = orjson.dumps(row)
    return int.from_bytes(blake2b(text, digest_size=8).digest())


async def _pages(
    cx: Connection, name: str, shape: _Shape
) -> AsyncIterator[list[tuple[object, ...]]]:
    """All rows of a table, by its key: memory holds one page."""
    columns, key = ", ".join(shape.columns), ", ".join(shape.key)
    places = [shape.columns.index(one) for one in shape.key]
    first = f"SELECT {columns} FROM {name} ORDER BY {key} LIMIT {_PAGE}"
    after = ", ".join(f":k{place}" for place, _ in enumerate(places))
    more = f"SELECT {columns} FROM {name} WHERE ({key}) > ({after}) ORDER BY {key} LIMIT {_PAGE}"
    values: dict[str, object] = {}
    while True:
        found = await cx.rows(more if values else first, **values)
        page = [tuple(map(_plain, row)) for row in found]
        if page:
            yield page
        if len(page) < _PAGE:
            return
        values = {f"k{n}": page[-1][place] for n, place in enumerate(places)}


def _plain(value: Any) -> object:
    """A value that both sides can hold: PostgreSQL's texts have no NUL."""
    return value.replace("\x00", "") if isinstance(value, str) and "\x00" in value else value


async def _go_on_numbering(tx: Connection, shapes: dict[str, _Shape]) -> None:
    for name, shape in shapes.items():
        (column,) = shape.key[:1]
        sequence = await tx.value(
            "SELECT pg_get_serial_sequence(:table, :column)", table=name, column=column
        )
        if sequence is not None:
            await tx.value(
                f"SELECT setval(CAST(:sequence AS regclass), max({column})) FROM {name}",
                sequence=sequence,
            )


# --- tables as their engine describes them --------------------------------------------------------

_COLUMNS: Sql = {
    "sqlite": "SELECT t.name AS of, c.name AS name, c.pk AS place FROM sqlite_master AS t"
    " JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY t.name, c.cid",
    "postgresql": "SELECT c.relname AS of, a.attname AS name,"
    " COALESCE(array_position(k.conkey, a.attnum), 0) AS place FROM pg_class AS c"
    " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'p'"
    " WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace)"
    " ORDER BY c.relname, a.attnum",
}
_REFERENCES: Sql = {
    "sqlite": 'SELECT t.name AS of, f."table" AS other FROM sqlite_master AS t'
    " JOIN pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table'",
    "postgresql": "SELECT c.relname AS of, o.relname AS other FROM pg_constraint AS k"
    " JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_class AS o ON o.oid = k.confrelid"
    " WHERE k.contype = 'f' AND k.connamespace = CAST(current_schema() AS regnamespace)",
}


async def _shapes(cx: Connection) -> dict[str, _Shape]:
    """The tables to move, each after those that it refers to."""
    found: dict[str, _Shape] = {}
    keys: dict[str, dict[int, str]] = {}
    for row in await cx.rows(_COLUMNS):
        name = row["of"]
        # What people searched for is not part of the search index.
        in_index = name.startswith("search_") and name != "search_query"
        if name in _STAYS or name.startswith("sqlite_") or in_index:
            continue
        found.setdefault(name, _Shape()).columns.append(row["name"])
        if row["place"]:
            keys.setdefault(name, {})[row["place"]] = row["name"]
    for name, places in keys.items():
        found[name].key = [places[place] for place in sorted(places)]
    for row in await cx.rows(_REFERENCES):
        if row["of"] in found and row["of"] != row["other"]:
            found[row["of"]].refers.add(row["other"])
    order = TopologicalSorter({name: shape.refers for name, shape in found.items()})
    return {name: found[name] for name in order.static_order()}

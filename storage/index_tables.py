"""The tables of the index, of which there may be two: the live one, and one being built.

Statements are written for the live one; `at` redirects them to the other. The databases differ in
their tables of words; what an entry holds is decided in `indexing`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from storage.database import Connection, Sql, in_both

LIVE, NEXT, _OLD = "", "_next", "_old"
"""The live index, the one being built, and what is left of the previous one."""
NAMES = ("search_text", "search_title", "search_row", "search_word", "search_total")
"""The tables of the live index."""
_NAME = re.compile(rf"\b({'|'.join(NAMES)})\b")

_ROW = {"sqlite": "rowid", "postgresql": "row"}
INSERT: tuple[Sql, ...] = (
    "INSERT INTO search_row (row, article_id, words) VALUES (:row, :id, :words)",
    {
        "sqlite": "INSERT INTO search_text (rowid, t, b, k) VALUES (:row, :t, :b, :k)",
        "postgresql": "INSERT INTO search_text (row, t, b, k, found)"
        " VALUES (:row, :t, :b, :k, CAST(:found AS tsvector))",
    },
    {
        "sqlite": "INSERT INTO search_title (rowid, t, h) VALUES (:row, :t, :h)",
        "postgresql": "INSERT INTO search_title (row, h, found)"
        " VALUES (:row, :h, CAST(:titled AS tsvector))",
    },
)
"""An entry, table by table."""
DELETE: tuple[Sql, ...] = (
    in_both("DELETE FROM search_text WHERE {row} = :row", row=_ROW),
    in_both("DELETE FROM search_title WHERE {row} = :row", row=_ROW),
)
"""An entry whose row has left `search_row`."""


def at(index: str, sql: Sql) -> Sql:
    """A statement redirected to one of the indexes."""
    if not index:
        return sql
    if isinstance(sql, str):
        return _renamed(sql, index)
    return {dialect: _renamed(text, index) for dialect, text in sql.items()}


@lru_cache(256)
def _renamed(text: str, index: str) -> str:
    return _NAME.sub(rf"\1{index}", text)


async def make(tx: Connection, index: str) -> None:
    """Create an empty index beside the live one, replacing any that is there."""
    await drop(tx, index)
    for name in NAMES:
        if tx.dialect == "sqlite":
            made = await tx.value("SELECT sql FROM sqlite_master WHERE name = :name", name=name)
            await tx.run(re.sub(rf"\"?\b{name}\b\"?", f"{name}{index}", made, count=1))
        else:
            await tx.run(f"CREATE TABLE {name}{index} (LIKE {name} INCLUDING ALL)")
    await tx.run(at(index, "INSERT INTO search_total (articles, words) VALUES (0, 0)"))


async def take_over(tx: Connection, index: str) -> None:
    """Make this index the live one. `drop_old` removes the previous one."""
    await drop_old(tx)
    for name in NAMES:
        await tx.run(f"ALTER TABLE {name} RENAME TO {name}{_OLD}")
        await tx.run(f"ALTER TABLE {name}{index} RENAME TO {name}")


async def drop(tx: Connection, index: str) -> None:
    for name in NAMES:
        await tx.run(f"DROP TABLE IF EXISTS {name}{index}")


async def drop_old(tx: Connection) -> None:
    """Remove the previous index."""
    await drop(tx, _OLD)

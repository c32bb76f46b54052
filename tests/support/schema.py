"""What tables a database has, read from the engine itself, in one form for both.

Types go by class (`integer`, `text`), defaults and conditions by the words and values in them:
SQLite keeps what was written, PostgreSQL shows what it understood.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

import psycopg

from storage.database import Connection

_OWN = re.compile(r"sqlite_|search_text|search_title|migration$")
"""Each engine's own: what it keeps for itself, and its index of words."""

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)
"""What a driver raises when a statement breaks a rule of the tables."""


@dataclass(frozen=True, slots=True)
class Column:
    type: str
    required: bool
    default: str


@dataclass(frozen=True, slots=True)
class Index:
    columns: tuple[str, ...]
    unique: bool
    condition: frozenset[str]


@dataclass(slots=True)
class Table:
    columns: dict[str, Column] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    indexes: set[Index] = field(default_factory=set)
    checks: set[frozenset[str]] = field(default_factory=set)
    references: set[tuple[str, str, str]] = field(default_factory=set)
    """Column, table, and what happens when its row is deleted."""


async def tables(cx: Connection) -> dict[str, Table]:
    """All tables of ours."""
    read = _sqlite if cx.dialect == "sqlite" else _postgres
    return {name: table for name, table in (await read(cx)).items() if not _OWN.match(name)}


def words(condition: str) -> frozenset[str]:
    """What a condition is about, without its grammar: names, values, NULL, NOT."""
    plain = re.sub(r"::\w+(\[\])?", "", condition)
    found = re.findall(r"'[^']*'|[A-Za-z_]\w*|-?\d+|<>|>=|<=|[<>=]", plain)
    grammar = {"in", "any", "array", "and", "or", "check", "=", "is", "where"}
    return frozenset(one.lower() for one in found if one.lower() not in grammar)


# --- SQLite ---------------------------------------------------------------------------------------


async def _sqlite(cx: Connection) -> dict[str, Table]:
    made = await cx.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    found = {}
    for row in made:
        name = row["name"]
        table = found[name] = Table()
        info = await cx.rows(f"SELECT * FROM pragma_table_info('{name}') ORDER BY pk")
        for one in info:
            table.columns[one["name"]] = Column(
                {"INTEGER": "integer", "BIGINT": "integer"}.get(one["type"], one["type"].lower()),
                bool(one["notnull"] or one["pk"]),
                str(one["dflt_value"] or ""),
            )
        table.key = tuple(one["name"] for one in info if one["pk"])
        table.checks = set(map(words, _checks(row["sql"])))
        for one in await cx.rows(f"SELECT * FROM pragma_foreign_key_list('{name}')"):
            table.references.add((one["from"], one["table"], one["on_delete"].lower()))
        for one in await cx.rows(f"SELECT * FROM pragma_index_list('{name}') WHERE origin <> 'pk'"):
            table.indexes.add(await _sqlite_index(cx, one["name"], unique=bool(one["unique"])))
    return found


def _checks(made: str) -> Iterable[str]:
    """The conditions of CHECK (...), to the bracket that closes."""
    for start in re.finditer(r"CHECK\s*\(", made):
        depth, end = 1, start.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(made[end], 0)
            end += 1
        yield made[start.end() : end - 1]


async def _sqlite_index(cx: Connection, name: str, *, unique: bool) -> Index:
    columns = await cx.rows(
        f"SELECT name, \"desc\" FROM pragma_index_xinfo('{name}') WHERE key = 1 ORDER BY seqno"
    )
    made = await cx.value("SELECT sql FROM sqlite_master WHERE name = :name", name=name)
    _, _, condition = (made or "").partition(" WHERE ")
    return Index(
        tuple(f"{one['name']} desc" if one["desc"] else one["name"] for one in columns),
        unique,
        words(condition),
    )


# --- PostgreSQL -----------------------------------------------------------------------------------

_COLUMNS = """SELECT table_name, column_name, data_type, is_nullable, column_default
  FROM information_schema.columns WHERE table_schema = current_schema()"""
_CONSTRAINTS = """SELECT c.relname AS of, k.contype AS kind, pg_get_constraintdef(k.oid) AS made,
    (SELECT string_agg(a.attname, ' ' ORDER BY place) FROM unnest(k.conkey) WITH ORDINALITY
      AS one (number, place) JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = one.number)
      AS columns, COALESCE(f.relname, '') AS other, k.confdeltype AS deleted
  FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
  LEFT JOIN pg_class AS f ON f.oid = k.confrelid
  WHERE k.connamespace = CAST(current_schema() AS regnamespace)"""
_INDEXES = """SELECT tablename AS of, indexdef AS made FROM pg_indexes
  WHERE schemaname = current_schema()"""
_DELETED = {"a": "no action", "c": "cascade", "n": "set null"}


async def _postgres(cx: Connection) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for row in await cx.rows(_COLUMNS):
        found.setdefault(row["table_name"], Table()).columns[row["column_name"]] = Column(
            {"bigint": "integer"}.get(str(row["data_type"]), str(row["data_type"])),
            row["is_nullable"] == "NO",
            re.sub(r"::\w+$", "", str(row["column_default"] or "")),
        )
    keys: dict[str, tuple[str, ...]] = {}
    for row in await cx.rows(_CONSTRAINTS):
        table, columns = found[row["of"]], tuple((row["columns"] or "").split())
        match row["kind"]:
            case "p":
                table.key = keys[row["of"]] = columns
            case "c":
                table.checks.add(words(row["made"]))
            case "f":
                table.references.add((columns[0], row["other"], _DELETED[row["deleted"]]))
    for row in await cx.rows(_INDEXES):
        index = _index(row["made"])
        if not (index.unique and index.columns == found[row["of"]].key):
            found[row["of"]].indexes.add(index)
    return found


def _index(made: str) -> Index:
    """CREATE [UNIQUE] INDEX name ON schema.table USING btree (a, b DESC) [WHERE (...)]"""
    head, _, condition = made.partition(" WHERE ")
    inside = head[head.index("(") + 1 : head.rindex(")")]
    parts = inside.replace('"', "").replace(" DESC", " desc").split(",")
    columns = tuple(one.strip() for one in parts)
    return Index(columns, " UNIQUE " in head, words(condition))

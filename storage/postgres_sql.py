"""Our SQL in PostgreSQL's form, and its rows in ours. Knows values, no connections.

:name      a numbered parameter of a type that the value tells; None is written as NULL
rows       are read by name or by place, as sqlite3's are; sums are whole numbers
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import psycopg
from psycopg.abc import AdaptContext
from psycopg.adapt import Buffer, Loader
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

from storage.database import Sql, in_dialect

# --- values and rows ------------------------------------------------------------------------------


class PostgresRow(tuple[Any, ...]):
    """A row: read by column name, or by place as sqlite3's are."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]]

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if key.__class__ is str else key)

    def keys(self) -> Iterable[str]:
        return self.places.keys()


@lru_cache(maxsize=1024)
def _row_class(names: tuple[bytes, ...]) -> type[PostgresRow]:
    places = {name.decode(): place for place, name in enumerate(names)}
    return type("PostgresRow", (PostgresRow,), {"__slots__": (), "places": places})


def row_factory(cursor: psycopg.AsyncCursor[Any]) -> Callable[[Sequence[Any]], PostgresRow]:
    result = cursor.pgresult
    if result is None:
        return PostgresRow
    names = tuple(result.fname(place) or b"" for place in range(result.nfields))
    return _row_class(names)


class _BoolDumper(Int8Dumper):
    """Truth is 0 and 1 in our tables."""

    def dump(self, obj: Any) -> Buffer | None:
        return super().dump(int(obj))


class _TextDumper(StrDumper):
    """PostgreSQL's texts have no NUL; strangers' may."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\x00", "") if "\x00" in obj else obj)


class _NumberLoader(Loader):
    """Sums of integers come as `numeric`."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


# --- our SQL in PostgreSQL's form -----------------------------------------------------------------

_TOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|::|:([A-Za-z_]\w*)")


@lru_cache(maxsize=2048)
def _names_in(text: str) -> tuple[str, ...]:
    """The parameters of a statement, each once, in their order."""
    return tuple(dict.fromkeys(one[1] for one in _TOKEN.finditer(text) if one[1]))


@lru_cache(maxsize=4096)
def _numbered(text: str, given: tuple[str, ...]) -> bytes:
    """The statement with `$1` for the first of the given names, and NULL for those not given: it
    has no type that PostgreSQL could take from a parameter."""
    places = {name: f"${place}" for place, name in enumerate(given, 1)}

    def spelled(one: re.Match[str]) -> str:
        return places.get(one[1], "NULL") if one[1] else one[0]

    return _TOKEN.sub(spelled, text).encode()


def spelled(sql: Sql, values: Mapping[str, object]) -> tuple[bytes, tuple[object, ...]]:
    text = in_dialect(sql, "postgresql")
    given = tuple(name for name in _names_in(text) if values[name] is not None)
    return _numbered(text, given), tuple(values[name] for name in given)


def teach(connection: AdaptContext) -> None:
    """How a connection writes our values and reads PostgreSQL's."""
    for known, dumper in ((int, Int8Dumper), (bool, _BoolDumper), (str, _TextDumper)):
        connection.adapters.register_dumper(known, dumper)
    connection.adapters.register_loader("numeric", _NumberLoader)

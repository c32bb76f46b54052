"""Backups of a PostgreSQL, without the server's tools, and back again.

    save      one snapshot -> the tables of a new SQLite file, compared -> it appears whole
    replace   a checked file -> tables in a second schema, compared and indexed -> swapped with the
              present ones in one transaction; those are kept in a third schema

The file is the same as `storage.sqlite_copies` makes of a SQLite database: each may be restored on
both.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.core.errors import OperatorError, StorageError
from storage import migrate, moving, processes, reindexing, sqlite_copies
from storage.database import Connection, Database, SharedDatabase
from storage.postgres_opening import open_postgres
from storage.sqlite import open_sqlite

_INCOMING = "kabar_incoming"
_KEPT = "kabar_before_restore_"
_COPY = ".kabar-restore-"
Progress = Callable[[str, int, int], None]
"""(what, done, in all)."""


async def save(url: str, target: Path, progress: Progress) -> None:
    """Save the database as of one moment, even while bots write to it. Raises OperatorError with a
    sentence; then there is no target."""
    partial = target.with_name(target.name + ".part")
    try:
        partial.unlink(missing_ok=True)
        sqlite_copies.private(partial)
        async with _opened(url) as source:
            async with source.reading() as cx:
                number = await _version(cx)
            # An old database is saved as it is, as before an upgrade.
            async with _file(partial, to=number) as there:
                await moving.move(source, there, progress)
        sqlite_copies.complete(partial, target)
    except (sqlite3.Error, OSError, StorageError) as error:
        cause = error.__cause__ if isinstance(error, StorageError) else error
        if not isinstance(cause, sqlite3.Error | OSError):
            raise  # it is the server's
        why = getattr(cause, "strerror", None) or cause
        raise OperatorError(f"The backup {target} could not be written: {why}.") from error
    finally:
        for end in ("", "-wal", "-shm"):
            partial.with_name(partial.name + end).unlink(missing_ok=True)


async def _version(cx: Connection) -> int:
    """The number of its last migration. Raises OperatorError."""
    if not await cx.value("SELECT to_regclass('migration')"):
        raise OperatorError("There is nothing of Kabar in that database.")
    number = int(await cx.value("SELECT COALESCE(MAX(number), 0) FROM migration"))
    if number > len(migrate.available("postgresql")):
        raise OperatorError("The database was written by a newer Kabar; use that version.")
    return number


async def replace(url: str, source: Path, progress: Progress) -> str | None:
    """Replace the database's contents by a backup. The previous contents are kept in a schema,
    whose name is returned; None if there were none. Raises OperatorError; then the database is as
    it was."""
    sqlite_copies.check(source)
    async with _opened(url) as there:
        async with there.reading() as cx:
            if await cx.value("SELECT to_regclass('process')"):
                await processes.refuse_company(cx)
        async with there.transaction() as tx:
            await tx.script(f"DROP SCHEMA IF EXISTS {_INCOMING} CASCADE; CREATE SCHEMA {_INCOMING}")
        try:
            async with (
                _copy(source, progress) as here,
                _opened(url, schema=_INCOMING) as incoming,
            ):
                await migrate.upgrade(incoming)
                await moving.move(here, incoming, progress)
                await reindexing.ensure_index(
                    incoming, progress=lambda done, total: progress("index of words", done, total)
                )
            return await _change_places(there)
        finally:
            async with there.transaction() as tx:
                await tx.script(f"DROP SCHEMA IF EXISTS {_INCOMING} CASCADE")


@asynccontextmanager
async def _copy(source: Path, progress: Progress) -> AsyncIterator[Database]:
    """A migrated copy of the backup; the file itself is not touched."""
    for one in source.parent.glob(f"{_COPY}*"):
        _tidy(one)
    with TemporaryDirectory(prefix=_COPY, dir=source.parent) as folder, _held(Path(folder)):
        copy = Path(folder) / "copy.db"
        sqlite_copies.copy(source, copy, lambda done, total: progress("copy", done, total))
        async with _file(copy) as db:
            yield db


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Mark the folder as in use by a live process. Raises BlockingIOError if it is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)


def _tidy(folder: Path) -> None:
    """Delete what a restore that was killed left behind: it is full of people's data."""
    with suppress(OSError), _held(folder):
        shutil.rmtree(folder)


async def _change_places(db: SharedDatabase) -> str | None:
    async with db.transaction() as tx:
        here = _quoted(await tx.value("SELECT current_schema()"))
        kept = _KEPT + time.strftime("%Y%m%d_%H%M%S", time.gmtime())
        incoming = await _things(tx, _INCOMING)
        names = {one.name for one in incoming}
        old = [
            one
            for one in await _things(tx, await tx.value("SELECT current_schema()"))
            if one.name in names or one.name.startswith("search_")
        ]
        if any(one.name == "process" for one in old):
            # A process that starts now waits here; one that says it is alive has started before.
            await tx.script("LOCK TABLE process IN ACCESS EXCLUSIVE MODE")
            await processes.refuse_company(tx)
        if old:
            await tx.script(f"CREATE SCHEMA {kept}")
        for things, source, target in ((old, here, kept), (incoming, _INCOMING, here)):
            for one in things:
                await tx.script(f"ALTER {one.kind} {source}.{one.called} SET SCHEMA {target}")
        # A process that was paused meanwhile must not find its number reused.
        await tx.value(
            "SELECT setval(pg_get_serial_sequence('process', 'number'), :now)", now=int(time.time())
        )
    return kept if old else None


@dataclass(frozen=True, slots=True)
class _Thing:
    """A table or a function. Indexes, sequences and triggers move with their table."""

    kind: str
    name: str
    called: str
    """The name with what distinguishes it from others of that name."""


async def _things(tx: Connection, schema: str) -> list[_Thing]:
    rows = await tx.rows(
        "SELECT 'TABLE' AS kind, relname AS name, quote_ident(relname) AS called FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = CAST(quote_ident(:schema) AS regnamespace)"
        " UNION ALL SELECT 'FUNCTION', proname, quote_ident(proname) || '('"
        " || pg_get_function_identity_arguments(oid) || ')' FROM pg_proc"
        " WHERE pronamespace = CAST(quote_ident(:schema) AS regnamespace) ORDER BY 1, 2",
        schema=schema,
    )
    return [_Thing(row["kind"], row["name"], row["called"]) for row in rows]


async def kept(db: SharedDatabase) -> list[str]:
    """The schemas in which restores have kept previous contents."""
    async with db.reading() as cx:
        rows = await cx.rows(
            "SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, :begin)"
            " ORDER BY nspname",
            begin=_KEPT,
        )
    return [row["name"] for row in rows]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@asynccontextmanager
async def _opened(url: str, *, schema: str = "") -> AsyncIterator[SharedDatabase]:
    """The database as it is, not migrated: it may belong to another version of Kabar."""
    db = await open_postgres(url, schema=schema)
    try:
        yield db
    finally:
        await db.close()


@asynccontextmanager
async def _file(path: Path, *, to: int | None = None) -> AsyncIterator[Database]:
    db = await open_sqlite(path)
    try:
        await migrate.upgrade(db, to=to)
        yield db
    finally:
        await db.close()

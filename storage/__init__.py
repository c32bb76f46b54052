"""The archive and the outbox: SQL by hand, in functions that take a Connection."""

from __future__ import annotations

from pathlib import Path

from bot.core.errors import OperatorError
from storage.database import Connection, Database, Row, SharedDatabase
from storage.migrate import upgrade
from storage.reindexing import note_fresh
from storage.sqlite import SingleProcess, open_sqlite

__all__ = [
    "Connection",
    "Database",
    "Row",
    "SharedDatabase",
    "SingleProcess",
    "is_shared",
    "open_database",
    "sqlite_path",
]


_POSTGRES = ("postgresql://", "postgres://")


def is_shared(url: str) -> bool:
    """Whether several processes may work on this database."""
    return url.startswith(_POSTGRES)


def sqlite_path(url: str) -> Path:
    """The file that `sqlite:///kabar.db` (relative) or `sqlite:////var/kabar.db` names.

    Raises OperatorError for any other form.
    """
    if is_shared(url):
        raise OperatorError("KABAR_DATABASE_URL names PostgreSQL; a file is wanted here.")
    prefix, _, path = url.partition(":///")
    if prefix != "sqlite" or not path:
        raise OperatorError(
            "KABAR_DATABASE_URL: expected something like sqlite:///kabar.db "
            "or postgresql://user:password@host/database."
        )
    return Path(path)


async def open_database(url: str, *, patience: float = 0.0) -> Database:
    """Open (creating a file if need be) and bring up to date. Raises OperatorError with one
    sentence."""
    db: Database
    if is_shared(url):
        from storage.postgres_opening import open_postgres  # noqa: PLC0415 - 20 MB that SQLite does not need

        db = await open_postgres(url, patience=patience)
    else:
        db = await open_sqlite(sqlite_path(url))
    try:
        await upgrade(db)
        await note_fresh(db)
    except BaseException:
        await db.close()
        raise
    return db

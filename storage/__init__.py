"""The archive and the outbox: SQL by hand, in functions that take a Connection."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from bot.core.errors import OperatorError, StorageError
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


log = structlog.get_logger("database")

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
            "or postgresql://host/database."
        )
    return Path(path)


_PAUSE = 2.0
"""Seconds between two attempts to reach the server."""


async def open_database(url: str, *, patience: float = 0.0, pause: float = _PAUSE) -> Database:
    """Open (creating a file if need be) and migrate. For a server that is or becomes unreachable we
    wait up to `patience` seconds, trying every `pause`. Raises OperatorError with one sentence."""
    db: Database
    if is_shared(url):
        from storage.postgres_opening import open_postgres  # noqa: PLC0415 - 20 MB that SQLite does not need

        db = await open_postgres(url, patience=patience, pause=pause)
    else:
        db, patience = await open_sqlite(sqlite_path(url)), 0.0
    try:
        await _bring_up_to_date(db, patience, pause)
    except BaseException:
        await db.close()
        raise
    return db


async def _bring_up_to_date(db: Database, patience: float, pause: float) -> None:
    """Migrate. Each step is one transaction, so this resumes where it was interrupted."""
    waited = 0.0
    while True:
        try:
            await upgrade(db)
            await note_fresh(db)
        except StorageError as error:
            if waited >= patience:
                raise OperatorError(
                    f"KABAR_DATABASE_URL: the database cannot be brought up to date: {error}"
                ) from error
            log.warning("database.away", reason=str(error), again_in=pause)
            await asyncio.sleep(pause)
            waited += pause
        else:
            return

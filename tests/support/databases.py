"""Databases for tests: all tables there, nothing in them. Migrated once per worker, then copied."""

from __future__ import annotations

import asyncio
import functools
import tempfile
import threading
from pathlib import Path

from storage import open_database, sqlite_path


@functools.cache
def _migrated() -> bytes:
    """A file as `open_database` makes it. It is made in a thread: a test's loop may be running."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/kabar.db"

        async def migrate() -> None:
            await (await open_database(url)).close()

        thread = threading.Thread(target=asyncio.run, args=(migrate(),))
        thread.start()
        thread.join()
        return sqlite_path(url).read_bytes()


def empty(file: Path) -> str:
    """The address of a new database in this file, where there is none yet."""
    if not file.exists():
        file.write_bytes(_migrated())
        file.chmod(0o600)
    return f"sqlite:///{file}"

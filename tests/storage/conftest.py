"""What is stored is tested on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage import Database, open_database, sqlite_path
from tests.support import databases
from tests.support.postgres import PostgresServer

Fill = Callable[[Database], Awaitable[object]]
Filled = Callable[[Fill], Awaitable[Database]]

_TEMPLATES: dict[tuple[str, Fill], bytes | str] = {}
"""By engine and what filled it: a file's content, or the address of a database on the server."""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(engine: str, request: pytest.FixtureRequest) -> PostgresServer | None:
    """None where the engine needs none. Not a coroutine: the server starts in a loop of its own."""
    return request.getfixturevalue("postgres") if engine == "postgresql" else None


@pytest.fixture
async def filled(
    engine: str, tmp_path: Path, server: PostgresServer | None
) -> AsyncIterator[Filled]:
    """Opens a database of the test's own, filled by a function: once a worker, then copied."""
    async with AsyncExitStack() as stack:

        async def open_(fill: Fill) -> Database:
            if (engine, fill) not in _TEMPLATES:
                _TEMPLATES[engine, fill] = await _template(fill, tmp_path, server)
            template = _TEMPLATES[engine, fill]
            if isinstance(template, bytes):
                (tmp_path / "filled.db").write_bytes(template)
                url = f"sqlite:///{tmp_path / 'filled.db'}"
            else:
                assert server is not None  # a template there
                url = server.create(like=template)
                stack.callback(server.drop, url)
            db = await open_database(url)
            stack.push_async_callback(db.close)
            return db

        yield open_


async def _template(fill: Fill, folder: Path, server: PostgresServer | None) -> bytes | str:
    url = server.create() if server else databases.empty(folder / "template.db")
    db = await open_database(url)
    await fill(db)
    await db.close()
    return url if server else sqlite_path(url).read_bytes()

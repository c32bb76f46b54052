"""Both databases have the same tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import open_database
from tests.support.postgres import PostgresServer
from tests.support.schema import tables


@pytest.fixture
def engine() -> str:
    return "sqlite"


async def test_both_schemas_are_equal(tmp_path: Path, postgres: PostgresServer) -> None:
    found = []
    for url in (f"sqlite:///{tmp_path / 'kabar.db'}", postgres.create()):
        db = await open_database(url)
        async with db.reading() as cx:
            found.append(await tables(cx))
        await db.close()
    sqlite, postgresql = found
    assert sqlite.keys() == postgresql.keys()
    for name, table in sqlite.items():
        assert postgresql[name] == table, name

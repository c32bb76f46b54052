"""What an operator may have got wrong about PostgreSQL gets a sentence."""

from __future__ import annotations

import pytest

from bot.core.errors import OperatorError
from storage import open_database, sqlite_path
from tests.support.postgres import PostgresServer


async def complaint(url: str) -> str:
    with pytest.raises(OperatorError) as told:
        await open_database(url)
    return str(told.value)


async def test_an_unknown_database_or_user(postgres: PostgresServer) -> None:
    assert 'database "nowhere" does not exist' in await complaint(postgres.url("nowhere"))
    nobody = postgres.create().replace("postgres:@", "nobody:@")
    assert 'role "nobody" does not exist' in await complaint(nobody)


async def test_a_server_that_is_not_there(tmp_path: object) -> None:
    assert "cannot be opened" in await complaint(f"postgresql://x@/kabar?host={tmp_path}")


async def test_no_right_to_create_tables(postgres: PostgresServer) -> None:
    postgres.admin("CREATE ROLE reader LOGIN")
    url = postgres.create_empty("bare").replace("postgres:@", "reader:@")
    assert "lacks a right" in await complaint(url)


async def test_another_encoding(postgres: PostgresServer) -> None:
    postgres.admin("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    assert "ENCODING 'UTF8'" in await complaint(postgres.url("latin"))


async def test_an_address_that_is_none() -> None:
    assert "KABAR_DATABASE_URL" in await complaint("postgresql://x:y@host:port/db?what=1")


def test_tools_for_files_name_the_servers_own() -> None:
    with pytest.raises(OperatorError, match="pg_dump"):
        sqlite_path("postgresql://kabar@db/kabar")

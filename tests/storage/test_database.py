"""The database: transactions are whole, readers do not wait, faults have their names."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.core.errors import OperatorError, StorageError
from storage import Database, SingleProcess, migrate, open_database, sqlite_path
from storage.database import in_dialect
from storage.sqlite import open_sqlite, statements
from tests.support.schema import REFUSED


async def add_topic(db: Database, key: str) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO topic (key, name) VALUES (:key, :key)", key=key)


async def topics(db: Database) -> list[str]:
    async with db.reading() as cx:
        return [row["key"] for row in await cx.rows("SELECT key FROM topic ORDER BY key")]


async def test_an_exception_undoes_the_whole_transaction(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as tx:
            await tx.run("INSERT INTO topic (key, name) VALUES ('a', 'A')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await topics(db) == []
    await add_topic(db, "b")
    assert await topics(db) == ["b"]


async def test_cancellation_undoes_it_and_frees_the_writer(db: Database) -> None:
    started = asyncio.Event()

    async def slow() -> None:
        async with db.transaction() as tx:
            await tx.run("INSERT INTO topic (key, name) VALUES ('a', 'A')")
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(slow())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add_topic(db, "b")
    assert await topics(db) == ["b"]


async def test_cancellation_while_beginning_frees_the_writer(db: Database) -> None:
    async def write() -> None:
        async with db.transaction() as tx:
            await tx.run("INSERT INTO topic (key, name) VALUES ('a', 'A')")

    for steps in range(12):
        task = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with db.transaction() as tx:
            await tx.run("DELETE FROM topic")
    assert await topics(db) == []


async def test_writers_take_turns_and_readers_do_not_wait(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO topic (key, name) VALUES ('a', 'A')")
        assert await topics(db) == []
        other = asyncio.create_task(add_topic(db, "b"))
    await other
    assert await topics(db) == ["a", "b"]


async def test_readers_cannot_write(db: Database) -> None:
    async with db.reading() as cx:
        with pytest.raises((sqlite3.OperationalError, psycopg.InternalError, StorageError)):
            await cx.run("INSERT INTO topic (key, name) VALUES ('a', 'A')")


@pytest.mark.parametrize("engine", ["sqlite"])  # a server has its own ways to end its disk
async def test_a_full_disk_is_a_storage_error_and_leaves_no_trace(db: Database) -> None:
    async with db.reading() as cx:
        pages = await cx.value("PRAGMA page_count")
    async with db.transaction() as tx:
        await tx.value(f"PRAGMA max_page_count = {pages}")

    async def fill() -> None:
        async with db.transaction() as tx:
            for number in range(1000):
                await tx.run(
                    "INSERT INTO topic (key, name) VALUES (:key, :name)",
                    key=str(number),
                    name="x" * 1000,
                )

    with pytest.raises(StorageError, match="full"):
        await fill()
    assert await topics(db) == []
    async with db.transaction() as tx:
        await tx.value("PRAGMA max_page_count = 1000000")
    await fill()
    assert len(await topics(db)) == 1000


async def test_a_mistake_of_ours_is_no_storage_error(db: Database) -> None:
    async with db.reading() as cx:
        with pytest.raises((sqlite3.OperationalError, psycopg.ProgrammingError), match="nowhere"):
            await cx.rows("SELECT * FROM nowhere")


async def test_what_was_committed_is_there_after_opening_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kabar.db'}"
    first = await open_database(url)
    await add_topic(first, "a")
    await first.close()
    second = await open_database(url)
    assert await topics(second) == ["a"]
    await second.close()


async def test_a_file_that_is_no_database_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "kabar.db"
    path.write_text("This is a letter, not a database. " * 100)
    with pytest.raises(OperatorError, match=r"KABAR_DATABASE_URL"):
        await open_database(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url", ["kabar.db", "mysql:///kabar", "sqlite:///", "postgresql://localhost/kabar"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(OperatorError, match="KABAR_DATABASE_URL"):
        sqlite_path(url)


async def test_a_missing_folder_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "kabar.db"
    with pytest.raises(OperatorError, match="there is no folder"):
        SingleProcess(path).acquire()
    with pytest.raises(OperatorError, match="there is no folder"):
        await open_database(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "content", [b"", b"no database at all, but long enough to look like one" * 9]
)
def test_what_cannot_be_held_is_no_other_process(tmp_path: Path, content: bytes) -> None:
    held = tmp_path / "kabar.db-run"
    if content:
        held.write_bytes(content)
    else:
        held.mkdir()
    with pytest.raises(OperatorError, match="cannot be opened"):
        SingleProcess(tmp_path / "kabar.db").acquire()


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    first, second = (SingleProcess(tmp_path / "kabar.db") for _ in range(2))
    first.acquire()
    with pytest.raises(OperatorError, match="Another kabar run"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_a_statement_of_two_dialects() -> None:
    assert in_dialect({"sqlite": "a", "postgresql": "b"}, "postgresql") == "b"
    assert in_dialect("same", "sqlite") == "same"


# --- migrations -----------------------------------------------------------------------------------


async def test_migrating_twice_changes_nothing(db: Database) -> None:
    assert await migrate.upgrade(db) == []


async def test_a_newer_database_is_refused(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO migration VALUES (9999, 'future', 'x', 0)")
    with pytest.raises(OperatorError, match="newer Kabar"):
        await migrate.upgrade(db)


async def test_a_migration_that_was_changed_is_refused(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("UPDATE migration SET checksum = 'other' WHERE number = 1")
    with pytest.raises(OperatorError, match="another form of migration 0001"):
        await migrate.upgrade(db)


async def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "migrations" / "sqlite"
    folder.mkdir(parents=True)
    (folder / "0001_good.sql").write_text("CREATE TABLE a (id INTEGER);\n")
    (folder / "0002_bad.sql").write_text("CREATE TABLE b (id INTEGER);\nCREATE TABLE a (x);\n")
    raw = await open_sqlite(tmp_path / "kabar.db")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        await migrate.upgrade(raw, tmp_path / "migrations")
    async with raw.reading() as cx:
        tables = await cx.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert sorted(row["name"] for row in tables) == ["a", "migration"]
        assert await cx.value("SELECT max(number) FROM migration") == 1
    await raw.close()


def test_statements_are_told_apart_also_within_triggers() -> None:
    text = (
        "CREATE TABLE a (id INTEGER); -- one\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a; SELECT 1;\nEND;\n-- the end\n"
    )
    found = list(statements(text))
    assert len(found) == 2
    assert found[1].endswith("END;")


def test_a_file_that_ends_within_a_statement_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="within a statement"):
        list(statements("CREATE TABLE a ("))


async def test_a_batch_is_one_journey_in_order(db: Database) -> None:
    async with db.transaction() as tx:
        made, found = await tx.batch(
            ("INSERT INTO topic (key, name) VALUES ('a', 'A') RETURNING id", {}),
            ("SELECT key FROM topic WHERE name = :name", {"name": "A"}),
        )
        assert len(made) == 1
        assert [row["key"] for row in found] == ["a"]


async def test_a_batch_that_fails_leaves_nothing(db: Database) -> None:
    insert = "INSERT INTO topic (key, name) VALUES (:key, 'A')"

    async def twice() -> None:
        async with db.transaction() as tx:
            await tx.batch((insert, {"key": "a"}), (insert, {"key": "a"}))

    with pytest.raises(REFUSED):
        await twice()
    assert await topics(db) == []


_DURABLE = {
    "sqlite": "PRAGMA synchronous",
    "postgresql": "SELECT current_setting('synchronous_commit')",
}
_LEVELS: dict[str, dict[bool, Any]] = {
    "sqlite": {True: 2, False: 1},
    "postgresql": {True: "on", False: "off"},
}


@pytest.mark.parametrize("durable", [True, False])
async def test_durable_or_not_a_commit_is_there_for_others(db: Database, durable: bool) -> None:
    for number in range(2):
        async with db.transaction(durable=durable) as tx:
            await tx.run("INSERT INTO topic (key, name) VALUES (:key, '')", key=str(number))
            level = await tx.value(_DURABLE[db.dialect])
        assert level == _LEVELS[db.dialect][durable]
    assert await topics(db) == ["0", "1"]


async def test_a_transaction_in_which_nothing_happened_is_nothing(db: Database) -> None:
    async with db.transaction():
        pass
    await add_topic(db, "b")
    assert await topics(db) == ["b"]

"""Backups of a PostgreSQL without its tools: one moment, whole or not at all, kept beside."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.errors import OperatorError, Superseded
from bot.core.search.query import parse
from storage import (
    Database,
    SharedDatabase,
    erasure,
    migrate,
    open_database,
    postgres_copies,
    processes,
    search,
    sqlite_copies,
)
from storage.postgres_opening import open_postgres
from tests.conftest import JAKARTA, NOON
from tests.storage.test_moving import everything, fill
from tests.support.postgres import PostgresServer
from tests.support.sending import add_chats, announce


@pytest.fixture(params=["postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def untold(what: str, done: int, total: int) -> None:
    """Nobody looks at the progress."""


async def contents(url: str) -> dict[str, list[dict[str, object]]]:
    """All that is kept there, but for what each engine keeps for itself."""
    db = await open_database(url)
    found = await everything(db)
    await db.close()
    found["memo"] = [one for one in found["memo"] if not str(one["key"]).startswith("search.")]
    return found


@pytest.fixture(scope="module")
def newsroom(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A database with something in it, and a backup of it."""
    url, path = postgres.create(), tmp_path_factory.mktemp("backup") / "copy.db"

    async def make() -> None:
        db = await open_database(url)
        await fill(db)
        await db.close()
        await postgres_copies.save(url, path, untold)

    asyncio.run(make())
    return url, path


@pytest.fixture
def database_url(newsroom: tuple[str, Path], postgres: PostgresServer) -> Iterator[str]:
    url = postgres.create(like=newsroom[0])
    yield url
    postgres.drop(url)


@pytest.fixture
def copy(newsroom: tuple[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copy(newsroom[1], tmp_path / "copy.db"))


def files(folder: Path) -> dict[str, int]:
    """What is in a folder, and who may read it."""
    return {one.name: one.stat().st_mode & 0o777 for one in folder.iterdir()}


async def test_a_backup_is_one_whole_file_for_its_owner(copy: Path, database_url: str) -> None:
    assert files(copy.parent) == {"copy.db": 0o600}
    assert sqlite_copies.counts(copy) == (5, 2500)
    assert await contents(f"sqlite:///{copy}") == await contents(database_url)


async def test_a_backup_is_one_moment_though_others_write(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    """At every page somebody subscribes: a chat and what it wants, never the one without the
    other."""
    path, number = tmp_path / "copy.db", 10_000
    told: list[str] = []

    async def live() -> None:
        nonlocal number
        number += 1
        await add_chats(db, number, now=NOON)

    def progress(what: str, done: int, total: int) -> None:
        told.append(what)
        tasks.add(asyncio.create_task(live()))

    tasks: set[asyncio.Task[None]] = set()
    await postgres_copies.save(database_url, path, progress)
    await asyncio.gather(*tasks)
    assert len(told) > 5
    assert sqlite_copies.counts(path) == (5, 2500)
    kept, there = await contents(f"sqlite:///{path}"), await contents(database_url)
    assert len(kept["subscription"]) == 2500
    assert len(there["subscription"]) > 2505


async def test_what_is_restored_is_the_copy_and_the_old_one_is_kept(
    copy: Path, db: Database, database_url: str
) -> None:
    before = await contents(database_url)
    await add_chats(db, 9999, now=NOON)
    await db.close()
    kept = await postgres_copies.replace(database_url, copy, untold)
    assert kept is not None
    assert await contents(database_url) == before
    there = await open_postgres(database_url, schema=kept)
    async with there.reading() as cx:
        assert await cx.value("SELECT count(*) FROM chat WHERE telegram_id = 9999") == 1
    assert await postgres_copies.kept(there) == [kept]
    await there.close()
    opened = await open_database(database_url)
    async with opened.reading() as cx:
        page = await search.search(cx, parse("berita 3", JAKARTA), now=NOON)
        assert not await cx.value(
            "SELECT count(*) FROM pg_namespace WHERE nspname = 'kabar_incoming'"
        )
    assert page.hits[0].headline == "Berita 3"
    await add_chats(opened, 9998, now=NOON)  # numbers go on
    await announce(opened, 1)
    await opened.close()


async def test_restored_twice_and_where_nothing_is(
    copy: Path, postgres: PostgresServer, database_url: str
) -> None:
    url = postgres.create_empty("fresh")
    assert await postgres_copies.replace(url, copy, untold) is None
    assert await contents(url) == await contents(database_url)
    assert await postgres_copies.replace(url, copy, untold) is not None
    assert await contents(url) == await contents(database_url)
    postgres.drop(url)


async def test_a_backup_of_the_other_engine(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    sqlite = f"sqlite:///{tmp_path / 'kabar.db'}"
    other = await open_database(sqlite)
    await fill(other)
    await other.close()
    sqlite_copies.copy(tmp_path / "kabar.db", tmp_path / "copy.db", lambda *_: None)
    await postgres_copies.replace(database_url, tmp_path / "copy.db", untold)
    assert await contents(database_url) == await contents(sqlite)


async def test_nothing_is_replaced_or_erased_under_a_running_bot(
    copy: Path, db: Database, database_url: str
) -> None:
    assert isinstance(db, SharedDatabase)
    async with db.transaction() as tx:
        await processes.enter(tx, "elsewhere:7", seconds=60, alone=False)
    before = await contents(database_url)
    with pytest.raises(OperatorError, match="elsewhere:7"):
        await postgres_copies.replace(database_url, copy, untold)
    with pytest.raises(OperatorError, match="elsewhere:7"):
        await erasure.erase(db)
    assert await contents(database_url) == before


async def test_a_bot_that_begins_meanwhile_is_not_replaced(
    copy: Path, db: Database, database_url: str
) -> None:
    begun: list[asyncio.Task[int]] = []

    async def begin() -> int:
        async with db.transaction() as tx:
            return await processes.enter(tx, "late", seconds=60, alone=False)

    def progress(what: str, done: int, total: int) -> None:
        if not begun:
            begun.append(asyncio.create_task(begin()))

    before = await contents(database_url)
    with pytest.raises(OperatorError, match="late"):
        await postgres_copies.replace(database_url, copy, progress)
    assert await contents(database_url) == before


async def test_a_process_that_was_paused_meanwhile_can_write_nothing(
    copy: Path, db: Database, database_url: str
) -> None:
    assert isinstance(db, SharedDatabase)
    async with db.transaction() as tx:
        number = await processes.enter(tx, "paused", seconds=-1, alone=False)
    db.fence(number)
    async with db.transaction() as tx:
        await tx.value("SELECT count(*) FROM memo")
    await postgres_copies.replace(database_url, copy, untold)
    other = await open_database(database_url)
    async with other.transaction() as tx:
        assert await processes.enter(tx, "new", seconds=60, alone=False) > number
    await other.close()
    with pytest.raises(Superseded):
        await add_chats(db, 9999, now=NOON)


def spoil(copy: Path, target: Path) -> None:
    body = bytearray(copy.read_bytes())
    body[8192:16384] = b"\xa5" * 8192
    target.write_bytes(bytes(body))


async def test_a_damaged_backup_or_one_of_a_newer_kabar_is_refused(
    copy: Path, database_url: str, tmp_path: Path
) -> None:
    before = await contents(database_url)
    spoil(copy, tmp_path / "hole.db")
    with contextlib.closing(sqlite3.connect(copy)) as raw, raw:
        raw.execute("INSERT INTO migration VALUES (9999, 'future', 'x', 1)")
    for name, said in (("hole.db", "damaged"), ("copy.db", "newer Kabar"), ("none", "no file")):
        with pytest.raises(OperatorError, match=said):
            await postgres_copies.replace(database_url, tmp_path / name, untold)
    assert await contents(database_url) == before


async def test_an_old_database_is_saved_as_it_is_and_upgraded_when_restored(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """What one does before an upgrade, with the new version installed already."""
    url = postgres.create_empty("old")
    db = await open_postgres(url)
    await migrate.upgrade(db, to=20)
    await add_old_chats(db)
    await postgres_copies.save(url, tmp_path / "copy.db", untold)
    async with db.reading() as cx:
        assert await cx.value("SELECT max(number) FROM migration") == 20
    await db.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
        assert raw.execute("SELECT max(number) FROM migration").fetchone() == (20,)
    assert await postgres_copies.replace(url, tmp_path / "copy.db", untold) is not None
    assert [one["telegram_id"] for one in (await contents(url))["chat"]] == [7]
    postgres.drop(url)


async def add_old_chats(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO chat (telegram_id, kind, created_at) VALUES (7, 'private', 1)")


async def test_nothing_to_save(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.create_empty("nothing")
    with pytest.raises(OperatorError, match="nothing of Kabar"):
        await postgres_copies.save(url, tmp_path / "copy.db", untold)
    assert not files(tmp_path)
    postgres.drop(url)


async def test_a_backup_that_cannot_be_written(copy: Path, database_url: str) -> None:
    target = copy.parent / "nowhere" / "copy.db"
    with pytest.raises(OperatorError, match=r"could not be written: No such file or directory\.$"):
        await postgres_copies.save(database_url, target, untold)


async def test_a_disk_that_is_full_is_told_with_the_backups_name(
    database_url: str, tmp_path: Path
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(OperatorError, match=r"copy\.db could not be written"):
            await postgres_copies.save(database_url, tmp_path / "copy.db", untold)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not files(tmp_path)


async def test_what_a_killed_restore_left_is_deleted_by_the_next(
    copy: Path, postgres: PostgresServer
) -> None:
    left, at_work = (copy.parent / f".kabar-restore-{name}" for name in ("dead", "live"))
    for folder in (left, at_work):
        folder.mkdir()
        (folder / "copy.db.part").write_bytes(b"Ani")
    other = os.open(at_work, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    url = postgres.create_empty("after_killed")
    await postgres_copies.replace(url, copy, untold)
    os.close(other)
    assert (left.exists(), at_work.exists()) == (False, True)
    shutil.rmtree(at_work)
    postgres.drop(url)


async def test_a_user_who_owns_that_database_alone_is_enough(
    copy: Path, postgres: PostgresServer
) -> None:
    """As docs/operating.md creates it."""
    postgres.admin("CREATE ROLE modest LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    postgres.admin("CREATE DATABASE modest OWNER modest ENCODING 'UTF8' TEMPLATE template0")
    postgres.admin("REVOKE CONNECT ON DATABASE modest FROM PUBLIC")
    url = postgres.url("modest").replace("postgres:@", "modest@")
    db = await open_database(url)
    await add_chats(db, 7, now=NOON)
    await db.close()
    assert await postgres_copies.replace(url, copy, untold) is not None
    await postgres_copies.save(url, copy.with_name("again.db"), untold)
    assert sqlite_copies.counts(copy.with_name("again.db")) == (5, 2500)
    db = await open_database(url)
    assert isinstance(db, SharedDatabase)
    await erasure.erase(db)
    await erasure.shred(db)
    await db.close()
    postgres.drop(url)

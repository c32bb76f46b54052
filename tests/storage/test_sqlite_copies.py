"""Backup and restore of a SQLite file: one moment, whole or not at all, for the owner alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from bot.core.errors import OperatorError
from storage import SingleProcess, open_database, sqlite_copies
from tests.conftest import NOON
from tests.support.sending import add_article, add_chats


def untold(done: int, total: int) -> None:
    """Nobody looks at the progress."""


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    """A closed database with an article and a few chats."""
    path = tmp_path / "kabar.db"
    db = await open_database(f"sqlite:///{path}")
    await add_article(db)
    await add_chats(db, *range(1, 6))
    await db.close()
    return path


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as raw:
        return raw.execute(sql).fetchall()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "kabar.db"
    path.touch(0o666)
    path.chmod(0o666)
    db = await open_database(f"sqlite:///{path}")
    await add_article(db)
    sqlite_copies.copy(path, tmp_path / "copy.db", untold)
    for one in ("kabar.db", "kabar.db-wal", "kabar.db-shm", "copy.db"):
        assert mode(tmp_path / one) == 0o600
    await db.close()


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """The address may name any file by a slip, one that everybody has to read too."""
    path = tmp_path / "list"
    path.write_text("root:x:0:0\n")
    path.chmod(0o644)
    with pytest.raises(OperatorError, match="no SQLite database"):
        await open_database(f"sqlite:///{path}")
    assert mode(path) == 0o644
    assert path.read_text() == "root:x:0:0\n"


def test_a_copy_is_one_moment_though_others_write(database: Path, tmp_path: Path) -> None:
    """The writer keeps two tables equal and never rests; the copy begins once and ends."""
    with contextlib.closing(sqlite3.connect(database)) as raw:
        raw.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE one (x); CREATE TABLE two (x);"
            "CREATE TABLE filling (x); INSERT INTO filling WITH RECURSIVE n(i) AS (SELECT 1"
            " UNION ALL SELECT i + 1 FROM n WHERE i < 4000) SELECT randomblob(4000) FROM n"
        )
    stop, wrote, steps = threading.Event(), threading.Event(), []

    def write() -> None:
        with contextlib.closing(sqlite3.connect(database, timeout=30)) as raw:
            while not stop.is_set():
                with raw:
                    raw.execute("INSERT INTO one VALUES (1)")
                    raw.execute("INSERT INTO two VALUES (1)")
                wrote.set()

    def told(done: int, total: int) -> None:
        steps.append(done)
        wrote.clear()
        wrote.wait(10)  # somebody writes between any two steps

    thread = threading.Thread(target=write)
    thread.start()
    try:
        sqlite_copies.copy(database, tmp_path / "copy.db", told)
    finally:
        stop.set()
        thread.join()
    assert len(steps) > 2
    assert steps == sorted(steps)
    assert rows(tmp_path / "copy.db", "SELECT (SELECT COUNT(*) FROM one) = COUNT(*) FROM two") == [
        (1,)
    ]


def test_what_is_restored_is_the_copy_and_the_old_one_is_kept(
    database: Path, tmp_path: Path
) -> None:
    sqlite_copies.copy(database, tmp_path / "copy.db", untold)
    with contextlib.closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE article SET headline = 'later'")
    # What a program that was killed leaves: a -wal that another database must not replay.
    stale = b"stale"
    database.with_name("kabar.db-shm").write_bytes(stale)
    kept = sqlite_copies.replace(database, tmp_path / "copy.db", name="before", progress=untold)
    assert kept == tmp_path / "kabar.db.before"
    assert rows(database, "SELECT headline FROM article") == [("Berita 1",)]
    assert rows(kept, "SELECT headline FROM article") == [("later",)]
    assert not database.with_name("kabar.db-wal").exists()
    assert mode(database) == 0o600


async def test_what_a_killed_program_had_in_its_wal_is_kept(tmp_path: Path) -> None:
    live, path = tmp_path / "live.db", tmp_path / "kabar.db"
    db = await open_database(f"sqlite:///{live}")
    await add_article(db)
    for end in ("", "-wal"):  # as kill -9 leaves it
        shutil.copy(f"{live}{end}", f"{path}{end}")
    await db.close()
    sqlite_copies.copy(live, tmp_path / "copy.db", untold)
    kept = sqlite_copies.replace(path, tmp_path / "copy.db", name="before", progress=untold)
    assert kept is not None
    assert rows(kept, "SELECT COUNT(*) FROM article") == [(1,)]


def test_restoring_where_nothing_is(database: Path, tmp_path: Path) -> None:
    stale = tmp_path / "other.db-wal"
    stale.write_bytes(b"of a database that is no more")
    target = tmp_path / "other.db"
    assert sqlite_copies.replace(target, database, name="before", progress=untold) is None
    assert rows(target, "SELECT COUNT(*) FROM chat") == [(5,)]
    assert not stale.exists() or stale.read_bytes() != b"of a database that is no more"


def spoil(path: Path, how: str) -> None:
    body = bytearray(path.read_bytes())
    if how == "cut off":
        body = body[: len(body) // 2]
    elif how == "a hole":
        body[8192:16384] = b"\xa5" * 8192
    elif how == "no database":
        body = bytearray(b"dear diary " * 1000)
    else:
        body = bytearray()
    path.write_bytes(bytes(body))


SPOILT = ["cut off", "a hole", "no database", "empty"]


@pytest.mark.parametrize("how", SPOILT)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    database: Path, tmp_path: Path, how: str
) -> None:
    copy = tmp_path / "copy.db"
    sqlite_copies.copy(database, copy, untold)
    spoil(copy, how)
    before = database.read_bytes()
    with pytest.raises(OperatorError, match=r"copy\.db is (damaged|no database of Kabar)"):
        sqlite_copies.replace(database, copy, name="before", progress=untold)
    assert database.read_bytes() == before
    assert not list(tmp_path.glob("*.before*")) + list(tmp_path.glob("*.part"))


def test_a_backup_of_a_newer_kabar_is_refused(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    sqlite_copies.copy(database, copy, untold)
    with contextlib.closing(sqlite3.connect(copy)) as raw, raw:
        raw.execute("INSERT INTO migration VALUES (9999, 'future', 'x', 1)")
    with pytest.raises(OperatorError, match="was written by a newer Kabar"):
        sqlite_copies.replace(database, copy, name="before", progress=untold)


def test_a_copy_that_cannot_be_written_leaves_nothing(database: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="could not be copied"):
        sqlite_copies.copy(database, tmp_path / "nowhere" / "copy.db", untold)
    assert sorted(one.name for one in tmp_path.iterdir() if "copy" in one.name) == []


@pytest.mark.parametrize("how", ["cut off", "a hole", "no database"])
def test_a_damaged_database_is_not_kept_as_a_backup(
    database: Path, tmp_path: Path, how: str
) -> None:
    spoil(database, how)
    with pytest.raises(OperatorError) as caught:
        sqlite_copies.copy(database, tmp_path / "copy.db", untold)
    said = str(caught.value)
    assert said.startswith(f"{database} ")
    assert ".part" not in said
    assert "\n" not in said
    assert said.endswith(sqlite_copies.MEND)
    assert not list(tmp_path.glob("copy*"))


def test_the_file_that_tells_of_a_running_bot_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        held = SingleProcess(tmp_path / "kabar.db")
        held.acquire()
        held.release()
    finally:
        os.umask(before)
    assert mode(tmp_path / "kabar.db-run") == 0o600


async def test_a_folder_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.db").mkdir()
    with pytest.raises(OperatorError, match=r"x\.db cannot be opened: Is a directory\.$"):
        await open_database(f"sqlite:///{tmp_path / 'x.db'}")


@pytest.mark.parametrize("how", ["cut off", "a hole", "no database"])
async def test_a_damaged_database_is_one_sentence_with_what_to_do(database: Path, how: str) -> None:
    spoil(database, how)
    with pytest.raises(OperatorError, match=r"kabar restore FILE"):
        await use(database)


async def use(database: Path) -> None:
    """Open it and touch everything."""
    db = await open_database(f"sqlite:///{database}")
    try:
        async with db.transaction() as tx:
            for name in await tx.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
                await tx.rows(f"SELECT * FROM {name['name']}")
            await tx.run("UPDATE chat SET created_at = :now", now=NOON)
    finally:
        await db.close()


def test_a_copy_that_breaks_off_leaves_nothing_behind(database: Path, tmp_path: Path) -> None:
    def full(done: int, total: int) -> None:
        # What SQLite cannot tidy up on a full disk.
        (tmp_path / "copy.db.part-wal").write_bytes(b"x")
        raise OSError(28, "No space left on device")

    with pytest.raises(OperatorError, match="No space left"):
        sqlite_copies.copy(database, tmp_path / "copy.db", full)
    assert not list(tmp_path.glob("copy.db*"))

"""The drill: backed up in the middle of a broadcast, destroyed, restored, and it goes on.

Nothing is lost; doubled is at most what was sent since the backup began. The server counts.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from storage import open_database
from tests.support.crash_newsroom import newsroom
from tests.support.program import ROOT
from tests.support.sending import add_article, add_chats, announce
from tests.support.strict_server import Answer, Arrived, Server

pytestmark = pytest.mark.story
CHATS, ARTICLES, MORE = 300, 14, 200


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def destroy(database_url: str, folder: Path) -> None:
    """As a disk or a slip of the hand would."""
    if database_url.startswith("sqlite"):
        (folder / "kabar.db").write_bytes(b"\xa5" * 100_000)
        return
    with psycopg.connect(database_url) as raw:
        # What the killed program was doing may still be under way, and would end in a deadlock.
        raw.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        raw.execute("DROP SCHEMA public CASCADE")
        raw.execute("CREATE SCHEMA public")


def kabar(database_url: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command, as an operator would run it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KABAR_")
    }
    environment |= {"KABAR_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(180):
        while not done():  # noqa: ASYNC110 - the server counts
            await asyncio.sleep(0.02)


def posts(arrived: list[Arrived]) -> Counter[tuple[int, str]]:
    return Counter((one.chat, one.text.partition("\n")[0]) for one in arrived)


async def test_backup_destroy_restore(database_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    db = await open_database(database_url)
    await add_chats(db, *range(1, CHATS + 1))
    for _ in range(ARTICLES):
        await announce(db, await add_article(db))
    await db.close()
    copied, wanted = asyncio.Event(), CHATS * ARTICLES

    async def half_of_it(*_: object) -> Answer:
        """The broadcast does not end before the backup, however long that takes."""
        if len(server.arrived) > wanted // 2:
            await copied.wait()
        return None

    async with Server() as server, newsroom(database_url, server.root) as room:
        server.faults.append(half_of_it)
        child = await room.start()
        await until(lambda: len(server.arrived) > 300)
        began = len(server.arrived)
        done = await asyncio.to_thread(kabar, database_url, tmp_path, "backup", str(copy))
        taken = len(server.arrived)
        copied.set()
        assert done.returncode == 0, done.stderr
        await until(lambda: len(server.arrived) > taken + MORE)
        os.kill(child, signal.SIGKILL)
        killed = len(server.arrived)
        await asyncio.to_thread(destroy, database_url, tmp_path)
        done = await asyncio.to_thread(kabar, database_url, tmp_path, "restore", str(copy))
        assert done.returncode == 0, done.stderr
        child = await room.start()
        await until(lambda: len(server.arrived) >= wanted and len(posts(server.arrived)) == wanted)
        await until(lambda: server.flying == 0)
        os.kill(child, signal.SIGKILL)
        counts = posts(server.arrived)
    doubled = sum(counts.values()) - wanted
    print(f"{began} before the backup, {killed - began} since, {doubled} doubled, 0 lost")
    assert len(counts) == wanted
    assert doubled >= MORE  # what came after the copy is sent again
    assert doubled <= killed - began + 50  # and what was on the wire when the backup began

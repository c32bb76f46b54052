"""What readers asked for outlives `kill -9`: the real program, killed with news kept back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage import open_database
from tests.conftest import JAKARTA
from tests.support.story_scene import OLD, PATIENCE, Scene, fresh, open_scene

pytestmark = pytest.mark.story


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncIterator[Scene]:
    async with open_scene(tmp_path, database_url=database_url, entries=(OLD,)) as opened:
        yield opened


def quiet_now() -> str:
    """Hours around this moment, as somebody types them."""
    now = datetime.fromtimestamp(time.time(), JAKARTA)
    begin, end = now - timedelta(hours=2), now + timedelta(hours=2)
    return f"{begin:%H:%M}-{end:%H:%M}"


KEPT = "SELECT COUNT(*) = 4 FROM kept_back"
RECORDED = "SELECT COUNT(*) = 0 FROM delivery WHERE state IN ('due', 'claimed', 'unknown')"


async def until(database_url: str, true: str) -> None:
    """Wait for something to be in the database."""
    db = await open_database(database_url)
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with db.reading() as cx:
                    if await cx.value(true):
                        return
                await asyncio.sleep(0.05)
    finally:
        await db.close()


async def minute_over(database_url: str) -> None:
    """The ticker may be edited again."""
    db = await open_database(database_url)
    try:
        async with db.transaction() as tx:
            await tx.run("UPDATE ticker SET due_at = 0")
    finally:
        await db.close()


async def test_killed_with_news_kept_back_it_comes_once(scene: Scene, database_url: str) -> None:
    await scene.first_look()
    scene.telegram.people.say(scene.anna, "/ticker@kabar_bot on", scene.group)
    ticker = await scene.next(scene.group, "Berita lama")
    for who, command, said in (
        (scene.ani, "/subscribe", "🔔"),
        (scene.ani, f"/quiet {quiet_now()}", "🌙"),
        (scene.rudi, "/digest 07:00", "🗞"),
    ):
        scene.telegram.people.say(who, command)
        await scene.next(who, said)
    scene.site.items[:0] = [fresh("dua"), fresh("satu")]
    await until(database_url, KEPT)
    await scene.program.kill()
    await scene.program.start()
    for who, command in ((scene.ani, "/quiet off"), (scene.rudi, "/digest off")):
        scene.telegram.people.say(who, command)
        await scene.next(who, "Berita satu")
        await scene.next(who, "Berita dua")
    await until(database_url, RECORDED)  # what is in flight at a kill may come again
    await scene.program.kill()
    await scene.program.start()
    scene.telegram.people.say(scene.ani, "/settings")
    await scene.next(scene.ani, "⚙️")
    for who in (scene.ani, scene.rudi):
        assert [scene.count(who, name) for name in ("Berita satu", "Berita dua")] == [1, 1]
    await minute_over(database_url)
    await scene.becomes(scene.group, ticker["id"], "Berita dua")
    assert scene.count(scene.group, "Berita lama") == 1

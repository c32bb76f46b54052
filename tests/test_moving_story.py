"""A newsroom moves to PostgreSQL and back: nothing comes twice, and the next article comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer
from tests.support.story_scene import Scene, fresh, open_scene

pytestmark = pytest.mark.story


async def move(scene: Scene, source: str, target: str) -> None:
    program = scene.program
    assert await program.stop() == 0
    await program.start("migrate", "--from", source, "--to", target)
    assert await program.ended() == 0, program.said()[-2000:]
    program.settings["KABAR_DATABASE_URL"] = target
    await program.start()


async def test_a_newsroom_moves_there_and_back(tmp_path: Path, postgres: PostgresServer) -> None:
    sqlite, back = "sqlite:///kabar.db", "sqlite:///back.db"
    server = postgres.create()
    async with open_scene(tmp_path, database_url=sqlite) as scene:
        await scene.first_look()
        await scene.everybody_subscribes()
        scene.site.items = [fresh("gempa")]
        post = await scene.next(scene.ani, "Berita gempa")
        scene.telegram.people.say(scene.ani, "Semoga semua selamat.", reply_to=post["id"])
        card = await scene.next(scene.desk, "Semoga semua selamat.")
        await move(scene, sqlite, server)
        scene.site.items.insert(0, fresh("banjir"))
        for place in (scene.ani, scene.group, scene.channel):
            await scene.next(place, "Berita banjir")
        await scene.press(scene.anna, scene.desk, card, "✅")
        await scene.becomes(scene.ani, post["id"], "💬 1")
        await move(scene, server, back)
        scene.site.items.insert(0, fresh("panen"))
        for place in (scene.ani, scene.group, scene.channel):
            await scene.next(place, "Berita panen")
        scene.telegram.people.say(scene.ani, "/search gempa")
        await scene.next(scene.ani, "gempa", after=post["id"])
        await scene.telegram.settled(quiet_s=0.5)
        for name in ("gempa", "banjir", "panen"):
            for place in (scene.ani, scene.group, scene.channel):
                posts = [
                    one
                    for one in scene.telegram.said(place)
                    if one["text"].startswith(f"Berita {name}")
                ]
                assert len(posts) == 1
        assert scene.count(scene.desk, "Semoga semua selamat.") == 1


async def test_a_bot_that_runs_is_not_moved(tmp_path: Path, postgres: PostgresServer) -> None:
    server = postgres.create()
    async with open_scene(tmp_path, database_url="sqlite:///kabar.db") as scene:
        await scene.first_look()
        second = type(scene.program)(tmp_path, dict(scene.program.settings))
        second.log = tmp_path / "move.log"
        await second.start("migrate", "--from", "sqlite:///kabar.db", "--to", server)
        assert await second.ended() == 1
        assert "Another kabar run" in second.said()

"""The operator's story: the real program is watched, hears by web hook, goes back to polling."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import NOON
from tests.support.feed_site import item
from tests.support.hub import open_hub
from tests.support.ports import free_port
from tests.support.program import Program
from tests.support.story_scene import PATIENCE, Scene, open_scene

pytestmark = pytest.mark.story


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(tmp_path) as opened:
        yield opened


async def ask(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


async def until_ready(address: str) -> None:
    """While the program starts nobody listens, then it is not ready."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                status, _ = await ask(f"{address}/readyz")
            except aiohttp.ClientConnectorError:
                status = 0
            if status == 200:
                return
            await asyncio.sleep(0.05)


async def test_a_pushed_article_is_with_its_first_chat_at_once(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.first_look()
    await scene.everybody_subscribes()
    await scene.program.stop()
    listen = f"127.0.0.1:{free_port()}"
    settings = scene.program.settings | {
        "KABAR_PUBLIC_URL": f"http://{listen}",
        "KABAR_LISTEN": listen,
    }
    async with open_hub() as hub, Program(tmp_path, settings) as program:
        scene.site.hub, scene.site.itself = hub.address, scene.site.feed
        scene.site.items = [item("lama", published=NOON - 3600)]  # an empty feed has no first look
        async with asyncio.timeout(PATIENCE):
            await hub.got_one.wait()
        assert (await hub.verify())[0] == 200
        scene.site.status = 500  # what comes now did not come by polling
        began = time.monotonic()
        assert await hub.push(scene.site.document([item("dorong", published=NOON)])) == 202
        await scene.next(scene.ani, "Berita dorong")
        took = time.monotonic() - began
        print(f"from push to first chat: {took:.3f} s")
        assert await program.stop() == 0
    assert "Traceback" not in program.said()


async def test_by_web_hook_and_watched_and_back_to_polling(scene: Scene, tmp_path: Path) -> None:
    await scene.first_look()
    await scene.program.stop()
    listen, metrics = (f"127.0.0.1:{free_port()}" for _ in range(2))
    settings = scene.program.settings | {
        "KABAR_WEBHOOK_URL": f"http://{listen}/kabar/telegram",
        "KABAR_PUBLIC_URL": f"http://{listen}/kabar",
        "KABAR_LISTEN": listen,
        "KABAR_METRICS_LISTEN": metrics,
        "KABAR_NOTICES": "true",
    }
    program = Program(tmp_path, settings, fresh=True)
    async with program:
        scene.telegram.people.say(scene.ani, "/subscribe")
        await scene.next(scene.ani, "🔔")
        await until_ready(f"http://{metrics}")
        assert await ask(f"http://{metrics}/healthz") == (200, "ok\n")
        _, text = await ask(f"http://{metrics}/metrics")
        assert "kabar_ready 1.0" in text
        assert 'kabar_loop_age_seconds{loop="polling"}' in text
        assert "kabar_update_lag_seconds_count 0.0" not in text
        assert scene.telegram.token not in text
        assert await program.stop() == 0
    assert "Traceback" not in program.said()
    async with Program(tmp_path, scene.program.settings):
        scene.telegram.people.say(scene.ani, "/unsubscribe")
        await scene.next(scene.ani, "🔕")
        assert '"event": "webhook.removed"' in program.said()

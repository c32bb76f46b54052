"""Several `kabar run` on one PostgreSQL behind a load balancer, as their readers meet them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from storage import open_database, processes
from tests.conftest import NOON
from tests.support.feed_site import item
from tests.support.hub import open_hub
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer
from tests.support.program import Program
from tests.support.round_robin import balancing
from tests.support.story_scene import PATIENCE, Scene, open_scene
from tests.test_operating_story import until_ready

pytestmark = pytest.mark.story
COUNT, SAID = 2, 5


@asynccontextmanager
async def together(scene: Scene, folder: Path) -> AsyncIterator[tuple[list[Program], Counter[str]]]:
    """Processes behind one address, ready; and what each of them got from the balancer."""
    took: Counter[str] = Counter()
    ports = [f"127.0.0.1:{free_port()}" for _ in range(COUNT)]
    async with AsyncExitStack() as stack:
        public = await stack.enter_async_context(balancing(ports, took))
        programs, watched = [], []
        for port in ports:
            place, metrics = folder / port.partition(":")[2], f"127.0.0.1:{free_port()}"
            place.mkdir()
            more = {
                "KABAR_WEBHOOK_URL": f"{public}/telegram",
                "KABAR_PUBLIC_URL": public,
                "KABAR_LISTEN": port,
                "KABAR_METRICS_LISTEN": metrics,
            }
            program = Program(place, scene.program.settings | more)
            programs.append(await stack.enter_async_context(program))
            watched.append(metrics)
        for metrics in watched:
            await until_ready(f"http://{metrics}")
        try:
            yield programs, took
        finally:
            for program in programs:
                print(program.said()[-4000:])  # shown beside a story that failed


async def leader(url: str, role: str) -> int:
    """The system's number of the process that leads a role."""
    db = await open_database(url)
    async with db.reading() as cx:
        names = {one.role: one.process for one in await processes.leaders(cx)}
    await db.close()
    return int(names[role].rpartition(":")[2])


async def test_updates_are_handled_once_and_in_order_and_pushes_arrive_anywhere(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    url = postgres.create()
    async with open_scene(tmp_path, database_url=url) as scene, open_hub() as hub:
        await scene.first_look()
        await scene.everybody_subscribes()
        await scene.program.stop()
        scene.site.hub, scene.site.itself = hub.address, scene.site.feed
        scene.site.items = [item("lama", published=NOON - 3600)]
        async with together(scene, tmp_path) as (programs, took):
            await _answers_in_order(scene)
            assert len(took) == COUNT  # each of them had something to do
            async with asyncio.timeout(PATIENCE):
                await hub.got_one.wait()
            assert (await hub.verify())[0] == 200
            scene.site.status = 500  # what comes now did not come by polling
            polls = await leader(url, "poller")
            [other] = [one for one in programs if one.pid != polls]
            public = hub.asked[-1]["hub.callback"]
            listen = other.settings["KABAR_LISTEN"]
            hub.asked[-1]["hub.callback"] = f"http://{listen}/websub/{public.rpartition('/')[2]}"
            began = time.monotonic()
            body = scene.site.document([item("dorong", published=NOON)])
            assert await hub.push(body) == 202
            await scene.next(scene.ani, "Berita dorong")
            took_seconds = time.monotonic() - began
            print(f"from push at a process that does not poll to first chat: {took_seconds:.3f} s")
            assert '"event": "leader.leads"' in "".join(one.said() for one in programs)
            for program in programs:
                assert await program.stop() == 0
                assert "Traceback" not in program.said()


async def _answers_in_order(scene: Scene) -> None:
    """Everybody asks several things at once; each answer comes once, in the order of the questions
    of its chat."""
    people = (scene.ani, scene.anna, scene.rudi)
    for number in range(SAID):
        for who in people:
            scene.telegram.people.say(who, f"/search kata{number} nihil")
    for who in people:
        await scene.next(who, f"kata{SAID - 1}")
    await scene.telegram.settled(quiet_s=1.0)
    for who in people:
        answers = [one["text"] for one in scene.telegram.said(who) if "nihil" in one["text"]]
        asked = [next(n for n in range(SAID) if f"kata{n}" in text) for text in answers]
        assert asked == list(range(SAID)), answers

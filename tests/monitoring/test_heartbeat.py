"""The heartbeat over real HTTP: asked while all is well, silent otherwise, never a fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.monitoring.heartbeat import Heartbeat


class Alarm:
    """The service that listens. `reasons` are what the program says at its next turns."""

    def __init__(self) -> None:
        self.heard = 0
        self.turns = 0
        self.status = 200
        self.reasons: list[str] = []
        self.turned = asyncio.Condition()

    async def hear(self, request: web.Request) -> web.Response:
        self.heard += 1
        return web.Response(status=self.status)

    async def silent(self) -> Sequence[str]:
        self.turns += 1
        async with self.turned:
            self.turned.notify_all()
        return self.reasons

    async def turn(self, times: int = 2) -> None:
        """Until the heartbeat has turned so many times."""
        goal = self.turns + times
        async with self.turned:
            await self.turned.wait_for(lambda: self.turns >= goal)


@asynccontextmanager
async def beating(address: str, alarm: Alarm) -> AsyncIterator[None]:
    task = asyncio.create_task(Heartbeat(address, alarm.silent, every=0).run())
    try:
        yield
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def server() -> AsyncIterator[tuple[Alarm, str]]:
    alarm = Alarm()
    app = web.Application()
    app.router.add_get("/ping", alarm.hear)
    server = TestServer(app)
    await server.start_server()
    yield alarm, f"http://127.0.0.1:{server.port}/ping"
    await server.close()


async def test_it_is_heard_while_all_is_well(server: tuple[Alarm, str]) -> None:
    alarm, address = server
    async with beating(address, alarm):
        await alarm.turn(3)
        assert alarm.heard >= 2
        alarm.reasons = ["The loop of polling stands still."]
        await alarm.turn()
        heard = alarm.heard
        await alarm.turn(5)
        assert alarm.heard == heard
        alarm.reasons = []
        await alarm.turn(3)
        assert alarm.heard > heard


async def test_a_service_that_refuses_or_is_away_ends_nothing(server: tuple[Alarm, str]) -> None:
    alarm, address = server
    alarm.status = 500
    async with beating(address, alarm):
        await alarm.turn(3)
    async with beating("http://127.0.0.1:1/ping", alarm):
        await alarm.turn(3)

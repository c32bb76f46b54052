"""The web hook over real HTTP: only with the secret, answered only once it is stored."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import pytest

from bot.core.errors import OperatorError, StorageError
from bot.telegram.webhook import WebHookServer

SECRET = "sehr-geheim"
HEADER = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Inbox:
    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.full = False

    async def keep(self, updates: Sequence[dict[str, Any]]) -> None:
        if self.full:
            raise StorageError("full")
        self.kept += updates


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def address(inbox: Inbox) -> AsyncIterator[str]:
    port = free_port()
    hook = WebHookServer(
        inbox.keep,
        url="https://paper.example/kabar/hook",
        listen=f"127.0.0.1:{port}",
        secret=SECRET,
    )
    task = asyncio.create_task(hook.run())
    address = f"http://127.0.0.1:{port}/kabar/hook"
    async with aiohttp.ClientSession() as session:
        for _ in range(1000):
            try:
                await session.get(address)
                break
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0)
    yield address
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def call(address: str, content: object, headers: dict[str, str] = HEADER) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, json=content, headers=headers) as answer,
    ):
        return answer.status


async def test_an_update_with_the_secret_is_kept(address: str, inbox: Inbox) -> None:
    assert await call(address, {"update_id": 7}) == 200
    assert inbox.kept == [{"update_id": 7}]


@pytest.mark.parametrize(
    "headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "x"}, {HEADER.copy().popitem()[0]: "ü"}]
)
async def test_without_the_secret_nothing_is_kept(
    address: str, inbox: Inbox, headers: dict[str, str]
) -> None:
    assert await call(address, {"update_id": 7}, headers) == 403
    assert inbox.kept == []


@pytest.mark.parametrize("content", [[], {}, "x", {"update_id": "x"}, {"update_id": None}])
async def test_nonsense_is_refused(address: str, inbox: Inbox, content: object) -> None:
    assert await call(address, content) == 400


async def test_a_full_disk_makes_telegram_call_again(address: str, inbox: Inbox) -> None:
    inbox.full = True
    assert await call(address, {"update_id": 7}) == 503


async def test_a_port_in_use_is_one_sentence(address: str, inbox: Inbox) -> None:
    listen = address.removeprefix("http://").partition("/")[0]
    with pytest.raises(OperatorError, match="KABAR_LISTEN"):
        await WebHookServer(inbox.keep, url="https://a.example/", listen=listen, secret="x").run()

"""The web hook over real HTTP: only with the secret, answered only once it is stored."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest

from bot.core.errors import StorageError
from bot.http_server import HttpServer
from bot.telegram.webhook import MOST_BYTES, WebHook, derived_secret

SECRET = "sehr-geheim"
HEADER = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Inbox:
    """Where updates are stored: at once, after `goes_on`, or not at all."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.batches: list[int] = []
        self.full = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.busy = asyncio.Event()

    async def keep(self, updates: Sequence[dict[str, Any]]) -> None:
        self.busy.set()
        await self.goes_on.wait()
        if self.full:
            raise StorageError("full")
        self.batches.append(len(updates))
        self.kept += [one["update_id"] for one in updates]


class Hook:
    """A web hook that is served."""

    def __init__(
        self, inbox: Inbox, root: str, session: aiohttp.ClientSession, task: asyncio.Task[None]
    ) -> None:
        self.inbox = inbox
        self.task = task
        self.address = f"{root}/kabar/hook"
        self.root = root
        self._session = session

    async def call(self, content: object, headers: dict[str, str] = HEADER) -> int:
        return await self.send(orjson.dumps(content), headers)

    async def send(self, body: bytes, headers: dict[str, str] = HEADER) -> int:
        data = io.BytesIO(body)
        async with self._session.post(self.address, data=data, headers=headers) as answer:
            return answer.status


@asynccontextmanager
async def serving(inbox: Inbox, *, most: int = 1000, runs: bool = True) -> AsyncIterator[Hook]:
    hook = WebHook(
        inbox.keep,
        url="https://paper.example/kabar/hook",
        secret=SECRET,
        public_url="https://paper.example/kabar/",
        most=most,
    )
    # The port takes more for others: what hubs push may be a whole feed.
    server = HttpServer("127.0.0.1:0", hook.routes(), setting="X", max_bytes=2 * MOST_BYTES)
    async with server, aiohttp.ClientSession() as session:
        task = asyncio.create_task(hook.run() if runs else asyncio.sleep(0))
        yield Hook(inbox, f"http://127.0.0.1:{server.port}", session, task)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with serving(Inbox()) as found:
        yield found


async def test_an_update_with_the_secret_is_kept(hook: Hook) -> None:
    assert await hook.call({"update_id": 7}) == 200
    assert hook.inbox.kept == [7]


async def test_a_proxy_may_take_its_own_path_off(hook: Hook) -> None:
    hook.address = f"{hook.root}/hook"
    assert await hook.call({"update_id": 7}) == 200
    hook.address = f"{hook.root}/elsewhere"
    assert await hook.call({"update_id": 8}) == 404
    assert hook.inbox.kept == [7]


@pytest.mark.parametrize(
    "headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "x"}, {HEADER.copy().popitem()[0]: "ü"}]
)
async def test_without_the_secret_nothing_is_kept(hook: Hook, headers: dict[str, str]) -> None:
    assert await hook.call({"update_id": 7}, headers) == 403
    assert hook.inbox.kept == []


async def test_what_broke_on_its_way_comes_again(hook: Hook) -> None:
    assert await hook.send(b'{"update_id": 7, "mess') == 400


@pytest.mark.parametrize(
    "content",
    [[], {}, "x", None, 1, {"update_id": "x"}, {"update_id": None}, {"update_id": -1},
     {"update_id": 2**63}, {"update_id": 1.5}, {"update_id": True}, {"update_id": [1]}],
)  # fmt: skip
async def test_nonsense_is_not_asked_for_again(hook: Hook, content: object) -> None:
    assert await hook.call(content) == 200
    assert await hook.call({"update_id": 7}) == 200
    assert hook.inbox.kept == [7]


async def test_a_body_beyond_measure_is_refused(hook: Hook) -> None:
    assert await hook.send(b" " * (MOST_BYTES + 1)) == 413
    assert hook.inbox.kept == []


async def test_a_full_disk_makes_telegram_call_again(hook: Hook) -> None:
    hook.inbox.full = True
    assert await hook.call({"update_id": 7}) == 503
    hook.inbox.full = False
    assert await hook.call({"update_id": 7}) == 200


async def test_what_waits_shares_a_transaction_and_a_full_queue_says_503() -> None:
    inbox = Inbox()
    inbox.goes_on.clear()
    async with serving(inbox, most=3) as hook:
        first = asyncio.create_task(hook.call({"update_id": 0}))
        await inbox.busy.wait()
        calls = [asyncio.create_task(hook.call({"update_id": n})) for n in range(1, 9)]
        done, waiting = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 5:
            more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            done |= more
        assert {one.result() for one in done} == {503}
        assert inbox.kept == []  # nothing is confirmed that is not stored
        inbox.goes_on.set()
        assert await first == 200
        assert [await one for one in waiting] == [200] * 3
    assert inbox.batches == [1, 3]


async def test_while_the_program_ends_telegram_is_to_call_again() -> None:
    inbox = Inbox()
    async with serving(inbox, runs=False) as hook:
        assert await hook.call({"update_id": 7}) == 503
    inbox.goes_on.clear()
    async with serving(inbox) as hook:
        call = asyncio.create_task(hook.call({"update_id": 7}))
        await inbox.busy.wait()
        hook.task.cancel()
        assert await call == 503
        assert await hook.call({"update_id": 8}) == 503
    assert inbox.kept == []


def test_the_secret_of_one_token_is_always_the_same() -> None:
    assert derived_secret("123:abc") == derived_secret("123:abc") != derived_secret("123:abd")
    assert "abc" not in derived_secret("123:abc")

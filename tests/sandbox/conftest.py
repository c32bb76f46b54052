"""A stand-in on a free port, a raw client for it, and the judge who watches both."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest
import pytest_asyncio
from PIL import Image

from bot.sandbox import Sandbox, User
from bot.sandbox.control import Control
from bot.sandbox.newsroom.newsroom import Newsroom
from bot.sandbox.newsroom.site import Site
from bot.sandbox.params import Params
from bot.sandbox.ui.page import ChatPage
from bot.sandbox.ui.scene import Cast, assemble, enter
from tests.support import bot_api_spec, browser
from tests.support.browser import Chromium


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


class Refused(Exception):  # noqa: N818 - it is an answer
    """The stand-in said no."""

    def __init__(self, status: int, body: dict[str, Any], headers: Any) -> None:
        super().__init__(body["description"])
        self.status = status
        self.text = str(body["description"])
        self.parameters = body.get("parameters")
        self.headers = headers


class Client:
    """`await api("sendMessage", chat_id=1, text="x")`, as JSON, or as a form with files."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.root = f"{sandbox.url}/bot{sandbox.token}/"

    async def __call__(self, method: str, **params: Any) -> Any:
        files = {name: value for name, value in params.items() if isinstance(value, bytes)}
        if not files:
            return await self._post(method, json=params)
        form = aiohttp.FormData()
        for name, value in params.items():
            if name in files:
                form.add_field(name, io.BytesIO(value), filename=f"{name}.jpg")
            else:
                text = value if isinstance(value, str) else orjson.dumps(value).decode()
                form.add_field(name, text)
        return await self._post(method, data=form)

    async def _post(self, method: str, **how: Any) -> Any:
        async with self._session.post(self.root + method, **how) as response:
            body = orjson.loads(await response.read())
            if response.status != 200:
                if bot_api_spec.FILE.is_file():
                    assert bot_api_spec.refusal_complaints(response.status, body) == []
                raise Refused(response.status, body, response.headers)
            return body["result"]

    async def refused(self, method: str, **params: Any) -> Refused:
        """The refusal of a call that must fail."""
        with pytest.raises(Refused) as caught:
            await self(method, **params)
        return caught.value

    async def updates(self, offset: int = 0) -> list[dict[str, Any]]:
        """What waits, with all kinds allowed from now on."""
        return list(await self("getUpdates", offset=offset))


def watch(sandbox: Sandbox, wrong: list[str]) -> None:
    """Let the judge see every accepted request and its answer."""
    if not bot_api_spec.FILE.is_file():
        return

    def observer(name: str, params: Params, body: bytes) -> None:
        wrong.extend(bot_api_spec.complaints(name, params, body))

    sandbox.api.observers.append(observer)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    wrong: list[str] = []
    opened = Sandbox(clock=clock)
    opened.app.add_routes(Control(opened).routes())
    async with opened:
        watch(opened, wrong)
        yield opened
    assert wrong == []


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(sandbox, session)


@pytest.fixture
def sari(sandbox: Sandbox) -> User:
    """A reader who pressed START; the update of it is taken already."""
    user = sandbox.create_user("Sari", username="sari_reads")
    sandbox.people.start(user)
    sandbox.activity.updates.drop()
    return user


@pytest.fixture
def owner(sandbox: Sandbox) -> User:
    return sandbox.create_user("Budi", username="budi_owner")


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", color: str = "navy") -> bytes:
    """A picture's bytes."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind)
    return out.getvalue()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    """Tests with a page run in the session's loop, which is the browser's."""
    async with browser.started() as opened:
        yield opened


class Scene:
    """The page with its people; the bot is played by the test."""

    def __init__(self, sandbox: Sandbox, cast: Cast, site: Site, api: Client) -> None:
        self.sandbox = sandbox
        self.cast = cast
        self.site = site
        self.api = api

    @property
    def url(self) -> str:
        return f"{self.sandbox.url}/"

    async def tell(self, chat: int, text: str, **more: Any) -> Any:
        """The bot writes."""
        return await self.api("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **more)

    @asynccontextmanager
    async def answering(self, **answers: dict[str, Any]) -> AsyncIterator[list[dict[str, Any]]]:
        """A bot that answers callback and inline queries, and notes all that it hears."""
        heard: list[dict[str, Any]] = []

        async def poll() -> None:
            offset = 0
            while True:
                for update in await self.api("getUpdates", offset=offset, timeout=10):
                    offset = update["update_id"] + 1
                    heard.append(update)
                    for kind, method, name in (
                        ("callback_query", "answerCallbackQuery", "callback_query_id"),
                        ("inline_query", "answerInlineQuery", "inline_query_id"),
                    ):
                        if kind in update:
                            await self.api(
                                method, **{name: update[kind]["id"]}, **answers.get(kind, {})
                            )

        polling = asyncio.create_task(poll())
        try:
            yield heard
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)


@pytest_asyncio.fixture(loop_scope="session")
async def scene() -> AsyncIterator[Scene]:
    sandbox = Sandbox()
    sandbox.app.add_routes(Control(sandbox).routes())
    cast = assemble(sandbox)
    site = Site(Newsroom(), lambda: sandbox.url)
    sandbox.app.add_routes(ChatPage(cast.json, site, lambda: sandbox.url).routes())
    sandbox.app.add_routes(site.routes())
    enter(sandbox, cast)
    async with sandbox, aiohttp.ClientSession() as session:
        yield Scene(sandbox, cast, site, Client(sandbox, session))

"""A few Bot API methods over real HTTP, with strict limits and faults: delivery is tested against
it.

Its counts are what the tests go by: what arrived, in which order, in which chat.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self

from aiohttp import web


class Drop(Enum):
    """An answer that never comes: the connection breaks."""

    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that is no success."""

    code: int
    description: str
    parameters: dict[str, object]


DROP = Drop.DROP
Answer = Refused | Drop | None
Fault = Callable[[str, dict[str, Any]], Awaitable[Answer]]
"""Called before the method takes effect; if it returns an answer, the method does not take
effect."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message or edit that took effect."""

    at: float
    method: str
    chat: int
    values: dict[str, Any]
    message_id: int

    @property
    def text(self) -> str:
        rich = self.values.get("rich_message")
        words = rich.get("html") if isinstance(rich, dict) else ""
        return str(self.values.get("text") or self.values.get("caption") or words or "")


@dataclass(slots=True)
class Limits:
    """At most so many in any window of so many seconds: exact, and without mercy."""

    overall: int = 0
    per_chat_seconds: float = 0.0
    per_group_minute: int = 0
    slack: float = 0.0
    """Seconds that a message may be early: on a busy machine one is counted later than it left."""
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def refuses(self, chat: int, now: float) -> bool:
        here = self._chats[chat]
        while self._all and self._all[0] <= now - 1.0 + self.slack:
            self._all.popleft()
        while here and here[0] <= now - 60.0:
            here.popleft()
        over = self.overall and len(self._all) >= self.overall
        rest = self.per_chat_seconds - self.slack
        hasty = self.per_chat_seconds and here and now - here[-1] < rest
        many = chat < 0 and self.per_group_minute and len(here) >= self.per_group_minute
        if over or hasty or many:
            return True
        self._all.append(now)
        here.append(now)
        return False


class Server:
    """Use as an async context manager; `root` is what KABAR_TELEGRAM_URL would be."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.arrived: list[Arrived] = []
        self.refused: Counter[int] = Counter()
        self.pressed: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.after: list[Fault] = []
        self.uploads = 0
        self.flying = 0
        self.answered: list[float] = []
        self.delay = 0.0
        self.limits = limits or Limits()
        self._numbers: Counter[int] = Counter()
        self._runner: web.AppRunner | None = None
        self.root = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None  # entered before
        await self._runner.cleanup()

    def texts(self, chat: int) -> list[str]:
        """What a chat got, in order (edits are not counted)."""
        return [one.text for one in self.arrived if one.chat == chat and "edit" not in one.method]

    def sent(self) -> list[Arrived]:
        return [one for one in self.arrived if "edit" not in one.method]

    async def hung_up(self) -> None:
        """Until nobody is connected any more: whoever was killed has sent all that arrives."""
        assert self._runner is not None  # entered before
        assert self._runner.server is not None
        while self.flying or self._runner.server.connections:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.001)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.flying += 1
        try:
            values = await self._values(request)
            return await self._answer(request, request.match_info["method"], values)
        finally:
            self.flying -= 1
            self.answered.append(asyncio.get_running_loop().time())

    async def _values(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            found = json.loads(await request.read())
            assert isinstance(found, dict)  # the Bot API takes objects only
            return found
        values: dict[str, Any] = {}
        async for part in await request.multipart():
            if part.name == "photo":  # type: ignore[union-attr]
                values["photo"] = "uploaded"
                values["content"] = await part.read()  # type: ignore[union-attr]
                self.uploads += 1
            else:
                values[str(part.name)] = await part.text()  # type: ignore[union-attr]
        return values

    async def _answer(
        self, request: web.Request, method: str, values: dict[str, Any]
    ) -> web.StreamResponse:
        if method == "answerCallbackQuery":
            self.pressed.append(values)
            return ok(True)
        chat = int(values["chat_id"])
        for fault in self.faults:
            if (answer := await fault(method, values)) is not None:
                return _given(request, answer)
        now = asyncio.get_running_loop().time()
        if self.limits.refuses(chat, now):
            self.refused[chat] += 1
            return _given(request, flood(1))
        if self.delay:
            await asyncio.sleep(self.delay)
        result = self._effect(method, chat, values, now)
        for fault in self.after:
            if (answer := await fault(method, values)) is not None:
                return _given(request, answer)
        return ok(result)

    def _effect(self, method: str, chat: int, values: dict[str, Any], now: float) -> dict[str, Any]:
        number = int(values["message_id"]) if method.startswith("edit") else 0
        if not number:
            self._numbers[chat] += 1
            number = self._numbers[chat]
        self.arrived.append(Arrived(now, method, chat, values, number))
        where = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        result: dict[str, Any] = {"message_id": number, "chat": where, "date": 1}
        if method in {"sendPhoto", "editMessageMedia"}:
            result["photo"] = [
                {"file_id": name, "file_unique_id": name, "width": 9, "height": 9}
                for name in ("small", "file-1")
            ]
        return result


def ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def error(code: int, description: str, **parameters: object) -> Refused:
    return Refused(code, description, parameters)


def flood(seconds: int) -> Refused:
    return error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def refuse(chat: int, code: int, description: str, **parameters: object) -> Fault:
    """A fault that one chat always has."""

    async def fault(_: str, values: dict[str, Any]) -> Answer:
        if int(values["chat_id"]) == chat:
            return error(code, description, **parameters)
        return None

    return fault


def times(count: int, answer: Answer, *, method: str = "") -> Fault:
    """A fault of the first `count` requests (of one method)."""
    left = [count]

    async def fault(called: str, _: dict[str, Any]) -> Answer:
        if (method and called != method) or not left[0]:
            return None
        left[0] -= 1
        return answer

    return fault


def _given(request: web.Request, answer: Refused | Drop) -> web.Response:
    if isinstance(answer, Drop):
        assert request.transport is not None  # the request has just come
        request.transport.abort()
        return web.Response()
    body: dict[str, Any] = {
        "ok": False,
        "error_code": answer.code,
        "description": answer.description,
    }
    if answer.parameters:
        body["parameters"] = answer.parameters
    return web.json_response(body, status=answer.code)

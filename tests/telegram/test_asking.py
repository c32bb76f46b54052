"""Questions at the start and getUpdates: what each kind of answer leads to."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import orjson
import pytest
import telegram
from aiohttp import web
from structlog.testing import capture_logs
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.request import BaseRequest, RequestData

from bot.core.errors import OperatorError, Unanswered
from bot.telegram.asking import AskingBot, introduce, until_answered
from bot.telegram.polling import LongPolling
from bot.telegram.transport import PtbRequest, Transport
from bot.telegram.updates import ALLOWED_UPDATES, NetworkTrouble

# PTB warns of its own attribute whenever Telegram says 429.
pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after.*")


class Slept:
    """Remembers how long it was to sleep, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Answers:
    """Raises one after the other, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = deque(errors)

    async def __call__(self) -> str:
        if self._errors:
            raise self._errors.popleft()
        return "here"


async def test_a_network_that_is_down_is_waited_for_longer_and_longer() -> None:
    slept = Slept()
    assert await until_answered(Answers(*[NetworkError("down")] * 7), sleep=slept) == "here"
    assert slept.seconds == [1, 2, 4, 8, 16, 30, 30]


async def test_a_429_at_the_start_waits_as_long_as_told_and_an_hour_at_most() -> None:
    slept = Slept()
    ask = Answers(RetryAfter(17), RetryAfter(10**9), NetworkError("down"))
    assert await until_answered(ask, sleep=slept) == "here"
    assert slept.seconds == [17, 3600, 4]


async def test_a_wrong_token_is_for_the_operator() -> None:
    with pytest.raises(OperatorError, match="KABAR_TOKEN"):
        await until_answered(Answers(InvalidToken()), sleep=Slept())


class Wire(BaseRequest):
    """One answer of Telegram's, and what it was asked."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self._answer = status, orjson.dumps(body)
        self.asked: list[dict[str, Any]] = []

    read_timeout = 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(  # noqa: PLR0917 - the signature is PTB's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        self.asked.append(request_data.parameters if request_data else {})
        return self._answer


def polling(wire: Wire, **more: Any) -> LongPolling:
    return LongPolling(telegram.Bot("1:a", request=wire, get_updates_request=wire), **more)


async def test_updates_are_asked_for_by_kind_and_offset() -> None:
    wire = Wire(200, {"ok": True, "result": [{"update_id": 7}]})
    beats: list[int] = []
    found = await polling(wire, beat=lambda: beats.append(1))(7, 30)
    assert found == [{"update_id": 7}]
    assert wire.asked == [{"timeout": 30, "offset": 7, "allowed_updates": ALLOWED_UPDATES}]
    assert beats == [1]


def error(code: int, **parameters: object) -> Wire:
    said = {"ok": False, "error_code": code, "description": "no", "parameters": parameters}
    return Wire(code, said)


async def test_trouble_is_told_with_how_long_to_wait() -> None:
    with pytest.raises(NetworkTrouble) as held:
        await polling(error(429, retry_after=17))(None, 30)
    assert held.value.wait == 17
    with pytest.raises(NetworkTrouble) as away:
        await polling(error(502))(None, 30)
    assert away.value.wait is None


async def test_another_program_with_the_token_is_looked_after() -> None:
    looked: list[int] = []

    async def look() -> None:
        looked.append(1)
        raise NetworkError("down")

    with pytest.raises(NetworkTrouble, match="another program"):
        await polling(error(409), on_conflict=look)(None, 30)
    assert looked == [1]


@pytest.mark.parametrize("result", [None, {}, "x", 7, True])
async def test_what_is_no_list_of_updates_is_waited_out(result: object) -> None:
    with pytest.raises(NetworkTrouble):
        await polling(Wire(200, {"ok": True, "result": result}))(None, 30)


@pytest.mark.parametrize("code", [401, 404])
async def test_a_wrong_token_ends_polling(code: int) -> None:
    with pytest.raises(OperatorError, match="KABAR_TOKEN"):
        await polling(error(code))(None, 30)


# --- answers that make no sense, over real HTTP ---------------------------------------------------

Raw = tuple[int, bytes]
ME = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"K","username":"kabar_bot"}}'
NONSENSE: list[Raw] = [
    (200, b"<html>Welcome to the airport!</html>"),
    (200, b""),
    (200, b'{"ok":true,"res'),
    (200, b'{"ok":true}'),
    (200, b'{"ok":true,"result":null}'),
    (200, b'{"ok":true,"result":true}'),
    (200, b'{"ok":true,"result":"me"}'),
    (200, b'{"ok":true,"result":7}'),
    (200, b'{"ok":true,"result":[]}'),
    (200, b'{"ok":true,"result":[{"id":1}]}'),
    (200, b'{"ok":true,"result":{}}'),
    (200, b'{"ok":true,"result":{"id":"1","is_bot":true,"first_name":"K","username":"k"}}'),
    (200, b'{"ok":true,"result":{"id":1,"is_bot":"yes","first_name":"K","username":"k"}}'),
    (200, b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"K"}}'),
    (200, b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"K","username":5}}'),
    (200, b'{"ok":true,"result":{"id":1,"is_bot":true,"username":"k"}}'),
    (200, b'{"ok":false,"error_code":429,"description":"Too Many Requests"}'),
    (200, b'{"result"'),
    (200, b"null"),
    (200, b"[]"),
    (200, b'"ok"'),
    (200, b"\xff\xfe"),
    (204, b""),
    (302, b""),
    (400, b"<html>Bad Request</html>"),
    (401, b"<html>Login required</html>"),
    (403, b"<html>Forbidden by the firewall</html>"),
    (404, b"<html>nginx</html>"),
    (407, b""),
    (409, b'{"ok":false,"error_code":409,"description":"Conflict"}'),
    (429, b'{"ok":false,"error_code":429,"parameters":{"retry_after":"soon"}}'),
    (429, b'{"ok":false,"error_code":429,"parameters":["retry_after"]}'),
    (429, b"slow down"),
    (400, b'{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":"x"}}'),
    (400, b'{"ok":false,"error_code":400,"description":{"a":1},"parameters":7}'),
    (500, b"[]"),
    (502, b"<html>Bad Gateway</html>"),
    (599, b"{}"),
]


@asynccontextmanager
async def answering(*answers: Raw) -> AsyncIterator[AskingBot]:
    """A bot whose requests are answered like that, one after the other; the last one stays."""
    left = deque(answers)

    async def serve(_: web.Request) -> web.Response:
        status, body = left.popleft() if len(left) > 1 else left[0]
        return web.Response(status=status, body=body)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with Transport(root, "1:a") as transport:
        request = PtbRequest(transport)
        yield AskingBot("1:a", base_url=f"{root}/bot", request=request, get_updates_request=request)
    await runner.cleanup()


@pytest.mark.parametrize("nonsense", NONSENSE, ids=repr)
async def test_at_the_start_nonsense_is_waited_out_and_told(nonsense: Raw) -> None:
    slept = Slept()
    async with answering(nonsense, nonsense, (200, ME)) as bot:
        with capture_logs() as logs:
            await until_answered(partial(introduce, bot), sleep=slept)
        assert bot.username == "kabar_bot"
    assert slept.seconds == [1, 2]
    assert [one["log_level"] for one in logs] == ["warning", "warning"]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=repr)
async def test_polling_waits_nonsense_out(nonsense: Raw) -> None:
    async with answering(nonsense) as bot:
        found: object = None
        with suppress(NetworkTrouble):
            found = await LongPolling(bot)(None, 0)
    assert found in (None, [], [{"id": 1}])  # the inbox sets aside what is no update


MEMBER = b'{"ok":true,"result":{"status":"member","user":{"id":5,"is_bot":false,"first_name":"A"}}}'
ODD = [one for one in NONSENSE if one[1].startswith((b"<", b"[", b'"', b"\xff")) or one[0] == 429]


@pytest.mark.parametrize("nonsense", ODD, ids=repr)
async def test_a_handlers_question_is_asked_again(nonsense: Raw) -> None:
    async with answering(nonsense, (200, MEMBER)) as bot:
        assert (await bot.get_chat_member(-5, 5)).status == "member"


@pytest.mark.parametrize("nonsense", [NONSENSE[0], NONSENSE[10], (502, b"")], ids=repr)
async def test_a_question_that_nobody_answers_is_no_silence(nonsense: Raw) -> None:
    async with answering(nonsense) as bot:
        with pytest.raises(Unanswered):
            await bot.get_chat_member(-5, 5)
    held = (429, b'{"ok":false,"parameters":{"retry_after":1000000000}}')
    async with answering(held) as bot:
        with pytest.raises(Unanswered):
            await bot.get_chat(-5)


async def test_a_refusal_is_an_answer_and_a_chat_that_moved_is_asked_there() -> None:
    no = (400, b'{"ok":false,"error_code":400,"description":"Bad Request: user not found"}')
    async with answering(no) as bot:
        with pytest.raises(BadRequest, match=r"(?i)user not found"):
            await bot.get_chat_member(-5, 5)
    moved = (400, b'{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":-1007}}')
    async with answering(moved, (200, MEMBER)) as bot:
        assert (await bot.get_chat_member(-5, 5)).status == "member"

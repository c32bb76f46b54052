"""Questions at the start and getUpdates: what each kind of answer leads to."""

from __future__ import annotations

from collections import deque
from typing import Any

import orjson
import pytest
import telegram
from telegram.error import InvalidToken, NetworkError, RetryAfter
from telegram.request import BaseRequest, RequestData

from bot.core.errors import OperatorError
from bot.telegram.asking import until_answered
from bot.telegram.polling import LongPolling
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


@pytest.mark.parametrize("code", [401, 404])
async def test_a_wrong_token_ends_polling(code: int) -> None:
    with pytest.raises(OperatorError, match="KABAR_TOKEN"):
        await polling(error(code))(None, 30)

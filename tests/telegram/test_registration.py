"""How Telegram reaches us: told only when needed, and another program's web hook is named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram
from structlog.testing import capture_logs
from telegram.error import NetworkError

from bot.core.errors import OperatorError
from bot.sandbox import Sandbox
from bot.telegram.registration import Registration
from bot.telegram.transport import PtbRequest, Transport
from storage import Database

URL = "http://127.0.0.1:9/hook"
KINDS = ["message", "callback_query"]


class Side:
    """Telegram's side, and a bot that asks it."""

    def __init__(self, sandbox: Sandbox, bot: telegram.Bot, db: Database) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.db = db

    def registration(
        self, url: str = "", secret: str = "s1", kinds: list[str] = KINDS
    ) -> Registration:
        return Registration(self.bot, self.db, url=url, secret=secret, allowed=kinds)

    async def told(self, registration: Registration) -> list[str]:
        """What Telegram was told for this registration: methods that change something."""
        self.sandbox.calls.clear()
        await registration.ensure()
        return [one.method for one in self.sandbox.calls if one.method != "getwebhookinfo"]

    async def address(self) -> str:
        return (await self.bot.get_webhook_info()).url


@pytest.fixture
async def side(db: Database) -> AsyncIterator[Side]:
    async with Sandbox() as sandbox, Transport(sandbox.url, sandbox.token) as transport:
        bot = telegram.Bot(
            sandbox.token, base_url=f"{sandbox.url}/bot", request=PtbRequest(transport)
        )
        yield Side(sandbox, bot, db)


async def test_it_is_set_once_and_again_only_for_a_change(side: Side) -> None:
    assert await side.told(side.registration(URL)) == ["setwebhook"]
    assert await side.told(side.registration(URL)) == []
    assert await side.told(side.registration(URL, secret="s2")) == ["setwebhook"]
    assert await side.told(side.registration(URL, "s2", ["message"])) == ["setwebhook"]
    assert await side.told(side.registration(URL + "2", "s2", ["message"])) == ["setwebhook"]
    assert await side.address() == URL + "2"


async def test_it_is_removed_once_and_only_when_there_is_one(side: Side) -> None:
    assert await side.told(side.registration()) == []
    await side.registration(URL).ensure()
    with capture_logs() as logs:
        assert await side.told(side.registration()) == ["deletewebhook"]
    assert [one["event"] for one in logs] == ["webhook.removed"]  # it was ours: no alarm
    assert await side.told(side.registration()) == []
    assert await side.told(side.registration(URL)) == ["setwebhook"]


@pytest.mark.parametrize("ours", ["", URL])
async def test_another_programs_is_named_by_its_host(side: Side, ours: str) -> None:
    await side.bot.set_webhook("http://other.example/secret-path")
    with capture_logs() as logs:
        await side.registration(ours).ensure()
    [warning] = [one for one in logs if one["event"] == "webhook.foreign"]
    assert warning["host"] == "other.example"
    assert "secret-path" not in str(logs)
    assert await side.address() == ours


async def test_one_that_is_taken_later_is_named_once(side: Side) -> None:
    registration = side.registration(URL)
    await registration.ensure()
    with capture_logs() as logs:
        await registration.look()
        assert logs == []
        await side.bot.set_webhook("http://other.example/x")
        await registration.look()
        await registration.look()
    assert [one["event"] for one in logs] == ["webhook.foreign"]
    assert await side.address() == "http://other.example/x"  # two programs do not fight for it


async def test_one_that_telegram_gave_up_is_set_again(side: Side) -> None:
    registration = side.registration(URL)
    await registration.ensure()
    await side.bot.delete_webhook()
    await registration.look()
    assert await side.address() == URL


async def test_telegrams_trouble_with_it_is_told(side: Side) -> None:
    registration = side.registration(URL)
    await registration.ensure()
    side.sandbox.people.say(side.sandbox.create_user("Ani", "id"), "/start")
    async with asyncio.timeout(60):
        while (await side.bot.get_webhook_info()).last_error_message is None:
            pass
    with capture_logs() as logs:
        await registration.look()
        await registration.look()
    assert [one["event"] for one in logs][:1] == ["webhook.trouble"]
    assert "Connection failed" in logs[0]["reason"]


async def test_an_address_that_telegram_refuses_is_the_operators(side: Side) -> None:
    with pytest.raises(OperatorError, match=r"^KABAR_WEBHOOK_URL: Telegram refuses it"):
        await side.registration("ftp://paper.example/hook").ensure()


async def test_a_network_that_is_away_is_no_refusal(side: Side) -> None:
    side.sandbox.faults.add(method="getWebhookInfo", error=(502, "Bad Gateway"), times=1)
    with pytest.raises(NetworkError):
        await side.registration(URL).ensure()

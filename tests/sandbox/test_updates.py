"""How updates reach the bot: again until confirmed, to one poller, or to a web hook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import ControlError, Sandbox, User
from tests.sandbox.conftest import Client, Clock, watch


async def test_updates_come_again_until_confirmed(
    api: Client, sandbox: Sandbox, sari: User
) -> None:
    for text in ("a", "b", "c"):
        sandbox.people.say(sari, text)
    first = await api.updates()
    assert [one["message"]["text"] for one in first] == ["a", "b", "c"]
    assert await api.updates() == first
    assert await api("getUpdates", limit=1) == first[:1]
    second = await api.updates(first[0]["update_id"] + 1)
    assert second == first[1:]
    assert await api.updates(-1) == first[2:]
    assert await api.updates() == first[2:]


async def test_updates_are_kept_for_a_day(
    api: Client, sandbox: Sandbox, sari: User, clock: Clock
) -> None:
    sandbox.people.say(sari, "lama")
    clock.now += 86_400
    assert await api.updates() == []


async def test_a_poll_waits_for_news(api: Client, sandbox: Sandbox, sari: User) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=20))
    await sandbox.wait_for(lambda: sandbox.polling)
    sandbox.people.say(sari, "akhirnya")
    assert [one["message"]["text"] for one in await poll] == ["akhirnya"]


async def test_the_older_poll_gets_the_conflict(api: Client, sandbox: Sandbox, sari: User) -> None:
    older = asyncio.create_task(api.refused("getUpdates", timeout=20))
    await sandbox.wait_for(lambda: sandbox.polling)
    newer = asyncio.create_task(api("getUpdates", timeout=20))
    refused = await older
    assert refused.status == 409
    assert refused.text == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    sandbox.people.say(sari, "x")
    assert len(await newer) == 1


async def test_allowed_updates_are_remembered(api: Client, sandbox: Sandbox, sari: User) -> None:
    await api("getUpdates", allowed_updates=["edited_message"])
    message = sandbox.people.say(sari, "x")
    sandbox.people.edit(sari, message.id, "y")
    assert [set(one) for one in await api.updates()] == [{"update_id", "edited_message"}]
    await api("getUpdates", offset=-1, allowed_updates=[])
    sandbox.people.say(sari, "z")
    assert "message" in (await api.updates())[-1]


async def test_hasty_polls_are_slowed(clock: Clock) -> None:
    async with Sandbox(clock=clock, poll_guard=True) as sandbox:
        user = sandbox.create_user("Sari")
        sandbox.people.say(user, "a")
        sandbox.people.say(user, "b")
        async with aiohttp.ClientSession() as session:
            api = Client(sandbox, session)
            clock.now += 10
            assert len(await api.updates()) == 2
            assert len(await api.updates()) == 1
            clock.now += 1
            assert len(await api.updates()) == 2


async def test_buttons_are_answered_once_and_in_time(
    api: Client, sandbox: Sandbox, sari: User, clock: Clock
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await api("sendMessage", chat_id=sari.id, text="?", reply_markup=keyboard)
    pressed = asyncio.create_task(sandbox.ask_button(sari, sari, sent["message_id"], "Ya"))
    update = (await api("getUpdates", timeout=10))[0]["callback_query"]
    assert (update["data"], update["from"]["id"]) == ("y", sari.id)
    answer = {"callback_query_id": update["id"], "text": "Baik", "show_alert": True}
    assert await api("answerCallbackQuery", **answer)
    assert await pressed == {"text": "Baik", "show_alert": True}
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert (await api.refused("answerCallbackQuery", **answer)).text == late
    query_id = sandbox.people.press(sari, sandbox.chat(sari.id), sent["message_id"], "y")
    clock.now += 61
    assert (await api.refused("answerCallbackQuery", callback_query_id=query_id)).text == late
    with pytest.raises(ControlError):
        sandbox.people.press(sari, sandbox.chat(sari.id), sent["message_id"], "Tidak")


async def test_inline_queries(api: Client, sandbox: Sandbox, sari: User) -> None:
    asked = asyncio.create_task(sandbox.ask_inline(sari, "banjir"))
    query = (await api("getUpdates", timeout=10))[0]["inline_query"]
    result = {
        "type": "article",
        "id": "1",
        "title": "Banjir",
        "input_message_content": {"message_text": "<b>Banjir</b>", "parse_mode": "HTML"},
    }
    too_many = [{**result, "id": str(one)} for one in range(51)]
    at = {"inline_query_id": query["id"]}
    refused = await api.refused("answerInlineQuery", **at, results=too_many)
    assert refused.text == "Bad Request: RESULTS_TOO_MUCH"
    refused = await api.refused("answerInlineQuery", **at, results=[result, result])
    assert refused.text == "Bad Request: RESULT_ID_DUPLICATE"
    assert await api("answerInlineQuery", **at, results=[result], cache_time=0)
    answer = await asked
    message = sandbox.people.choose(sari, answer["query_id"], "1", sandbox.chat(sari.id))
    assert message.data["text"] == "Banjir"
    assert message.data["via_bot"]["id"] == sandbox.bot.id


class Hook:
    """A bot's web server: notes what comes, answers what it is told."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str] = []
        self.statuses: list[int] = []
        self.answer: dict[str, Any] | None = None
        self.url = ""

    async def serve(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        status = self.statuses.pop(0) if self.statuses else 200
        if self.answer is not None:
            return web.json_response(self.answer, status=status)
        return web.Response(status=status)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    served = Hook()
    app = web.Application()
    app.add_routes([web.post("/hook", served.serve)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield served
    await runner.cleanup()


async def test_a_web_hook_gets_updates_until_it_takes_them(
    api: Client, sandbox: Sandbox, sari: User, hook: Hook
) -> None:
    hook.statuses = [500]
    assert await api("setWebhook", url=hook.url, secret_token="s3cret")
    refused = await api.refused("getUpdates")
    assert (refused.status, refused.text) == (
        409,
        (
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        ),
    )
    hook.answer = {"method": "sendMessage", "chat_id": sari.id, "text": "dari kait"}
    sandbox.people.say(sari, "halo")
    said = await sandbox.next_message(sari)
    assert said["text"] == "dari kait"
    assert [one["message"]["text"] for one in hook.bodies] == ["halo", "halo"]
    assert set(hook.secrets) == {"s3cret"}
    info = await api("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500"
    assert await api("deleteWebhook", drop_pending_updates=True)
    assert await api.updates() == []


async def test_web_hooks_of_the_real_service_are_https(clock: Clock) -> None:
    wrong: list[str] = []
    async with (
        Sandbox(clock=clock, loopback=False) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        watch(sandbox, wrong)
        api = Client(sandbox, session)
        for url, complaint in (
            ("http://kabar.example/x", "An HTTPS URL must be provided for webhook"),
            (
                "https://kabar.example:8080/x",
                "Webhook can be set up only on ports 80, 88, 443 or 8443",
            ),
        ):
            refused = await api.refused("setWebhook", url=url)
            assert refused.text == f"Bad Request: bad webhook: {complaint}"
        refused = await api.refused(
            "setWebhook", url="https://kabar.example/x", secret_token="not allowed"
        )
        assert refused.text == "Bad Request: secret token contains unallowed characters"
    assert wrong == []

"""The HTTP face: tokens, names, parameters, faults, limits, the log, the bot's own profile."""

from __future__ import annotations

import asyncio

import aiohttp
import orjson
import pytest

from bot.sandbox import RateLimits, Sandbox, User
from tests.sandbox.conftest import Client, Clock


async def test_tokens_and_names(api: Client, sandbox: Sandbox) -> None:
    assert (await api("GETME"))["username"] == "kabar_bot"
    unknown = await api.refused("sendNothing")
    assert (unknown.status, unknown.text) == (404, "Not Found: method not found")
    unplayed = await api.refused("sendInvoice")
    assert (unplayed.status, "stand-in" in unplayed.text) == (501, True)
    async with aiohttp.ClientSession() as session:
        for token, status, text in (
            ("123:wrong", 401, "Unauthorized"),
            ("wrong", 404, "Not Found"),
        ):
            async with session.get(f"{sandbox.url}/bot{token}/getMe") as response:
                body = orjson.loads(await response.read())
                assert (response.status, body["description"]) == (status, text)
        async with session.get(f"{sandbox.url}/file/bot{sandbox.token}/photos/file_9.jpg") as got:
            assert got.status == 404


async def test_parameters_come_in_every_form(api: Client, sandbox: Sandbox, sari: User) -> None:
    keyboard = '{"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}'
    params = {"chat_id": str(sari.id), "text": "x", "reply_markup": keyboard}
    async with aiohttp.ClientSession() as session:
        async with session.get(api.root + "sendMessage", params=params) as response:
            assert response.status == 200
        async with session.post(api.root + "sendMessage", data=params) as response:
            assert response.status == 200
        async with session.post(
            api.root + "sendMessage", data=b"{", headers={"Content-Type": "application/json"}
        ) as response:
            assert response.status == 400
    assert [len(one["buttons"]) for one in sandbox.said(sari)] == [1, 1]
    broken = await api.refused("sendMessage", chat_id=sari.id, text="x", reply_markup="{")
    assert broken.text == "Bad Request: can't parse reply_markup JSON object"


async def test_errors_on_demand(api: Client, sandbox: Sandbox, sari: User) -> None:
    flood = (429, "Too Many Requests: retry after 7", {"retry_after": 7})
    sandbox.faults.add("sendMessage", sari.id, times=2, error=flood)
    for _ in range(2):
        refused = await api.refused("sendMessage", chat_id=sari.id, text="x")
        assert (refused.status, refused.parameters) == (429, {"retry_after": 7})
        assert refused.headers["Retry-After"] == "7"
    assert await api("sendMessage", chat_id=sari.id, text="x")
    assert len(sandbox.faults) == 0
    assert [call.status for call in sandbox.calls] == [429, 429, 200]


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
async def test_dropped_connections(
    api: Client, sandbox: Sandbox, sari: User, when: str, arrived: int
) -> None:
    sandbox.faults.add("sendMessage", drop="before" if when == "before" else "after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=sari.id, text="x")
    assert len(sandbox.said(sari)) == arrived


async def test_delays(api: Client, sandbox: Sandbox, sari: User) -> None:
    sandbox.faults.add(chat=sari.id, delay=30)
    waiting = asyncio.create_task(api("sendMessage", chat_id=sari.id, text="x"))
    await sandbox.wait_for(lambda: not len(sandbox.faults))
    assert sandbox.said(sari) == []
    waiting.cancel()


async def test_rate_limits(clock: Clock) -> None:
    async with (
        Sandbox(clock=clock, rate_limits=RateLimits()) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        api = Client(sandbox, session)
        owner = sandbox.create_user("Budi")
        sandbox.people.start(owner)
        group = sandbox.create_group("Meja", owner)
        sandbox.add_bot(group)
        for _ in range(5):
            await api("sendMessage", chat_id=owner.id, text="x")
        refused = await api.refused("sendMessage", chat_id=owner.id, text="x")
        assert refused.text == "Too Many Requests: retry after 1"
        assert refused.headers["Retry-After"] == "1"
        for _ in range(20):
            await api("sendMessage", chat_id=group.id, text="x")
        refused = await api.refused("sendMessage", chat_id=group.id, text="x")
        assert refused.parameters == {"retry_after": 3}
        clock.now += 3
        assert await api("sendMessage", chat_id=group.id, text="x")
        assert await api("sendMessage", chat_id=owner.id, text="x")


async def test_the_overall_limit(clock: Clock) -> None:
    limits = RateLimits(overall_per_second=3)
    async with (
        Sandbox(clock=clock, rate_limits=limits) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        api = Client(sandbox, session)
        people = [sandbox.create_user(f"Orang {one}") for one in range(4)]
        for person in people:
            sandbox.people.start(person)
        for person in people[:3]:
            await api("sendMessage", chat_id=person.id, text="x")
        refused = await api.refused("sendMessage", chat_id=people[3].id, text="x")
        assert refused.status == 429
        clock.now += 1
        assert await api("sendMessage", chat_id=people[3].id, text="x")


async def test_the_profile_of_the_bot(api: Client, sandbox: Sandbox, sari: User) -> None:
    command = {"command": "latest", "description": "Berita terbaru"}
    chat = {"type": "chat", "chat_id": sari.id}
    assert await api("setMyCommands", commands=[command])
    assert await api("setMyCommands", commands=[command] * 2, scope=chat, language_code="id")
    assert await api("getMyCommands") == [command]
    assert len(await api("getMyCommands", scope=chat, language_code="id")) == 2
    assert await api("deleteMyCommands")
    assert await api("getMyCommands") == []
    for name, description, complaint in (
        ("x" * 33, "y", "command length must not exceed 32"),
        ("x", "", "command description must be non-empty"),
        ("X y", "z", "BOT_COMMAND_INVALID"),
    ):
        wrong = {"command": name, "description": description}
        refused = await api.refused("setMyCommands", commands=[wrong])
        assert refused.text == f"Bad Request: {complaint}"
    assert await api("setMyDescription", description="Koran", language_code="id")
    assert await api("getMyDescription", language_code="id") == {"description": "Koran"}
    assert await api("getMyDescription") == {"description": ""}
    assert await api("setMyShortDescription", short_description="Singkat")
    assert await api("getMyShortDescription") == {"short_description": "Singkat"}
    assert await api("setMyName", name="Kabar Kita")
    assert await api("getMyName") == {"name": "Kabar Kita"}
    assert await api("setChatMenuButton", menu_button={"type": "commands"})
    assert await api("getChatMenuButton") == {"type": "commands"}
    assert await api("setMyDefaultAdministratorRights")
    assert (await api("getMyDefaultAdministratorRights"))["can_manage_chat"] is False

"""The control interface over HTTP, and the server as a process of its own."""

from __future__ import annotations

import asyncio
import base64
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from bot.sandbox import Sandbox
from tests.sandbox.conftest import Client, picture


class Remote:
    """`await control("say", user=1, text="x")`."""

    def __init__(self, root: str, session: aiohttp.ClientSession) -> None:
        self.root = f"{root}/control/"
        self.session = session

    async def __call__(self, action: str, **args: Any) -> Any:
        async with self.session.post(self.root + action, json=args) as response:
            body = orjson.loads(await response.read())
            return body if response.status == 200 else (response.status, body["error"])

    async def get(self, path: str) -> Any:
        async with self.session.get(self.root + path) as response:
            return orjson.loads(await response.read())


@pytest.fixture
async def control(sandbox: Sandbox) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session:
        yield Remote(sandbox.url, session)


async def test_a_day_by_remote_control(api: Client, control: Remote, sandbox: Sandbox) -> None:
    sari = await control("user", first_name="Sari", username="sari_reads")
    budi = await control("user", first_name="Budi", language_code="en")
    group = await control("chat", type="supergroup", title="Diskusi", creator=budi["id"])
    channel = await control(
        "chat", type="channel", title="Kabar", creator=budi["id"], linked=group["id"]
    )
    for chat in (group, channel):
        assert await control("add_bot", chat=chat["id"], as_admin=True) is True
    said = await control("say", user=sari["id"], text="/start abc")
    assert said["entities"][0]["type"] == "bot_command"
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await api("sendMessage", chat_id=sari["id"], text="?", reply_markup=keyboard)
    pressed = asyncio.create_task(
        control(
            "press", user=sari["id"], chat=sari["id"], message_id=sent["message_id"], button="y"
        )
    )
    await sandbox.wait_for(lambda: sandbox.activity.callbacks)
    query = next(one["callback_query"] for one in await api.updates() if "callback_query" in one)
    await api("answerCallbackQuery", callback_query_id=query["id"], text="Baik")
    assert await pressed == {"text": "Baik", "show_alert": False}
    content = base64.b64encode(picture()).decode()
    photo = await control("file", user=sari["id"], content=content, caption="lihat")
    file_id = photo["files"][0]["file_id"]
    async with control.session.get(f"{control.root}file/{file_id}") as response:
        assert response.headers["Content-Type"] == "image/jpeg"
        assert base64.b64encode(await response.read()).decode() == content
    messages = await control.get(f"messages/{sari['id']}?after={sent['message_id']}")
    assert [one["text"] for one in messages] == ["lihat"]
    snapshot = await control.get("snapshot")
    assert {one["title"] for one in snapshot["chats"] if "title" in one} == {"Diskusi", "Kabar"}
    await control("fault", method="sendMessage", error=[400, "Bad Request: x"])
    assert (await api.refused("sendMessage", chat_id=1, text="x")).text == "Bad Request: x"
    calls = await control("calls", method="sendMessage")
    assert [call["status"] for call in calls] == [200, 400]


async def test_mistakes_are_one_sentence(control: Remote, sandbox: Sandbox) -> None:
    user = sandbox.create_user("Sari")
    assert await control("fly") == (404, "there is no such action")
    assert await control("say", user=4) == (400, "there is no user 4")
    assert await control("say", text="x") == (400, "missing: user")
    assert (await control("say", user=user.id, text=" "))[0] == 400
    assert (await control("file", user=user.id, content="%"))[1] == "a file comes as base64"
    async with control.session.post(
        control.root + "user", json={}, headers={"Host": "evil.example"}
    ) as response:
        assert response.status == 403
    async with control.session.post(
        control.root + "user", json={}, headers={"Origin": "http://evil.example"}
    ) as response:
        assert response.status == 403


async def test_everything_that_changes_is_told(
    api: Client, control: Remote, sandbox: Sandbox
) -> None:
    sari = sandbox.create_user("Sari")
    seen: list[dict[str, Any]] = []
    async with control.session.get(control.root + "events") as response:
        assert response.content_type == "text/event-stream"
        assert (await response.content.readline()) == b": here\n"
        sandbox.people.start(sari)
        sent = await api("sendMessage", chat_id=sari.id, text="<b>halo</b>", parse_mode="HTML")
        await api("editMessageText", chat_id=sari.id, message_id=sent["message_id"], text="baru")
        sandbox.people.block(sari)
        while not seen or seen[-1]["type"] != "member":
            line = await response.content.readline()
            if line.startswith(b"data: "):
                seen.append(orjson.loads(line[6:]))
    kinds = [one["type"] for one in seen if one["type"] != "call"]
    assert kinds == ["message", "message", "edit", "member"]
    edit = next(one for one in seen if one["type"] == "edit")
    assert (edit["message"]["text"], edit["message"]["mine"]) == ("baru", True)
    assert [one["serial"] for one in seen] == sorted(one["serial"] for one in seen)


async def test_the_server_as_a_process() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.sandbox", "--no-rate-limits", "--lean", "--auto-chats"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    ready = orjson.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session:
        root = f"{ready['url']}/bot{ready['token']}/"
        for chat in (5, 6, 6):
            params = {"chat_id": chat, "text": "berita"}
            async with session.post(root + "sendMessage", json=params) as response:
                assert response.status == 200
        async with session.get(f"{ready['url']}/control/snapshot") as response:
            snapshot = orjson.loads(await response.read())
    assert list(snapshot["lean"]["texts"].values()) == [2]
    assert (snapshot["lean"]["messages"], snapshot["lean"]["repeated"]) == (3, 1)
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0

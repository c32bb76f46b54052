"""Nonsense from a client gets a refusal, never a crash."""

from __future__ import annotations

import random
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Sandbox, User
from bot.sandbox.methods import METHODS
from tests.sandbox.conftest import Client
from tests.support import bot_api_spec
from tests.support.shared import needs_shared

VALUES: list[Any] = [
    None,
    *(
        0,
        1,
        -1,
        2**62,
        1.5,
        True,
        "",
        "x",
        "<b>",
        "1",
        "a" * 5000,
        "\0",
        "http://[::1",
        "attach://q",
    ),
    *([], {}, [1], ["x"], [[]], [5], {"a": 1}, {"type": "x"}, {"type": []}),
    *({"inline_keyboard": 5}, {"inline_keyboard": [[{"text": 5}]]}, {"keyboard": [[5]]}),
    {"inline_keyboard": [[{"text": "a", "web_app": 5}]]},
    {"inline_keyboard": [[{"text": "a", "copy_text": 5}]]},
    *({"message_id": "abc"}, {"message_id": 1, "chat_id": [1]}, {"message_id": 1, "quote": {}}),
    *({"type": "photo", "media": 5}, [{"type": "photo", "media": "attach://x", "caption": []}]),
    [{"type": "article", "id": 1, "title": "x", "input_message_content": 5}],
    [{"type": "article", "id": "1", "title": "x", "input_message_content": {"entities": 5}}],
    [{"type": "article", "id": "1", "title": "x", "reply_markup": 5}],
    *([{"command": 5, "description": []}], {"type": "chat", "chat_id": []}),
    [{"offset": "x", "length": 1, "type": "bold"}],
    [{"offset": 0, "length": 1, "type": "text_mention", "user": 5}],
    [{"offset": 0, "length": 1, "type": "date_time", "unix_time": "x"}],
    [{"offset": 0, "length": 1, "type": []}],
    {"force_reply": True, "input_field_placeholder": 5},
]
LEFT_OUT = {"getupdates", "setwebhook", "leavechat", "kickchatmember", "getchatmemberscount"}


@needs_shared
async def test_no_nonsense_is_a_crash(sandbox: Sandbox, sari: User, owner: User) -> None:
    sandbox.api.observers.clear()  # what is accepted here need not be well-formed
    forum = sandbox.create_supergroup("Forum", owner, forum=True)
    sandbox.add_bot(forum, as_admin=True)
    sandbox.people.create_topic(forum, "Cuaca")
    sandbox.people.say(sari, "halo")
    chance = random.Random(7)
    names = sorted(set(METHODS) - LEFT_OUT)
    async with aiohttp.ClientSession() as session:
        for _ in range(1_500):
            name = chance.choice(names)
            fields = {field["name"] for field in bot_api_spec._method(name).get("fields", [])}
            likely = {"chat_id": chance.choice([sari.id, forum.id]), "text": "x", "message_id": 1}
            params = {one: chance.choice(VALUES) for one in sorted(fields) if chance.random() < 0.7}
            params |= {one: likely[one] for one in fields & set(likely) if chance.random() < 0.7}
            url = f"{sandbox.url}/bot{sandbox.token}/{name}"
            async with session.post(url, json=params) as response:
                assert response.status != 500, (name, params)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"[1]"),
        ("application/json", b"\xff"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"chat_id=1"),
    ],
)
async def test_bodies_that_cannot_be_read(api: Client, kind: str, body: bytes) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(api.root + "sendMessage", data=body, headers={"Content-Type": kind}) as got,
    ):
        assert got.status == 400
        assert (await got.json())["ok"] is False


async def test_a_public_channel_is_known_without_the_bot(
    api: Client, sandbox: Sandbox, owner: User
) -> None:
    sandbox.create_channel("Lain", owner, username="koran_lain")
    refused = await api.refused("sendMessage", chat_id="@koran_lain", text="x")
    assert refused.text == "Forbidden: bot is not a member of the channel chat"

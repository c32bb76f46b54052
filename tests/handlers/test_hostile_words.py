"""What strangers type is answered or left alone on both databases: nothing of it is a fault."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.telegram.updates import CONCERN
from storage import set_aside
from tests.handlers.conftest import HASTY, Room, running, settings
from tests.news.test_hostile_entries import HOSTILE
from tests.support.feed_site import item, open_site

SAID = ("", "/search ", "/follow ", "/latest ", "/start ", "/subscribe ", "/language ", "/digest ")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def room(tmp_path: Path, database_url: str) -> AsyncIterator[Room]:
    """A room on either database, whose bot may send as fast as it can."""
    async with Sandbox() as telegram, open_site(item("b")) as site:
        ani, anna = telegram.create_user("Ani"), telegram.create_user("Anna")
        desk = telegram.create_supergroup("Meja redaksi", anna)
        telegram.add_bot(desk, as_admin=True)
        more: dict[str, Any] = {
            "database_url": database_url, "rate": 1000, "paid_broadcast": True,
            "moderators_chat": desk.id,
        }  # fmt: skip
        async with running(settings(telegram, site, tmp_path, **more), HASTY) as kabar:
            made = Room(telegram, site, kabar, ani, anna, desk)
            await made.look()
            yield made


def updates(room: Room) -> list[dict[str, Any]]:
    """Each hostile text in each place where a stranger's words may stand."""
    dice = random.Random(1)
    found: list[dict[str, Any]] = []
    for words in HOSTILE.values():
        text = words[:4096]
        found.extend({"text": f"{said}{text}"[:4096]} for said in SAID)
        found.append({"caption": text[:1024], "photo": [_photo(text)]})
        found.append({"forward_origin": _origin(text), "text": "Halo"})
    numbers = iter(range(800_000, 900_000))
    wrapped: list[dict[str, Any]] = []
    for one in found:
        number = next(numbers)
        person = {
            "id": 5_000 + dice.randrange(20), "is_bot": False, "language_code": "id",
            "first_name": one.get("text", "x")[-64:], "username": one.get("text", "x")[-32:],
        }  # fmt: skip
        chat = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
        message = {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": person}
        if one.get("text", "").startswith("/"):
            length = one["text"].find(" ")
            one["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        wrapped.append({"update_id": number, "message": message | one})
        if "text" in one:
            query = {"id": str(number), "from": person, "query": one["text"][:256], "offset": ""}
            wrapped.append({"update_id": next(numbers), "inline_query": query})
            press = {
                "id": str(number), "from": person, "chat_instance": "1", "data": one["text"][:64],
                "message": message,
            }  # fmt: skip
            wrapped.append({"update_id": next(numbers), "callback_query": press})
    return wrapped


def _photo(words: str) -> dict[str, Any]:
    return {"file_id": words[:200], "file_unique_id": words[:200], "width": 1, "height": 1}


def _origin(words: str) -> dict[str, Any]:
    return {"type": "hidden_user", "date": 1, "sender_user_name": words[:64]}


async def test_nothing_that_a_stranger_types_is_a_fault(room: Room) -> None:
    await room.kabar.updates.keep(updates(room))
    async with asyncio.timeout(60):
        while True:
            async with room.db.reading() as cx:
                if not await cx.value("SELECT COUNT(*) FROM inbox WHERE done_at IS NULL"):
                    break
            await asyncio.sleep(0.01)
    async with room.db.reading() as cx:
        failed = await set_aside.of(cx, CONCERN)
        others = await cx.rows("SELECT concern, key, reason FROM set_aside")
    assert {key: one.reason for key, one in failed.items()} == {}
    assert [tuple(one) for one in others] == []
    assert (await room.say(room.ani, "/start"))["text"]

"""Whatever Telegram may send: no update stops the program, or keeps another one waiting."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.telegram.updates import ALLOWED_UPDATES, CONCERN
from storage import set_aside
from tests.handlers.conftest import Room, running, settings
from tests.support.feed_site import item, open_site
from tests.support.random_updates import damage, make
from tests.support.shared import needs_shared

# PTB warns of attributes that Telegram has replaced, when it reads them.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
COUNT = 40
"""Of each kind."""


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[Room]:
    """A room whose bot may send as fast as it can."""
    async with Sandbox() as telegram, open_site(item("b")) as site:
        ani, anna = telegram.create_user("Ani"), telegram.create_user("Anna")
        desk = telegram.create_supergroup("Meja redaksi", anna)
        telegram.add_bot(desk, as_admin=True)
        more: dict[str, Any] = {"rate": 1000, "paid_broadcast": True, "moderators_chat": desk.id}
        async with running(settings(telegram, site, tmp_path, **more)) as kabar:
            yield Room(telegram, site, kabar, ani, anna, desk)


async def failed(room: Room) -> dict[str, str]:
    async with room.db.reading() as cx:
        return {key: one.reason for key, one in (await set_aside.of(cx, CONCERN)).items()}


async def test_whose_message_cannot_be_read_is_told(quick: Room) -> None:
    await quick.say(quick.ani, "/start")
    before = await quick.last(quick.ani)
    person = {"id": quick.ani.id, "is_bot": False, "first_name": "Ani"}
    chat = {"id": quick.ani.id, "type": "private", "first_name": "Ani"}
    message = {"message_id": 900, "date": 1_700_000_000, "chat": chat, "from": person}
    odd = [
        {"update_id": 1_000_001, "message": message | {"sticker": {"file_id": "x"}}},
        {"update_id": 1_000_002, "message": message | {"chat": {"type": "private"}, "photo": 7}},
    ]
    await quick.kabar.updates.keep(odd)
    await quick.kabar.updates.drain()
    said = await quick.telegram.next_message(quick.ani, after=before)
    assert said["text"].startswith("Maaf")
    assert set(await failed(quick)) == {"message 1000001", "message 1000002"}


@needs_shared
async def test_every_kind_of_valid_update_is_handled(quick: Room) -> None:
    dice = random.Random(7)
    numbers = iter(range(1_000_000, 2_000_000))
    updates = [make(dice, kind, next(numbers)) for kind in ALLOWED_UPDATES for _ in range(COUNT)]
    await quick.kabar.updates.keep(updates)
    await quick.kabar.updates.drain()
    assert await failed(quick) == {}


@needs_shared
@pytest.mark.parametrize("seed", range(3))
async def test_damaged_updates_stop_no_other(quick: Room, seed: int) -> None:
    dice = random.Random(seed)
    numbers = iter(range(1_000_000, 2_000_000))
    updates = [
        damage(dice, make(dice, kind, next(numbers)))
        for kind in ALLOWED_UPDATES
        for _ in range(COUNT)
    ]
    await quick.kabar.updates.keep(updates)
    await quick.kabar.updates.drain()
    assert len(await failed(quick)) < len(updates)
    assert (await quick.say(quick.ani, "/start"))["text"]
    await quick.kabar.updates.drain()
    async with quick.db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM inbox WHERE done_at IS NULL") == 0

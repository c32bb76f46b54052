"""Alerts as rows, on both engines: found by one stem, each text looked at once."""

from __future__ import annotations

import pytest

from bot.core.model import ChatKind, TelegramId
from storage import Database, alerts, chats, personal
from tests.conftest import JAKARTA, NOON
from tests.support.sending import add_article

TEXTS = ("beras", "penjual gula", '"harga beras"', '"beras harga"', "sumber:kantor", "-beras")


async def test_alerts_match_by_stems_phrases_and_names(db: Database) -> None:
    async with db.transaction() as tx:
        for number, text in enumerate(
            ("beras", "penjual gula", '"harga beras"', '"beras harga"', "sumber:kantor", "-beras"),
            1,
        ):
            chat = await chats.see(tx, TelegramId(number), kind=ChatKind.PRIVATE, now=NOON)
            assert await alerts.add(tx, chat.id, 0, text, zone=JAKARTA, now=NOON)
            assert not await alerts.add(tx, chat.id, 0, text, zone=JAKARTA, now=NOON)
    article = await add_article(db, lead="Harga beras turun.", body="Kata penjual.")
    async with db.transaction() as tx:
        assert await alerts.announce(tx, article, zone=JAKARTA, now=NOON) == 3
        assert await alerts.announce(tx, article, zone=JAKARTA, now=NOON) == 0
        rows = await tx.rows("SELECT chat_id FROM delivery WHERE kind = 'post' ORDER BY chat_id")
    assert [row["chat_id"] for row in rows] == [1, 3, 5]


async def test_a_chat_has_up_to_fifty(db: Database) -> None:
    async with db.transaction() as tx:
        chat = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        for number in range(alerts.MOST):
            await alerts.add(tx, chat.id, 0, f"kata{number}", zone=JAKARTA, now=NOON)
        with pytest.raises(ValueError, match="as many"):
            await alerts.add(tx, chat.id, 0, "lagi", zone=JAKARTA, now=NOON)


async def test_a_forgotten_reader_follows_nothing(db: Database) -> None:
    async with db.transaction() as tx:
        chat = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        await alerts.add(tx, chat.id, 0, "beras", zone=JAKARTA, now=NOON)
        await personal.forget_chat(tx, chat.id, now=NOON)
        assert await tx.value("SELECT COUNT(*) FROM alert") == 0


async def test_alerts_move_with_a_group(db: Database) -> None:
    async with db.transaction() as tx:
        old = await chats.see(tx, TelegramId(-1), kind=ChatKind.GROUP, now=NOON)
        new = await chats.see(tx, TelegramId(-1001), kind=ChatKind.SUPERGROUP, now=NOON)
        await alerts.add(tx, old.id, 0, "beras", zone=JAKARTA, now=NOON)
        await chats.migrate(tx, TelegramId(-1), TelegramId(-1001))
        assert [one.text for one in await alerts.of_chat(tx, new.id, 0)] == ["beras"]

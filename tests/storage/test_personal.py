"""What is stored of a person is known table by table."""

from __future__ import annotations

import re

from bot.core.model import ChatKind, TelegramId
from storage import Database, chats, personal, topic_labels
from storage.database import in_dialect
from tests.conftest import NOON
from tests.support.schema import tables

PERSONAL = {"reader_id", "chat_id", "telegram_id", "user_id"}
NOBODY = {"desk_prompt", "forum", "forum_topic"}
"""Their chat is the moderators' group, never a reader's: what it is, and which topics it has."""


async def test_my_data_looks_into_every_table_that_can_name_a_person(db: Database) -> None:
    async with db.reading() as cx:
        known = await tables(cx)
    named = {name for name, table in known.items() if not PERSONAL.isdisjoint(table.columns)}
    asked = " ".join(in_dialect(sql, db.dialect) for sql in personal._DATA.values())
    assert named - set(re.findall(r"\w+", asked)) == NOBODY


async def test_a_label_that_only_a_forgotten_chat_chose_is_forgotten(db: Database) -> None:
    async with db.transaction() as tx:
        one, two = [
            await chats.see(tx, TelegramId(number), kind=ChatKind.PRIVATE, now=NOON)
            for number in (1, 2)
        ]
        await chats.subscribe(tx, one.id, topics=["Rahasia", "Olahraga"], now=NOON)
        await chats.subscribe(tx, two.id, topics=["Olahraga"], now=NOON)
        await personal.forget_chat(tx, one.id, now=NOON)
        assert list(await topic_labels.numbers(tx, ["Rahasia", "Olahraga"])) == ["olahraga"]

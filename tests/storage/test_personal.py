"""What is stored of a person is known table by table."""

from __future__ import annotations

import re

from storage import Database, personal
from storage.database import in_dialect
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

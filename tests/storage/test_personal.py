"""What is stored of a person is known table by table."""

from __future__ import annotations

import re

from storage import Database, personal

PERSONAL = {"reader_id", "chat_id", "telegram_id", "user_id"}
NOBODY = {"forum", "forum_topic"}
"""Their chat is the moderators' group, never a reader's: what it is, and which topics it has."""


async def test_my_data_looks_into_every_table_that_can_name_a_person(db: Database) -> None:
    async with db.reading() as cx:
        named = await cx.rows(
            "SELECT DISTINCT t.name AS name FROM sqlite_master AS t, pragma_table_info(t.name) AS c"
            " WHERE t.type = 'table' AND c.name IN (SELECT value FROM json_each(:columns))",
            columns='["' + '", "'.join(sorted(PERSONAL)) + '"]',
        )
    asked = " ".join(personal._DATA.values())
    words = set(re.findall(r"\w+", asked))
    assert {row["name"] for row in named} - words == NOBODY

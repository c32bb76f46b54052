"""Forgets all people at once and keeps the articles: for the day the service ends.

Every table is in one of the two lists; a test holds that, so whoever adds a table has to decide.
"""

from __future__ import annotations

from storage.database import Connection, Database

KEPT = frozenset(
    {
        "article", "article_topic", "entry", "feed", "memo", "migration", "page", "process",
        "role", "search_name", "search_row", "search_text", "search_title", "search_total",
        "search_word", "topic", "websub",
    }
)  # fmt: skip
"""The archive: articles, their index, and where they came from."""
PEOPLE = (
    "answer", "ban_memory", "blocked_word", "broadcast", "canned_reply", "chat", "comment",
    "comment_message", "count_change", "decision", "delivery", "finding", "forum", "forum_topic",
    "inbox", "kept_back", "note", "reader", "removal", "report", "revision", "search_query",
    "set_aside", "subscription", "subscription_topic", "thread", "thread_comment", "vote",
)  # fmt: skip
"""Chats and readers, what they wrote and chose, who decided what, and what was sent to whom."""
_MEMOS = "DELETE FROM memo WHERE key NOT LIKE 'search.%'"
"""What the index needs is no memory of anybody."""


async def erase(db: Database) -> dict[str, int]:
    """Delete everything about people, in one transaction; returns how many rows of each table
    there were. To be run while no bot works on the database; the caller sees to it that what is
    gone from the tables is gone from the file too."""
    counts = {}
    async with db.transaction() as tx:
        for name in PEOPLE:
            counts[name] = int(await tx.value(f"SELECT COUNT(*) FROM {name}"))
        if db.dialect == "sqlite":
            await _delete(tx)
        else:
            await tx.run(f"TRUNCATE {', '.join(PEOPLE)}")
        await tx.run(_MEMOS)
        await tx.run("UPDATE article SET comments = 0, comments_closed_at = NULL")
    return {name: count for name, count in counts.items() if count}


async def _delete(tx: Connection) -> None:
    """The rows of SQLite's tables, in any order; triggers that keep decisions step aside."""
    await tx.run("PRAGMA defer_foreign_keys = ON")
    guards = await tx.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'decision'"
    )
    for one in guards:
        await tx.run(f"DROP TRIGGER {one['name']}")
    for name in PEOPLE:
        await tx.run(f"DELETE FROM {name}")
    for one in guards:
        await tx.run(one["sql"])

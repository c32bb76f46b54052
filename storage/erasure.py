"""Erases all people at once and keeps the articles: for the day the service ends.

Everything not listed as kept is deleted, so forgetting to list a new table errs on the safe side.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage import processes, topic_labels
from storage.database import Connection, Database, SharedDatabase

KEPT = frozenset(
    {
        "article", "article_topic", "correction", "entry", "feed", "memo", "migration", "page",
        "process", "role", "topic", "websub",
    }
)  # fmt: skip
"""The archive: articles, where they came from, how they were corrected; and who leads what."""
_INDEX, _SEARCHES = "search_", "search_query"
"""Prefix of the index's tables; what people searched for is not part of it."""
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    " ORDER BY name",
    "postgresql": "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    " ORDER BY tablename",
}
_WITHOUT_NAMES = (
    "UPDATE article SET comments = 0, comments_closed_at = NULL",
    "UPDATE correction SET actor = '', actor_id = 0",
)
_MEMOS = "DELETE FROM memo WHERE key NOT LIKE 'search.%'"
"""Memos of the index are about nobody."""


async def erase(db: Database) -> dict[str, int]:
    """Delete everything about people, in one transaction; returns how many rows of each table there
    were. To be run while no bot uses the database; the caller makes sure that deleted rows are gone
    from the files too. Raises OperatorError if a bot is using a shared database."""
    counts = {}
    async with db.transaction() as tx:
        if isinstance(db, SharedDatabase):
            await processes.refuse_company(tx)
        names = await about_people(tx)
        for name in names:
            counts[name] = int(await tx.value(f"SELECT COUNT(*) FROM {name}"))
        if db.dialect == "sqlite":
            await _delete(tx, names)
        else:
            await tx.run(f"TRUNCATE {', '.join(names)}")
        for statement in (_MEMOS, *_WITHOUT_NAMES):
            await tx.run(statement)
        await topic_labels.forget_unused(tx)
    return {name: count for name, count in counts.items() if count}


async def shred(db: SharedDatabase) -> None:
    """Rewrite the kept tables that lost rows: the server drops the others' files by itself."""
    async with db.beside() as cx:
        for name in ("correction", "memo", "topic"):
            await cx.run(f"VACUUM FULL {name}")


async def about_people(cx: Connection) -> list[str]:
    """The tables of chats and readers, of what they wrote and chose, who decided what, and what was
    sent to whom."""
    names = [str(row["name"]) for row in await cx.rows(_TABLES)]
    return [
        name
        for name in names
        if name not in KEPT and (name == _SEARCHES or not name.startswith(_INDEX))
    ]


async def _delete(tx: Connection, names: Sequence[str]) -> None:
    """Delete the rows of SQLite's tables, in any order, with the triggers that protect decisions
    suspended."""
    await tx.run("PRAGMA defer_foreign_keys = ON")
    guards = await tx.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'decision'"
    )
    for one in guards:
        await tx.run(f"DROP TRIGGER {one['name']}")
    for name in names:
        await tx.run(f"DELETE FROM {name}")
    for one in guards:
        await tx.run(one["sql"])

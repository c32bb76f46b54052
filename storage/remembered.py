"""Queries that are too long for a button, stored under a number for ◀ and ▶."""

from __future__ import annotations

from bot.core.search.query import clean
from storage.database import Connection

_SECONDS = 90 * 86_400  # how long a button under an old answer works


async def remember(tx: Connection, text: str, *, now: int) -> int:
    """Store a query that is too long for a button; returns its number."""
    await tx.run("DELETE FROM search_query WHERE used_at < :old", old=now - _SECONDS)
    number = await tx.value(
        "INSERT INTO search_query (text, used_at) VALUES (:text, :now)"
        " ON CONFLICT (text) DO UPDATE SET used_at = excluded.used_at RETURNING id",
        text=clean(text),
        now=now,
    )
    return int(number)


async def query(cx: Connection, number: int) -> str | None:
    """The query under a number; None when it has been forgotten since."""
    text = await cx.value("SELECT text FROM search_query WHERE id = :id", id=number)
    return None if text is None else str(text)

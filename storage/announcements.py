"""An announcement between writing and sending. Knows rows only.

Only one is pending at a time; a newer one replaces it, and buttons with the older number do
nothing.
"""

from __future__ import annotations

from typing import Any

import orjson

from bot.core.model import ArticleId
from storage.database import Connection
from storage.deliveries import as_json

_MEMO = "announcement"


async def keep(tx: Connection, text: str) -> int:
    """Store a text that waits for confirmation; returns its number."""
    number = int((await _kept(tx)).get("number", 0)) + 1
    await _keep(tx, {"number": number, "text": text})
    return number


async def waiting(cx: Connection, number: int) -> str | None:
    """The text with this number, while it is the pending one."""
    kept = await _kept(cx)
    return kept.get("text") if kept.get("number") == number else None


async def sent(tx: Connection, number: int, article_id: int) -> None:
    """Note the article that it became."""
    await _keep(tx, {"number": number, "article": article_id})


async def sent_as(cx: Connection, number: int) -> ArticleId | None:
    """The article that it became, if it was the last to be sent."""
    kept = await _kept(cx)
    found = kept.get("article") if kept.get("number") == number else None
    return None if found is None else ArticleId(found)


async def drop(tx: Connection, number: int) -> bool:
    """Discard it; False if it is not (or no longer) pending."""
    if await waiting(tx, number) is None:
        return False
    await _keep(tx, {"number": number})
    return True


async def audience(cx: Connection) -> int:
    """How many would get it: those who read everything."""
    return int(
        await cx.value(
            "SELECT count(*) FROM subscription JOIN chat ON chat.id = chat_id"
            " WHERE active = 1 AND everything = 1 AND gone_at IS NULL"
        )
    )


async def _kept(cx: Connection) -> dict[str, Any]:
    found = await cx.value("SELECT value FROM memo WHERE key = :key", key=_MEMO)
    kept: dict[str, Any] = orjson.loads(found) if found else {}
    return kept


async def _keep(tx: Connection, what: dict[str, Any]) -> None:
    await tx.run(
        "INSERT INTO memo (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key=_MEMO,
        value=as_json(what),
    )

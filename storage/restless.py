"""Articles that change too often: when their posts follow, and what those have not said yet. Knows
rows; `bot.core.feeds.calm` decides."""

from __future__ import annotations

from bot.core.feeds.calm import Pace
from bot.core.model import ArticleId
from storage.database import Connection, Row


async def wait(tx: Connection, article_id: ArticleId, earlier: str, how: Pace) -> None:
    """Note an article's earlier texts, and when its posts follow."""
    await tx.run(
        "UPDATE article SET earlier = :earlier, edited = :edited, settle_at = :settle_at"
        " WHERE id = :id",
        id=article_id,
        earlier=earlier,
        edited=how.edited,
        settle_at=how.settle_at,
    )


async def at_rest(cx: Connection, now: int) -> list[Row]:
    """Articles that have settled, and whose posts follow now: id, fingerprint, posted, earlier,
    edited."""
    return await cx.rows(
        "SELECT id, fingerprint, posted, earlier, edited FROM article WHERE settle_at <= :now",
        now=now,
    )


async def next_rest(cx: Connection) -> int | None:
    """When the next article settles, if any is waiting to."""
    moment = await cx.value("SELECT MIN(settle_at) FROM article WHERE settle_at IS NOT NULL")
    return None if moment is None else int(moment)


async def show(tx: Connection, article_id: int, *, edited: str) -> None:
    """Note that posts of an article now show its current text."""
    await tx.run(
        "UPDATE article SET revision = revision + 1, posted = fingerprint, edited = :edited,"
        " settle_at = NULL WHERE id = :id",
        id=article_id,
        edited=edited,
    )


async def set_untold(tx: Connection, article_id: int, reason: str) -> None:
    """Note a text's erratum, for when its posts follow; empty once they have."""
    await tx.run(
        "UPDATE article SET untold_erratum = :reason WHERE id = :id AND untold_erratum <> :reason",
        reason=reason,
        id=article_id,
    )


async def untold(cx: Connection, article_id: int) -> str:
    """The same, as it was last set."""
    reason = await cx.value("SELECT untold_erratum FROM article WHERE id = :id", id=article_id)
    return str(reason or "")

"""Articles that a chat gets later. Knows rows and when something is due, not what is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.model import ArticleId
from bot.core.posts.content_kinds import KeptFor
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """One article that waits for a subscription."""

    article_id: ArticleId
    why: KeptFor
    kept_at: int


async def keep(
    tx: Connection, rows: Sequence[tuple[int, KeptFor, int]], article_id: int, *, now: int
) -> None:
    """Keep an article back for subscriptions: number, why, and when it is due. One that was kept
    back for a subscription before is not kept again."""
    if not rows:
        return
    await tx.run_many(
        "INSERT INTO kept_back (subscription_id, article_id, why, kept_at)"
        " VALUES (:id, :article, :why, :now) ON CONFLICT DO NOTHING",
        [
            {"id": number, "article": article_id, "why": why.value, "now": now}
            for number, why, _ in rows
        ],
    )
    await tx.run_many(
        "UPDATE subscription SET release_at = :due WHERE id = :id"
        " AND (release_at IS NULL OR release_at > :due)",
        [{"id": number, "due": due} for number, _, due in rows],
    )


async def due(cx: Connection, *, now: int, limit: int) -> list[Row]:
    """Subscriptions for which something is due, with their chats' state, longest due first."""
    return await cx.rows(
        "SELECT subscription.*, chat.gone_at FROM subscription JOIN chat ON chat.id = chat_id"
        " WHERE release_at <= :now ORDER BY release_at, subscription.id LIMIT :limit",
        now=now,
        limit=limit,
    )


async def one(cx: Connection, subscription_id: int) -> Row | None:
    """A row as `due` gives it, whether something is due or not."""
    return await cx.row(
        "SELECT subscription.*, chat.gone_at FROM subscription JOIN chat ON chat.id = chat_id"
        " WHERE subscription.id = :id",
        id=subscription_id,
    )


async def waiting(cx: Connection, subscription_id: int) -> list[KeptArticle]:
    """What is kept back for a subscription, oldest first. Withdrawn articles are left out."""
    rows = await cx.rows(
        "SELECT article_id, why, kept_at FROM kept_back JOIN article ON article.id = article_id"
        " WHERE subscription_id = :id AND released_at IS NULL AND retracted_at IS NULL"
        " ORDER BY kept_at, article_id",
        id=subscription_id,
    )
    return [
        KeptArticle(ArticleId(row["article_id"]), KeptFor(row["why"]), row["kept_at"])
        for row in rows
    ]


async def released(
    tx: Connection, subscription_id: int, article_ids: Iterable[int], *, now: int
) -> None:
    """Note that these are on their way."""
    await tx.run_many(
        "UPDATE kept_back SET released_at = :now WHERE subscription_id = :id"
        " AND article_id = :article",
        [{"now": now, "id": subscription_id, "article": one} for one in article_ids],
    )


async def keep_for(
    tx: Connection, subscription_id: int, article_ids: Iterable[int], why: KeptFor
) -> None:
    """Let these wait on, for another reason."""
    await tx.run_many(
        "UPDATE kept_back SET why = :why WHERE subscription_id = :id AND article_id = :article",
        [{"why": why.value, "id": subscription_id, "article": one} for one in article_ids],
    )


async def drop(tx: Connection, subscription_id: int, *, now: int) -> None:
    """Drop what is kept back: the chat is gone, or reads no news."""
    await tx.run(
        "UPDATE kept_back SET released_at = :now WHERE subscription_id = :id"
        " AND released_at IS NULL",
        now=now,
        id=subscription_id,
    )
    await set_due(tx, subscription_id, None)


async def set_due(tx: Connection, subscription_id: int, at: int | None) -> None:
    """Set when to check a subscription again; None: nothing waits."""
    await tx.run(
        "UPDATE subscription SET release_at = :at WHERE id = :id", at=at, id=subscription_id
    )


async def count_posts(
    tx: Connection, subscription_ids: Iterable[int], *, day: int, n: int = 1
) -> None:
    """Count `n` more posts for these since their midnight (`day`)."""
    await tx.run_many(
        "UPDATE subscription SET posted = CASE WHEN day = :day THEN posted + :n ELSE :n END,"
        " day = :day WHERE id = :id",
        [{"day": day, "n": n, "id": one} for one in subscription_ids],
    )


async def forget(tx: Connection, *, before: int) -> int:
    """Delete rows that were released before a moment; returns how many."""
    return await tx.run("DELETE FROM kept_back WHERE released_at < :before", before=before)

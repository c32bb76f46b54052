"""What the newsroom corrected and withdrew: a log that is only added to, and what posts show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.model import ArticleId, CorrectionKind, Mark
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class LoggedCorrection:
    """One line of the log, with its article as it is now."""

    id: int
    article_id: ArticleId
    headline: str
    link: str
    kind: CorrectionKind
    at: int
    reason: str


async def add(
    tx: Connection,
    article_id: int,
    kind: CorrectionKind,
    *,
    reason: str = "",
    actor: str = "",
    actor_id: int = 0,
    now: int,
) -> int:
    """Log a correction and mark the article; a restored one loses its mark. The caller announces
    the edit of its posts. Returns the correction's number."""
    number = await tx.value(
        "INSERT INTO correction (article_id, kind, at, reason, actor, actor_id)"
        " VALUES (:article, :kind, :now, :reason, :actor, :actor_id) RETURNING id",
        article=article_id,
        kind=kind.value,
        now=now,
        reason=reason,
        actor=actor,
        actor_id=actor_id,
    )
    marked = kind is not CorrectionKind.RESTORED
    await tx.run(
        "UPDATE article SET mark = :mark, mark_at = :at, mark_reason = :reason WHERE id = :id",
        mark=kind.value if marked else "",
        at=now if marked else None,
        reason=reason if marked else "",
        id=article_id,
    )
    return int(number)


async def mark(cx: Connection, correction_id: int) -> Mark | None:
    """What posts say about a correction."""
    row = await cx.row("SELECT kind, at, reason FROM correction WHERE id = :id", id=correction_id)
    return Mark(CorrectionKind(row["kind"]), row["at"], row["reason"]) if row else None


async def newest_of(cx: Connection, article_id: int) -> int | None:
    """The number of an article's last correction or withdrawal that an editor made."""
    number = await cx.value(
        "SELECT MAX(id) FROM correction WHERE article_id = :id AND actor_id <> 0"
        " AND kind IN ('corrected', 'withdrawn')",
        id=article_id,
    )
    return None if number is None else int(number)


async def posted_at(cx: Connection, article_id: int) -> int | None:
    """When an article was first sent; None if it never was."""
    at = await cx.value(
        "SELECT MIN(created_at) FROM broadcast WHERE article_id = :id AND kind = 'news'",
        id=article_id,
    )
    return None if at is None else int(at)


async def listed(
    cx: Connection, *, since: int, offset: int = 0, limit: int
) -> tuple[list[LoggedCorrection], int]:
    """The latest correction of each article, as posts show it, newest first; and how many there
    are."""
    total = await cx.value(f"SELECT COUNT(*) {_LAST}", since=since)
    rows = await cx.rows(
        "SELECT correction.*, COALESCE(NULLIF(own_headline, ''), headline) AS headline, link"
        f" {_LAST} ORDER BY at DESC, correction.id DESC LIMIT :limit OFFSET :offset",
        since=since,
        limit=limit,
        offset=offset,
    )
    return [_correction(row) for row in rows], int(total)


_LAST = (
    "FROM correction JOIN article ON article.id = article_id WHERE at >= :since"
    " AND kind <> 'restored' AND correction.id ="
    " (SELECT MAX(id) FROM correction AS newest WHERE newest.article_id = correction.article_id)"
)


def _correction(row: Row) -> LoggedCorrection:
    return LoggedCorrection(
        row["id"],
        ArticleId(row["article_id"]),
        row["headline"],
        row["link"],
        CorrectionKind(row["kind"]),
        row["at"],
        row["reason"],
    )

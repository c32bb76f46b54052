"""The log of who did what, and what the rules said. Lines are added, never changed.

It contains no reader's name or words, so it survives the erasure of a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.comments.model import Comment
from bot.core.comments.rules import RuleFinding, Ruling
from bot.core.model import Actor
from storage.database import Connection, Row


async def record(
    tx: Connection,
    action: str,
    *,
    by: Actor,
    before: Comment | None = None,
    after: Comment | None = None,
    reader_id: int | None = None,
    article_id: int | None = None,
    reason: str = "",
    now: int,
) -> int:
    """Add one line to the log; returns its number. Lines are never changed."""
    known = after or before
    return int(
        await tx.value(
            "INSERT INTO decision (at, actor_id, actor, action, comment_id, reader_id, article_id,"
            " from_state, to_state, revision, version, live_before, reason) VALUES (:now,"
            " :actor_id, :actor, :action, :comment, :reader, :article, :from_state, :to_state,"
            " :revision, :version, :live, :reason) RETURNING id",
            now=now,
            actor_id=by.id,
            actor=by.name,
            action=action,
            comment=known.id if known else None,
            reader=known.reader_id if known else reader_id,
            article=known.article_id if known else article_id,
            from_state=before.state.value if before else "",
            to_state=after.state.value if after else "",
            revision=known.revision if known else None,
            version=known.version if known else None,
            live=before.live if before else None,
            reason=reason,
        )
    )


async def newest(cx: Connection, actions: Sequence[str], article_id: int) -> int:
    """The last of these actions on an article; 0 for none."""
    names = ", ".join(f"'{one}'" for one in actions)
    return int(
        await cx.value(
            f"SELECT COALESCE(MAX(id), 0) FROM decision WHERE action IN ({names})"
            " AND article_id = :article",
            article=article_id,
        )
    )


async def get(cx: Connection, decision_id: int) -> Row | None:
    return await cx.row("SELECT * FROM decision WHERE id = :id", id=decision_id)


async def of_reader(cx: Connection, reader_id: int, *, before: int) -> Sequence[Row]:
    """What was done about a reader, not about a comment, before that line, in order."""
    return await cx.rows(
        "SELECT action, at, reason FROM decision WHERE reader_id = :reader"
        " AND comment_id IS NULL AND id < :before ORDER BY id",
        reader=reader_id,
        before=before,
    )


async def of_people(cx: Connection, first: int, last: int) -> Sequence[Row]:
    """What people decided, from one line of the log to another, with the article's headline if it
    is not about a comment."""
    return await cx.rows(
        "SELECT decision.*, COALESCE(article.headline, '') AS headline FROM decision"
        " LEFT JOIN article ON article.id = decision.article_id"
        " WHERE decision.id BETWEEN :first AND :last AND actor_id <> 0 ORDER BY decision.id",
        first=first,
        last=last,
    )


async def of_comment(cx: Connection, comment_id: int) -> Sequence[Row]:
    """Everything that was done about a comment and about its reader, in order."""
    return await cx.rows(
        "SELECT * FROM decision WHERE comment_id = :id OR (comment_id IS NULL AND reader_id ="
        " (SELECT reader_id FROM comment WHERE id = :id)) ORDER BY id",
        id=comment_id,
    )


async def of_article(cx: Connection, article_id: int) -> Sequence[Row]:
    """Everything that editors did to an article, or that happened to it by itself, in order."""
    return await cx.rows(
        "SELECT * FROM decision WHERE article_id = :id AND comment_id IS NULL ORDER BY id",
        id=article_id,
    )


# --- findings -------------------------------------------------------------------------------------


async def add_findings(
    tx: Connection,
    found: Iterable[RuleFinding],
    *,
    comment_id: int | None,
    reader_id: int,
    revision: int | None,
    now: int,
) -> None:
    """Store what the rules said about a revision, or about a refused text (then without a
    comment)."""
    await tx.run_many(
        "INSERT INTO finding (comment_id, reader_id, revision, rule, verdict, detail, at)"
        " VALUES (:comment, :reader, :revision, :rule, :verdict, :detail, :now)",
        [
            {
                "comment": comment_id,
                "reader": reader_id,
                "revision": revision,
                "rule": one.rule,
                "verdict": one.ruling.value,
                "detail": one.detail if comment_id is not None else "",
                "now": now,
            }
            for one in found
        ],
    )


async def last_by(cx: Connection, actor_id: int, *, since: int) -> int | None:
    """The comment that a moderator decided last, if that decision stands and is no older."""
    found: int | None = await cx.value(
        "SELECT comment.id FROM decision JOIN comment ON comment.decision_id = decision.id"
        " WHERE at >= :since AND actor_id = :actor AND state IN ('approved', 'rejected')"
        " ORDER BY decision.id DESC LIMIT 1",
        actor=actor_id,
        since=since,
    )
    return found


async def refused_since(cx: Connection, reader_id: int, rule: str, *, since: int) -> bool:
    """Whether a rule has refused something of a reader since then."""
    return bool(
        await cx.value(
            "SELECT 1 FROM finding WHERE reader_id = :reader AND rule = :rule AND at >= :since"
            " AND verdict = 'refuse' LIMIT 1",
            reader=reader_id,
            rule=rule,
            since=since,
        )
    )


async def findings(cx: Connection, comment_id: int, revision: int) -> list[RuleFinding]:
    """What the rules said about a revision, in their order."""
    rows = await cx.rows(
        "SELECT rule, verdict, detail FROM finding"
        " WHERE comment_id = :id AND revision = :revision ORDER BY id",
        id=comment_id,
        revision=revision,
    )
    return [RuleFinding(row["rule"], Ruling(row["verdict"]), row["detail"]) for row in rows]


async def rule_totals(cx: Connection, *, since: int) -> dict[tuple[str, str], int]:
    """How often each rule held or refused since then, by name and verdict."""
    rows = await cx.rows(
        "SELECT rule, verdict, count(*) AS n FROM finding WHERE at >= :since"
        " GROUP BY rule, verdict",
        since=since,
    )
    return {(row["rule"], row["verdict"]): row["n"] for row in rows}

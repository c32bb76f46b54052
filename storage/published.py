"""Published comments, with likes and reports. Knows rows only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from bot.core.comments.dialogue import markup
from bot.core.comments.model import Signature
from bot.core.html import Html
from bot.core.model import ArticleId, ChatId, CommentId, ReaderId, TelegramId
from storage import answers, copies, deliveries
from storage.database import Connection, Row

PAGE = 5
_ORDERS = {
    "new": "comment.published_at DESC, comment.id DESC",
    "best": "comment.likes DESC, comment.published_at DESC, comment.id DESC",
}


@dataclass(frozen=True, slots=True)
class Published:
    """A comment as the public reads it."""

    id: CommentId
    article_id: ArticleId
    reader_id: ReaderId
    reader_name: str
    sign: Signature
    text: str
    media: int
    """How many pictures and recordings came with it."""
    likes: int
    published_at: int
    answers: tuple[Html, ...] = ()
    """The editors' public answers."""


_SELECT = (
    "SELECT comment.*, reader.name AS reader_name, revision.text AS live_text, revision.parts"
    " FROM comment JOIN reader ON reader.id = reader_id"
    " JOIN revision ON revision.comment_id = comment.id AND revision.number = comment.live"
)


async def page(
    cx: Connection, article_id: int, *, page: int, order: str = "new"
) -> tuple[list[Published], int]:
    """One page (from 1; too high a number gives the last), and how many pages there are."""
    count = int(
        await cx.value(
            "SELECT count(*) FROM comment WHERE article_id = :id AND live IS NOT NULL",
            id=article_id,
        )
    )
    pages = max(1, -(-count // PAGE))
    rows = await cx.rows(
        f"{_SELECT} WHERE article_id = :id ORDER BY {_ORDERS.get(order, _ORDERS['new'])}"
        " LIMIT :limit OFFSET :offset",
        id=article_id,
        limit=PAGE,
        offset=(min(max(page, 1), pages) - 1) * PAGE,
    )
    return [await _published(cx, row) for row in rows], pages


async def one(cx: Connection, comment_id: int) -> Published | None:
    """A published comment; None if it is not public."""
    row = await cx.row(f"{_SELECT} WHERE comment.id = :id", id=comment_id)
    return await _published(cx, row) if row else None


async def _published(cx: Connection, row: Row) -> Published:
    public = await cx.rows(
        "SELECT id FROM answer WHERE comment_id = :id AND public_at IS NOT NULL"
        " AND state <> 'cancelled' ORDER BY id",
        id=row["id"],
    )
    return Published(
        id=CommentId(row["id"]),
        article_id=ArticleId(row["article_id"]),
        reader_id=ReaderId(row["reader_id"]),
        reader_name=row["reader_name"],
        sign=Signature(row["sign"]),
        text=row["live_text"],
        media=sum(bool(part["media"]) for part in orjson.loads(row["parts"])),
        likes=row["likes"],
        published_at=row["published_at"],
        answers=tuple([markup(await answers.parts(cx, one["id"])) for one in public]),
    )


async def recount(tx: Connection, article_id: int) -> bool:
    """Update an article's count of published comments; False if it was right."""
    return bool(
        await tx.run(
            "UPDATE article SET comments = (SELECT count(*) FROM comment"
            "  WHERE article_id = :id AND live IS NOT NULL)"
            " WHERE id = :id AND comments <> (SELECT count(*) FROM comment"
            "  WHERE article_id = :id AND live IS NOT NULL)",
            id=article_id,
        )
    )


async def count_told_at(cx: Connection, article_id: int) -> int | None:
    """When the posts of an article last got its count; None for never."""
    at = await cx.value("SELECT announced_at FROM count_change WHERE article_id = :i", i=article_id)
    return None if at is None else int(at)


async def tell_count_later(tx: Connection, article_id: int, *, due_at: int) -> None:
    """Let the posts of an article, which got a count before, wait for the new one."""
    await tx.run(
        "UPDATE count_change SET due_at = :due WHERE article_id = :id", due=due_at, id=article_id
    )


async def announce_count(tx: Connection, article_id: int, *, now: int) -> None:
    """Have the posts of an article show its count."""
    await deliveries.announce_edit(tx, article_id, now=now)
    await tx.run(
        "INSERT INTO count_change (article_id, announced_at) VALUES (:id, :now)"
        " ON CONFLICT (article_id) DO UPDATE SET announced_at = :now, due_at = NULL",
        id=article_id,
        now=now,
    )


async def counts_due(cx: Connection, *, now: int, limit: int) -> list[int]:
    """Articles whose posts have waited long enough for their new count."""
    rows = await cx.rows(
        "SELECT article_id FROM count_change WHERE due_at <= :now ORDER BY due_at LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [row["article_id"] for row in rows]


async def closed(cx: Connection, article_id: int) -> bool:
    """Whether an article's comments are closed."""
    return bool(
        await cx.value(
            "SELECT comments_closed_at IS NOT NULL OR retracted_at IS NOT NULL FROM article"
            " WHERE id = :id",
            id=article_id,
        )
    )


async def close(tx: Connection, article_id: int, *, now: int | None) -> bool:
    """Close an article's comments (None: open them); True if that changed anything."""
    return bool(
        await tx.run(
            "UPDATE article SET comments_closed_at = :now"
            " WHERE id = :id AND (comments_closed_at IS NULL) = (:now IS NOT NULL)",
            id=article_id,
            now=now,
        )
    )


async def media(cx: Connection, comment_id: int) -> tuple[TelegramId, list[int]] | None:
    """Where the moderators' copies of a published comment's pictures and recordings are: a chat,
    and the messages there. The reader cannot change these copies; what came after the public
    revision is left out."""
    text = await cx.value(
        "SELECT parts FROM comment JOIN revision ON comment_id = comment.id AND number = live"
        " WHERE comment.id = :id",
        id=comment_id,
    )
    if text is None:
        return None
    public = {one["message_id"]: one.get("file", "") for one in orjson.loads(text) if one["media"]}
    here: ChatId | None = None
    found: dict[int, int] = {}
    for one in await copies.of_comment(cx, comment_id):
        if one.answer is not None or not one.messages:
            continue
        here = here or one.chat_id
        if one.chat_id != here:
            continue  # in a former chat
        for source, file in one.carried():
            copy = one.of(source)
            if copy is not None and file in {"", public.get(source)}:
                found.setdefault(source, copy)
    if not found:
        return None
    chat = await cx.value("SELECT telegram_id FROM chat WHERE id = :id", id=here)
    return TelegramId(chat), sorted(found.values())


# --- likes and reports ----------------------------------------------------------------------------


async def like(tx: Connection, comment_id: int, reader_id: int) -> bool:
    """Toggle a reader's like. Returns whether the comment is liked now."""
    added = await tx.run(
        "INSERT INTO vote (comment_id, reader_id) VALUES (:comment, :reader)"
        " ON CONFLICT DO NOTHING",
        comment=comment_id,
        reader=reader_id,
    )
    if not added:
        await tx.run(
            "DELETE FROM vote WHERE comment_id = :comment AND reader_id = :reader",
            comment=comment_id,
            reader=reader_id,
        )
    await _recount_likes(tx, [comment_id])
    return bool(added)


async def _recount_likes(tx: Connection, comment_ids: Sequence[int]) -> None:
    await tx.run_many(
        "UPDATE comment SET likes = (SELECT count(*) FROM vote WHERE comment_id = :id)"
        " WHERE id = :id",
        [{"id": one} for one in comment_ids],
    )


async def report(
    tx: Connection, comment_id: int, reader_id: int, *, revision: int, now: int
) -> bool:
    """Store one report per reader and text; False if this reader has reported this text before."""
    return bool(
        await tx.run(
            "INSERT INTO report (comment_id, reader_id, revision, at)"
            " VALUES (:comment, :reader, :revision, :now)"
            " ON CONFLICT (comment_id, reader_id) DO UPDATE SET revision = excluded.revision,"
            " at = excluded.at, settled = 0 WHERE report.revision <> excluded.revision",
            comment=comment_id,
            reader=reader_id,
            revision=revision,
            now=now,
        )
    )


async def reports(cx: Connection, comment_id: int) -> tuple[int, int]:
    """How many readers' reports no moderator has dealt with yet, and how many reports there are."""
    row = await cx.row(
        "SELECT count(*) - coalesce(sum(settled), 0) AS fresh,"
        " coalesce(sum(settled), 0) AS settled FROM report WHERE comment_id = :id",
        id=comment_id,
    )
    assert row is not None  # an aggregate always has a row
    return row["fresh"], row["settled"]


async def close_reports(tx: Connection, comment_id: int) -> None:
    """Note that a moderator has dealt with the reports."""
    await tx.run("UPDATE report SET settled = 1 WHERE comment_id = :id", id=comment_id)


async def reported_lately(cx: Connection, reader_id: int, *, since: int) -> int:
    """How many reports a reader has made since then."""
    return int(
        await cx.value(
            "SELECT count(*) FROM report WHERE reader_id = :id AND at > :since",
            id=reader_id,
            since=since,
        )
    )


async def forget(tx: Connection, reader_id: int) -> None:
    """Delete a reader's likes and reports; counts follow."""
    liked = await tx.rows("SELECT comment_id FROM vote WHERE reader_id = :id", id=reader_id)
    await tx.run("DELETE FROM vote WHERE reader_id = :id", id=reader_id)
    await tx.run("DELETE FROM report WHERE reader_id = :id", id=reader_id)
    await _recount_likes(tx, [row["comment_id"] for row in liked])

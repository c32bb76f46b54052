"""Comments and their revisions, and which message is about which. Knows rows, no rights.

A comment changes by `save` alone: compare-and-set on `version`, so that of two writers one wins.
`storage.decisions` keeps the log, `storage.answers` the words between editors and readers,
`storage.published` the public's side.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from bot.core.comments.complaints import Complaint, ComplaintKind, ComplaintState
from bot.core.comments.model import Comment, CommentWords, Decision, Part, Reason, Signature, State
from bot.core.comments.rules import key_of
from bot.core.model import Actor, ArticleId, ChatId, CommentId, DeliveryId, ReaderId, TelegramId
from storage.database import Connection, Row

_SELECT = (
    "SELECT comment.*, revision.text, revision.parts, complaint_kind, complains_of, opened_at,"
    " complaint_state, answered_at FROM comment"
    " JOIN revision ON revision.comment_id = comment.id AND revision.number = comment.revision"
    " LEFT JOIN complaint ON complaint.comment_id = comment.id"
)


def _comment(row: Row) -> Comment:
    decided = row["decided_id"] is not None
    return Comment(
        id=CommentId(row["id"]),
        article_id=ArticleId(row["article_id"]) if row["article_id"] is not None else None,
        reader_id=ReaderId(row["reader_id"]),
        state=State(row["state"]),
        text=row["text"],
        parts=_parts(row["parts"]),
        sign=Signature(row["sign"]),
        version=row["version"],
        revision=row["revision"],
        live=row["live"],
        due_at=row["due_at"],
        created_at=row["created_at"],
        decision=Decision(row["verdict"]) if row["verdict"] else None,
        reason=Reason(row["reason"]) if row["reason"] else None,
        own_reason=row["own_reason"],
        decided_at=row["decided_at"],
        decided_by=Actor(TelegramId(row["decided_id"]), row["decided_by"]) if decided else None,
        decision_id=row["decision_id"],
        published_at=row["published_at"],
        likes=row["likes"],
        leader_id=CommentId(row["leader_id"]) if row["leader_id"] is not None else None,
        card_id=DeliveryId(row["card_id"]) if row["card_id"] is not None else None,
        complaint=_complaint(row) if row["complaint_kind"] else None,
    )


def _complaint(row: Row) -> Complaint:
    return Complaint(
        ComplaintKind(row["complaint_kind"]),
        row["opened_at"],
        ArticleId(row["complains_of"]) if row["complains_of"] is not None else None,
        ComplaintState(row["complaint_state"]),
        row["answered_at"],
    )


def _parts(text: str) -> tuple[Part, ...]:
    return tuple(Part(**{**one, "links": tuple(one["links"])}) for one in json.loads(text))


async def get(cx: Connection, comment_id: int) -> Comment | None:
    row = await cx.row(f"{_SELECT} WHERE comment.id = :id", id=comment_id)
    return _comment(row) if row else None


async def add(tx: Connection, comment: Comment, *, now: int) -> CommentId:
    """Store a new comment; its own number is ignored and the new one returned."""
    comment_id = await tx.value(
        "INSERT INTO comment (article_id, reader_id, state, sign, due_at, created_at, pending_at)"
        " VALUES (:article, :reader, :state, :sign, :due, :now,"
        " CASE WHEN :state = 'pending' THEN :now END) RETURNING id",
        article=comment.article_id,
        reader=comment.reader_id,
        state=comment.state.value,
        sign=comment.sign.value,
        due=comment.due_at,
        now=now,
    )
    await _add_revision(tx, comment_id, comment, now)
    return CommentId(comment_id)


async def save(tx: Connection, before: Comment, after: Comment, *, now: int) -> bool:
    """Store a step; False, with nothing stored, if another step came in between."""
    by = after.decided_by
    changed = await tx.run(
        "UPDATE comment SET article_id = :article, state = :state, version = :version,"
        " revision = :revision, live = :live, sign = :sign, due_at = :due, verdict = :verdict,"
        " reason = :reason, own_reason = :own_reason, decided_at = :decided_at,"
        " decided_id = :decided_id, decided_by = :decided_by,"
        " decision_id = :decision, published_at = :published, leader_id = :leader,"
        " card_id = :card, pending_at = CASE WHEN :state <> 'pending' THEN NULL"
        " WHEN state = 'pending' THEN pending_at ELSE :now END"
        " WHERE id = :id AND version = :seen",
        id=before.id,
        seen=before.version,
        article=after.article_id,
        state=after.state.value,
        version=after.version,
        revision=after.revision,
        live=after.live,
        sign=after.sign.value,
        due=after.due_at,
        verdict=after.decision,
        reason=after.reason,
        own_reason=after.own_reason,
        decided_at=after.decided_at,
        decided_id=by.id if by else None,
        decided_by=by.name if by else "",
        decision=after.decision_id,
        published=after.published_at,
        leader=after.leader_id,
        card=after.card_id,
        now=now,
    )
    words = (after.revision, after.text, after.parts)
    if changed and words != (before.revision, before.text, before.parts):
        await _add_revision(tx, before.id, after, now)
    return bool(changed)


async def _add_revision(tx: Connection, comment_id: int, comment: Comment, now: int) -> None:
    await tx.run(
        "INSERT INTO revision (comment_id, number, text, parts, key, created_at)"
        " VALUES (:id, :number, :text, :parts, :key, :now) ON CONFLICT (comment_id, number)"
        " DO UPDATE SET text = excluded.text, parts = excluded.parts, key = excluded.key",
        id=comment_id,
        number=comment.revision,
        text=comment.text,
        parts=json.dumps([asdict(part) for part in comment.parts]),
        key=key_of(comment.text),
        now=now,
    )


async def words(cx: Connection, comment_id: int, revision: int) -> CommentWords | None:
    """The text of a revision, which need not be the newest."""
    row = await cx.row(
        "SELECT text, parts FROM revision WHERE comment_id = :id AND number = :number",
        id=comment_id,
        number=revision,
    )
    return CommentWords(row["text"], _parts(row["parts"])) if row else None


async def revised_at(cx: Connection, comment_id: int) -> int:
    """When the newest revision of a comment arrived."""
    return int(
        await cx.value("SELECT MAX(created_at) FROM revision WHERE comment_id = :id", id=comment_id)
        or 0
    )


async def wipe_words(tx: Connection, comment_id: int) -> None:
    """Erase what was written, in all revisions, and where it was written."""
    for sql in (
        "UPDATE revision SET text = '', parts = '[]', key = '' WHERE comment_id = :id",
        "DELETE FROM comment_message WHERE comment_id = :id",
        "DELETE FROM finding WHERE comment_id = :id",
        "UPDATE comment SET own_reason = '' WHERE id = :id",
    ):
        await tx.run(sql, id=comment_id)


# --- what somebody wrote -------------------------------------------------------------------------


async def open_of(
    cx: Connection, reader_id: int, *, since: int = 0, limit: int = 10_000
) -> list[Comment]:
    """A reader's undecided comments, newest first."""
    rows = await cx.rows(
        f"{_SELECT} WHERE reader_id = :reader AND state IN ('draft', 'held', 'pending')"
        " AND comment.created_at >= :since ORDER BY comment.id DESC LIMIT :limit",
        reader=reader_id,
        since=since,
        limit=limit,
    )
    return [_comment(row) for row in rows]


async def recent(cx: Connection, reader_id: int, *, since: int) -> int:
    """How many comments a reader has sent since then."""
    return int(
        await cx.value(
            "SELECT count(*) FROM comment WHERE reader_id = :reader AND created_at > :since",
            reader=reader_id,
            since=since,
        )
    )


async def recent_keys(
    cx: Connection, *, since: int, but: int | None = None, limit: int = 200
) -> list[tuple[int, str]]:
    """Number and key (see `rules.key_of`) of readers' recent comments that were not withdrawn,
    newest first."""
    rows = await cx.rows(
        "SELECT comment.id, key FROM comment JOIN revision ON comment_id = comment.id"
        " AND number = revision WHERE comment.created_at > :since AND key <> ''"
        " AND state NOT IN ('draft', 'withdrawn') AND comment.id <> :but"
        " ORDER BY comment.created_at DESC, comment.id DESC LIMIT :limit",
        since=since,
        but=but or 0,
        limit=limit,
    )
    return [(row["id"], row["key"]) for row in rows]


async def all_of(
    cx: Connection, reader_id: int, *, limit: int = 10_000, offset: int = 0
) -> list[Comment]:
    """All comments of a reader, newest first."""
    rows = await cx.rows(
        f"{_SELECT} WHERE reader_id = :reader ORDER BY comment.id DESC LIMIT :limit OFFSET :offset",
        reader=reader_id,
        limit=limit,
        offset=offset,
    )
    return [_comment(row) for row in rows]


# --- queues ---------------------------------------------------------------------------------------


# Loops get numbers, not rows: an unreadable row then spoils only itself.


async def due(cx: Connection, *, now: int, limit: int) -> list[CommentId]:
    """Held comments whose grace time is over, oldest first."""
    rows = await cx.rows(
        "SELECT id FROM comment WHERE state = 'held' AND due_at <= :now ORDER BY due_at, id"
        " LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [CommentId(row["id"]) for row in rows]


async def withdrawn_until(cx: Connection, now: int, *, limit: int) -> list[CommentId]:
    """Withdrawn comments that can no longer be restored and still have their words."""
    rows = await cx.rows(
        "SELECT id FROM comment WHERE state = 'withdrawn' AND due_at > 0 AND due_at <= :now"
        " ORDER BY due_at LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [CommentId(row["id"]) for row in rows]


async def wiped(tx: Connection, comment_id: int) -> None:
    """Note that the words of a withdrawn comment are erased."""
    await tx.run(
        "UPDATE comment SET due_at = 0 WHERE id = :id AND state = 'withdrawn'", id=comment_id
    )


async def stale_drafts(cx: Connection, *, before: int, limit: int) -> list[CommentId]:
    """Texts whose reader never said what they are about."""
    rows = await cx.rows(
        "SELECT id FROM comment WHERE state = 'draft' AND created_at < :before ORDER BY id"
        " LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [CommentId(row["id"]) for row in rows]


async def pending(cx: Connection, *, limit: int = 50, after: int = 0) -> list[Comment]:
    """Comments that wait for a decision and have a card of their own, oldest first."""
    rows = await cx.rows(
        f"{_SELECT} WHERE state = 'pending' AND leader_id IS NULL AND comment.id > :after"
        " ORDER BY pending_at, comment.id LIMIT :limit",
        limit=limit,
        after=after,
    )
    return [_comment(row) for row in rows]


async def queue_length(cx: Connection) -> tuple[int, int | None]:
    """How many comments wait, and since when the oldest does."""
    row = await cx.row(
        "SELECT count(*) AS n, min(pending_at) AS oldest FROM comment WHERE state = 'pending'"
    )
    assert row is not None  # an aggregate always has a row
    return row["n"], row["oldest"]


async def oldest_waiting(cx: Connection) -> int | None:
    """Since when the oldest comment has waited, apart from complaints, which have their own
    deadlines."""
    at = await cx.value(
        "SELECT min(pending_at) FROM comment WHERE state = 'pending' AND NOT EXISTS"
        " (SELECT 1 FROM complaint WHERE complaint.comment_id = comment.id)"
    )
    return None if at is None else int(at)


async def led_by(cx: Connection, leader_id: int) -> list[Comment]:
    """Pending comments that are decided on this one's card."""
    rows = await cx.rows(
        f"{_SELECT} WHERE leader_id = :id AND state = 'pending' ORDER BY comment.id", id=leader_id
    )
    return [_comment(row) for row in rows]


async def decided_with(cx: Connection, comment: Comment) -> list[Comment]:
    """What else the same press decided: comments on its card, and after a ban all of this
    reader's."""
    rows = await cx.rows(
        f"{_SELECT} WHERE comment.id <> :id AND decided_at = :at AND decided_id = :by"
        " AND verdict = :verdict AND (leader_id = :id OR (verdict = 'ban' AND reader_id = :reader))"
        " ORDER BY comment.id",
        id=comment.id,
        at=comment.decided_at,
        by=comment.decided_by.id if comment.decided_by else None,
        verdict=comment.decision,
        reader=comment.reader_id,
    )
    return [_comment(row) for row in rows]


async def followers(cx: Connection, leader_id: int) -> int:
    """How many comments are or were decided on this one's card."""
    return int(
        await cx.value(
            "SELECT count(*) FROM comment WHERE leader_id = :id"
            " AND state IN ('pending', 'approved', 'rejected')",
            id=leader_id,
        )
    )


async def set_leader(tx: Connection, old: int, new: int) -> None:
    """Move the comments decided on one card to another's."""
    await tx.run(
        "UPDATE comment SET leader_id = CASE WHEN id = :new THEN NULL ELSE :new END"
        " WHERE leader_id = :old AND state = 'pending'",
        old=old,
        new=new,
    )


async def without_card(cx: Connection, chat_id: ChatId, *, limit: int) -> list[CommentId]:
    """Pending comments without a card: there was no room, or it is lost (refused, in another chat,
    or left behind in a group that moved)."""
    rows = await cx.rows(
        "SELECT comment.id FROM comment LEFT JOIN delivery ON delivery.id = card_id"
        " WHERE comment.state = 'pending' AND leader_id IS NULL AND (delivery.id IS NULL"
        " OR delivery.chat_id <> :chat OR delivery.state IN ('dead', 'gone')"
        " OR (delivery.state = 'sent' AND delivery.message_id IS NULL))"
        " ORDER BY pending_at, comment.id LIMIT :limit",
        chat=chat_id,
        limit=limit,
    )
    return [CommentId(row["id"]) for row in rows]


async def set_card(tx: Connection, comment_id: int, card_id: int | None) -> None:
    """The newest card of a comment; None while it waits in the queue without one."""
    await tx.run("UPDATE comment SET card_id = :card WHERE id = :id", card=card_id, id=comment_id)

"""Everything stored about a person, and its erasure. Knows every table with personal data."""

from __future__ import annotations

import json
from typing import Any

from bot.core.model import ChatId, TelegramId
from storage import topic_labels
from storage.database import Connection, Sql, in_both, json_list

_DATA: dict[str, Sql] = {
    "reader": "SELECT * FROM reader WHERE id = :reader",
    "comments": "SELECT comment.id, article_id, headline, state, comment.version,"
    " comment.revision, live, sign, due_at, created_at, pending_at, verdict, reason, own_reason,"
    " comment.decided_at, comment.published_at, likes, leader_id, complaint_kind,"
    " complaint_state, opened_at, answered_at FROM comment"
    " LEFT JOIN complaint ON complaint.comment_id = comment.id"
    " LEFT JOIN article ON article.id = COALESCE(article_id, complains_of)"
    " WHERE reader_id = :reader ORDER BY comment.id",
    "revisions": "SELECT revision.* FROM revision JOIN comment ON comment.id = comment_id"
    " WHERE reader_id = :reader ORDER BY comment_id, number",
    "answers": "SELECT answer.way, answer.state, answer.text, answer.media, answer.comment_id,"
    " answer.public_at, answer.created_at FROM answer JOIN comment ON comment.id = comment_id"
    " WHERE reader_id = :reader ORDER BY answer.id",
    "log": "SELECT at, action, comment_id, from_state, to_state, reason FROM decision"
    " WHERE reader_id = :reader ORDER BY id",
    "likes": "SELECT comment_id, headline FROM vote JOIN comment ON comment.id = comment_id"
    " JOIN article ON article.id = article_id WHERE vote.reader_id = :reader ORDER BY comment_id",
    "reports": "SELECT comment_id, at, headline FROM report"
    " JOIN comment ON comment.id = comment_id JOIN article ON article.id = article_id"
    " WHERE report.reader_id = :reader ORDER BY at",
    "findings": "SELECT comment_id, rule, verdict, detail, at FROM finding"
    " WHERE reader_id = :reader ORDER BY id",
    "consents": "SELECT version, accepted_at AS at FROM consent WHERE reader_id = :reader"
    " ORDER BY accepted_at",
    "notes": "SELECT text, at FROM note WHERE reader_id = :reader ORDER BY id",
    "chat": "SELECT telegram_id, kind, title, username, language, created_at, gone_at FROM chat"
    " WHERE id = :chat",
    "subscriptions": in_both(
        "SELECT everything, active, (SELECT {topics} FROM subscription_topic JOIN topic"
        " ON topic.id = topic_id WHERE subscription_id = subscription.id) AS topics"
        " FROM subscription WHERE chat_id = :chat",
        topics=json_list("topic.name"),
    ),
    "alerts": "SELECT text, created_at AS at FROM alert WHERE chat_id = :chat ORDER BY id",
    "advertisements": "SELECT posts, day, shown FROM sponsor_turn WHERE chat_id = :chat",
    "tickers": "SELECT created_at AS at FROM ticker WHERE chat_id = :chat",
    "messages": "SELECT content, state, article_id, comment_id, message_id, created_at, done_at"
    " FROM delivery WHERE chat_id = :chat AND message_id IS NOT NULL ORDER BY id",
    "articles": "SELECT COALESCE(done_at, created_at) AS at, headline FROM delivery"
    " JOIN article ON article.id = article_id WHERE chat_id = :chat AND message_id IS NOT NULL"
    " AND content = 'article' AND delivery.kind <> 'edit' ORDER BY delivery.id",
    "dialogue": "SELECT message_id, role, comment_id, article_id, created_at FROM comment_message"
    " WHERE chat_id = :chat ORDER BY message_id",
    "as_moderator": "SELECT at, action, comment_id, reason FROM decision WHERE actor_id = :person"
    " ORDER BY id",
}
"""Names of moderators are theirs, not the reader's: they are not among a reader's data."""


async def everything(cx: Connection, person_id: TelegramId, chat_id: ChatId) -> dict[str, Any]:
    """All rows about a person and their private chat, as JSON-compatible values."""
    reader = await cx.value("SELECT id FROM reader WHERE telegram_id = :id", id=person_id)
    found: dict[str, Any] = {}
    for name, sql in _DATA.items():
        rows = await cx.rows(sql, reader=reader or 0, chat=chat_id, person=person_id)
        found[name] = [{key: row[key] for key in row.keys()} for row in rows]  # noqa: SIM118 - a Row
    for row in found["revisions"]:
        row["parts"] = json.loads(row["parts"])
    for row in found["subscriptions"]:
        row["topics"] = json.loads(row["topics"])
    return found


async def how_many(cx: Connection, reader_id: int) -> int:
    """How many comments a reader has written."""
    return int(await cx.value("SELECT count(*) FROM comment WHERE reader_id = :id", id=reader_id))


async def forget_chat(tx: Connection, chat_id: ChatId, *, now: int) -> None:
    """Turn a private chat into a row that names nobody: it keeps the count of deliveries right."""
    await tx.run(
        "UPDATE broadcast SET gone = gone + (SELECT count(*) FROM delivery WHERE"
        " broadcast_id = broadcast.id AND chat_id = :id AND state IN ('due', 'unknown'))"
        " WHERE id IN (SELECT broadcast_id FROM delivery WHERE chat_id = :id"
        " AND state IN ('due', 'unknown'))",
        id=chat_id,
    )
    await tx.run(
        "UPDATE delivery SET state = 'gone', reason = 'forgotten', done_at = :now"
        " WHERE chat_id = :id AND state IN ('due', 'unknown')",
        id=chat_id,
        now=now,
    )
    await tx.run(
        "UPDATE delivery SET content = CASE WHEN data = '' THEN content ELSE 'nothing' END,"
        " data = '', album = '', reply_to = NULL, message_id = NULL WHERE chat_id = :id",
        id=chat_id,
    )
    for table in ("subscription", "comment_message", "alert", "ticker", "sponsor_turn"):
        await tx.run(f"DELETE FROM {table} WHERE chat_id = :id", id=chat_id)
    await topic_labels.forget_unused(tx)
    # No Telegram chat has such an id: they have at most 52 bits.
    await tx.run(
        "UPDATE chat SET telegram_id = :number, title = '', username = '', language = '',"
        " gone_at = :now, gone_reason = 'forgotten' WHERE id = :id",
        number=-(2**62) - chat_id,
        id=chat_id,
        now=now,
    )

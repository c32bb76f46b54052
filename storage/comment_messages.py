"""Which message is about which comment, and what readers are told in one. Knows rows, no rights."""

from __future__ import annotations

from bot.core.model import ChatId
from bot.core.posts.content import DecisionNotice, decode, encode
from bot.core.posts.content_kinds import ContentKind
from storage.database import Connection, Row


async def remember(
    tx: Connection,
    chat_id: ChatId,
    message_id: int,
    role: str,
    *,
    comment_id: int | None = None,
    article_id: int | None = None,
    actor_id: int | None = None,
    now: int,
) -> None:
    """Remember what a message is about (see `comment_message`). Idempotent."""
    await tx.run(
        "INSERT INTO comment_message (chat_id, message_id, role, comment_id, article_id, actor_id,"
        " created_at) VALUES (:chat, :message, :role, :comment, :article, :actor, :now)"
        " ON CONFLICT (chat_id, message_id) DO NOTHING",
        chat=chat_id,
        message=message_id,
        role=role,
        comment=comment_id,
        article=article_id,
        actor=actor_id,
        now=now,
    )


async def about(cx: Connection, chat_id: ChatId, message_id: int) -> Row | None:
    """What a message is about: role, comment_id, article_id, actor_id; None if we do not know."""
    return await cx.row(
        "SELECT * FROM comment_message WHERE chat_id = :chat AND message_id = :message",
        chat=chat_id,
        message=message_id,
    )


async def prompted(cx: Connection, chat_id: ChatId, *, since: int) -> Row | None:
    """The newest prompt for a comment in a chat: article_id, and whether a message of its reader
    has followed it (`used`)."""
    return await cx.row(
        "SELECT article_id, EXISTS (SELECT 1 FROM comment_message AS later WHERE role = 'source'"
        "  AND later.chat_id = prompt.chat_id AND later.message_id > prompt.message_id) AS used"
        " FROM comment_message AS prompt WHERE chat_id = :chat AND role = 'prompt'"
        " AND article_id IS NOT NULL AND created_at >= :since ORDER BY message_id DESC LIMIT 1",
        chat=chat_id,
        since=since,
    )


async def newest(cx: Connection, chat_id: ChatId, role: str, comment_id: int) -> int | None:
    """The last message of a chat with this role about a comment."""
    found = await cx.value(
        "SELECT MAX(message_id) FROM comment_message"
        " WHERE chat_id = :chat AND role = :role AND comment_id = :comment",
        chat=chat_id,
        role=role,
        comment=comment_id,
    )
    return int(found) if found is not None else None


async def source(cx: Connection, comment_id: int) -> Row | None:
    """The first message of a comment: chat_id and message_id, which notices answer."""
    return await cx.row(
        "SELECT chat_id, message_id FROM comment_message"
        " WHERE comment_id = :id AND role = 'source' ORDER BY message_id LIMIT 1",
        id=comment_id,
    )


async def part_messages(cx: Connection, card_id: int) -> list[Row]:
    """Deliveries of the further parts of a card, in order."""
    return await cx.rows(
        "SELECT id FROM delivery WHERE target_id = :card AND kind <> 'edit'"
        " AND content = 'card_part' ORDER BY id",
        card=card_id,
    )


async def waiting_notice(cx: Connection, chat_id: ChatId) -> tuple[int, tuple[int, ...]] | None:
    """A notice of decisions that has not been sent to the reader yet, and the decisions in it."""
    row = await cx.row(
        "SELECT id, data FROM delivery WHERE chat_id = :chat AND content = 'decisions'"
        " AND state = 'due' ORDER BY id DESC LIMIT 1",
        chat=chat_id,
    )
    return (row["id"], _told_by(row)) if row else None


async def set_notice(tx: Connection, delivery_id: int, notice: DecisionNotice) -> None:
    """Let one message tell several decisions; it replies to none of the comments in particular."""
    await tx.run(
        "UPDATE delivery SET data = :data, reply_to = NULL WHERE id = :id",
        data=encode(notice),
        id=delivery_id,
    )


async def was_told(cx: Connection, chat_id: ChatId, decision_id: int) -> bool:
    """Whether a notice of this decision has been sent."""
    rows = await cx.rows(
        "SELECT data FROM delivery WHERE chat_id = :chat AND content = 'decisions'"
        " AND state IN ('sent', 'unknown') ORDER BY id DESC LIMIT 50",
        chat=chat_id,
    )
    return any(decision_id in _told_by(row) for row in rows)


def _told_by(row: Row) -> tuple[int, ...]:
    notice = decode(ContentKind.DECISIONS, row["data"])
    assert isinstance(notice, DecisionNotice)  # nothing else uses that name
    return notice.decisions

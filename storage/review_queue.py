"""The moderators' queue: what waits without a card, and who is reviewing what. Knows rows only."""

from __future__ import annotations

from bot.core.model import ChatId
from bot.core.posts.content_kinds import MODERATORS
from bot.core.posts.rate_limit import Urgency
from storage.database import Connection
from storage.deliveries import listed

_MESSAGE, _PINNED, _REMINDED = "queue_message", "queue_pinned", "queue_reminded"


async def cards_on_their_way(cx: Connection, chat_id: ChatId) -> int:
    """How many cards (with what goes with them, but not topics or the log) the chat has not got
    yet."""
    return int(
        await cx.value(
            "SELECT count(*) FROM delivery WHERE chat_id = :chat"
            f" AND content IN {listed(MODERATORS)} AND state IN ('due', 'claimed', 'unknown')"
            " AND urgency = :urgency",
            chat=chat_id,
            urgency=int(Urgency.CARD),
        )
    )


async def claim(
    tx: Connection, moderator_id: int, *, after: int | None, now: int, lease: int
) -> int | None:
    """Claim the oldest comment that nobody is reviewing; `after` skips up to that one. A moderator
    who already has one gets that again. Returns its number.
    """
    await tx.run(
        "UPDATE comment SET claim_id = NULL, claim_until = NULL"
        " WHERE claim_id = :who AND (id = :after OR state <> 'pending')",
        who=moderator_id,
        after=after,
    )
    number = await _next(tx, moderator_id, after, now) or await _next(tx, moderator_id, None, now)
    if number is not None:
        await tx.run(
            "UPDATE comment SET claim_id = NULL, claim_until = NULL"
            " WHERE claim_id = :who AND id <> :id",
            who=moderator_id,
            id=number,
        )
        await tx.run(
            "UPDATE comment SET claim_id = :who, claim_until = :until WHERE id = :id",
            who=moderator_id,
            until=now + lease,
            id=number,
        )
    return number


async def _next(tx: Connection, moderator_id: int, after: int | None, now: int) -> int | None:
    number = await tx.value(
        "SELECT id FROM comment WHERE state = 'pending' AND leader_id IS NULL"
        " AND (claim_id IS NULL OR claim_id = :who OR claim_until < :now)"
        " AND (:after IS NULL OR (pending_at, id) > (SELECT pending_at, id FROM comment"
        "  WHERE id = :after)) ORDER BY CASE WHEN claim_id = :who THEN 0 ELSE 1 END, pending_at, id"
        " LIMIT 1",
        who=moderator_id,
        now=now,
        after=after,
    )
    return None if number is None else int(number)


async def take(tx: Connection, moderator_id: int, comment_id: int, *, now: int, lease: int) -> None:
    """Claim this comment for a moderator, replacing any other."""
    await tx.run(
        "UPDATE comment SET claim_id = CASE WHEN id = :id THEN :who END,"
        " claim_until = CASE WHEN id = :id THEN :until END WHERE claim_id = :who OR id = :id",
        who=moderator_id,
        id=comment_id,
        until=now + lease,
    )


async def position(cx: Connection, comment_id: int) -> tuple[int, int]:
    """A comment's position among the waiting cards, from 1 on, oldest first; and how many there
    are."""
    row = await cx.row(
        "SELECT count(*) AS total, COALESCE(sum(CASE WHEN (pending_at, id) <= (SELECT pending_at,"
        " id FROM comment WHERE id = :id) THEN 1 ELSE 0 END), 0) AS place FROM comment"
        " WHERE state = 'pending' AND leader_id IS NULL",
        id=comment_id,
    )
    assert row is not None  # an aggregate always has a row
    return row["place"], row["total"]


async def holds(cx: Connection, moderator_id: int, comment_id: int, *, now: int) -> bool:
    """Whether a moderator is reviewing this comment."""
    return bool(
        await cx.value(
            "SELECT 1 FROM comment WHERE id = :id AND claim_id = :who AND claim_until >= :now",
            id=comment_id,
            who=moderator_id,
            now=now,
        )
    )


async def message(cx: Connection) -> int | None:
    """The delivery of the message that stands for the queue, while there is one."""
    return await _memo(cx, _MESSAGE)


async def set_message(tx: Connection, delivery_id: int | None) -> None:
    await _set_memo(tx, _MESSAGE, delivery_id)


async def still_there(cx: Connection, delivery_id: int, chat_id: ChatId) -> bool:
    """Whether that message is in this chat, or on its way there: not refused, deleted, in another
    chat, or left behind when a group became a supergroup."""
    return bool(
        await cx.value(
            "SELECT 1 FROM delivery WHERE id = :id AND chat_id = :chat"
            " AND (state = 'sent' AND message_id IS NOT NULL"
            " OR state IN ('due', 'claimed', 'unknown'))",
            id=delivery_id,
            chat=chat_id,
        )
    )


async def pinned(cx: Connection) -> int | None:
    """The id of the pinned message."""
    return await _memo(cx, _PINNED)


async def set_pinned(tx: Connection, message_id: int | None) -> None:
    await _set_memo(tx, _PINNED, message_id)


async def reminded_at(cx: Connection) -> int:
    """When the moderators were last reminded of what waits; 0 for never."""
    return await _memo(cx, _REMINDED) or 0


async def set_reminded(tx: Connection, now: int) -> None:
    await _set_memo(tx, _REMINDED, now)


async def _memo(cx: Connection, key: str) -> int | None:
    value = await cx.value("SELECT value FROM memo WHERE key = :key", key=key)
    return int(value) if value else None


async def _set_memo(tx: Connection, key: str, value: int | None) -> None:
    await tx.run(
        "INSERT INTO memo (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key=key,
        value="" if value is None else str(value),
    )

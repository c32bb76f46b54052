"""Pinned messages with the newest headlines. Knows rows, not what they say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.model import ChatId, ChatKind, DeliveryId, Destination, TelegramId
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class KeptTicker:
    """A ticker, with what became of its message."""

    chat_id: ChatId
    thread: int
    to: Destination
    delivery_id: DeliveryId | None
    message_id: int | None
    state: str
    """Of the message's delivery; empty when it is gone."""
    shown: str
    pinned: bool
    due_at: int
    """When it may be changed (epoch seconds)."""


_SELECT = (
    "SELECT ticker.*, chat.telegram_id, chat.kind AS chat_kind, delivery.message_id,"
    " COALESCE(delivery.state, '') AS state FROM ticker JOIN chat ON chat.id = ticker.chat_id"
    " LEFT JOIN delivery ON delivery.id = ticker.delivery_id"
)


def _ticker(row: Row) -> KeptTicker:
    number = row["delivery_id"]
    return KeptTicker(
        chat_id=ChatId(row["chat_id"]),
        thread=row["thread"],
        to=Destination(TelegramId(row["telegram_id"]), row["thread"], ChatKind(row["chat_kind"])),
        delivery_id=None if number is None else DeliveryId(number),
        message_id=row["message_id"],
        state=row["state"],
        shown=row["shown"],
        pinned=bool(row["pinned"]),
        due_at=row["due_at"],
    )


async def switch_on(tx: Connection, chat_id: ChatId, thread: int, *, now: int) -> bool:
    """Switch a ticker on; returns whether it was off."""
    return bool(
        await tx.run(
            "INSERT INTO ticker (chat_id, thread, created_at) VALUES (:chat, :thread, :now)"
            " ON CONFLICT DO NOTHING",
            chat=chat_id,
            thread=thread,
            now=now,
        )
    )


async def switch_off(tx: Connection, chat_id: ChatId, thread: int) -> KeptTicker | None:
    """Switch a ticker off; returns what there was, so that it can be unpinned."""
    found = await get(tx, chat_id, thread)
    await tx.run(
        "DELETE FROM ticker WHERE chat_id = :chat AND thread = :thread", chat=chat_id, thread=thread
    )
    return found


async def get(cx: Connection, chat_id: ChatId, thread: int) -> KeptTicker | None:
    row = await cx.row(
        f"{_SELECT} WHERE ticker.chat_id = :chat AND ticker.thread = :thread",
        chat=chat_id,
        thread=thread,
    )
    return _ticker(row) if row else None


async def due(cx: Connection, shows: str, *, now: int, limit: int) -> list[KeptTicker]:
    """Tickers that do not show what they should, may be changed now, and have no edit on its way;
    and those whose message has not been pinned yet."""
    rows = await cx.rows(
        f"{_SELECT} WHERE chat.gone_at IS NULL AND ticker.due_at <= :now AND (shown <> :shows"
        " OR ticker.delivery_id IS NULL OR delivery.id IS NULL"
        " OR delivery.state IN ('dead', 'gone')"
        " OR (delivery.state = 'sent' AND delivery.message_id IS NULL)"
        " OR (pinned = 0 AND delivery.state = 'sent'))"
        " ORDER BY ticker.due_at, ticker.chat_id LIMIT :limit",
        shows=shows,
        now=now,
        limit=limit,
    )
    return [_ticker(row) for row in rows]


async def claim(tx: Connection, one: KeptTicker, *, due_at: int) -> bool:
    """Claim a ticker; returns whether we may change it now: a command and the loop may both see it
    as due."""
    return bool(
        await tx.run(
            "UPDATE ticker SET due_at = :due"
            " WHERE chat_id = :chat AND thread = :thread AND due_at = :seen",
            due=due_at,
            chat=one.chat_id,
            thread=one.thread,
            seen=one.due_at,
        )
    )


async def set_message(tx: Connection, one: KeptTicker, delivery_id: int, shows: str) -> None:
    """Replace the ticker's message by a new one."""
    await tx.run(
        "UPDATE ticker SET delivery_id = :delivery, shown = :shows, pinned = 0"
        " WHERE chat_id = :chat AND thread = :thread",
        delivery=delivery_id,
        shows=shows,
        chat=one.chat_id,
        thread=one.thread,
    )


async def set_shown(tx: Connection, one: KeptTicker, shows: str) -> None:
    """Note what its message is about to show."""
    await tx.run(
        "UPDATE ticker SET shown = :shows WHERE chat_id = :chat AND thread = :thread",
        shows=shows,
        chat=one.chat_id,
        thread=one.thread,
    )


async def set_pinned(tx: Connection, one: KeptTicker) -> None:
    await tx.run(
        "UPDATE ticker SET pinned = 1 WHERE chat_id = :chat AND thread = :thread",
        chat=one.chat_id,
        thread=one.thread,
    )

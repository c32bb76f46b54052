"""Deliveries as the sender gets them, and how a claim reports which it took.

Lists of numbers come in one row: a driver releases the interpreter at each row, and at 1,000
messages a second it waits long to get it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from bot.core.model import ChatKind, Destination
from bot.core.posts.content import Content, Unreadable, decode
from bot.core.posts.delivery import Delivery, DeliveryKind
from storage.database import Connection, Row, in_both, json_list, numbers
from storage.deliveries import as_json

FRESH = in_both(
    "SELECT {ids} FROM delivery WHERE id > :before AND state = 'claimed'", ids=json_list("id")
)
"""The deliveries after `before` that were taken."""


def numbers_of(rows: Sequence[Row]) -> list[int]:
    """The ids in the one row of a query."""
    found: list[int] = orjson.loads(first_of(rows))
    return sorted(found)


def first_of(rows: Sequence[Row]) -> Any:
    """The only value of a query that has one."""
    return rows[0][0]  # type: ignore[index]


# A message replies to another only in the same topic: Telegram would move a reply to the other's.
_READ = in_both(
    """SELECT {read} FROM {ids} AS wanted JOIN delivery AS d ON d.id = wanted.value
  JOIN chat AS c ON c.id = d.chat_id LEFT JOIN delivery AS t ON t.id = d.target_id""",
    ids=numbers("ids"),
    read=json_list(
        *("d.id", "d.kind", "d.chat_id", "c.telegram_id", "d.thread"),
        *("c.kind", "c.language", "c.text_only", "d.article_id", "d.comment_id", "d.target_id"),
        "CASE WHEN t.chat_id = d.chat_id AND (t.thread = d.thread OR d.kind = 'edit')"
        " THEN t.message_id END",
        *("t.photo", "d.broadcast_id", "d.attempts", "d.doubts", "d.urgency", "t.revision"),
        *("c.discussion_id IS NOT NULL", "d.content"),
        "CASE d.kind WHEN 'edit' THEN t.data ELSE d.data END",
        *("d.reply_to", "d.removes", "t.album", "d.silent"),
        *("CASE d.kind WHEN 'edit' THEN t.bare ELSE d.bare END", "c.refusals"),
        "CASE d.kind WHEN 'edit' THEN t.sponsor_id ELSE d.sponsor_id END",
    ),
)


# Half the cost of calling the enumeration, for each message.
_KINDS = {one.value: one for one in DeliveryKind}
_CHAT_KINDS = {one.value: one for one in ChatKind}


async def read_deliveries(tx: Connection, ids: Sequence[int]) -> list[Delivery]:
    """These deliveries with everything that their sender needs, in this order."""
    if not ids:
        return []
    found = await tx.value(_READ, ids=as_json(ids))
    by_id = {row[0]: _delivery(row) for row in orjson.loads(found)}
    return [by_id[one] for one in ids]


def _delivery(row: Sequence[Any]) -> Delivery:
    """By position, in the order of its fields: by name it takes three times as long."""
    (number, kind, chat, telegram_id, thread, chat_kind, language, text_only, article, comment) = (
        row[:10]
    )
    target, message_id, photo, broadcast, attempts, doubts, urgency, shown, threaded = row[10:19]
    content, data, reply_to, removes, album, silent, bare, refusals, sponsor = row[19:]
    return Delivery(
        number,
        _KINDS[kind],
        _content(content, data or ""),
        chat,
        Destination(telegram_id, thread, _CHAT_KINDS[chat_kind]),
        language,
        attempts,
        article,
        comment,
        target,
        message_id,
        reply_to,
        bool(removes),
        tuple(orjson.loads(album)) if album else (),
        shown or 0,
        bool(photo),
        bool(text_only or bare),
        refusals,
        bool(silent),
        bool(threaded),
        broadcast,
        doubts,
        sponsor,
        urgency,
    )


def _content(kind: str, data: str) -> Content | Unreadable:
    """An unreadable row must not hold up all others."""
    try:
        return decode(kind, data)
    except ValueError as error:
        return Unreadable(str(error))

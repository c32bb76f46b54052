"""What has to go: what a reader took back, and what a desk has done with. Knows rows.

    copies, questions       the message is deleted
    whatever else shows it  is emptied by an edit: cards, answers, desks, threads of channels

A message is a delivery; a copy's payload tells of how many it consists:
`{"copy": {...}, "sent": [17, 18]}`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import ChatId
from storage.database import Connection, Row
from storage.deliveries import as_json

_COPIES = (
    "comment_id = :comment AND (kind = 'card' AND payload LIKE '{\"copy\"%'"
    " OR kind = 'notice' AND payload LIKE '{\"copy\":{}%')"
)
_WORDS = (
    "comment_id = :comment AND payload NOT LIKE '{\"copy\"%'"
    " AND (kind = 'card' OR payload = '{\"desk\":1}' OR payload LIKE '{\"thread\"%')"
    " AND state IN ('sent', 'claimed', 'unknown')"
)
"""What waits will say the right thing when it leaves."""


async def ask(tx: Connection, comment_id: int, *, now: int) -> None:
    """All that shows a comment's words or its reader's name has to go, on desks too."""
    which = f"SELECT id FROM delivery WHERE {_COPIES} OR {_WORDS}"
    await _ask(tx, which, comment=comment_id, now=now)


async def ask_prompts(tx: Connection, comment_id: int, *, now: int) -> None:
    """So have questions to moderators that name its reader."""
    await tx.run(
        "INSERT INTO delivery (kind, state, chat_id, comment_id, message_id, payload, due_at,"
        " created_at, done_at) SELECT 'card', 'sent', chat_id, comment_id, message_id,"
        " '{\"copy\":{}}', :now, created_at, created_at FROM comment_message"
        " WHERE comment_id = :comment AND role IN ('answer', 'note')",
        comment=comment_id,
        now=now,
    )


async def wipe_sources(tx: Connection, comment_id: int) -> None:
    """Where the copies came from: a reader's number."""
    await tx.run(
        f"UPDATE delivery SET payload = json_set(payload, '$.copy', json('{{}}')) WHERE {_COPIES}",
        comment=comment_id,
    )


async def ask_besides(tx: Connection, chat_id: ChatId, *, now: int) -> None:
    """A desk goes on: what lies beside it has to go."""
    await _ask(
        tx,
        "SELECT id FROM delivery WHERE chat_id = :chat AND message_id IS NOT NULL"
        " AND kind = 'notice' AND payload LIKE '{\"copy\":{}%'",
        chat=chat_id,
        now=now,
    )


async def _ask(tx: Connection, which: str, *, now: int, **values: object) -> None:
    await tx.run(
        "INSERT INTO removal (delivery_id, comment_id, asked_at) SELECT id, comment_id, :now"
        f" FROM delivery WHERE id IN ({which}) ON CONFLICT (delivery_id) DO UPDATE"
        " SET comment_id = excluded.comment_id, asked_at = excluded.asked_at, by_hand_at = NULL"
        " WHERE comment_id <> excluded.comment_id",  # a desk that shows another one now
        now=now,
        **values,
    )


_WAITING = """SELECT removal.delivery_id, removal.comment_id, delivery.message_id, delivery.reason,
    delivery.state <> 'sent' OR delivery.comment_id <> removal.comment_id
    OR delivery.message_id IS NULL AND delivery.payload NOT LIKE '{"copy"%'
    OR EXISTS (SELECT 1 FROM forum_topic AS t WHERE t.state = 'lost'
      AND t.chat_id = delivery.chat_id AND t.thread = delivery.thread) AS lost
  FROM removal JOIN delivery ON delivery.id = delivery_id JOIN chat ON chat.id = chat_id
  WHERE by_hand_at IS NULL AND chat.gone_at IS NULL
    AND (:comment IS NULL OR removal.comment_id = :comment)
    AND delivery.state NOT IN ('due', 'claimed', 'unknown')
    AND NOT EXISTS (SELECT 1 FROM delivery AS edit WHERE edit.target_id = delivery.id
      AND edit.kind = 'card_edit' AND (edit.state <> 'due' OR edit.payload <> ''))
  ORDER BY delivery_id LIMIT 100"""


async def waiting(cx: Connection, comment_id: int | None = None) -> Sequence[Row]:
    """What is to be done (of one comment): delivery_id, comment_id, and of the message its
    message_id, why Telegram keeps it (`reason`), and whether there is nothing to be done: it never
    arrived, shows another comment, or went with its topic (`lost`)."""
    return await cx.rows(_WAITING, comment=comment_id)


async def by_hand(tx: Connection, delivery_id: int, *, now: int) -> None:
    """Telegram does not let us: a person has to."""
    await tx.run(
        "UPDATE removal SET by_hand_at = :now WHERE delivery_id = :id", now=now, id=delivery_id
    )


async def done(tx: Connection, delivery_id: int | None) -> None:
    """It is gone."""
    await tx.run(DONE, ids=as_json([delivery_id]))


DONE = "DELETE FROM removal WHERE delivery_id IN (SELECT value FROM json_each(:ids))"


async def left(cx: Connection, comment_id: int) -> int:
    """How many messages about a comment a person has to delete in the moderators' chat."""
    return int(
        await cx.value(
            "SELECT coalesce(sum(coalesce(json_array_length(payload, '$.sent'), 1)), 0)"
            " FROM removal JOIN delivery ON delivery.id = delivery_id"
            " WHERE removal.comment_id = :id AND by_hand_at IS NOT NULL AND kind = 'card'",
            id=comment_id,
        )
    )


# --- desks ----------------------------------------------------------------------------------------


async def in_review(
    tx: Connection,
    chat_id: ChatId,
    message_id: int,
    comment_id: int,
    *,
    besides: Sequence[int] = (),
    now: int,
) -> None:
    """A moderator's own chat shows a comment, and these messages belong to it."""
    changed = await tx.run(
        "UPDATE delivery SET comment_id = :comment, done_at = :now WHERE chat_id = :chat"
        " AND message_id = :message AND kind = 'notice' AND payload = '{\"desk\":1}'",
        comment=comment_id,
        chat=chat_id,
        message=message_id,
        now=now,
    )
    if not changed:
        await _record(tx, chat_id, message_id, comment_id, {"desk": 1}, now=now)
    if besides:
        payload = {"copy": {}, "sent": list(besides)}
        await _record(tx, chat_id, besides[0], comment_id, payload, now=now)


async def review_cleared(tx: Connection, chat_id: ChatId, message_id: int) -> None:
    """A desk's message shows no comment any more."""
    await tx.run(
        "UPDATE delivery SET message_id = NULL WHERE chat_id = :chat AND message_id = :message"
        " AND kind = 'notice' AND payload = '{\"desk\":1}'",
        chat=chat_id,
        message=message_id,
    )


async def _record(
    tx: Connection,
    chat_id: ChatId,
    message_id: int,
    comment_id: int,
    payload: object,
    *,
    now: int,
) -> None:
    await tx.run(
        "INSERT INTO delivery (kind, state, chat_id, comment_id, message_id, payload, due_at,"
        " created_at, done_at) VALUES ('notice', 'sent', :chat, :comment, :message, :payload, :now,"
        " :now, :now)",
        chat=chat_id,
        comment=comment_id,
        message=message_id,
        payload=as_json(payload),
        now=now,
    )

"""Messages to be removed: what a reader withdrew, and what a moderator's review is done with. Knows
rows.

    pictures, questions     the message is deleted
    whatever else shows it  is emptied by an edit: cards, answers, reviews, threads of channels

A message is a delivery; its `album` names all messages that it consists of, where they are several.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from bot.core.model import ChatId
from bot.core.posts.content import CardMedia, ReviewedComment, ReviewMedia, encode
from bot.core.posts.content_kinds import DELETED, EMPTIED, MODERATORS
from storage.database import Connection, Row, in_both, numbers
from storage.deliveries import as_json, listed, record

_DELETED = f"comment_id = :comment AND kind <> 'edit' AND content IN {listed(DELETED)}"
_EMPTIED = (
    f"comment_id = :comment AND kind <> 'edit' AND content IN {listed(EMPTIED)}"
    " AND state IN ('sent', 'claimed', 'unknown')"
)
"""Deliveries that still wait will say the right thing when they are sent."""


async def ask(tx: Connection, comment_id: int, *, now: int) -> None:
    """Request the removal of everything that shows a comment's words or its reader's name,
    including reviews."""
    which = f"SELECT id FROM delivery WHERE {_DELETED} OR {_EMPTIED}"
    await _ask(tx, which, comment=comment_id, now=now)


async def ask_prompts(tx: Connection, comment_id: int, *, now: int) -> None:
    """Request the removal of prompts to moderators that name its reader."""
    await tx.run(
        "INSERT INTO delivery (kind, content, state, chat_id, comment_id, message_id, due_at,"
        " created_at, done_at) SELECT 'send', 'prompt', 'sent', chat_id, comment_id, message_id,"
        " :now, created_at, created_at FROM comment_message"
        " WHERE comment_id = :comment AND role IN ('answer', 'note')",
        comment=comment_id,
        now=now,
    )


async def wipe_sources(tx: Connection, comment_id: int) -> None:
    """Erase where copies came from: a reader's id."""
    await tx.run(
        "UPDATE delivery SET data = :data WHERE comment_id = :comment AND content = 'card_media'"
        " AND kind <> 'edit'",
        data=encode(CardMedia(None)),
        comment=comment_id,
    )


async def ask_besides(tx: Connection, chat_id: ChatId, *, now: int) -> None:
    """A review moves on: what is beside its message has to be removed."""
    await _ask(
        tx,
        "SELECT id FROM delivery WHERE chat_id = :chat AND message_id IS NOT NULL"
        " AND content = 'review_media' AND kind <> 'edit'",
        chat=chat_id,
        now=now,
    )


async def _ask(tx: Connection, which: str, *, now: int, **values: object) -> None:
    await tx.run(
        "INSERT INTO removal (delivery_id, comment_id, asked_at) SELECT id, comment_id, :now"
        f" FROM delivery WHERE id IN ({which}) ON CONFLICT (delivery_id) DO UPDATE"
        " SET comment_id = excluded.comment_id, asked_at = excluded.asked_at, by_hand_at = NULL"
        " WHERE removal.comment_id <> excluded.comment_id",  # a review that shows another one now
        now=now,
        **values,
    )


_WAITING = f"""SELECT removal.delivery_id, removal.comment_id, delivery.message_id, delivery.reason,
    delivery.state <> 'sent' OR delivery.comment_id <> removal.comment_id
    OR delivery.message_id IS NULL AND delivery.content NOT IN {listed(DELETED)}
    OR EXISTS (SELECT 1 FROM forum_topic AS t WHERE t.state = 'lost'
      AND t.chat_id = delivery.chat_id AND t.thread = delivery.thread) AS lost
  FROM removal JOIN delivery ON delivery.id = delivery_id JOIN chat ON chat.id = chat_id
  WHERE by_hand_at IS NULL AND chat.gone_at IS NULL
    AND (:comment IS NULL OR removal.comment_id = :comment)
    AND delivery.state NOT IN ('due', 'claimed', 'unknown')
    AND NOT EXISTS (SELECT 1 FROM delivery AS edit WHERE edit.target_id = delivery.id
      AND edit.kind = 'edit' AND (edit.state <> 'due' OR edit.removes = 1))
  ORDER BY delivery_id LIMIT :limit"""


async def waiting(
    cx: Connection, comment_id: int | None = None, *, limit: int = 100
) -> Sequence[Row]:
    """What is to be done (of one comment): delivery_id, comment_id, and of the message its
    message_id, why Telegram keeps it (`reason`), and whether there is nothing to be done: it never
    arrived, shows another comment, or went with its topic (`lost`)."""
    return await cx.rows(_WAITING, comment=comment_id, limit=limit)


async def by_hand(tx: Connection, delivery_id: int, *, now: int) -> None:
    """Note that Telegram does not let us: a person has to."""
    await tx.run(
        "UPDATE removal SET by_hand_at = :now WHERE delivery_id = :id", now=now, id=delivery_id
    )


async def done(tx: Connection, delivery_id: int | None) -> None:
    """Note that it is removed."""
    await tx.run(DONE, ids=as_json([delivery_id]))


DONE = in_both("DELETE FROM removal WHERE delivery_id IN {ids}", ids=numbers("ids"))


async def left(cx: Connection, comment_id: int) -> int:
    """How many messages about a comment a person has to delete in the moderators' chat."""
    rows = await cx.rows(
        "SELECT album FROM removal JOIN delivery ON delivery.id = delivery_id"
        " WHERE removal.comment_id = :id AND by_hand_at IS NOT NULL"
        f" AND content IN {listed(MODERATORS)}",
        id=comment_id,
    )
    return sum(max(1, len(orjson.loads(row["album"] or "[]"))) for row in rows)


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
    """Note that a moderator's private chat shows a comment, and that these messages belong to
    it."""
    changed = await tx.run(
        "UPDATE delivery SET comment_id = :comment, done_at = :now WHERE chat_id = :chat"
        " AND message_id = :message AND content = 'review' AND kind <> 'edit'",
        comment=comment_id,
        chat=chat_id,
        message=message_id,
        now=now,
    )
    if not changed:
        await record(tx, ReviewedComment(), chat_id, message_id, comment_id=comment_id, now=now)
    if besides:
        first = besides[0]
        await record(
            tx, ReviewMedia(), chat_id, first, comment_id=comment_id, album=besides, now=now
        )


async def review_cleared(tx: Connection, chat_id: ChatId, message_id: int) -> None:
    """Note that a review's message shows no comment any longer."""
    await tx.run(
        "UPDATE delivery SET message_id = NULL WHERE chat_id = :chat AND message_id = :message"
        " AND content = 'review' AND kind <> 'edit'",
        chat=chat_id,
        message=message_id,
    )

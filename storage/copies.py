"""Messages of one chat that were copied to another: which became which. Knows rows."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from bot.core.model import ChatId, DeliveryId
from bot.core.posts import content as contents
from bot.core.posts.content import AnswerMedia, CardMedia, CopySource
from bot.core.posts.content_kinds import ContentKind
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Copies:
    """One delivery of copies. `answer`: the number of the answer that they belong to; None: they
    belong to a comment."""

    id: DeliveryId
    chat_id: ChatId
    state: str
    source: CopySource
    answer: int | None
    messages: tuple[int, ...]
    """The ids of the copies, in the order of the originals; empty before they arrived."""

    def of(self, message: int) -> int | None:
        """The copy of this message; None if that is unknown (some were not copied)."""
        if message not in self.source.messages or len(self.messages) != len(self.source.messages):
            return None
        return self.messages[self.source.messages.index(message)]

    def carried(self) -> list[tuple[int, str]]:
        """The originals, with the file ids of their media; empty if those were not noted."""
        names = self.source.files or ("",) * len(self.source.messages)
        return list(zip(self.source.messages, names, strict=True))


_SELECT = "SELECT id, chat_id, state, content, data, message_id, album FROM delivery"


async def get(cx: Connection, delivery_id: int) -> Copies | None:
    """The copies of a delivery; None if it copies nothing (any longer)."""
    row = await cx.row(f"{_SELECT} WHERE id = :id", id=delivery_id)
    return _copies(row) if row else None


async def of_comment(cx: Connection, comment_id: int) -> list[Copies]:
    """All that was copied for a comment and for the answers to it, newest first."""
    rows = await cx.rows(
        f"{_SELECT} WHERE comment_id = :id AND kind = 'send' AND content IN (:card, :answer)"
        " ORDER BY id DESC",
        id=comment_id,
        card=ContentKind.CARD_MEDIA.value,
        answer=ContentKind.ANSWER_MEDIA.value,
    )
    return [one for one in map(_copies, rows) if one is not None]


def _copies(row: Row) -> Copies | None:
    try:
        found = contents.decode(row["content"], row["data"])
    except ValueError:
        return None
    if not isinstance(found, CardMedia | AnswerMedia) or found.source is None:
        return None
    single = () if row["message_id"] is None else (row["message_id"],)
    return Copies(
        DeliveryId(row["id"]),
        ChatId(row["chat_id"]),
        row["state"],
        found.source,
        found.answer,
        tuple(orjson.loads(row["album"])) if row["album"] else single,
    )


async def extend(
    tx: Connection, delivery_id: int, content: CardMedia | AnswerMedia, *, due_at: int
) -> bool:
    """Add a picture to an album; False if its copies are already on their way."""
    return bool(
        await tx.run(
            "UPDATE delivery SET data = :data, due_at = :due WHERE id = :id AND state = 'due'"
            " AND doubts = 0",
            data=contents.encode(content),
            due=due_at,
            id=delivery_id,
        )
    )


async def put_off(tx: Connection, delivery_id: int, *, due_at: int) -> None:
    """Let a waiting message wait longer: more that belongs to it is coming."""
    await tx.run(
        "UPDATE delivery SET due_at = :due WHERE id = :id AND state = 'due' AND doubts = 0",
        due=due_at,
        id=delivery_id,
    )

"""Media that go from one side to the other: copied, album as album, and kept in step with their
originals.

Each function writes within its caller's transaction; copies are rows of `delivery`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.model import ChatId
from bot.core.posts.content import AnswerMedia, CardMedia, CopiedCaption
from storage import Connection, copies, deliveries

_FLIGHT_SECONDS = 5
_LEFT = frozenset({"sent", "claimed", "unknown"})


@dataclass(frozen=True, slots=True)
class Way:
    """Where copies go: a chat (and its topic), as a reply to another delivery."""

    chat_id: ChatId
    comment_id: int
    target_id: int | None
    thread: int = 0


async def carry(
    tx: Connection, content: CardMedia | AnswerMedia, way: Way, *, due_at: int, now: int
) -> None:
    """Copy an answer's media, once. If its other pictures still wait, they go together."""
    assert content.source is not None  # otherwise there is nothing to copy
    for one in await copies.of_comment(tx, way.comment_id):
        if one.answer == content.answer and one.source.chat == content.source.chat:
            together = sorted({*one.source.messages, *content.source.messages})
            source = replace(one.source, messages=tuple(together))
            if await copies.extend(tx, one.id, replace(content, source=source), due_at=due_at):
                return
    await deliveries.enqueue(
        tx,
        content,
        way.chat_id,
        thread=way.thread,
        comment_id=way.comment_id,
        target_id=way.target_id,
        due_at=due_at,
        now=now,
    )


async def waits(tx: Connection, comment_id: int, message_id: int, *, answer: int | None) -> bool:
    """Whether a message is still to be copied: the copy will then be up to date anyway."""
    return any(
        one.answer == answer and message_id in one.source.messages and one.state == "due"
        for one in await copies.of_comment(tx, comment_id)
    )


async def recaption(
    tx: Connection, comment_id: int, message_id: int, *, answer: int | None = None, now: int
) -> None:
    """Change the caption of a picture's copies, after the original was edited."""
    for one in await copies.of_comment(tx, comment_id):
        if one.answer == answer and message_id in one.source.messages and one.state in _LEFT:
            await deliveries.enqueue(
                tx,
                CopiedCaption(one.id, message_id, answer),
                one.chat_id,
                comment_id=comment_id,
                due_at=now + (_FLIGHT_SECONDS if one.state != "sent" else 0),
                now=now,
            )

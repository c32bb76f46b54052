"""Correspondence between the editors and a reader, both ways. Knows rows and their fate, no
wording."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.comments.dialogue import AnswerPart, gathered
from bot.core.model import Actor, ChatId, CommentId, DeliveryId, TelegramId
from storage.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `way`: `out` to the reader, `in` from the reader."""

    id: int
    comment_id: CommentId
    way: str
    state: str
    text: str
    media: str
    chat_id: ChatId
    message_id: int
    by: Actor
    due_at: int
    public_at: int | None
    notice_id: DeliveryId | None
    card_id: DeliveryId | None
    created_at: int


def _answer(row: Row) -> Answer:
    return Answer(
        id=row["id"],
        comment_id=CommentId(row["comment_id"]),
        way=row["way"],
        state=row["state"],
        text=row["text"],
        media=row["media"],
        chat_id=ChatId(row["chat_id"]),
        message_id=row["message_id"],
        by=Actor(TelegramId(row["actor_id"]), row["actor"]),
        due_at=row["due_at"],
        public_at=row["public_at"],
        notice_id=row["notice_id"],
        card_id=row["card_id"],
        created_at=row["created_at"],
    )


async def add(
    tx: Connection,
    comment_id: int,
    way: str,
    *,
    part: AnswerPart,
    chat_id: ChatId,
    by: Actor,
    due_at: int,
    prompt: int | None = None,
    now: int,
) -> int | None:
    """Store a new answer with its first message, which replied to our `prompt`; None if this very
    message is already stored."""
    number = await tx.value(
        "INSERT INTO answer (comment_id, way, state, text, media, chat_id, message_id, actor_id,"
        " actor, due_at, prompt_id, created_at) VALUES (:comment, :way, :state, :text, :media,"
        " :chat, :message, :actor_id, :actor, :due, :prompt, :now)"
        " ON CONFLICT (chat_id, message_id) DO NOTHING RETURNING id",
        comment=comment_id,
        way=way,
        state="waiting" if way == "out" else "received",
        text=part.text,
        media=part.media,
        chat=chat_id,
        message=part.message_id,
        actor_id=by.id,
        actor=by.name,
        due=due_at,
        prompt=prompt,
        now=now,
    )
    if number is None:
        return None
    await _put(tx, number, part)
    return int(number)


async def _put(tx: Connection, answer_id: int, part: AnswerPart) -> None:
    await tx.run(
        "INSERT INTO answer_part (answer_id, message_id, text, html, media, album, file) VALUES"
        " (:answer, :message, :text, :html, :media, :album, :file)"
        " ON CONFLICT (answer_id, message_id) DO UPDATE SET text = excluded.text,"
        " html = excluded.html, media = excluded.media, album = excluded.album,"
        " file = excluded.file",
        answer=answer_id,
        message=part.message_id,
        text=part.text,
        html=part.html,
        media=part.media,
        album=part.album,
        file=part.file,
    )


async def parts(cx: Connection, answer_id: int) -> list[AnswerPart]:
    """The messages that an answer consists of, in their order."""
    rows = await cx.rows(
        "SELECT * FROM answer_part WHERE answer_id = :id ORDER BY message_id", id=answer_id
    )
    names = ("message_id", "text", "html", "media", "album", "file")
    return [AnswerPart(*(row[name] for name in names)) for row in rows]


async def get(cx: Connection, answer_id: int) -> Answer | None:
    row = await cx.row("SELECT * FROM answer WHERE id = :id", id=answer_id)
    return _answer(row) if row else None


async def written_as(cx: Connection, chat_id: ChatId, message_id: int) -> Answer | None:
    """The answer that a moderator or a reader wrote as this message, or as an album with it. A
    supergroup numbers its messages anew: answers from before the upgrade have negative ids."""
    row = await cx.row(
        "SELECT answer.* FROM answer_part JOIN answer ON answer.id = answer_id"
        " WHERE answer_part.message_id = :message AND chat_id = :chat AND answer.message_id > 0",
        chat=chat_id,
        message=message_id,
    )
    return _answer(row) if row else None


async def before_it(cx: Connection, answer_id: int) -> str:
    """Who has replied to the same prompt before; empty if nobody has."""
    name = await cx.value(
        "SELECT earlier.actor FROM answer AS earlier JOIN answer AS one"
        " ON one.chat_id = earlier.chat_id AND one.prompt_id = earlier.prompt_id"
        " WHERE one.id = :id AND earlier.id < one.id AND earlier.state <> 'cancelled'"
        " ORDER BY earlier.id LIMIT 1",
        id=answer_id,
    )
    return str(name or "")


async def at(cx: Connection, chat_id: ChatId, message_id: int) -> Answer | None:
    """The answer of this very message, or press."""
    row = await cx.row(
        "SELECT * FROM answer WHERE chat_id = :chat AND message_id = :message",
        chat=chat_id,
        message=message_id,
    )
    return _answer(row) if row else None


async def lately(cx: Connection, comment_id: int, text: str, *, since: int) -> Answer | None:
    """An answer with the same words to the same reader since then."""
    row = await cx.row(
        "SELECT * FROM answer WHERE comment_id = :comment AND way = 'out' AND text = :text"
        " AND state IN ('waiting', 'sent') AND created_at >= :since ORDER BY id DESC LIMIT 1",
        comment=comment_id,
        text=text,
        since=since,
    )
    return _answer(row) if row else None


async def of_album(cx: Connection, chat_id: ChatId, album: str) -> Answer | None:
    """The answer that other pictures of this album belong to."""
    row = await cx.row(
        "SELECT answer.* FROM answer_part JOIN answer ON answer.id = answer_id"
        " WHERE album = :album AND album <> '' AND chat_id = :chat"
        " ORDER BY answer.id DESC LIMIT 1",
        album=album,
        chat=chat_id,
    )
    return _answer(row) if row else None


async def of_comment(cx: Connection, comment_id: int) -> list[Answer]:
    """All of them, in order."""
    rows = await cx.rows("SELECT * FROM answer WHERE comment_id = :id ORDER BY id", id=comment_id)
    return [_answer(row) for row in rows]


async def set_part(
    tx: Connection, answer_id: int, part: AnswerPart, *, due_at: int | None = None
) -> bool:
    """Store a changed or additional message of it; if it still waits, it may wait until `due_at`.
    False if it was cancelled, or never arrived."""
    changed = await tx.run(
        "UPDATE answer SET due_at = CASE WHEN state = 'waiting' THEN COALESCE(:due, due_at)"
        " ELSE due_at END WHERE id = :id AND state IN ('waiting', 'sent', 'received')",
        due=due_at,
        id=answer_id,
    )
    if changed:
        await _put(tx, answer_id, part)
        found = await parts(tx, answer_id)
        await tx.run(
            "UPDATE answer SET text = :text, media = :media WHERE id = :id",
            text=gathered(found),
            media=next((one.media for one in found if one.media), ""),
            id=answer_id,
        )
    return bool(changed)


async def set_state(tx: Connection, answer_id: int, state: str, *, was: str = "waiting") -> bool:
    """Change its state; False if it was no longer in state `was`."""
    return bool(
        await tx.run(
            "UPDATE answer SET state = :state WHERE id = :id AND state = :was",
            state=state,
            id=answer_id,
            was=was,
        )
    )


async def set_messages(
    tx: Connection, answer_id: int, *, notice_id: int | None, card_id: int | None
) -> None:
    """The deliveries that carry it to the reader and show it to the moderators."""
    await tx.run(
        "UPDATE answer SET notice_id = :notice, card_id = :card WHERE id = :id",
        notice=notice_id,
        card=card_id,
        id=answer_id,
    )


async def publish(tx: Connection, answer_id: int, *, now: int) -> bool:
    """Publish it under the comment; False if it already was, or was cancelled."""
    return bool(
        await tx.run(
            "UPDATE answer SET public_at = :now"
            " WHERE id = :id AND public_at IS NULL AND way = 'out' AND state <> 'cancelled'",
            now=now,
            id=answer_id,
        )
    )


async def still_here(cx: Connection, answer_id: int) -> bool:
    """Whether the message to the reader has not been claimed for sending yet."""
    return bool(
        await cx.value(
            "SELECT 1 FROM answer JOIN delivery ON delivery.id = notice_id"
            " WHERE answer.id = :id AND delivery.state = 'due' AND delivery.doubts = 0",
            id=answer_id,
        )
    )


async def received_lately(cx: Connection, reader_id: int, *, since: int) -> int:
    """How often a reader has written back since then."""
    return int(
        await cx.value(
            "SELECT count(*) FROM answer JOIN comment ON comment.id = comment_id"
            " WHERE reader_id = :reader AND way = 'in' AND answer.created_at > :since",
            reader=reader_id,
            since=since,
        )
    )


async def arrived(cx: Connection, *, limit: int = 100) -> list[tuple[Answer, str]]:
    """Waiting answers whose message to the reader has ended, with how it ended."""
    rows = await cx.rows(
        "SELECT answer.*, delivery.state AS fate FROM answer JOIN delivery"
        " ON delivery.id = notice_id WHERE answer.state = 'waiting'"
        " AND delivery.state IN ('sent', 'dead', 'gone') ORDER BY answer.due_at LIMIT :limit",
        limit=limit,
    )
    return [(_answer(row), row["fate"]) for row in rows]


async def wipe(tx: Connection, comment_id: int) -> None:
    """For a reader who is erased: delete what that reader wrote back and what was written to
    them."""
    await tx.run(
        "DELETE FROM answer_part WHERE answer_id IN"
        " (SELECT id FROM answer WHERE comment_id = :comment)",
        comment=comment_id,
    )
    await tx.run(
        "UPDATE answer SET text = '', media = '', public_at = NULL,"
        " state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END"
        " WHERE comment_id = :id",
        id=comment_id,
    )

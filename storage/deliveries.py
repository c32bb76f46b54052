"""What is to be sent, and where messages are: the side of deliveries that others use.

    announce, announce_edit   a cursor over an audience: one row, however many readers
    enqueue, enqueue_edit     one message to one chat
    record, record_copy       what was sent in reply to somebody; at_message finds it

A delivery's kind says how it comes about, its content what it says (`bot.core.posts.content`).

`storage.outbox` is the other side: what a sender claims and what became of it. Knows rows only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from bot.core.model import ArticleId, BroadcastId, ChatId, DeliveryId, TelegramId
from bot.core.posts import content as contents
from bot.core.posts.content import Content
from bot.core.posts.content_kinds import ContentKind
from bot.core.posts.links import message_address
from bot.core.posts.outcome import REMOVED, SILENT
from bot.core.posts.rate_limit import Urgency
from storage.database import Connection, Row


async def announce(
    tx: Connection, article_id: int, *, breaking: bool = False, now: int
) -> BroadcastId:
    """Send an article to everybody who reads its topics. Idempotent. `breaking` news goes before
    all other posts."""
    return BroadcastId(
        await tx.value(
            "INSERT INTO broadcast (kind, urgency, article_id, last, created_at)"
            " VALUES ('news', :urgency, :article,"
            " (SELECT COALESCE(MAX(id), 0) FROM subscription), :now)"
            " ON CONFLICT (article_id) WHERE kind = 'news'"
            " DO UPDATE SET article_id = excluded.article_id RETURNING id",
            urgency=int(Urgency.CARD if breaking else Urgency.POST),
            article=article_id,
            now=now,
        )
    )


async def announce_further(tx: Connection, article_id: int, *, since: int) -> bool:
    """Let an article that was announced after `since` also reach those who read topics added since:
    its audience is walked again, and chats that have it are skipped (a post is unique by article,
    chat and thread). Returns whether it was announced."""
    return bool(
        await tx.run(
            "UPDATE broadcast SET cursor = 0, taken_at = NULL, done_at = NULL"
            " WHERE kind = 'news' AND article_id = :article AND created_at > :since",
            article=article_id,
            since=since,
        )
    )


async def announce_edit(
    tx: Connection, article_id: int, *, now: int, correction: bool = False
) -> None:
    """Update the messages that show an article. Counts come after all posts; a `correction` is
    queued among them. An edit of the same article that has not begun is reused: several changes
    become one edit of each message.
    """
    urgency = int(Urgency.POST if correction else Urgency.COUNT)
    changed = await tx.run(
        "UPDATE broadcast SET"
        " urgency = CASE WHEN urgency < :urgency THEN urgency ELSE :urgency END,"
        " last = (SELECT COALESCE(MAX(id), 0) FROM delivery)"
        " WHERE article_id = :article AND kind = 'edit' AND cursor = 0 AND taken_at IS NULL",
        article=article_id,
        urgency=urgency,
    )
    if changed:
        return
    await tx.run(
        "INSERT INTO broadcast (kind, urgency, article_id, last, created_at) VALUES"
        " ('edit', :urgency, :article, (SELECT COALESCE(MAX(id), 0) FROM delivery), :now)",
        urgency=urgency,
        article=article_id,
        now=now,
    )


async def is_out(cx: Connection, article_id: int) -> bool:
    """Whether any chat has got an article, or is about to."""
    return bool(
        await cx.value(
            "SELECT EXISTS (SELECT 1 FROM delivery WHERE article_id = :id)"
            " OR EXISTS (SELECT 1 FROM broadcast WHERE article_id = :id)",
            id=article_id,
        )
    )


async def enqueue(
    tx: Connection,
    content: Content,
    chat_id: int,
    *,
    thread: int = 0,
    article_id: int | None = None,
    comment_id: int | None = None,
    target_id: int | None = None,
    reply_to: int | None = None,
    due_at: int | None = None,
    now: int,
) -> DeliveryId:
    """Queue one message to one chat, not before `due_at`, and never before an earlier one that
    waits. It replies to the message of another delivery (`target_id`) or to somebody's (`reply_to`,
    Telegram's id in that chat)."""
    return DeliveryId(
        await tx.value(
            "INSERT INTO delivery (kind, content, data, state, urgency, chat_id, thread,"
            " article_id, comment_id, target_id, reply_to, due_at, created_at) VALUES ('send',"
            " :content, :data, 'due', :urgency, :chat, :thread, :article, :comment, :target,"
            " :reply_to, COALESCE((SELECT MAX(due_at) FROM delivery WHERE chat_id = :chat"
            " AND urgency = :urgency AND due_at > :due AND state IN ('due', 'unknown')"
            " AND reason <> ''), :due), :now) RETURNING id",
            content=content.kind.value,
            data=contents.encode(content),
            urgency=int(content.urgency),
            chat=chat_id,
            thread=thread,
            article=article_id,
            comment=comment_id,
            target=target_id,
            reply_to=reply_to,
            due=now if due_at is None else due_at,
            now=now,
        )
    )


async def post(
    tx: Connection,
    article_id: int,
    chat_id: int,
    *,
    thread: int = 0,
    silent: bool = False,
    bare: bool = False,
    now: int,
) -> None:
    """Queue an article for one chat, as its broadcast would have posted it: once, edits reach it,
    and it counts among the broadcast's."""
    added = await tx.run(
        "INSERT INTO delivery (kind, content, state, urgency, chat_id, thread, article_id,"
        " broadcast_id, silent, bare, due_at, created_at) VALUES ('post', 'article', 'due',"
        " :urgency, :chat, :thread, :article, (SELECT id FROM broadcast"
        "  WHERE article_id = :article AND kind = 'news'), :silent, :bare, :now, :now)"
        " ON CONFLICT (article_id, chat_id, thread) WHERE kind = 'post' DO NOTHING",
        urgency=int(Urgency.POST),
        chat=chat_id,
        thread=thread,
        article=article_id,
        silent=int(silent),
        bare=int(bare),
        now=now,
    )
    if added:
        await tx.run(
            "UPDATE broadcast SET taken = taken + 1, done_at = NULL"
            " WHERE article_id = :article AND kind = 'news'",
            article=article_id,
        )


async def enqueue_edit(
    tx: Connection,
    target_id: int,
    *,
    remove: bool = False,
    due_at: int | None = None,
    now: int,
) -> None:
    """Update one message; with `remove` because what it shows has to go (see `storage.removals`). A
    waiting edit of it is reused, and takes over the removal.

    A message still to be sent, for the first time or again because its answer was lost, will be up
    to date anyway. The edit of one on the wire waits until that has its id."""
    await tx.run(
        "INSERT INTO delivery (kind, content, state, urgency, chat_id, thread, article_id,"
        " comment_id, target_id, removes, due_at, created_at) SELECT 'edit', content, 'due',"
        " CASE content WHEN 'article' THEN :count ELSE :card END, chat_id, thread, article_id,"
        " comment_id, id, :removes, :due, :now FROM delivery WHERE id = :target"
        " AND state IN ('sent', 'claimed')"
        " ON CONFLICT (target_id) WHERE kind = 'edit' AND state = 'due'"
        " DO UPDATE SET removes = 1 WHERE excluded.removes = 1",
        count=int(Urgency.COUNT),
        card=int(Urgency.CARD),
        target=target_id,
        removes=int(remove),
        due=now if due_at is None else due_at,
        now=now,
    )


async def record(
    tx: Connection,
    content: Content,
    chat_id: int,
    message_id: int,
    *,
    comment_id: int,
    album: Sequence[int] = (),
    now: int,
) -> None:
    """Record a message about a comment that was sent in reply to somebody, so that it can be
    removed. `album`: all messages that it consists of, where they are several."""
    await tx.run(
        "INSERT INTO delivery (kind, content, data, state, chat_id, comment_id, message_id, album,"
        " due_at, created_at, done_at) VALUES ('send', :content, :data, 'sent', :chat, :comment,"
        " :message, :album, :now, :now, :now)",
        content=content.kind.value,
        data=contents.encode(content),
        chat=chat_id,
        comment=comment_id,
        message=message_id,
        album=as_json(album) if album else "",
        now=now,
    )


async def receipt_of(cx: Connection, comment_id: int) -> int | None:
    """The delivery of a comment's receipt, if that can be edited."""
    found: int | None = await cx.value(
        "SELECT MAX(id) FROM delivery WHERE comment_id = :id AND content = 'receipt'"
        " AND kind = 'send' AND message_id IS NOT NULL",
        id=comment_id,
    )
    return found


async def record_copy(  # noqa: PLR0917 - the row's columns in their order
    tx: Connection,
    chat_id: int,
    thread: int,
    article_id: int,
    message_id: int,
    photo: bool,
    revision: int,
    comments: int,
    now: int,
) -> DeliveryId:
    """Record an article shown to somebody who asked: edits reach it, and replies to it are
    understood."""
    return DeliveryId(
        await tx.value(
            "INSERT INTO delivery (kind, content, state, chat_id, thread, article_id, message_id,"
            " photo, revision, comments, due_at, created_at, done_at) VALUES ('send', 'article',"
            " 'sent', :chat, :thread, :article, :message, :photo, :revision, :comments, :now, :now,"
            " :now) RETURNING id",
            chat=chat_id,
            thread=thread,
            article=article_id,
            message=message_id,
            photo=int(photo),
            revision=revision,
            comments=comments,
            now=now,
        )
    )


async def place_of(cx: Connection, delivery_id: int) -> tuple[ChatId, int] | None:
    """The chat and topic that a delivery goes, or went, to."""
    row = await cx.row("SELECT chat_id, thread FROM delivery WHERE id = :id", id=delivery_id)
    return None if row is None else (ChatId(row["chat_id"]), row["thread"])


async def message_number(cx: Connection, delivery_id: int) -> int | None:
    """Telegram's id of one of our messages, once it has arrived."""
    number = await cx.value("SELECT message_id FROM delivery WHERE id = :id", id=delivery_id)
    return None if number is None else int(number)


async def at_message(cx: Connection, telegram_id: TelegramId, message_id: int) -> Row | None:
    """The delivery of a message in a chat: its article_id, comment_id, content ... or None."""
    return await cx.row(
        "SELECT delivery.* FROM delivery JOIN chat ON chat.id = chat_id"
        " WHERE chat.telegram_id = :chat AND message_id = :message"
        " ORDER BY delivery.id DESC LIMIT 1",
        chat=telegram_id,
        message=message_id,
    )


async def uncopied(cx: Connection, comment_id: int) -> int:
    """How many messages of a comment (pictures and other media) should have been copied to the
    moderators but were not: their reader deleted them, or Telegram refused."""
    rows = await cx.rows(
        "SELECT state, message_id, album, data FROM delivery WHERE comment_id = :id"
        " AND content = 'card_media' AND kind = 'send' AND (state = 'sent' OR state = 'dead'"
        " AND reason NOT IN (:removed, :silent)) ORDER BY id",
        id=comment_id,
        removed=REMOVED,
        silent=SILENT,
    )
    missing: dict[tuple[int, ...], int] = {}  # a later card may have got them
    for row in rows:
        media = contents.decode("card_media", row["data"])
        if isinstance(media, contents.CardMedia) and media.answer is None and media.source:
            there = len(orjson.loads(row["album"] or "[]")) or int(row["message_id"] is not None)
            missing[media.source.messages] = len(media.source.messages) - there
    return sum(missing.values())


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of all deliveries, including those whose rows were folded."""

    articles: int
    taken: int
    delivered: int
    gone: int
    dead: int
    waiting: int
    """Deliveries of any kind that are due, on their way or in doubt."""


async def totals(cx: Connection) -> Totals:
    """Delivered to N of M, K gone: all articles together."""
    row = await cx.row(
        "SELECT COUNT(*) AS articles, COALESCE(SUM(taken), 0) AS taken,"
        " COALESCE(SUM(delivered), 0) AS delivered, COALESCE(SUM(gone), 0) AS gone,"
        " COALESCE(SUM(dead), 0) AS dead FROM broadcast WHERE kind = 'news'"
    )
    waiting = await cx.value(
        "SELECT (SELECT COUNT(*) FROM delivery WHERE state IN ('due', 'unknown'))"
        " + (SELECT COUNT(*) FROM delivery WHERE state = 'claimed')"
    )
    assert row is not None  # an aggregate always has a row
    return Totals(**{name: row[name] for name in row.keys()}, waiting=waiting)  # noqa: SIM118 - a Row


def as_json(value: object) -> str:
    """A value as text, for a column or for a statement that takes many rows at once."""
    return orjson.dumps(value).decode()


def listed(kinds: Iterable[ContentKind]) -> str:
    """Kinds of content for an `IN` of a statement."""
    return "(" + ", ".join(f"'{one.value}'" for one in sorted(kinds)) + ")"


async def address_of(cx: Connection, article_id: ArticleId, chat_id: ChatId, thread: int) -> str:
    """The address of an article's post in a group or channel; empty if it has none."""
    row = await cx.row(
        "SELECT message_id, telegram_id, username FROM delivery JOIN chat ON chat.id = chat_id"
        " WHERE delivery.kind = 'post' AND article_id = :article AND chat_id = :chat"
        " AND thread = :thread AND message_id IS NOT NULL",
        article=article_id,
        chat=chat_id,
        thread=thread,
    )
    if row is None:
        return ""
    return message_address(row["telegram_id"], row["username"], row["message_id"])

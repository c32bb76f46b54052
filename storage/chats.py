"""Chats and their subscriptions. Knows who reads what in which language, never what is sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Chat, ChatId, ChatKind, TelegramId
from storage.database import Connection, Row, Statement
from storage.topic_labels import ensure_topics

NOWHERE = ChatId(0)
"""The number of a chat that is not stored."""


def of_row(row: Row) -> Chat:
    """A chat of a row that has all columns of one."""
    return Chat(
        id=ChatId(row["id"]),
        telegram_id=TelegramId(row["telegram_id"]),
        kind=ChatKind(row["kind"]),
        title=row["title"],
        username=row["username"],
        language=row["language"],
        gone=row["gone_at"] is not None,
        threaded=row["discussion_id"] is not None,
    )


async def see(
    tx: Connection,
    telegram_id: TelegramId,
    *,
    kind: ChatKind,
    title: str = "",
    username: str = "",
    now: int,
) -> Chat:
    """Store or update the chat that an update came from. One that writes to us is no longer
    gone."""
    row = await tx.row(
        "INSERT INTO chat (telegram_id, kind, title, username, created_at)"
        " VALUES (:telegram_id, :kind, :title, :username, :now)"
        " ON CONFLICT (telegram_id) DO UPDATE SET kind = excluded.kind, title = excluded.title,"
        " username = excluded.username, gone_at = NULL, gone_reason = ''"
        " RETURNING *",
        telegram_id=telegram_id,
        kind=kind.value,
        title=title,
        username=username,
        now=now,
    )
    assert row is not None  # an upsert always returns its row
    return of_row(row)


async def get(cx: Connection, telegram_id: TelegramId) -> Chat | None:
    row = await cx.row("SELECT * FROM chat WHERE telegram_id = :id", id=telegram_id)
    return of_row(row) if row else None


async def refuses_since(cx: Connection, chat_id: ChatId) -> int | None:
    """Since when a chat has accepted nothing from us, for a night or for good; None if it does."""
    since = await cx.value(
        "SELECT COALESCE(gone_at, closed_at) FROM chat WHERE id = :id", id=chat_id
    )
    return None if since is None else int(since)


async def by_id(cx: Connection, chat_id: ChatId) -> Chat | None:
    row = await cx.row("SELECT * FROM chat WHERE id = :id", id=chat_id)
    return of_row(row) if row else None


async def set_language(tx: Connection, chat_id: ChatId, language: str) -> None:
    await tx.run(
        "UPDATE chat SET language = :language WHERE id = :id", language=language, id=chat_id
    )


async def set_gone(tx: Connection, telegram_id: TelegramId, *, reason: str, now: int) -> None:
    """The chat blocked or removed us; its subscriptions pause and keep their settings."""
    await tx.run(
        "UPDATE chat SET gone_at = :now, gone_reason = :reason WHERE telegram_id = :id",
        now=now,
        reason=reason,
        id=telegram_id,
    )


def opened(chat_id: ChatId) -> list[Statement]:
    """A chat that refused us accepts messages again; waiting deliveries are due at once, in
    order."""
    return [
        (_DUE_AGAIN, {"id": chat_id}),
        ("UPDATE chat SET closed_at = NULL, refusals = 0 WHERE id = :id", {"id": chat_id}),
    ]


_DUE_AGAIN = """UPDATE delivery SET due_at = created_at WHERE chat_id = :id AND state = 'due'
  AND kind <> 'edit' AND due_at > created_at
  AND EXISTS (SELECT 1 FROM chat WHERE id = :id AND closed_at IS NOT NULL)"""


async def migrate(tx: Connection, old: TelegramId, new: TelegramId) -> None:
    """A group became a supergroup: everything about it moves to the new id, in this transaction. If
    the new id is already known, its row keeps what it has and takes over the rest.
    """
    mine = await get(tx, old)
    if mine is None or old == new:
        return
    # A supergroup numbers its messages anew: an old id would name a different message.
    await tx.run(
        "UPDATE delivery SET message_id = NULL, reply_to = NULL WHERE chat_id = :id", id=mine.id
    )
    for sql in _LINE_UP:
        await tx.run(sql, of=mine.id)
    other = await get(tx, new)
    if other is None:
        await tx.run(
            "UPDATE chat SET telegram_id = :new, kind = 'supergroup', gone_at = NULL,"
            " gone_reason = '' WHERE id = :id",
            new=new,
            id=mine.id,
        )
        return
    for sql in _MERGE:
        await tx.run(sql, to=other.id, of=mine.id)


_UNSEEN = """SELECT delivery.id FROM delivery JOIN comment ON comment.id = comment_id
  WHERE delivery.chat_id = :of AND kind <> 'edit' AND comment.state = 'pending'
    AND delivery.state IN ('due', 'claimed', 'unknown') AND (content IN ('card', 'card_part')
    OR (content = 'card_media' AND target_id IS NULL))"""
# Cards that went out are lost now and come again: those that have not must not get there first.
# Their rows stay (one may be on the wire, with its result to come) and say nothing any longer.
_LINE_UP = (
    f"UPDATE comment SET card_id = NULL WHERE card_id IN ({_UNSEEN})",
    f"""UPDATE delivery SET comment_id = NULL, content = 'nothing', data = '',
         state = CASE WHEN state = 'claimed' THEN 'claimed' ELSE 'dead' END,
         reason = 'the chat moved'
         WHERE id IN ({_UNSEEN})""",
)
_UNFINISHED = "FROM delivery WHERE chat_id = :of AND state IN ('due', 'claimed', 'unknown')"
_MERGE = (
    """UPDATE subscription SET chat_id = :to WHERE chat_id = :of
         AND NOT EXISTS (SELECT 1 FROM subscription AS s
           WHERE s.chat_id = :to AND s.thread = subscription.thread)""",
    """UPDATE alert SET chat_id = :to WHERE chat_id = :of AND NOT EXISTS (SELECT 1 FROM alert AS a
         WHERE a.chat_id = :to AND a.thread = alert.thread AND a.text = alert.text)""",
    """UPDATE ticker SET chat_id = :to WHERE chat_id = :of AND NOT EXISTS (SELECT 1 FROM ticker AS t
         WHERE t.chat_id = :to AND t.thread = ticker.thread)""",
    """UPDATE delivery SET chat_id = :to WHERE chat_id = :of AND NOT (kind = 'post' AND EXISTS (
         SELECT 1 FROM delivery AS d WHERE d.kind = 'post' AND d.chat_id = :to
         AND d.article_id = delivery.article_id AND d.thread = delivery.thread))""",
    # What is left are posts that the other row has too: broadcasts no longer wait for these.
    f"""UPDATE broadcast SET taken = taken - (SELECT COUNT(*) {_UNFINISHED}
         AND broadcast_id = broadcast.id) WHERE id IN (SELECT broadcast_id {_UNFINISHED})""",
    "DELETE FROM delivery WHERE target_id IN (SELECT id FROM delivery WHERE chat_id = :of)",
    "DELETE FROM delivery WHERE chat_id = :of",
    "DELETE FROM chat WHERE id = :of",
)


# --- subscriptions --------------------------------------------------------------------------------


async def subscribe(
    tx: Connection, chat_id: ChatId, *, thread: int = 0, topics: Sequence[str] = (), now: int
) -> bool:
    """Subscribe to all news, or add these topics. A chat with all news but some topics gets these
    too; one with everything gets nothing new. A subscription that Telegram, not a person, has ended
    resumes as it was. Returns whether anything changed."""
    before = await subscription(tx, chat_id, thread)
    if before and not topics and _rests(before, now):
        return await _resume(tx, before["id"])
    was_active = bool(before and before["active"])
    row = await tx.row(
        "INSERT INTO subscription (chat_id, thread, everything, created_at)"
        " VALUES (:chat, :thread, :everything, :now)"
        " ON CONFLICT (chat_id, thread) DO UPDATE SET active = 1, reason = '', rests_until = 0,"
        " everything ="
        " CASE WHEN excluded.everything = 1 OR subscription.active = 0"
        " THEN excluded.everything ELSE subscription.everything END"
        " RETURNING id, everything",
        chat=chat_id,
        thread=thread,
        everything=int(not topics),
        now=now,
    )
    assert row is not None  # an upsert always returns its row
    had_everything = was_active and bool(before and before["everything"])
    if topics and had_everything:  # its topics are those that it does not get
        return await _remove_topics(tx, row["id"], topics) > 0
    dropped = 0
    if not was_active or row["everything"]:
        dropped = await tx.run(
            "DELETE FROM subscription_topic WHERE subscription_id = :id", id=row["id"]
        )
    added = await _add_topics(tx, row["id"], topics)
    return not was_active or added + dropped > 0 or bool(row["everything"]) != had_everything


async def _add_topics(tx: Connection, subscription_id: int, topics: Sequence[str]) -> int:
    added = 0
    for topic_id in await ensure_topics(tx, topics):
        added += await tx.run(
            "INSERT INTO subscription_topic (subscription_id, topic_id) VALUES (:id, :topic)"
            " ON CONFLICT DO NOTHING",
            id=subscription_id,
            topic=topic_id,
        )
    return added


async def _remove_topics(tx: Connection, subscription_id: int, topics: Sequence[str]) -> int:
    removed = 0
    for topic_id in await ensure_topics(tx, topics):
        removed += await tx.run(
            "DELETE FROM subscription_topic WHERE subscription_id = :id AND topic_id = :topic",
            id=subscription_id,
            topic=topic_id,
        )
    return removed


async def narrow(
    tx: Connection, chat_id: ChatId, *, thread: int = 0, topics: Sequence[str], now: int
) -> None:
    """Subscribe to these topics and no others."""
    row = await tx.row(
        "INSERT INTO subscription (chat_id, thread, everything, created_at)"
        " VALUES (:chat, :thread, 0, :now) ON CONFLICT (chat_id, thread)"
        " DO UPDATE SET active = 1, reason = '', rests_until = 0, everything = 0 RETURNING id",
        chat=chat_id,
        thread=thread,
        now=now,
    )
    assert row is not None  # an upsert always returns its row
    await tx.run("DELETE FROM subscription_topic WHERE subscription_id = :id", id=row["id"])
    await _add_topics(tx, row["id"], topics)


def _rests(row: Row, now: int) -> bool:
    return bool(row["reason"]) and (not row["active"] or row["rests_until"] > now)


async def _resume(tx: Connection, subscription_id: int) -> bool:
    return bool(
        await tx.run(
            "UPDATE subscription SET active = 1, reason = '', rests_until = 0 WHERE id = :id",
            id=subscription_id,
        )
    )


async def topic_opened(tx: Connection, chat_id: ChatId, thread: int, *, now: int) -> bool:
    """A forum topic is open (again); returns whether a subscription there was paused."""
    row = await subscription(tx, chat_id, thread)
    return row is not None and _rests(row, now) and await _resume(tx, row["id"])


async def unsubscribe(
    tx: Connection, chat_id: ChatId, *, thread: int = 0, topics: Sequence[str] = ()
) -> bool:
    """Unsubscribe from everything, or from these topics: a chat with all news then gets all but
    these. Returns whether anything changed."""
    row = await subscription(tx, chat_id, thread)
    if row is None or not row["active"]:
        return False
    if topics and row["everything"]:
        return await _add_topics(tx, row["id"], topics) > 0
    if topics:
        dropped = await _remove_topics(tx, row["id"], topics)
        if dropped and not await subscribed_topics(tx, row["id"]):
            await _switch_off(tx, row["id"])
        return dropped > 0
    return await _switch_off(tx, row["id"])


async def _switch_off(tx: Connection, subscription_id: int) -> bool:
    return bool(
        await tx.run("UPDATE subscription SET active = 0 WHERE id = :id", id=subscription_id)
    )


async def subscription(cx: Connection, chat_id: ChatId, thread: int = 0) -> Row | None:
    return await cx.row(
        "SELECT * FROM subscription WHERE chat_id = :chat AND thread = :thread",
        chat=chat_id,
        thread=thread,
    )


async def subscribed_topics(cx: Connection, subscription_id: int) -> list[str]:
    """The names of a subscription's topics, in order of name: those that it gets, or, where it gets
    everything, those that it does not."""
    rows = await cx.rows(
        "SELECT name FROM subscription_topic JOIN topic ON topic.id = topic_id"
        " WHERE subscription_id = :id ORDER BY key",
        id=subscription_id,
    )
    return [row["name"] for row in rows]


async def subscribed_numbers(cx: Connection, subscription_id: int) -> list[int]:
    """The numbers of the topics that `subscribed_topics` names."""
    rows = await cx.rows(
        "SELECT topic_id FROM subscription_topic WHERE subscription_id = :id", id=subscription_id
    )
    return [row["topic_id"] for row in rows]


# --- moving house ---------------------------------------------------------------------------------


async def import_subscribed(tx: Connection, telegram_ids: Sequence[int], *, now: int) -> int:
    """Import chats of another system, subscribed to everything; known ones stay as they are.
    Returns how many were new."""
    first = await tx.value("SELECT coalesce(max(id), 0) FROM subscription")
    rows = [{"telegram_id": one, "kind": kind_of(one).value, "now": now} for one in telegram_ids]
    await tx.run_many(
        "INSERT INTO chat (telegram_id, kind, created_at) VALUES (:telegram_id, :kind, :now)"
        " ON CONFLICT (telegram_id) DO NOTHING",
        rows,
    )
    await tx.run_many(
        "INSERT INTO subscription (chat_id, created_at) SELECT id, :now FROM chat"
        " WHERE telegram_id = :telegram_id ON CONFLICT (chat_id, thread) DO NOTHING",
        rows,
    )
    return int(await tx.value("SELECT count(*) FROM subscription WHERE id > :id", id=first))


def kind_of(telegram_id: int) -> ChatKind:
    """The kind of chat that a bare id implies: people are positive; -100... is a supergroup or a
    channel."""
    if telegram_id > 0:
        return ChatKind.PRIVATE
    return ChatKind.SUPERGROUP if telegram_id < -1_000_000_000_000 else ChatKind.GROUP


async def subscribed_after(cx: Connection, after: int, *, limit: int) -> list[Row]:
    """Subscribed chats in order of our number: id, telegram_id."""
    return await cx.rows(
        "SELECT id, telegram_id FROM chat WHERE id > :after AND gone_at IS NULL AND EXISTS"
        " (SELECT 1 FROM subscription WHERE chat_id = chat.id AND active = 1)"
        " ORDER BY id LIMIT :limit",
        after=after,
        limit=limit,
    )

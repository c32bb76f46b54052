"""Records what an outcome says about its chat: that it is closed, gone, or moved.

Part of `storage.outcomes`: in the same transaction.
"""

from __future__ import annotations

from bot.core.model import ChatId
from bot.core.posts.content import TopicLost
from bot.core.posts.delivery import Delivery
from bot.core.posts.outcome import ChatClosed, ChatGone, Moved, Outcome, TextOnly, ThreadClosed
from storage import chats, moderators
from storage.database import Connection
from storage.deliveries import enqueue

_TOLD_SECONDS = 6 * 3600
"""Seconds: a topic that stays closed is tried again and again, but reported only once."""
_ACTIVE_SECONDS = 30 * 86_400
"""Seconds: somebody who has decided something within these still counts as a moderator."""
_NEWS_SECONDS = 86_400
"""Seconds that an article waits for a chat that accepts nothing from us."""


async def record_chat(tx: Connection, one: Delivery, outcome: Outcome, *, now: int) -> None:
    """Record what an outcome says about its chat, for everything sent there."""
    match outcome:
        case TextOnly():
            await tx.run("UPDATE chat SET text_only = 1 WHERE id = :id", id=one.chat_id)
        case Moved(to):
            await chats.migrate(tx, one.to.telegram_id, to)
        case ChatClosed(at, reason):
            await _tell_in_private(tx, one.chat_id, now=now)
            await _chat_closed(tx, one.chat_id, at, reason, now=now)
        case ChatGone(reason):
            await _tell_in_private(tx, one.chat_id, now=now)
            await _chat_gone(tx, one.chat_id, reason, now=now)
        case ThreadClosed(reason, until):
            await _tell_group(tx, one, deleted=until is None, now=now)
            await tx.run(
                "UPDATE subscription SET active = :active, reason = :reason, rests_until = :until"
                " WHERE chat_id = :chat AND thread = :thread",
                active=int(until is not None),
                until=until or 0,
                reason=reason,
                chat=one.chat_id,
                thread=one.to.thread,
            )


async def _tell_group(tx: Connection, one: Delivery, *, deleted: bool, now: int) -> None:
    """Tell the group why news stops in a topic: once each time it is closed."""
    row = await chats.subscription(tx, one.chat_id, one.to.thread)
    if row is None or not row["active"] or row["rests_until"] > now - _TOLD_SECONDS:
        return
    if one.to.thread:
        await enqueue(tx, TopicLost(one.to.thread, deleted), one.chat_id, now=now)
    else:
        await tell_moderators(tx, TopicLost(0, deleted, one.chat_id), now=now)


async def tell_moderators(tx: Connection, content: TopicLost, *, now: int) -> None:
    """Send it to the moderators' chat, if there is one."""
    chat_id = await moderators.current(tx)
    if chat_id is not None:
        await enqueue(tx, content, chat_id, now=now)


async def _tell_in_private(tx: Connection, chat_id: ChatId, *, now: int) -> None:
    """The moderators' chat no longer accepts anything: tell those moderators who have a private
    chat with the bot, once."""
    if chat_id != await moderators.current(tx) or await chats.refuses_since(tx, chat_id):
        return
    for person in await moderators.reachable(tx, since=now - _ACTIVE_SECONDS):
        await enqueue(tx, TopicLost(0, False, chat_id), person, now=now)


async def _chat_closed(tx: Connection, chat_id: ChatId, at: int, reason: str, *, now: int) -> None:
    """Everything for the chat waits longer; articles that get too old meanwhile are dropped."""
    await tx.run(
        "UPDATE chat SET closed_at = COALESCE(closed_at, :now), refusals = refusals + 1"
        " WHERE id = :id",
        now=now,
        id=chat_id,
    )
    await tx.run(
        "UPDATE delivery SET due_at = :at WHERE chat_id = :id AND state IN ('due', 'unknown')"
        " AND kind <> 'edit' AND due_at < :at",
        at=at,
        id=chat_id,
    )
    old = "chat_id = :id AND kind = 'post' AND state = 'due' AND created_at < :before"
    await tx.run(
        f"UPDATE broadcast SET dead = dead + (SELECT COUNT(*) FROM delivery WHERE {old}"
        " AND broadcast_id = broadcast.id) WHERE id IN (SELECT broadcast_id FROM delivery"
        f" WHERE {old})",
        id=chat_id,
        before=now - _NEWS_SECONDS,
    )
    await tx.run(
        f"UPDATE delivery SET state = 'dead', reason = :reason, done_at = :now WHERE {old}",
        reason=reason,
        now=now,
        id=chat_id,
        before=now - _NEWS_SECONDS,
    )


async def _chat_gone(tx: Connection, chat_id: ChatId, reason: str, *, now: int) -> None:
    """Nothing more is sent there until it returns; waiting deliveries end the same way."""
    await tx.run(
        "UPDATE chat SET gone_at = :now, gone_reason = :reason WHERE id = :id AND gone_at IS NULL",
        now=now,
        reason=reason,
        id=chat_id,
    )
    await tx.run(
        "DELETE FROM delivery WHERE chat_id = :id AND kind = 'edit'"
        " AND state IN ('due', 'unknown')",
        id=chat_id,
    )
    await tx.run(
        "UPDATE broadcast SET gone = gone + (SELECT COUNT(*) FROM delivery AS d WHERE"
        " d.broadcast_id = broadcast.id AND d.chat_id = :id AND d.state IN ('due', 'unknown'))"
        " WHERE id IN (SELECT broadcast_id FROM delivery WHERE chat_id = :id"
        " AND state IN ('due', 'unknown'))",
        id=chat_id,
    )
    await tx.run(
        "UPDATE delivery SET state = 'gone', reason = :reason, done_at = :now"
        " WHERE chat_id = :id AND state IN ('due', 'unknown')",
        reason=reason,
        now=now,
        id=chat_id,
    )

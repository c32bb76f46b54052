"""The moderators' forum: what kind of chat it is, which topics we created there. Knows rows only.

A topic is created or reopened by a row of `delivery`, as messages are sent, so this survives a
crash; `unfinished` tells what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.comments.topics import (
    GENERAL,
    ForumTopic,
    Standing,
    TopicState,
    refused_there,
)
from bot.core.model import ChatId
from bot.core.posts.content_kinds import MODERATORS, TopicKind
from storage.database import Connection, Row
from storage.deliveries import listed

_OURS = f"kind <> 'edit' AND content IN {listed(MODERATORS)}"


@dataclass(frozen=True, slots=True)
class KnownForum:
    """What we know about the chat from the last check, and how far the log has come."""

    standing: Standing
    looked_at: int
    """When it was last checked; 0: never, or it has to be checked again."""
    told: int
    told_at: int
    """When the log was last written; for a chat that was never a forum, since when it is known."""


async def known(cx: Connection, chat_id: ChatId) -> KnownForum | None:
    row = await cx.row("SELECT * FROM forum WHERE chat_id = :chat", chat=chat_id)
    if row is None:
        return None
    standing = Standing(bool(row["topics"]), bool(row["manages"]))
    return KnownForum(standing, row["looked_at"], row["told"], row["told_at"])


async def saw(tx: Connection, chat_id: ChatId, standing: Standing, *, now: int) -> None:
    """Store what the chat is now. If we may manage topics again, refused ones are tried again; a
    new log begins with the next decision."""
    before = await known(tx, chat_id)
    await tx.run(
        "INSERT INTO forum (chat_id, topics, manages, looked_at, told) VALUES (:chat, :topics,"
        " :manages, :now, (SELECT COALESCE(MAX(id), 0) FROM decision))"
        " ON CONFLICT (chat_id) DO UPDATE SET topics = excluded.topics,"
        " manages = excluded.manages, looked_at = excluded.looked_at,"
        " told = CASE WHEN forum.topics = 1 THEN forum.told ELSE excluded.told END",
        chat=chat_id,
        topics=int(standing.forum),
        manages=int(standing.manages),
        now=now,
    )
    if standing.manages and not (before and before.standing.manages):
        await tx.run(
            "UPDATE forum_topic SET since = 0 WHERE chat_id = :c AND state = 'refused'", c=chat_id
        )
        await tx.run(
            "UPDATE forum_topic SET state = 'closed'"
            " WHERE chat_id = :chat AND state = 'shut' AND reopened = 0",
            chat=chat_id,
        )


async def expect(tx: Connection, chat_id: ChatId, *, now: int) -> None:
    """Note that the chat is about to be checked; changes nothing if it is already known."""
    await tx.run(
        "INSERT INTO forum (chat_id, topics, manages, looked_at, told, told_at) VALUES (:chat, 0,"
        " 0, 0, (SELECT COALESCE(MAX(id), 0) FROM decision), :now)"
        " ON CONFLICT (chat_id) DO NOTHING",
        chat=chat_id,
        now=now,
    )


async def look_again(tx: Connection, chat_id: ChatId) -> None:
    """Have the chat checked again: what we know may be outdated."""
    await tx.run("UPDATE forum SET looked_at = 0 WHERE chat_id = :chat", chat=chat_id)


async def told(tx: Connection, chat_id: ChatId, last: int, *, now: int) -> None:
    """Note that the log has come to this decision."""
    await tx.run(
        "UPDATE forum SET told = :last, told_at = :now WHERE chat_id = :chat",
        last=last,
        now=now,
        chat=chat_id,
    )


# --- topics ---------------------------------------------------------------------------------------


def _topic(row: Row) -> ForumTopic:
    return ForumTopic(
        id=row["id"],
        kind=TopicKind(row["kind"]),
        state=TopicState(row["state"]),
        thread=row["thread"],
        since=row["since"],
        reopened=bool(row["reopened"]),
    )


async def newest(cx: Connection, chat_id: ChatId, kind: TopicKind) -> ForumTopic | None:
    """The current topic of a kind."""
    row = await cx.row(
        "SELECT * FROM forum_topic WHERE chat_id = :chat AND kind = :kind ORDER BY id DESC LIMIT 1",
        chat=chat_id,
        kind=kind.value,
    )
    return _topic(row) if row else None


async def at_thread(cx: Connection, chat_id: ChatId, thread: int) -> ForumTopic | None:
    """Our topic with that id; None for General and for other people's topics."""
    row = await cx.row(
        "SELECT * FROM forum_topic WHERE chat_id = :chat AND thread = :thread",
        chat=chat_id,
        thread=thread,
    )
    return _topic(row) if row else None


async def want(
    tx: Connection, chat_id: ChatId, kind: TopicKind, *, delivery_id: int, now: int
) -> None:
    """Note that a new topic is being created."""
    await tx.run(
        "INSERT INTO forum_topic (chat_id, kind, state, delivery_id, since)"
        " VALUES (:chat, :kind, 'wanted', :delivery, :now)",
        chat=chat_id,
        kind=kind.value,
        delivery=delivery_id,
        now=now,
    )


async def save(tx: Connection, topic: ForumTopic, *, delivery_id: int | None = None) -> None:
    """Store a topic's new state; `delivery_id` is the delivery that leads to the next."""
    await tx.run(
        "UPDATE forum_topic SET state = :state, thread = :thread, reopened = :reopened,"
        " since = :since, delivery_id = :delivery WHERE id = :id",
        state=topic.state.value,
        thread=topic.thread,
        reopened=int(topic.reopened),
        since=topic.since,
        delivery=delivery_id,
        id=topic.id,
    )
    if topic.state is TopicState.LOST:
        await tx.run(  # its messages are deleted too
            "UPDATE delivery SET message_id = NULL"
            " WHERE chat_id = (SELECT chat_id FROM forum_topic WHERE id = :id)"
            f" AND thread = :thread AND {_OURS}",
            id=topic.id,
            thread=topic.thread,
        )


async def unfinished(
    cx: Connection, chat_id: ChatId
) -> list[tuple[ForumTopic, str, str, int | None]]:
    """Topics whose creation or reopening has ended: how, why, and the id of a new one."""
    rows = await cx.rows(
        "SELECT t.*, COALESCE(d.state, 'dead') AS fate, COALESCE(d.reason, '') AS reason,"
        " d.message_id FROM forum_topic AS t LEFT JOIN delivery AS d ON d.id = t.delivery_id"
        " WHERE t.chat_id = :chat AND t.state IN ('wanted', 'reopening')"
        " AND COALESCE(d.state, 'dead') IN ('sent', 'dead', 'gone') ORDER BY t.id",
        chat=chat_id,
    )
    return [(_topic(row), row["fate"], row["reason"], row["message_id"]) for row in rows]


async def unsettled(cx: Connection, chat_id: ChatId) -> bool:
    """Whether a topic is on its way, or messages wait for one that is not open."""
    return bool(
        await cx.value(
            "SELECT EXISTS (SELECT 1 FROM forum_topic WHERE chat_id = :chat"
            f" AND state IN ('wanted', 'reopening')) OR EXISTS ({_STUCK})",
            chat=chat_id,
        )
    )


_STUCK = f"""SELECT 1 FROM delivery AS d JOIN forum_topic AS t
    ON t.chat_id = d.chat_id AND t.thread = d.thread
  WHERE d.chat_id = :chat AND d.kind <> 'edit' AND d.content IN {listed(MODERATORS)}
    AND d.state IN ('due', 'unknown')
    AND (t.state <> 'open' OR (SELECT topics FROM forum WHERE chat_id = :chat) = 0)"""


async def stuck(cx: Connection, chat_id: ChatId) -> list[ForumTopic]:
    """Topics that are not open and for which messages wait."""
    rows = await cx.rows(
        "SELECT DISTINCT t.* " + _STUCK.removeprefix("SELECT 1 ") + " ORDER BY t.id", chat=chat_id
    )
    return [_topic(row) for row in rows]


async def move(tx: Connection, chat_id: ChatId, old: int, new: int) -> None:
    """Move waiting deliveries from one topic to another. There they reply to nothing: Telegram
    would put a reply beside its message, into the old topic."""
    await tx.run(
        "UPDATE delivery SET thread = :new, reply_to = NULL WHERE chat_id = :chat"
        f" AND thread = :old AND {_OURS} AND state IN ('due', 'unknown')",
        new=new,
        old=old,
        chat=chat_id,
    )


async def refused(tx: Connection, delivery_id: int, reason: str, *, now: int) -> None:
    """Note that a message was refused because of its topic, if that is one of ours."""
    row = await tx.row("SELECT chat_id, thread FROM delivery WHERE id = :id", id=delivery_id)
    if row is None or row["thread"] == GENERAL:
        return
    chat_id = ChatId(row["chat_id"])
    found = await at_thread(tx, chat_id, row["thread"])
    if found is None:
        await tx.run("UPDATE delivery SET thread = 0 WHERE id = :id", id=delivery_id)
        return
    after = refused_there(found, reason, now=now)
    if after != found:
        await save(tx, after)
        await look_again(tx, chat_id)


async def thread_of(cx: Connection, chat_id: ChatId, delivery_id: int | None) -> int | None:
    """The topic that one of our messages is in; None if it is not in this chat."""
    thread = await cx.value(
        "SELECT thread FROM delivery WHERE id = :id AND chat_id = :chat",
        id=delivery_id or 0,
        chat=chat_id,
    )
    return None if thread is None else int(thread)


async def untold(cx: Connection, after: int, *, limit: int) -> Sequence[Row]:
    """Decisions by people that are not in the log yet, oldest first."""
    return await cx.rows(
        "SELECT id FROM decision WHERE id > :after AND actor_id <> 0 ORDER BY id LIMIT :limit",
        after=after,
        limit=limit,
    )

"""Chats that come, go and change: blocked and unblocked, added and removed, migrated."""

from __future__ import annotations

import structlog
import telegram
from telegram import ChatMember
from telegram.error import TelegramError

from bot.core.forum import Standing
from bot.core.model import TelegramId
from bot.discussion.forum import Look
from handlers import threads
from handlers.bench import at_the_bench
from handlers.start import greet
from handlers.turn import Turn
from storage import chats

log = structlog.get_logger("members")

_HERE = {ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.RESTRICTED}


async def membership(turn: Turn) -> None:
    """Our own place in a chat changed. Subscriptions pause with it and return with it."""
    change = turn.update.my_chat_member
    assert change is not None  # registered for these only
    was, now = change.old_chat_member.status, change.new_chat_member.status
    if now not in _HERE:
        async with turn.desk.db.transaction() as tx:
            await chats.set_gone(tx, turn.chat.telegram_id, reason=now, now=turn.now)
        return
    await threads.learn(turn)
    if was not in _HERE and turn.chat.kind.value in {"group", "supergroup"}:
        await greet(turn)
    if await at_the_bench(turn):
        await turn.desk.discussion.forum.changed(turn.chat)


async def topic(turn: Turn) -> None:
    """People closed a topic of a forum, or opened it again; what is ours is minded."""
    if await at_the_bench(turn):
        closed = turn.message.forum_topic_closed is not None
        await turn.desk.discussion.forum.topic_closed(turn.chat, turn.thread, closed=closed)


async def migration(turn: Turn) -> None:
    """A group became a supergroup: one transaction moves everything (each side tells us once)."""
    message = turn.message
    async with turn.desk.db.transaction() as tx:
        if message.migrate_to_chat_id:
            await chats.migrate(tx, turn.chat.telegram_id, TelegramId(message.migrate_to_chat_id))
        elif message.migrate_from_chat_id:
            await chats.migrate(tx, TelegramId(message.migrate_from_chat_id), turn.chat.telegram_id)


def looking_at(bot: telegram.Bot) -> Look:
    """Asks Telegram whether a chat is a forum, and what we may do there."""

    async def look(chat: TelegramId) -> Standing | None:
        try:
            if not (await bot.get_chat(chat)).is_forum:
                return Standing(forum=False, manages=False)
            me = await bot.get_chat_member(chat, bot.id)
        except TelegramError as error:
            log.info("forum.unknown", reason=str(error))
            return None
        return Standing(forum=True, manages=getattr(me, "can_manage_topics", None) is True)

    return look

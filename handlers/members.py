"""Chats that come, go and change: blocked and unblocked, added and removed, migrated."""

from __future__ import annotations

import structlog
import telegram
from telegram import ChatMember
from telegram.error import TelegramError

from bot.core.comments.topics import Standing
from bot.core.errors import Unanswered
from bot.core.model import ChatKind, TelegramId
from bot.discussion.topics import StandingLookup
from handlers import channels, threads
from handlers.access import is_member
from handlers.context import Context
from handlers.start import greet
from storage import chats

log = structlog.get_logger("members")

_HERE = {ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.RESTRICTED}


async def membership(ctx: Context) -> None:
    """Our own membership in a chat changed. Subscriptions pause and resume with it; if we got the
    right to write, waiting messages are sent at once."""
    change = ctx.update.my_chat_member
    assert change is not None  # registered for these only
    was, now = change.old_chat_member.status, change.new_chat_member.status
    if now not in _HERE:
        async with ctx.deps.db.transaction() as tx:
            await chats.set_gone(tx, ctx.chat.telegram_id, reason=now, now=ctx.now)
        return
    async with ctx.deps.db.transaction() as tx:
        await tx.batch(*chats.opened(ctx.chat.id))
    ctx.deps.wake()
    await threads.learn(ctx)
    if was not in _HERE and ctx.chat.kind.value in {"group", "supergroup"}:
        await greet(ctx)
    if now == ChatMember.ADMINISTRATOR and was != now and ctx.chat.kind is ChatKind.CHANNEL:
        await _introduce_channel(ctx, TelegramId(change.from_user.id))
    if await is_member(ctx):
        await ctx.deps.discussion.forum.changed(ctx.chat)


async def _introduce_channel(ctx: Context, by: TelegramId) -> None:
    """The person who made us a channel's administrator can set it up in private, if that person has
    written to us."""
    async with ctx.deps.db.reading() as cx:
        person = await chats.get(cx, by)
    if person is not None and not person.gone:
        languages = ctx.deps.languages
        there = Context(ctx.deps, ctx.update, person, languages.of(person.language))
        await channels.show(there, str(ctx.chat.telegram_id))


async def topic(ctx: Context) -> None:
    """People closed or reopened a forum topic: react if it is one of ours."""
    closed = ctx.message.forum_topic_closed is not None
    if await is_member(ctx):
        await ctx.deps.discussion.forum.topic_closed(ctx.chat, ctx.thread, closed=closed)
    if closed:
        return
    async with ctx.deps.db.transaction() as tx:
        resumed = await chats.topic_opened(tx, ctx.chat.id, ctx.thread, now=ctx.now)
    if resumed:
        await ctx.answer(ctx.tr.gettext("🔔 This topic is open again, so news comes here again."))


async def migration(ctx: Context) -> None:
    """A group became a supergroup: one transaction moves everything (Telegram reports it once from
    each side)."""
    message = ctx.message
    async with ctx.deps.db.transaction() as tx:
        if message.migrate_to_chat_id:
            await chats.migrate(tx, ctx.chat.telegram_id, TelegramId(message.migrate_to_chat_id))
        elif message.migrate_from_chat_id:
            await chats.migrate(tx, TelegramId(message.migrate_from_chat_id), ctx.chat.telegram_id)


def standing_lookup(bot: telegram.Bot) -> StandingLookup:
    """Asks Telegram whether a chat is a forum, and what we may do there."""

    async def look(chat: TelegramId) -> Standing | None:
        try:
            if not (await bot.get_chat(chat)).is_forum:
                return Standing(forum=False, manages=False)
            me = await bot.get_chat_member(chat, bot.id)
        except (TelegramError, Unanswered) as error:
            log.info("forum.unknown", reason=str(error))
            return None
        return Standing(forum=True, manages=getattr(me, "can_manage_topics", None) is True)

    return look

"""Channels and their discussion groups: Telegram's updates about them, and its answers."""

from __future__ import annotations

import telegram
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import filters

from bot.core.errors import Unanswered
from bot.core.model import ChatKind, TelegramId
from bot.discussion.threads import Group, GroupLookup
from handlers.context import Context, Handler


async def forwarded(ctx: Context) -> None:
    """A channel's post appeared in its discussion group: comments will reply to it. It is neither a
    command nor a comment, whatever it says."""
    origin, sender = ctx.message.forward_origin, ctx.message.sender_chat
    if not isinstance(origin, telegram.MessageOriginChannel) or sender is None:
        return
    if origin.chat.id == sender.id:  # else the post was itself forwarded from another channel
        await ctx.deps.discussion.threads.hear(
            ctx.chat, TelegramId(sender.id), origin.message_id, ctx.message.message_id
        )


async def learn(ctx: Context) -> None:
    """This chat may have become (or ceased to be) part of such a pair."""
    if ctx.chat.kind in {ChatKind.CHANNEL, ChatKind.SUPERGROUP}:
        await ctx.deps.discussion.threads.learn(ctx.chat.telegram_id)


def group_lookup(bot: telegram.Bot) -> GroupLookup:
    """Asks Telegram for a channel's discussion group, or for a group's channel."""

    async def look(chat_id: TelegramId) -> Group | None:
        try:
            chat = await bot.get_chat(chat_id)
            if chat.linked_chat_id is None:
                return None
            if chat.type != ChatType.CHANNEL:
                return await _group(bot, chat, channel=chat.linked_chat_id)
            return await _group(bot, await bot.get_chat(chat.linked_chat_id), channel=chat.id)
        except (BadRequest, Forbidden):
            return None
        except TelegramError as error:
            raise Unanswered(str(error)) from None

    return look


async def _group(bot: telegram.Bot, group: telegram.ChatFullInfo, *, channel: int) -> Group:
    return Group(
        TelegramId(group.id),
        TelegramId(channel),
        group.title or "",
        group.username or "",
        usable=await _usable(bot, group),
    )


async def _usable(bot: telegram.Bot, group: telegram.ChatFullInfo) -> bool:
    """Whether we may write there and get the channel's posts: as an administrator, or as a
    member without privacy mode of a group where members write."""
    me = await bot.get_chat_member(group.id, bot.id)
    if isinstance(me, telegram.ChatMemberAdministrator | telegram.ChatMemberOwner):
        return True
    if not bot.can_read_all_group_messages:
        return False
    if isinstance(me, telegram.ChatMemberRestricted):
        return me.is_member and me.can_send_messages
    writing = group.permissions is not None and bool(group.permissions.can_send_messages)
    return isinstance(me, telegram.ChatMemberMember) and writing


def messages() -> list[tuple[filters.BaseFilter, Handler]]:
    """Posts that appear in a discussion group automatically. To be checked before commands."""
    return [(filters.IS_AUTOMATIC_FORWARD & filters.UpdateType.MESSAGE, forwarded)]

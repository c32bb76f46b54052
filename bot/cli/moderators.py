"""Whether the bot can work in the moderators' chat, and what to do if it cannot."""

from __future__ import annotations

import telegram
from telegram import ChatMember
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.cli.findings import Finding, Tick
from bot.core.names import chat_name

_WHAT = "moderators' chat"
_ADMINISTRATOR = "make the bot an administrator"


async def moderators_chat(bot: telegram.Bot, configured: int | None) -> Finding:
    """One line about it. Nothing is posted there; that a bot "is typing" may show for a moment."""
    if configured is None:
        return Finding(Tick.GOOD, _WHAT, "not set: commenting is off")
    try:
        chat = await bot.get_chat(configured)
        member = await bot.get_chat_member(chat.id, bot.id)
    except Forbidden:
        said = f"KABAR_MODERATORS_CHAT {configured}: the bot is not in that group; add it first"
        return Finding(Tick.BAD, _WHAT, said)
    except TelegramError as error:
        said = f"KABAR_MODERATORS_CHAT {configured}: {error}; /start there tells it"
        return Finding(Tick.BAD, _WHAT, said)
    if chat.type not in {"group", "supergroup"}:
        said = f"KABAR_MODERATORS_CHAT names a {chat.type}; it has to be a group"
        return Finding(Tick.BAD, _WHAT, said)
    tick, said = Tick.GOOD, "the bot can write there"
    if fault := _cannot_write(chat, member) or await _refused(bot, chat):
        tick, said = Tick.BAD, fault
    elif flaw := _flaw(chat, member):
        tick, said = Tick.LOOK, f"{said}, but {flaw}"
    return Finding(tick, _WHAT, f"{chat_name(chat.title or '', chat.username)}: {said}")


def _cannot_write(chat: telegram.ChatFullInfo, member: ChatMember) -> str:
    if member.status in {ChatMember.LEFT, ChatMember.BANNED}:
        return "the bot cannot write there; add it first"
    if isinstance(member, telegram.ChatMemberRestricted):
        if not member.is_member:
            return "the bot cannot write there; add it first"
        if not member.can_send_messages:
            return f"the bot may not write there: lift its restriction, or {_ADMINISTRATOR}"
    if _rules(member) or chat.permissions is None or chat.permissions.can_send_messages:
        return ""
    return f"only administrators may write there: {_ADMINISTRATOR}, or let members write"


async def _refused(bot: telegram.Bot, chat: telegram.ChatFullInfo) -> str:
    """What the rights do not show: a closed General topic, or any other refusal by Telegram."""
    try:
        await bot.send_chat_action(chat.id, "typing")
    except (BadRequest, Forbidden) as error:
        if "topic_closed" in str(error).lower():
            do = f"reopen it, or {_ADMINISTRATOR} who may manage topics"
            return f"its General topic is closed: {do}"
        return f"the bot cannot write there: {error}; {_ADMINISTRATOR}"
    except TelegramError:  # it was there a moment ago
        return ""
    return ""


def _flaw(chat: telegram.ChatFullInfo, member: ChatMember) -> str:
    """What works less well than it could."""
    if chat.is_forum and not getattr(member, "can_manage_topics", None) and not _owner(member):
        return f"may not manage topics, so all goes to General: {_ADMINISTRATOR} who may"
    if _rules(member):
        return ""
    limits = member if isinstance(member, telegram.ChatMemberRestricted) else chat.permissions
    if limits is not None and not limits.can_send_photos:
        return f"no pictures, so those of readers do not arrive: {_ADMINISTRATOR}"
    if chat.slow_mode_delay:
        return f"slow mode may hold cards back: {_ADMINISTRATOR}"
    return ""


def _rules(member: ChatMember) -> bool:
    return _owner(member) or member.status == ChatMember.ADMINISTRATOR


def _owner(member: ChatMember) -> bool:
    return member.status == ChatMember.OWNER

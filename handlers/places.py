"""Whose settings somebody changes: those of this chat or forum topic or, in private, of a channel.

A channel is named by @name, link or number. Nothing about it is posted in the channel, where
subscribers would read it. Rights are checked anew each time, for commands and for buttons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import telegram
from telegram.error import BadRequest, Forbidden

from bot.core.errors import Refusal
from bot.core.model import Chat, ChatId, ChatKind, TelegramId
from bot.core.names import chat_name, clean_name
from bot.readers.choices import Spot
from handlers.context import Context, is_administrator
from storage import chats

_NAME = re.compile(
    r"(?:@|(?:https?://)?(?:t|telegram)\.(?:me|dog)/(?:s/)?)(?P<name>[A-Za-z]\w{3,31})(?:/\d+)*/?"
    r"|(?:https?://)?t\.me/c/(?P<inner>\d{4,13})(?:/\d+)*/?|(?P<id>-100\d{4,13})",
    re.ASCII,
)


def named(words: str) -> tuple[str, str]:
    """The channel that a command's words begin with, in the form Telegram accepts, and the other
    words; empty, and all words, if there is none."""
    first, _, rest = words.strip().partition(" ")
    match = _NAME.fullmatch(first.partition("?")[0])
    if match is None:
        return "", words
    if match["name"]:
        return f"@{match['name']}", rest.strip()
    return (f"-100{match['inner']}" if match["inner"] else match["id"]), rest.strip()


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or a topic of its forum; `elsewhere`: a channel that is set up in private."""

    chat: Chat
    thread: int = 0
    elsewhere: bool = False

    @property
    def number(self) -> int:
        """The number for buttons: 0 is the chat that they are in, whatever its number is by
        then."""
        return self.chat.id if self.elsewhere else 0

    @property
    def name(self) -> str:
        """The name of a channel that is set up elsewhere; empty for the present chat."""
        if not self.elsewhere:
            return ""
        return chat_name(self.chat.title, self.chat.username)

    def spot(self, ctx: Context) -> Spot:
        """The same for use cases."""
        return Spot(self.chat.id, self.thread, ctx.deps.zone, ctx.now)


async def asked(ctx: Context) -> tuple[Place, str]:
    """The place that a command is about, and its other words. Raises Refusal."""
    reference, text = named(ctx.words) if ctx.private else ("", ctx.words)
    if reference:
        return Place(await administered(ctx, reference), elsewhere=True), text
    await ctx.require_administrator()
    return Place(ctx.chat, ctx.thread), text


async def pressed(ctx: Context, chat: int, thread: int) -> Place:
    """The place that a button names (see `Place.number`). Raises Refusal."""
    if chat:
        return Place(await known_channel(ctx, chat), elsewhere=True)
    await ctx.require_administrator()
    ctx.forum_topic = 0 if ctx.private else thread
    return Place(ctx.chat, ctx.thread)


async def known_channel(ctx: Context, chat: int) -> Chat:
    """The channel that a button in a private chat names by our number. Raises Refusal."""
    async with ctx.deps.db.reading() as cx:
        known = await chats.by_id(cx, ChatId(chat))
    if known is None or known.kind is not ChatKind.CHANNEL or not ctx.private:
        raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
    return await administered(ctx, str(known.telegram_id))


async def administered(ctx: Context, reference: str) -> Chat:
    """The channel that a person named, if both of us have rights there. Raises Refusal."""
    tr, bot = ctx.tr, ctx.deps.bot
    try:
        theirs = await bot.get_chat(reference)
    except (BadRequest, Forbidden):
        raise Refusal(
            tr.gettext("{channel} was not found. Please check the spelling.", channel=reference)
        ) from None
    name = f"@{theirs.username}" if theirs.username else clean_name(theirs.title or "") or reference
    if theirs.type != telegram.constants.ChatType.CHANNEL:
        raise Refusal(tr.gettext("{channel} isn't a channel.", channel=name))
    if not await is_administrator(bot, theirs.id, ctx.chat.telegram_id):
        raise Refusal(tr.gettext("Only administrators of {channel} can do that.", channel=name))
    if not await _may_post(bot, theirs.id):
        raise Refusal(
            tr.gettext(
                "Please make this bot an administrator of {channel} with the right to post, then "
                "try again.",
                channel=name,
            )
        )
    async with ctx.deps.db.transaction() as tx:
        return await chats.see(
            tx,
            TelegramId(theirs.id),
            kind=ChatKind.CHANNEL,
            title=theirs.title or "",
            username=theirs.username or "",
            now=ctx.now,
        )


async def _may_post(bot: telegram.Bot, chat: int) -> bool:
    try:
        member = await bot.get_chat_member(chat, bot.id)
    except (BadRequest, Forbidden):
        return False
    if isinstance(member, telegram.ChatMemberAdministrator):
        return member.can_post_messages is not False
    return isinstance(member, telegram.ChatMemberMember)

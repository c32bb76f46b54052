"""Channels are set up in private, by their administrators: what they get and in which language.

A channel is named by @name, link or number, or by a forwarded post. Nothing of it is said in the
channel, where its subscribers would read it.
"""

from __future__ import annotations

import re

import telegram
from telegram.error import BadRequest, Forbidden

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.errors import Refusal
from bot.core.html import Html, escape, join
from bot.core.model import Button, Chat, ChatId, ChatKind, Post, TelegramId, in_rows
from handlers import topics
from handlers.articles import show_article
from handlers.context import Context, is_administrator
from storage import articles, chats

_NAME = re.compile(
    r"(?:@|(?:https?://)?(?:t|telegram)\.(?:me|dog)/(?:s/)?)(?P<name>[A-Za-z]\w{3,31})(?:/\d+)*/?"
    r"|(?:https?://)?t\.me/c/(?P<inner>\d{4,13})(?:/\d+)*/?|(?P<id>-100\d{4,13})",
    re.ASCII,
)


def named(words: str) -> tuple[str, str]:
    """The channel that a command's words begin with, as Telegram takes it, and the rest; empty and
    all of them where there is none."""
    first, _, rest = words.strip().partition(" ")
    match = _NAME.fullmatch(first.partition("?")[0])
    if match is None:
        return "", words
    if match["name"]:
        return f"@{match['name']}", rest.strip()
    return (f"-100{match['inner']}" if match["inner"] else match["id"]), rest.strip()


async def subscribe(ctx: Context, reference: str, text: str) -> None:
    """All news, or topics, for a channel; the example goes to the administrator who asked."""
    channel = await _administered(ctx, reference)
    tr = ctx.tr
    async with ctx.deps.db.transaction() as tx:
        asked = await topics.asked(tx, text, tr)
        await chats.subscribe(tx, channel.id, topics=asked.names, now=ctx.now)
        found = asked.named.found
        newest = await articles.newest(tx, limit=1, topic=found[0] if found else None)
    await ctx.deps.discussion.threads.learn(channel.telegram_id)
    await ctx.answer(await _panel(ctx, channel, note="\n".join(topics.unknown(asked, tr))))
    if newest:
        await show_article(ctx, newest[0].id)


async def unsubscribe(ctx: Context, reference: str, text: str) -> None:
    """Nothing more, or nothing more of some topics, for a channel."""
    channel = await _administered(ctx, reference)
    async with ctx.deps.db.transaction() as tx:
        asked = await topics.asked(tx, text, ctx.tr)
        await chats.unsubscribe(tx, channel.id, topics=asked.names)
    await ctx.answer(await _panel(ctx, channel))


async def show(ctx: Context, reference: str) -> None:
    """What a channel gets, with buttons to change it."""
    await ctx.answer(await _panel(ctx, await _administered(ctx, reference)))


async def forwarded(ctx: Context) -> bool:
    """A post that somebody forwards from a channel of his own is about the channel."""
    origin = ctx.message.forward_origin
    if not isinstance(origin, telegram.MessageOriginChannel):
        return False
    if not await is_administrator(ctx.deps.bot, origin.chat.id, ctx.user.id):
        return False
    await show(ctx, str(origin.chat.id))
    return True


async def pressed(ctx: Context) -> None:
    """A button under what is said of a channel."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    async with ctx.deps.db.reading() as cx:
        known = await chats.by_id(cx, ChatId(press.numbers[0]))
    if known is None or known.kind is not ChatKind.CHANNEL:
        raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
    channel = await _administered(ctx, str(known.telegram_id))
    async with ctx.deps.db.transaction() as tx:
        if press.word == "all":
            await chats.subscribe(tx, channel.id, now=ctx.now)
        elif press.word == "none":
            await chats.unsubscribe(tx, channel.id)
        elif press.word in ctx.deps.languages.codes:
            await chats.set_language(tx, channel.id, press.word)
    await ctx.deps.discussion.threads.learn(channel.telegram_id)
    await ctx.replace(await _panel(ctx, channel))


async def set_language(ctx: Context, reference: str, code: str) -> None:
    """The language of a channel's posts."""
    channel = await _administered(ctx, reference)
    async with ctx.deps.db.transaction() as tx:
        await chats.set_language(tx, channel.id, code)
    await ctx.answer(await _panel(ctx, channel))


async def _panel(ctx: Context, channel: Chat, *, note: str = "") -> Post:
    tr, languages = ctx.tr, ctx.deps.languages
    async with ctx.deps.db.reading() as cx:
        now = await chats.by_id(cx, channel.id)
        state = await topics.state(cx, channel.id, 0, tr)
        row = await chats.subscription(cx, channel.id)
    code = (now.language if now else "") or languages.default
    name = f"@{channel.username}" if channel.username else str(channel.telegram_id)
    active = bool(row and row["active"])
    buttons = []
    if row is None or not active or not row["everything"]:
        buttons.append(_button(channel, tr.gettext("🔔 All news"), "all"))
    if active:
        buttons.append(_button(channel, tr.gettext("🔕 Stop"), "none"))
    spoken = [
        _button(channel, ("✓ " if one == code else "") + name, one)
        for one, name in languages.names().items()
    ]
    text = [
        Html(f"📢 <b>{escape(channel.title or name)}</b>"),
        escape(f"🔔 {state}"),
        escape(note),
        tr.html(
            "Topics: <code>/subscribe {name} topic, topic</code> or <code>/unsubscribe {name} "
            "topic</code>",
            name=name,
        ),
    ]
    return Post(join("\n", text), keyboard=(tuple(buttons), *in_rows(spoken, 2)))


def _button(channel: Chat, text: str, word: str) -> Button:
    return Button(text, data=encode(Press(PressKind.CHANNEL, (channel.id,), word)))


async def _administered(ctx: Context, reference: str) -> Chat:
    """The channel that a person named, if both of us have rights there. Raises Refusal."""
    tr, bot = ctx.tr, ctx.deps.bot
    try:
        theirs = await bot.get_chat(reference)
    except (BadRequest, Forbidden):
        raise Refusal(
            tr.gettext("{channel} was not found. Please check the spelling.", channel=reference)
        ) from None
    name = f"@{theirs.username}" if theirs.username else theirs.title or reference
    if theirs.type != telegram.constants.ChatType.CHANNEL:
        raise Refusal(tr.gettext("{channel} is no channel.", channel=name))
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

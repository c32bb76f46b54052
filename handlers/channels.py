"""Channels are set up in private, by their administrators: what they get and in which language.

A channel is named by @name, link or number (`handlers.places`), or by a forwarded post.
"""

from __future__ import annotations

import telegram

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.html import Html, escape, join
from bot.core.model import Button, Chat, Post, in_rows
from bot.core.names import clean_name
from bot.core.readers.panel_parts import Page
from bot.readers import choices
from handlers import topics
from handlers.context import Context, is_administrator
from handlers.places import Place, administered, known_channel
from storage import chats


async def subscribed(ctx: Context, place: Place, note: str) -> None:
    """A channel's choice has changed: the administrator who asked sees what it gets now."""
    await ctx.deps.discussion.threads.learn(place.chat.telegram_id)
    await ctx.answer(await panel(ctx, place.chat, note=note))


async def show(ctx: Context, reference: str) -> None:
    """Show what a channel gets, with buttons to change it."""
    await ctx.answer(await panel(ctx, await administered(ctx, reference)))


async def forwarded(ctx: Context) -> bool:
    """A post that somebody forwards from their own channel opens that channel's settings."""
    origin = ctx.message.forward_origin
    if not isinstance(origin, telegram.MessageOriginChannel):
        return False
    if not await is_administrator(ctx.deps.bot, origin.chat.id, ctx.user.id):
        return False
    await show(ctx, str(origin.chat.id))
    return True


async def pressed(ctx: Context) -> None:
    """A button under a channel's settings."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    channel = await known_channel(ctx, press.numbers[0])
    async with ctx.deps.db.transaction() as tx:
        if press.word == "all":
            await choices.subscribe(tx, Place(channel).spot(ctx))
        elif press.word == "none":
            await chats.unsubscribe(tx, channel.id)
        elif press.word in ctx.deps.languages.codes:
            await chats.set_language(tx, channel.id, press.word)
    await ctx.deps.discussion.threads.learn(channel.telegram_id)
    await ctx.replace(await panel(ctx, channel))


async def panel(ctx: Context, channel: Chat, *, note: str = "") -> Post:
    """What a channel gets, with the buttons that are needed most."""
    tr, languages = ctx.tr, ctx.deps.languages
    async with ctx.deps.db.reading() as cx:
        now = await chats.by_id(cx, channel.id)
        state = await topics.state(cx, Place(channel).spot(ctx), tr)
        row = await chats.subscription(cx, channel.id)
    code = (now.language if now else "") or languages.default
    name = f"@{channel.username}" if channel.username else str(channel.telegram_id)
    active = bool(row and row["active"])
    buttons = []
    if row is None or not active or not row["everything"] or row["filter"]:
        buttons.append(_button(channel, tr.gettext("🔔 All news"), "all"))
    if active:
        buttons.append(_button(channel, tr.gettext("🔕 Stop"), "none"))
    spoken = [
        _button(channel, ("✓ " if one == code else "") + name, one)
        for one, name in languages.names().items()
    ]
    text = [
        Html(f"📢 <b>{escape(clean_name(channel.title) or name)}</b>"),
        escape(f"🔔 {state}"),
        escape(note),
        tr.html(
            "Topics: <code>/subscribe {name} topic, topic</code> or <code>/unsubscribe {name} "
            "topic</code>",
            name=name,
        ),
    ]
    more = Press(PressKind.SETTING, (channel.id, 0), Page.MAIN)
    rows = [tuple(buttons), *in_rows(spoken, 2)]
    rows.append((Button(tr.gettext("⚙️ All settings"), data=encode(more)),))
    return Post(join("\n", text), keyboard=tuple(rows))


def _button(channel: Chat, text: str, word: str) -> Button:
    return Button(text, data=encode(Press(PressKind.CHANNEL, (channel.id,), word)))

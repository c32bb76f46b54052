"""/subscribe and /unsubscribe: here, in a forum's topic, or (in private) for a channel. The answer
says what the chat gets now."""

from __future__ import annotations

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.html import escape
from bot.core.model import Button, Keyboard, Post
from bot.core.text import fit
from handlers import channels, topics
from handlers.articles import show_article
from handlers.context import Context
from handlers.topics import Asked
from storage import Connection, articles, chats, topic_labels

_ONLY = "only"
_OFFERED = 6
"""Topics whose numbers fit into a button."""


async def subscribe(ctx: Context) -> None:
    """All news, or the named topics, from now on; the newest article comes as an example."""
    reference, text = channels.named(ctx.words) if ctx.private else ("", ctx.words)
    if reference:
        await channels.subscribe(ctx, reference, text)
        return
    await ctx.require_administrator()
    async with ctx.deps.db.transaction() as tx:
        asked = await topics.asked(tx, text, ctx.tr)
        changed = await chats.subscribe(
            tx, ctx.chat.id, thread=ctx.thread, topics=asked.names, now=ctx.now
        )
        choice = await topics.instead(tx, asked) if changed else ()
    if changed:
        await _changed(ctx, asked, choice)
    else:
        await _unchanged(ctx, asked)


async def _changed(ctx: Context, asked: Asked, choice: Keyboard) -> None:
    tr, found = ctx.tr, asked.named.found
    async with ctx.deps.db.reading() as cx:
        state = await topics.state(cx, ctx.chat.id, ctx.thread, tr)
        newest = await articles.newest(cx, limit=1, topic=found[0] if found else None)
    newest = newest if found or not asked.names else []
    lines = [f"🔔 {state}", *topics.unknown(asked, tr)]
    if newest:
        lines.append(tr.gettext("Here's the latest:"))
    await ctx.answer(Post(escape("\n".join(lines)), keyboard=choice))
    if newest:
        await show_article(ctx, newest[0].id)


async def _unchanged(ctx: Context, asked: Asked) -> None:
    """Nothing to add; whoever gets all news may have meant to get less."""
    tr = ctx.tr
    async with ctx.deps.db.reading() as cx:
        row = await chats.subscription(cx, ctx.chat.id, ctx.thread)
        state = await topics.state(cx, ctx.chat.id, ctx.thread, tr)
        numbers = await topic_labels.numbers(cx, asked.named.found[:_OFFERED])
    if row is None or not row["everything"] or not numbers:
        text = tr.gettext("You're already subscribed. /unsubscribe ends it.")
        await ctx.answer(Post(escape("\n".join([text, state, *topics.unknown(asked, tr)]))))
        return
    names = ", ".join(asked.named.found[:_OFFERED])
    only = Press(PressKind.SUBSCRIBE, word=f"{_ONLY}:{'.'.join(map(str, numbers.values()))}")
    label = fit(tr.gettext("🔔 Only {topics}", topics=names), 60)
    text = tr.gettext(
        "You already get all news, {topics} included. Only {topics} from now on?", topics=names
    )
    await ctx.answer(Post(escape(text), keyboard=((Button(label, data=encode(only)),),)))


async def unsubscribe(ctx: Context) -> None:
    """No more news, or no more of the named topics: of all news that means all but them."""
    reference, text = channels.named(ctx.words) if ctx.private else ("", ctx.words)
    if reference:
        await channels.unsubscribe(ctx, reference, text)
        return
    await ctx.require_administrator()
    tr = ctx.tr
    async with ctx.deps.db.transaction() as tx:
        asked = await topics.asked(tx, text, tr)
        changed = await chats.unsubscribe(tx, ctx.chat.id, thread=ctx.thread, topics=asked.names)
        state = await topics.state(tx, ctx.chat.id, ctx.thread, tr)
    if changed and not asked.names:
        await ctx.answer(tr.gettext("🔕 You won't get any more news. /subscribe starts again."))
    elif changed:
        await ctx.answer(f"🔕 {state}")
    else:
        said = tr.gettext("There is no such subscription. /subscribe starts one.")
        await ctx.answer("\n".join([said, state, *topics.unknown(asked, tr)]))


async def pressed(ctx: Context) -> None:
    """🔔: all news, or only some topics."""
    press = decode(ctx.data)
    how, _, numbers = press.word.partition(":") if press else ("", "", "")
    if how != _ONLY:
        await (unsubscribe(ctx) if how == "none" else subscribe(ctx))
        return
    await ctx.require_administrator()
    async with ctx.deps.db.transaction() as tx:
        wanted = [int(one) for one in numbers.split(".") if one.isascii() and one.isdigit()]
        names = await topic_labels.names(tx, wanted[:_OFFERED])
        if names:
            await chats.narrow(tx, ctx.chat.id, thread=ctx.thread, topics=names, now=ctx.now)
        state = await topics.state(tx, ctx.chat.id, ctx.thread, ctx.tr)
    await ctx.replace(f"🔔 {state}")


async def chosen(ctx: Context) -> None:
    """A label in place of a name that is none."""
    press = decode(ctx.data)
    if press is None:
        return
    await ctx.require_administrator()
    async with ctx.deps.db.transaction() as tx:
        await _exchange(tx, ctx, *press.numbers)
        state = await topics.state(tx, ctx.chat.id, ctx.thread, ctx.tr)
    await ctx.replace(f"🔔 {state}")


async def _exchange(tx: Connection, ctx: Context, old: int, new: int) -> None:
    for number, change in ((new, True), (old, False)):
        names = await topic_labels.names(tx, [number])
        if not names:
            continue
        if change:
            await chats.subscribe(tx, ctx.chat.id, thread=ctx.thread, topics=names, now=ctx.now)
        else:
            await chats.unsubscribe(tx, ctx.chat.id, thread=ctx.thread, topics=names)

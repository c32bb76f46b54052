"""/subscribe and /unsubscribe: here, in a forum's topic, or (in private) for a channel. The answer
says what the chat gets now."""

from __future__ import annotations

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.errors import Refusal
from bot.core.html import escape
from bot.core.model import Button, Keyboard, Post
from bot.core.readers import filters, in_words
from bot.core.readers.topics import NamedTopics, with_commas
from bot.core.search.query import clean
from bot.core.text import fit
from bot.readers import choices
from handlers import channels, places, topics
from handlers.articles import show_article, show_newest
from handlers.context import Context
from handlers.places import Place
from handlers.topics import Asked
from storage import Connection, alerts, articles, chats, topic_labels

_ONLY = "only"
_OFFERED = 6
"""So many topics' numbers fit into a button."""
_NO_TOPICS = Asked(NamedTopics(), ())


async def subscribe(ctx: Context) -> None:
    """Subscribe to all news, the named topics, or what matches some words; the newest article comes
    as an example."""
    place, text = await places.asked(ctx)
    await choose(ctx, place, text)


async def choose(ctx: Context, place: Place, text: str) -> None:
    """The same for a place and what was said. Raises Refusal."""
    async with ctx.deps.db.transaction() as tx:
        asked = await topics.asked(tx, text, ctx.tr) if not _signs(ctx, text) else _NO_TOPICS
        words = clean(text) if asked is _NO_TOPICS or _only_words(asked, text) else ""
        if words:
            await choices.words(tx, place.spot(ctx), words)
            asked, changed = await topics.in_filter(tx, words, ctx.deps.zone), True
        else:
            changed = await choices.subscribe(tx, place.spot(ctx), asked.names)
        choice = await topics.instead(tx, asked) if changed and not words else ()
    found = asked.named.found
    if place.elsewhere:
        note = "\n".join(topics.unknown(asked, ctx.tr))
        await channels.subscribed(ctx, place, note)
        if found or not (asked.names or words):
            await show_newest(ctx, found[0] if found else None)
    elif changed:
        await _changed(ctx, place, asked, choice, words=words)
    else:
        await _unchanged(ctx, place, asked)


def _signs(ctx: Context, text: str) -> bool:
    """Whether a text is a filter. Raises Refusal for an invalid one."""
    if not filters.is_filter(text):
        return False
    wrong = filters.problem(text, ctx.deps.zone)
    if wrong is not None:
        raise Refusal(in_words.unreadable(*wrong, ctx.tr))
    return True


def _only_words(asked: Asked, text: str) -> bool:
    """Whether several words were typed, none of them a label: news with these words is meant."""
    named = asked.named
    several = not named.found and len(named.unknown) > 1 and "," not in with_commas(text)
    return bool(asked.labels) and several


async def _changed(
    ctx: Context, place: Place, asked: Asked, choice: Keyboard, *, words: str
) -> None:
    tr, found = ctx.tr, asked.named.found
    async with ctx.deps.db.reading() as cx:
        state = await topics.state(cx, place.spot(ctx), tr)
        newest = await articles.newest(cx, limit=1, topic=found[0] if found else None)
    newest = newest if found or not (asked.names or words) else []
    lines = [f"🔔 {state}", *topics.unknown(asked, tr)]
    if newest:
        lines.append(tr.gettext("Here's the latest:"))
    await ctx.answer(Post(escape("\n".join(lines)), keyboard=choice))
    if newest:
        await show_article(ctx, newest[0].id)


async def _unchanged(ctx: Context, place: Place, asked: Asked) -> None:
    """Nothing to add; a chat that gets all news may have meant to get less."""
    tr = ctx.tr
    async with ctx.deps.db.reading() as cx:
        now = await choices.chosen(cx, place.spot(ctx))
        numbers = await topic_labels.numbers(cx, asked.named.found[:_OFFERED])
    if not now.everything or not numbers:
        text = tr.gettext("You're already subscribed. /unsubscribe ends it.")
        lines = [text, in_words.chosen(now, tr), *topics.unknown(asked, tr)]
        await ctx.answer(Post(escape("\n".join(lines))))
        return
    names = tr.listed(asked.named.found[:_OFFERED])
    only = Press(PressKind.SUBSCRIBE, word=f"{_ONLY}:{'.'.join(map(str, numbers.values()))}")
    label = fit(tr.gettext("🔔 Only {topics}", topics=names), 60)
    text = tr.gettext(
        "You already get all news, {topics} included. Only {topics} from now on?", topics=names
    )
    await ctx.answer(Post(escape(text), keyboard=((Button(label, data=encode(only)),),)))


async def unsubscribe(ctx: Context) -> None:
    """Unsubscribe from all news, or from the named topics: from all news that leaves all but
    these."""
    place, text = await places.asked(ctx)
    tr = ctx.tr
    async with ctx.deps.db.transaction() as tx:
        asked = await topics.asked(tx, text, tr)
        changed = await chats.unsubscribe(
            tx, place.chat.id, thread=place.thread, topics=asked.names
        )
        state = await topics.state(tx, place.spot(ctx), tr)
        followed = len(await alerts.of_chat(tx, place.chat.id, place.thread))
    if place.elsewhere:
        await ctx.answer(await channels.panel(ctx, place.chat))
    elif changed and not asked.names:
        said = [tr.gettext("🔕 You won't get any more news. /subscribe starts again.")]
        if followed:
            said.append(
                tr.ngettext(
                    "You still follow {n} thing: /following",
                    "You still follow {n} things: /following",
                    followed,
                )
            )
        await ctx.answer("\n".join(said))
    elif changed:
        await ctx.answer(f"🔕 {state}")
    else:
        none = tr.gettext("There is no such subscription. /subscribe starts one.")
        await ctx.answer("\n".join([none, state, *topics.unknown(asked, tr)]))


async def pressed(ctx: Context) -> None:
    """🔔: all news, or only some topics."""
    press = decode(ctx.data)
    how, _, numbers = press.word.partition(":") if press else ("", "", "")
    if how != _ONLY:
        await (unsubscribe(ctx) if how == "none" else subscribe(ctx))
        return
    await ctx.require_administrator()
    spot = Place(ctx.chat, ctx.thread).spot(ctx)
    async with ctx.deps.db.transaction() as tx:
        wanted = [int(one) for one in numbers.split(".") if one.isascii() and one.isdigit()]
        names = await topic_labels.names(tx, wanted[:_OFFERED])
        if names:
            await choices.only(tx, spot, names)
        state = await topics.state(tx, spot, ctx.tr)
    await ctx.replace(f"🔔 {state}")


async def chosen(ctx: Context) -> None:
    """A label chosen in place of an unknown name."""
    press = decode(ctx.data)
    if press is None:
        return
    await ctx.require_administrator()
    async with ctx.deps.db.transaction() as tx:
        await _exchange(tx, ctx, *press.numbers)
        state = await topics.state(tx, Place(ctx.chat, ctx.thread).spot(ctx), ctx.tr)
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

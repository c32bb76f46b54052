"""/ticker: a pinned message with the newest headlines that keeps itself up to date."""

from __future__ import annotations

from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.readers import in_words, wishes
from bot.core.readers.wishes import Unclear
from handlers import places
from handlers.context import Context, Handler
from handlers.places import Place
from storage import articles, tickers


async def ticker(ctx: Context) -> None:
    """`on` posts and pins it, `off` unpins it; in private also for a channel."""
    place, text = await places.asked(ctx)
    tr, wanted = ctx.tr, wishes.switch(text)
    if isinstance(wanted, Unclear):
        raise Refusal(
            in_words.not_understood(text, tr)
            + tr.gettext(
                "📌 A pinned message with the 7 newest headlines that keeps itself up to date: "
                "/ticker on, /ticker off"
            )
        )
    changed = await switch(ctx, place, on=wanted)
    if not wanted:
        there = tr.gettext("📌 The ticker is off."), tr.gettext("📌 There is no ticker here.")
        await ctx.answer(there[not changed])
    elif not changed:
        await ctx.answer(tr.gettext("📌 The ticker is already on. /ticker off ends it."))
    elif not await _news(ctx):
        await ctx.answer(tr.gettext("📌 The ticker is on. It comes with the first article."))
    elif place.elsewhere:
        await ctx.answer(tr.gettext("📌 The ticker is on in {channel}.", channel=place.name))


async def _news(ctx: Context) -> bool:
    async with ctx.deps.db.reading() as cx:
        return bool(await articles.newest(cx, limit=1))


async def switch(ctx: Context, place: Place, *, on: bool) -> bool:
    """Post and pin it, or unpin it. Returns whether that was a change."""
    async with ctx.deps.db.transaction() as tx:
        if on:
            changed = await tickers.switch_on(tx, place.chat.id, place.thread, now=ctx.now)
        else:
            before = await tickers.switch_off(tx, place.chat.id, place.thread)
    if on:
        await ctx.deps.tickers.tick()
        return changed
    await ctx.deps.tickers.unpin(before)
    return before is not None


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [("ticker", tr.gettext("the newest headlines, pinned: /ticker on"))]


COMMANDS: dict[str, Handler] = {"ticker": ticker}

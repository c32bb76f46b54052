"""/ticker: a pinned message with the newest headlines that keeps itself up to date."""

from __future__ import annotations

from bot.core.errors import Refusal
from bot.core.language import Translator
from bot.core.readers import wishes
from bot.core.readers.wishes import Unclear
from handlers.context import Context, Handler
from storage import tickers


async def ticker(ctx: Context) -> None:
    """`on` posts and pins it, `off` lets it go."""
    await ctx.require_administrator()
    tr, wanted = ctx.tr, wishes.switch(ctx.words)
    if isinstance(wanted, Unclear):
        raise Refusal(
            tr.gettext(
                "📌 A pinned message with the 7 newest headlines that keeps itself up to date: "
                "/ticker on, /ticker off"
            )
        )
    if wanted:
        async with ctx.deps.db.transaction() as tx:
            fresh = await tickers.switch_on(tx, ctx.chat.id, ctx.thread, now=ctx.now)
        await ctx.deps.tickers.tick()
        if not fresh:
            await ctx.answer(tr.gettext("📌 The ticker is on already. /ticker off ends it."))
        return
    async with ctx.deps.db.transaction() as tx:
        before = await tickers.switch_off(tx, ctx.chat.id, ctx.thread)
    await ctx.deps.tickers.unpin(before)
    await ctx.answer(
        tr.gettext("📌 The ticker is off.") if before else tr.gettext("📌 There is no ticker here.")
    )


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands of this module, with what each does."""
    return [("ticker", tr.gettext("the newest headlines, pinned: /ticker on"))]


COMMANDS: dict[str, Handler] = {"ticker": ticker}

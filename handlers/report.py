"""/report: a month's transparency report, for moderators."""

from __future__ import annotations

from bot.core.editorial import transparency
from bot.core.errors import Refusal
from bot.core.language import Translator
from handlers.access import named
from handlers.context import Context, Handler
from storage import transparency as figures


async def report(ctx: Context) -> None:
    """`/report`, of the month before this one, or `/report 2026-11`."""
    await named(ctx)
    try:
        begin, end = transparency.span_of(ctx.words.strip(), now=ctx.now, zone=ctx.deps.zone)
    except ValueError:
        raise Refusal(ctx.tr.gettext("A month is written like this: /report 2026-11")) from None
    async with ctx.deps.db.reading() as cx:
        found = await figures.month(cx, begin, end, now=ctx.now)
    await ctx.answer(transparency.message(found, ctx.tr))


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return [("report", tr.gettext("the transparency report of a month"))]


COMMANDS: dict[str, Handler] = {"report": report}

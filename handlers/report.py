"""/report: a month's transparency report, for moderators, in words and as a picture."""

from __future__ import annotations

from bot.chart import Panel, Series, label_language
from bot.core.editorial import transparency
from bot.core.editorial.transparency import Month, a_day
from bot.core.errors import FeedError, Refusal
from bot.core.html import fill
from bot.core.language import Translator
from handlers.access import named
from handlers.context import Context, Handler
from storage import statistics
from storage import transparency as figures
from storage.statistics import DAY, Figures

_BLUE, _GREEN, _RED, _YELLOW = "#2f7ed8", "#34a853", "#e05a4e", "#f0a30a"


async def report(ctx: Context) -> None:
    """`/report` for last month, or `/report 2026-11`."""
    await named(ctx)
    try:
        begin, end = transparency.span_of(ctx.words.strip(), now=ctx.now, zone=ctx.deps.zone)
    except ValueError:
        raise Refusal(ctx.tr.gettext("A month is written like this: /report 2026-11")) from None
    days = round((end - begin) / DAY)
    async with ctx.deps.db.reading() as cx:
        found = await figures.month(cx, begin, end, now=ctx.now)
        daily = await statistics.figures(cx, today=end - DAY, days=days)
    await ctx.answer(transparency.message(found, ctx.tr))
    await _draw(ctx, found, daily, days)


async def _draw(ctx: Context, found: Month, daily: Figures, days: int) -> None:
    tr = label_language(ctx.tr, ctx.deps.languages)
    title, told = (
        one.gettext("Transparency report · {month}", month=one.month(found.begin))
        for one in (tr, ctx.tr)
    )
    try:
        picture = await ctx.deps.reader.chart(
            title,
            _panels(found, daily, days, tr),
            first=tr.date(found.begin),
            last=tr.date(found.begin + (days - 1) * DAY),
        )
    except FeedError:  # the machine is too busy to draw: the words say it too
        return
    caption = fill("📑 {title}", title=told)
    await ctx.deps.messenger.send_file("report.png", picture, ctx.here, caption=caption)


def _panels(found: Month, daily: Figures, days: int, tr: Translator) -> tuple[Panel, ...]:
    corrected = a_day((one[0] for one in found.corrections), found, days)
    complaints = a_day(found.complaints.came, found, days)
    return (
        Panel(
            tr.gettext("Decisions per day"),
            (
                Series(tr.gettext("approved"), _GREEN, daily.approved),
                Series(tr.gettext("rejected"), _RED, daily.rejected),
            ),
        ),
        Panel(
            tr.gettext("Received per day"),
            (
                Series(tr.gettext("reports"), _BLUE, a_day(found.reports.came, found, days)),
                Series(tr.gettext("complaints"), _YELLOW, complaints),
            ),
        ),
        Panel(tr.gettext("Corrections and withdrawals per day"), (Series("", _BLUE, corrected),)),
    )


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return [("report", tr.gettext("the transparency report of a month"))]


COMMANDS: dict[str, Handler] = {"report": report}

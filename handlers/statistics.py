"""/stats in the moderators' chat: 30 days as a picture and as figures."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chart import Panel, Series, label_language
from bot.core.errors import FeedError, Refusal
from bot.core.html import Html, join
from bot.core.language import Translator
from handlers.access import is_member
from handlers.context import Context
from storage import origins, statistics
from storage.statistics import DAY, Figures

_DAYS = 30
_ORIGINS = 10
_BLUE, _GREEN, _RED = "#2f7ed8", "#34a853", "#e05a4e"


async def stats(ctx: Context) -> None:
    """Show subscribers, posts and deliveries, comments and how soon they were decided."""
    if not await is_member(ctx):
        raise Refusal(ctx.tr.gettext("This only works in the moderators' group."))
    today = _midnight(ctx)
    async with ctx.deps.db.reading() as cx:
        found = await statistics.figures(cx, today=today, days=_DAYS)
        came = await origins.since(cx, today - (_DAYS - 1) * DAY, limit=_ORIGINS)
    words = join("\n", [_words(found, ctx.tr), *_origins(came, ctx.tr)])
    tr = label_language(ctx.tr, ctx.deps.languages)
    try:
        picture = await ctx.deps.reader.chart(
            tr.gettext("The last 30 days"),
            _panels(found, tr),
            first=tr.date(today - (_DAYS - 1) * DAY),
            last=tr.date(today),
        )
    except FeedError:  # the machine is too busy to draw: the figures are said in words too
        await ctx.answer(words)
        return
    await ctx.deps.messenger.send_file("figures.png", picture, ctx.here, caption=words)


def _origins(came: list[tuple[str, int]], tr: Translator) -> list[Html]:
    """Where readers came from, by the codes of /link."""
    if not came:
        return []
    codes = " · ".join(f"{code} {tr.number(n)}" for code, n in came)
    return [tr.html("Came through links: {codes}", codes=codes)]


def _midnight(ctx: Context) -> int:
    """When today began, in the newsroom's time zone."""
    now = datetime.fromtimestamp(ctx.now, UTC).astimezone(ctx.deps.zone)
    return int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _words(found: Figures, tr: Translator) -> Html:
    lines = [
        tr.html("📊 <b>The last 30 days</b>"),
        tr.html("Subscribers: <b>{n}</b>", n=tr.number(found.subscribers[-1])),
        tr.html(
            "Articles: <b>{articles}</b>, delivered <b>{deliveries}</b> times",
            articles=tr.number(sum(found.articles)),
            deliveries=tr.number(sum(found.deliveries)),
        ),
        tr.html(
            "Comments: <b>{received}</b> received, <b>{approved}</b> approved, <b>{rejected}</b> "
            "rejected",
            received=tr.number(sum(found.received)),
            approved=tr.number(sum(found.approved)),
            rejected=tr.number(sum(found.rejected)),
        ),
    ]
    if found.median_wait is not None:
        lines.append(
            tr.nhtml(
                "Half of them were decided within {n} minute.",
                "Half of them were decided within {n} minutes.",
                -(-found.median_wait // 60),
            )
        )
    return join("\n", lines)


def _panels(found: Figures, tr: Translator) -> tuple[Panel, ...]:
    return (
        Panel(
            tr.gettext("Subscribers"),
            (Series("", _BLUE, found.subscribers),),
            line=True,
        ),
        Panel(tr.gettext("Deliveries per day"), (Series("", _BLUE, found.deliveries),)),
        Panel(
            tr.gettext("Decisions per day"),
            (
                Series(tr.gettext("approved"), _GREEN, found.approved),
                Series(tr.gettext("rejected"), _RED, found.rejected),
            ),
        ),
        Panel(tr.gettext("Comments per day"), (Series("", _BLUE, found.received),)),
    )

"""/sponsor for editors: advertisements under posts, in digests and tickers."""

from __future__ import annotations

from bot.core.editorial.sponsors import SponsorFault, complaint, how_often, listing, parse
from bot.core.errors import Refusal
from bot.core.html import Html, join
from bot.core.language import Translator
from bot.core.model import Post
from bot.core.posts.sponsors import Sponsor, line
from bot.core.text import whole_number
from handlers.access import editor
from handlers.context import Context, Handler
from storage import decisions, sponsors

_LISTED = 15


async def sponsor(ctx: Context) -> None:
    """`/sponsor add ...`, `/sponsor list`, `/sponsor stop N`."""
    await editor(ctx)
    what = ctx.args[0].lower() if ctx.args else "list"
    if what == "add":
        await _add(ctx)
    elif what == "stop":
        await _stop(ctx)
    elif what == "list":
        await _list(ctx)
    else:
        raise Refusal(
            ctx.tr.gettext(
                "/sponsor list shows the advertisements, /sponsor add https://... "
                "2026-12-01..2026-12-31 every:5 TEXT adds one, /sponsor stop 1 ends it."
            )
        )


async def _add(ctx: Context) -> None:
    tr, by = ctx.tr, await editor(ctx)
    found = parse(" ".join(ctx.args[1:]), now=ctx.now, zone=ctx.deps.zone)
    if isinstance(found, SponsorFault):
        raise Refusal(complaint(found, tr))
    async with ctx.deps.db.transaction() as tx:
        number = await sponsors.add(tx, found, now=ctx.now)
        await decisions.record(tx, "sponsor", by=by, reason=f"#{number}", now=ctx.now)
    await ctx.answer(Post(join("\n\n", [_runs(number, found, tr), line(found, tr)])))


def _runs(number: int, one: Sponsor, tr: Translator) -> Html:
    return tr.html(
        "📢 Advertisement #{id} runs from {begin} to {end}: {often} of a chat (3 a day at most), "
        "in digests and tickers. It looks like this:",
        id=number,
        begin=tr.date(one.begins_at),
        end=tr.date(one.ends_at - 1),
        often=how_often(one.every, tr),
    )


async def _stop(ctx: Context) -> None:
    tr, by = ctx.tr, await editor(ctx)
    number = whole_number(ctx.args[1].lstrip("#")) if len(ctx.args) > 1 else None
    if number is None:
        raise Refusal(tr.gettext("Which one? /sponsor list shows their numbers, /sponsor stop 1."))
    async with ctx.deps.db.transaction() as tx:
        stopped = await sponsors.stop(tx, number, now=ctx.now)
        if stopped:
            await decisions.record(tx, "sponsor-stop", by=by, reason=f"#{number}", now=ctx.now)
    if not stopped:
        raise Refusal(tr.gettext("Advertisement #{id} isn't running.", id=number))
    await ctx.answer(tr.gettext("📢 Advertisement #{id} has ended.", id=number))


async def _list(ctx: Context) -> None:
    async with ctx.deps.db.reading() as cx:
        found = await sponsors.newest(cx, limit=_LISTED)
        running = await sponsors.running(cx, now=ctx.now)
        pinned = await sponsors.tickers(cx) if running else 0
    await ctx.answer(listing(found, ctx.tr, tickers=pinned, now=ctx.now))


def menu(tr: Translator) -> list[tuple[str, str]]:
    """For the command menu of the moderators' chat."""
    return [("sponsor", tr.gettext("advertisements (editors)"))]


COMMANDS: dict[str, Handler] = {"sponsor": sponsor}

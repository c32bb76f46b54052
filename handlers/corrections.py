"""/corrections for everybody; /correct and /retract for editors: what was wrong, when, and why."""

from __future__ import annotations

from bot.core.articles.urls import canonical
from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.editorial.corrections import REASON_LIMIT
from bot.core.errors import Refusal
from bot.core.html import Html, join, link
from bot.core.language import Translator
from bot.core.model import Article, Button, CorrectionKind, Mark, Post
from bot.core.posts.marks import mark_line
from bot.core.text import fit
from bot.news.retraction import retract as withdraw
from handlers.access import editor
from handlers.context import Context, Handler
from storage import articles, corrections, decisions, deliveries
from storage.corrections import LoggedCorrection

_PAGE = 10
_DAYS = 30
_HEADLINE = 160


async def listed(ctx: Context) -> None:
    """What was corrected and withdrawn in the last 30 days: when, what, why."""
    await ctx.answer(await _page(ctx, 0))


async def turned(ctx: Context) -> None:
    """◀ and ▶ under that list."""
    press = decode(ctx.data)
    if press is not None:
        await ctx.toast()
        await ctx.replace(await _page(ctx, press.numbers[0]))


async def _page(ctx: Context, number: int) -> Post:
    tr, since = ctx.tr, ctx.now - _DAYS * 86_400
    async with ctx.deps.db.reading() as cx:
        found, total = await corrections.listed(cx, since=since, offset=number * _PAGE, limit=_PAGE)
    if not total:
        return Post(tr.html("✏️ Nothing was corrected or withdrawn in the last 30 days."))
    heading = tr.html("✏️ <b>Corrections of the last 30 days</b>")
    turns = [
        Button(sign, data=encode(Press(PressKind.CORRECTIONS, (page,))))
        for sign, page, there in (
            ("◀", number - 1, number > 0),
            ("▶", number + 1, (number + 1) * _PAGE < total),
        )
        if there
    ]
    text = join("\n\n", [heading, *(_line(one, tr) for one in found)])
    return Post(text, keyboard=(tuple(turns),) if turns else ())


def _line(one: LoggedCorrection, tr: Translator) -> Html:
    headline = link(fit(one.headline, _HEADLINE) or "…", one.link)
    said = mark_line(Mark(one.kind, one.at, one.reason), tr, of=None)
    return join("\n", [Html(f"<b>{headline}</b>"), said])


# --- editors --------------------------------------------------------------------------------------


async def correct(ctx: Context) -> None:
    """`/correct REASON` as answer to a card or a post, or with an article's number or address
    before the reason: posts say what was wrong."""
    tr, by = ctx.tr, await editor(ctx)
    article, reason = await _meant(ctx)
    if article is None or not reason:
        raise Refusal(
            tr.gettext(
                "Say which article and what was wrong: reply to its card with /correct REASON, or "
                "write /correct ADDRESS REASON."
            )
        )
    if article.retracted_at is not None:
        raise Refusal(tr.gettext("This article has been withdrawn; there is nothing to correct."))
    async with ctx.deps.db.transaction() as tx:
        await corrections.add(
            tx,
            article.id,
            CorrectionKind.CORRECTED,
            reason=reason,
            actor=by.name,
            actor_id=by.id,
            now=ctx.now,
        )
        await articles.say_anew(tx, article.id)
        await deliveries.announce_edit(tx, article.id, now=ctx.now, correction=True)
        await decisions.record(
            tx, "correct", by=by, article_id=article.id, reason=reason, now=ctx.now
        )
    ctx.deps.wake()
    await ctx.answer(tr.html("✏️ <b>{title}</b>: its posts will say so.", title=article.headline))


async def retract(ctx: Context) -> None:
    """`/retract REASON` in the same ways: posts say that the article is withdrawn, and why."""
    tr, by = ctx.tr, await editor(ctx)
    article, reason = await _meant(ctx)
    if article is None or not reason:
        raise Refusal(
            tr.gettext(
                "Say which article and why: reply to its card with /retract REASON, or write "
                "/retract ADDRESS REASON."
            )
        )
    async with ctx.deps.db.transaction() as tx:
        fresh = await withdraw(
            tx, article.id, reason=reason, actor=by.name, actor_id=by.id, now=ctx.now
        )
        if fresh:
            await decisions.record(
                tx, "retract", by=by, article_id=article.id, reason=reason, now=ctx.now
            )
    ctx.deps.wake()
    await ctx.answer(
        tr.html("Withdrawn: <b>{title}</b>. Its posts will be marked.", title=article.headline)
        if fresh
        else tr.html("<b>{title}</b> has already been withdrawn.", title=article.headline)
    )


async def _meant(ctx: Context) -> tuple[Article | None, str]:
    """The article, and the reason behind it. Raises Refusal for a reason that is too long."""
    answered, words = ctx.message.reply_to_message, list(ctx.args)
    article = None
    async with ctx.deps.db.reading() as cx:
        if words and (number := words[0].lstrip("#")).isascii() and number.isdigit():
            article = await articles.get(cx, int(number[:18]))
        elif words and "/" in words[0]:
            article = await articles.by_link(cx, canonical(words[0]))
        if article is not None:
            words = words[1:]
        elif answered is not None:
            row = await deliveries.at_message(cx, ctx.chat.telegram_id, answered.message_id)
            if row and row["article_id"]:
                article = await articles.get(cx, row["article_id"])
    reason = " ".join(words)
    if len(reason) > REASON_LIMIT:
        raise Refusal(
            ctx.tr.gettext(
                "A reason has up to {limit} characters; please shorten yours by {n}.",
                limit=ctx.tr.number(REASON_LIMIT),
                n=ctx.tr.number(len(reason) - REASON_LIMIT),
            )
        )
    return article, reason


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands for everybody, with what each does."""
    return [("corrections", tr.gettext("what we corrected and withdrew"))]


COMMANDS: dict[str, Handler] = {"corrections": listed, "correct": correct, "retract": retract}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.CORRECTIONS, turned),)

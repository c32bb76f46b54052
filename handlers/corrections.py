"""/corrections for everybody; /correct and /retract for editors: what was wrong, when, and why."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.articles.urls import canonical
from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.comments.complaints import ComplaintState
from bot.core.comments.lifecycle import UNDO_SECONDS
from bot.core.comments.model import Comment, State
from bot.core.comments.moderators_view import mention
from bot.core.editorial.corrections import REASON_LIMIT
from bot.core.errors import Refusal
from bot.core.html import Html, join, link
from bot.core.keyboards import turning
from bot.core.language import Translator
from bot.core.model import Actor, Article, Button, CorrectionKind, Mark, Post, SendStatus
from bot.core.posts.marks import mark_line
from bot.core.text import fit
from bot.news.retraction import restore
from bot.news.retraction import retract as withdraw
from handlers.access import editor
from handlers.context import Context, Handler
from storage import (
    Connection,
    articles,
    comments,
    complaints,
    corrections,
    decisions,
    deliveries,
)
from storage.corrections import LoggedCorrection

_PAGE = 10
_DAYS = 30
_HEADLINE = 160
_WITHDRAWALS = ("retract", "restore")


async def listed(ctx: Context) -> None:
    """List what was corrected and withdrawn in the last 30 days: when, what, why."""
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
    back, on = (
        encode(Press(PressKind.CORRECTIONS, (page,))) if 0 <= page * _PAGE < total else ""
        for page in (number - 1, number + 1)
    )
    text = join("\n\n", [heading, *(_line(one, tr) for one in found)])
    return Post(text, keyboard=turning(tr, back, on))


def _line(one: LoggedCorrection, tr: Translator) -> Html:
    headline = link(fit(one.headline, _HEADLINE) or "…", one.link)
    said = mark_line(Mark(one.kind, one.at, one.reason), tr, of=None)
    return join("\n", [Html(f"<b>{headline}</b>"), said])


# --- editors --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Meant:
    """What /correct and /retract are about."""

    article: Article | None
    reason: str
    complaint: Comment | None = None
    """The complaint whose card was replied to."""


async def correct(ctx: Context) -> None:
    """`/correct REASON` as a reply to a card, a complaint or a post, or with an article's number or
    address before the reason: posts say what was wrong."""
    tr, by = ctx.tr, await editor(ctx)
    meant = await _meant(ctx)
    if meant.article is None or not meant.reason:
        raise Refusal(
            tr.gettext(
                "Say which article and what was wrong: reply to its card with /correct REASON, or "
                "write /correct ADDRESS REASON."
            )
        )
    await _correct(ctx, meant.article, meant.reason, meant.complaint, by)


async def _correct(
    ctx: Context, article: Article, reason: str, complaint: Comment | None, by: Actor
) -> None:
    tr, now = ctx.tr, ctx.now
    if article.retracted_at is not None:
        raise Refusal(tr.gettext("This article has been withdrawn; there is nothing to correct."))
    mark = article.mark
    told = mark is not None and (mark.kind, mark.reason) == (CorrectionKind.CORRECTED, reason)
    async with ctx.deps.db.transaction() as tx:
        number = await corrections.newest_of(tx, article.id) if told else None
        if number is None:
            number = await corrections.add(
                tx,
                article.id,
                CorrectionKind.CORRECTED,
                reason=reason,
                actor=by.name,
                actor_id=by.id,
                now=now,
            )
            await articles.say_anew(tx, article.id)
            await deliveries.announce_edit(tx, article.id, now=now, correction=True)
            await decisions.record(
                tx, "correct", by=by, article_id=article.id, reason=reason, now=now
            )
        if complaint is not None:
            await ctx.deps.discussion.complaints.corrected(tx, complaint, number, by=by, now=now)
    ctx.deps.wake()
    done = tr.html("✏️ <b>{title}</b>: its posts will say so.", title=article.title)
    await _told(ctx, done, article, complaint)


async def retract(ctx: Context) -> None:
    """`/retract REASON` in the same ways: posts say that the article is withdrawn, and why."""
    tr, by, now = ctx.tr, await editor(ctx), ctx.now
    meant = await _meant(ctx)
    article, reason, complaint = meant.article, meant.reason, meant.complaint
    if article is None or not reason:
        raise Refusal(
            tr.gettext(
                "Say which article and why: reply to its card with /retract REASON, or write "
                "/retract ADDRESS REASON."
            )
        )
    undoable = 0
    async with ctx.deps.db.transaction() as tx:
        fresh = await withdraw(
            tx, article.id, reason=reason, actor=by.name, actor_id=by.id, now=now
        )
        if fresh:
            undoable = await decisions.record(
                tx, "retract", by=by, article_id=article.id, reason=reason, now=now
            )
        number = await corrections.newest_of(tx, article.id)
        if complaint is not None and number is not None:
            await ctx.deps.discussion.complaints.corrected(tx, complaint, number, by=by, now=now)
    ctx.deps.wake()
    done = (
        tr.html("Withdrawn: <b>{title}</b>. Its posts will be marked.", title=article.title)
        if fresh
        else tr.html("<b>{title}</b> has already been withdrawn.", title=article.title)
    )
    await _told(ctx, done, article, complaint, undoable if complaint is None else 0)


async def undo(ctx: Context, number: int) -> bool:
    """↩ under a withdrawal: it can be undone for ten minutes. False if it is not one. Raises
    Refusal."""
    tr, now = ctx.tr, ctx.now
    async with ctx.deps.db.reading() as cx:
        line = await decisions.get(cx, number)
    if line is None or line["action"] != "retract":
        return False
    by = await editor(ctx)
    async with ctx.deps.db.transaction() as tx:
        article = await articles.get(tx, line["article_id"])
        newest = await decisions.newest(tx, _WITHDRAWALS, line["article_id"])
        if article is None or article.retracted_at is None or newest != number:
            raise Refusal(tr.gettext("Already done."))
        if now > line["at"] + UNDO_SECONDS:
            raise Refusal(tr.gettext("A decision can only be undone within 10 minutes."))
        await restore(tx, article.id, actor=by.name, actor_id=by.id, now=now)
        await decisions.record(tx, "restore", by=by, article_id=article.id, now=now)
    ctx.deps.wake()
    title = article.headline
    said = tr.html("↩ <b>{title}</b> is no longer withdrawn; its posts say so.", title=title)
    await ctx.replace(Post(said))
    return True


async def _told(
    ctx: Context, done: Html, article: Article, complaint: Comment | None, undoable: int = 0
) -> None:
    """Say what was done; waiting complaints about the article can be closed with it, and a
    withdrawal (its decision: `undoable`) can be undone."""
    tr = ctx.tr
    async with ctx.deps.db.reading() as cx:
        waiting = await complaints.open_about(cx, article.id)
    rows = tuple(
        (
            Button(
                tr.gettext("⚖️ This answers complaint #{id}", id=number),
                data=encode(Press(PressKind.CARD, (number,), "corrected")),
            ),
        )
        for number in waiting
    )
    if undoable:
        data = encode(Press(PressKind.UNDO, (undoable,)))
        rows = (*rows, (Button(tr.gettext("↩ Undo"), data=data),))
    told = tr.html("⚖️ The reader is told.") if complaint is not None else Html("")
    await ctx.answer(Post(join("\n", [done, told]), keyboard=rows))


async def _meant(ctx: Context) -> _Meant:
    """The article and reason of a command. Raises Refusal if the reason is too long or there is no
    such article."""
    words = list(ctx.args)
    async with ctx.deps.db.reading() as cx:
        below, complaint = await _below(ctx, cx)
        article, named = await _named(cx, words[0] if words else "", below=below is not None)
    if named and article is None and (below is None or words[0].startswith("#")):
        raise Refusal(ctx.tr.gettext("This article is no longer in the archive."))
    if article is not None:
        words = words[1:]
    return _Meant(article or below, _reason(" ".join(words), ctx.tr), complaint)


async def _below(ctx: Context, cx: Connection) -> tuple[Article | None, Comment | None]:
    """What the message replied to is about: its article, and its complaint."""
    answered = ctx.message.reply_to_message
    if answered is None:
        return None, None
    row = await deliveries.at_message(cx, ctx.chat.telegram_id, answered.message_id)
    comment = await comments.get(cx, row["comment_id"]) if row and row["comment_id"] else None
    if comment is not None and comment.complaint is not None:
        return await articles.get(cx, comment.complaint.article_id or 0), comment
    return (await articles.get(cx, row["article_id"] or 0) if row else None), None


async def _named(cx: Connection, word: str, *, below: bool) -> tuple[Article | None, bool]:
    """The article that the first word names, and whether it names one: by address or number. In a
    reply to a card (`below`) a bare number belongs to the reason: "12 korban, bukan 21"."""
    number = word.removeprefix("#")
    if number.isascii() and number.isdigit() and (number != word or not below):
        return await articles.get(cx, int(number[:18])), True
    if "/" in word:
        return await articles.by_link(cx, canonical(word)), True
    return None, False


def _reason(text: str, tr: Translator) -> str:
    """A reason on one line. Raises Refusal for one that is too long."""
    reason = " ".join(text.split())
    if len(reason) > REASON_LIMIT:
        raise Refusal(
            tr.gettext(
                "A reason can have up to {limit} characters. Please shorten yours by {n}.",
                limit=tr.number(REASON_LIMIT),
                n=tr.number(len(reason) - REASON_LIMIT),
            )
        )
    return reason


# --- complaints -----------------------------------------------------------------------------------


async def ask(ctx: Context, comment_id: int) -> None:
    """✏️ under a complaint: asks for the correction of its article. Raises Refusal."""
    tr, by = ctx.tr, await editor(ctx)
    comment, article = await _complaint(ctx, comment_id)
    if article is None:
        raise Refusal(
            tr.gettext(
                "This complaint names no article. Reply to its card with /correct ADDRESS REASON."
            )
        )
    question = tr.html(
        "✏️ {moderator}, what was wrong in <b>{title}</b>? Your reply to this message goes into "
        "all its posts and answers complaint #{id}.",
        moderator=mention(by),
        title=article.title,
        id=comment.id,
    )
    post = Post(question, prompt=tr.gettext("What was wrong"), selective=True)
    sent = await ctx.answer(post, quoting=True)
    if sent.status is SendStatus.OK and sent.message_id is not None:
        await ctx.deps.discussion.prompts.remember(
            ctx.chat, sent.message_id, "question", comment_id=comment.id, by=by
        )


async def written(ctx: Context, comment_id: int) -> None:
    """A reply to that prompt. Raises Refusal."""
    by = await editor(ctx)
    comment, article = await _complaint(ctx, comment_id)
    reason = _reason(ctx.message.text or "", ctx.tr)
    if article is None or not reason:
        raise Refusal(ctx.tr.gettext("Please say in words what was wrong."))
    await _correct(ctx, article, reason, comment, by)


async def answers(ctx: Context, comment_id: int) -> None:
    """⚖️ under a correction: the correction answers this complaint. Raises Refusal."""
    by = await editor(ctx)
    comment, article = await _complaint(ctx, comment_id)
    async with ctx.deps.db.transaction() as tx:
        number = await corrections.newest_of(tx, article.id) if article else None
        if number is None:
            raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
        await ctx.deps.discussion.complaints.corrected(tx, comment, number, by=by, now=ctx.now)
    ctx.deps.wake()
    await ctx.toast(ctx.tr.gettext("⚖️ The reader is told."))


async def _complaint(ctx: Context, comment_id: int) -> tuple[Comment, Article | None]:
    """A complaint that is not corrected yet, and its article. Raises Refusal."""
    async with ctx.deps.db.reading() as cx:
        comment = await comments.get(cx, comment_id)
        complaint = comment.complaint if comment else None
        if (
            comment is None
            or complaint is None
            or complaint.state is ComplaintState.CORRECTED
            or comment.state in {State.WITHDRAWN, State.ERASED}
        ):
            raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
        return comment, await articles.get(cx, complaint.article_id or 0)


def menu(tr: Translator) -> list[tuple[str, str]]:
    """Commands for everybody, with what each does."""
    return [("corrections", tr.gettext("what we corrected and withdrew"))]


COMMANDS: dict[str, Handler] = {"corrections": listed, "correct": correct, "retract": retract}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.CORRECTIONS, turned),)

"""⚖️: a reader turns a free text into a complaint. Editors answer it with a message or a correction
(`handlers.corrections`)."""

from __future__ import annotations

from bot.core.callbacks import PressKind, decode
from bot.core.comments import complaint_notices, receipts
from bot.core.comments.complaints import ComplaintKind
from bot.core.comments.model import Comment, State
from bot.core.errors import Refusal
from bot.core.model import TelegramId
from bot.discussion import Refused
from handlers import comments, own_comments
from handlers.context import Context, Handler


async def pressed(ctx: Context) -> None:
    """What is demanded, about which article; the last press files it. Raises Refusal."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    comment_id, article_id = press.numbers
    kind = press.word.removesuffix(complaint_notices.FILE)
    if kind in set(ComplaintKind) and kind != press.word:
        await _file(ctx, comment_id, ComplaintKind(kind), article_id or None)
        return
    comment = await _draft(ctx, comment_id)
    if press.word == "kind":
        await ctx.replace(complaint_notices.ask_kind(comment.id, ctx.tr))
    elif press.word == "back":
        found = await comments.candidates(ctx, comment)
        await ctx.replace(receipts.which_article(comment, found, ctx.tr))
    elif kind in set(ComplaintKind):
        found = await comments.candidates(ctx, comment)
        question = complaint_notices.ask_article(comment.id, ComplaintKind(kind), found, ctx.tr)
        await ctx.replace(question)


async def _draft(ctx: Context, comment_id: int) -> Comment:
    """A draft of this person's. Raises Refusal."""
    comment = await ctx.deps.discussion.submissions.own(TelegramId(ctx.user.id), comment_id)
    if comment is None or comment.state is not State.DRAFT:
        raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
    return comment


async def _file(ctx: Context, comment_id: int, kind: ComplaintKind, article_id: int | None) -> None:
    taken = await ctx.deps.discussion.submissions.place(
        TelegramId(ctx.user.id), comment_id, article_id, complaint=kind
    )
    if isinstance(taken, Refused):
        raise Refusal(receipts.refusal(taken.finding, ctx.tr))
    if taken is None:
        raise Refusal(ctx.tr.gettext("There's nothing left to do here."))
    await own_comments.show_receipt(ctx, taken)


BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.COMPLAIN, pressed),)

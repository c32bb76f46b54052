"""A reader's receipt in the chat, and its buttons: withdraw, restore, sign differently."""

from __future__ import annotations

from bot.core.callbacks import PressKind, decode
from bot.core.comments import moderators_view, receipts
from bot.core.comments.cards import Subject
from bot.core.comments.model import Comment, Conflict, Signature
from bot.core.errors import Refusal
from bot.core.model import Post, TelegramId
from bot.discussion import Accepted, Refused
from bot.discussion.card_messages import subject as subject_of
from handlers import my_data
from handlers.context import Context, Handler


async def subject_in(ctx: Context, comment: Comment) -> Subject | None:
    async with ctx.deps.db.reading() as cx:
        return await subject_of(cx, comment)


async def show_receipt(ctx: Context, taken: Accepted) -> None:
    """Show the receipt in place of the question what a free text is about."""
    subject = await subject_in(ctx, taken.comment)
    await ctx.replace(receipts.receipt(taken.comment, taken.reader, subject, ctx.tr, now=ctx.now))
    await ctx.deps.discussion.prompts.confirmed(ctx.chat, ctx.message_id, taken.comment)


async def withdrawn(ctx: Context) -> None:
    """The reader withdraws a comment, or restores it: from its receipt, or from the list of
    comments."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    comment_id, listed = press.numbers
    change = _restored if press.word == receipts.RESTORE else _taken_back
    post = await change(ctx, comment_id)
    if listed:
        await my_data.show_mine(ctx, 1)
    elif post is not None:
        await ctx.replace(post)


async def _taken_back(ctx: Context, comment_id: int) -> Post | None:
    submissions = ctx.deps.discussion.submissions
    step = await submissions.withdraw(TelegramId(ctx.user.id), comment_id)
    if step is Conflict.AGAIN:
        return None
    if isinstance(step, Conflict):
        raise Refusal(moderators_view.conflict(step, None, ctx.tr, now=ctx.now))
    return receipts.withdrawn(step, ctx.tr, now=ctx.now)


async def _restored(ctx: Context, comment_id: int) -> Post | None:
    taken = await ctx.deps.discussion.submissions.restore(TelegramId(ctx.user.id), comment_id)
    if isinstance(taken, Conflict):
        raise Refusal(moderators_view.conflict(taken, None, ctx.tr, now=ctx.now))
    if isinstance(taken, Refused):
        raise Refusal(receipts.refusal(taken.finding, ctx.tr))
    subject = await subject_in(ctx, taken.comment)
    return receipts.receipt(taken.comment, taken.reader, subject, ctx.tr, now=ctx.now)


async def signed(ctx: Context) -> None:
    """Choose how this comment, and later ones, are signed."""
    press = decode(ctx.data)
    if press is None or press.word not in set(Signature) or not ctx.private:
        return
    step = await ctx.deps.discussion.submissions.sign(
        TelegramId(ctx.user.id), press.numbers[0], Signature(press.word)
    )
    if isinstance(step, Conflict):
        raise Refusal(moderators_view.conflict(step, None, ctx.tr, now=ctx.now))
    comment, reader = step
    subject = await subject_in(ctx, comment)
    await ctx.replace(receipts.receipt(comment, reader, subject, ctx.tr, now=ctx.now))


BUTTONS: tuple[tuple[PressKind, Handler], ...] = (
    (PressKind.WITHDRAW, withdrawn),
    (PressKind.SIGN, signed),
)

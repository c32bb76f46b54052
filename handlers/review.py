"""A moderator's review: in a private chat one comment follows the other in the same message.

A comment under review is claimed for five minutes: moderators working at once never see the same
one.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import decode
from bot.core.comments import card_buttons, cards, moderators_lists, moderators_view
from bot.core.comments.cards import Card
from bot.core.comments.model import Comment
from bot.core.errors import Refusal
from bot.core.model import Actor, Destination, Keyboard, Post, SendResult, SendStatus
from bot.core.text import deep_link
from handlers.access import member, moderator
from handlers.context import Context


async def pressed(ctx: Context) -> None:
    """▶ in the moderators' chat opens a review in the presser's private chat; ⏭ there leads to the
    next comment."""
    press = decode(ctx.data)
    if press is None:
        return
    if ctx.private:
        by = await member(ctx)
        if by is not None and press.word == "undo":
            await _undo(ctx, by, press.numbers[0])
        elif by is not None:
            await show_next(ctx, by, after=press.numbers[0] or None)
        return
    by = await moderator(ctx)
    if by is not None:
        await _open(ctx, by)


async def _open(ctx: Context, by: Actor) -> None:
    seen = await ctx.deps.discussion.queue.next(by.id)
    if seen is None:
        await ctx.toast(ctx.tr.gettext("The remaining comments are being reviewed by others."))
        return
    there = Destination(by.id)
    sent = await ctx.deps.messenger.send(await _in_review(ctx, seen, by), there)
    if sent.status is not SendStatus.OK:
        await ctx.toast(url=deep_link(ctx.deps.username, "queue"))
        return
    await _further(ctx, seen, there, sent.message_id)
    await ctx.toast(ctx.tr.gettext("Continue in the private chat."))


async def open_here(ctx: Context) -> None:
    """`/queue` in a private chat. Raises Refusal for people who are not moderators."""
    by = await member(ctx)
    if by is None:
        raise Refusal(ctx.tr.gettext("This is for our moderators only."))
    seen = await ctx.deps.discussion.queue.next(by.id)
    if seen is None:
        count, _, _ = await ctx.deps.discussion.overview.queue()
        await ctx.answer(
            ctx.tr.gettext("The remaining comments are being reviewed by others.")
            if count
            else moderators_lists.caught_up(
                await ctx.deps.discussion.queue.decided_last(by.id), ctx.tr
            )
        )
        return
    sent = await ctx.answer(await _in_review(ctx, seen, by))
    await _further(ctx, seen, ctx.here, sent.message_id)


async def show_next(ctx: Context, by: Actor, *, after: int | None = None) -> None:
    """Show the next comment in place of the previous one."""
    queue, number = ctx.deps.discussion.queue, ctx.message_id
    seen = await queue.next(by.id, after=after)
    if seen is None:
        await ctx.replace(moderators_lists.caught_up(await queue.decided_last(by.id), ctx.tr))
        await queue.in_review(by.id, number, None)
        return
    await ctx.replace(await _in_review(ctx, seen, by))
    await _further(ctx, seen, ctx.here, number)


async def _undo(ctx: Context, by: Actor, comment_id: int) -> None:
    """↩: undo the last decision and review that comment again."""
    found = await ctx.deps.discussion.queue.decided_last(by.id)
    if found is None or found.id != comment_id:
        raise Refusal(ctx.tr.gettext("A decision can only be undone within 10 minutes."))
    outcome = await ctx.deps.discussion.moderation.undo(found.id, version=found.version, by=by)
    if outcome.conflict is not None:
        raise Refusal(
            moderators_view.conflict(outcome.conflict, outcome.comment, ctx.tr, now=ctx.now)
        )
    seen = await ctx.deps.discussion.queue.bring_back(by.id, found.id)
    if seen is not None:
        await ctx.replace(await _in_review(ctx, seen, by))
        await _further(ctx, seen, ctx.here, ctx.message.message_id)


async def _in_review(ctx: Context, seen: Card, by: Actor) -> Post:
    post = cards.card(seen, ctx.tr, now=ctx.now)
    return Post(post.text, keyboard=await menu_of(ctx, seen.comment, by))


async def menu_of(ctx: Context, comment: Comment, by: Actor) -> Keyboard:
    """The buttons of a comment in a moderator's review."""
    undoable = await ctx.deps.discussion.queue.decided_last(by.id)
    return moderators_lists.review_menu(
        card_buttons.main_menu(comment, ctx.tr), comment, undoable, ctx.tr
    )


async def _further(ctx: Context, seen: Card, there: Destination, shown: int | None) -> None:
    """Send what does not fit into the message: pictures, and the rest of a long text. All of it is
    recorded: it is removed when the review moves on, or the reader withdraws the comment."""
    besides: list[int] = []
    media = [part.message_id for part in seen.comment.parts if part.media]
    if media and seen.reader.telegram_id is not None:
        copied = await ctx.deps.messenger.copy(there, seen.reader.telegram_id, media)
        besides += _numbers(copied)
    for number in range(2, cards.parts(seen, ctx.tr) + 1):
        post = cards.part(seen, ctx.tr, number)
        besides += _numbers(await ctx.deps.messenger.send(post, there))
    if shown is not None:
        await ctx.deps.discussion.queue.in_review(
            there.telegram_id, shown, seen.comment.id, besides
        )


def _numbers(sent: SendResult) -> Sequence[int]:
    return sent.message_ids or ((sent.message_id,) if sent.message_id is not None else ())


async def in_review(ctx: Context, comment_id: int) -> Actor | None:
    """The moderator who presses a button of the comment under review; None if it is not (or no
    longer) under review."""
    by = await member(ctx)
    if by is None:
        return None
    if not await ctx.deps.discussion.queue.holds(by.id, comment_id):
        await ctx.toast(ctx.tr.gettext("Already handled – here's the next one."), alert=True)
        await show_next(ctx, by)
        return None
    return by

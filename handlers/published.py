"""Published comments: five to a page, newest or best; likes and reports."""

from __future__ import annotations

from bot.core.callbacks import Press, PressKind, decode
from bot.core.comments import published, receipts
from bot.core.comments.published import Shown
from bot.core.errors import Refusal
from bot.core.model import Post, SendStatus, TelegramId
from bot.core.text import deep_link
from bot.discussion.published import about_article, as_shown
from handlers.context import Context, Handler
from storage.published import Published

_OPEN = "open"


async def silenced(ctx: Context, article_id: int) -> str:
    """Why this person cannot comment on an article now; empty if that is possible."""
    if not ctx.deps.commenting:
        return ctx.tr.gettext("We don't take comments here.")
    barred = await ctx.deps.discussion.submissions.barred(TelegramId(ctx.user.id), article_id)
    return receipts.refusal(barred, ctx.tr) if barred is not None else ""


async def read_comments(ctx: Context, article_id: int) -> None:
    """The newest comments of an article, in a new message. Raises Refusal."""
    await ctx.answer(await _page(ctx, article_id, 1, "new"))


async def turned(ctx: Context) -> None:
    """A button to the comments, or from page to page."""
    press = decode(ctx.data)
    if press is None:
        return
    article_id, page = press.numbers
    if not ctx.private:
        await ctx.toast(url=deep_link(ctx.deps.username, f"r_{article_id}"))
    elif press.word == _OPEN:
        await read_comments(ctx, article_id)
    else:
        await ctx.replace(await _page(ctx, article_id, page, press.word))


async def _page(ctx: Context, article_id: int, page: int, order: str) -> Post:
    order = order if order == "best" else "new"
    found = await ctx.deps.discussion.public.read_page(article_id, page, order)
    if found is None:
        raise Refusal(ctx.tr.gettext("This article is no longer in the archive."))
    return published.reading(
        about_article(found.article),
        [_shown(ctx, one) for one in found.found],
        ctx.tr,
        article_id=article_id,
        page=found.page,
        pages=found.pages,
        order=order,
        total=found.total,
        silenced=await silenced(ctx, article_id),
    )


def _shown(ctx: Context, one: Published) -> Shown:
    return as_shown(one, receipts.signature(one.sign, one.reader_id, one.reader_name, ctx.tr))


async def whole(ctx: Context) -> None:
    """A long comment in full."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    await ctx.replace(await _whole(ctx, press))


async def _whole(ctx: Context, press: Press) -> Post:
    comment_id, page = press.numbers
    found = await ctx.deps.discussion.public.published(comment_id)
    if found is None:
        raise Refusal(ctx.tr.gettext("This comment is no longer public."))
    return published.whole(
        _shown(ctx, found), ctx.tr, article_id=found.article_id, page=page, order=press.word
    )


async def media(ctx: Context) -> None:
    """The pictures and recordings of a comment, as the moderators saw them."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    found = await ctx.deps.discussion.public.media(press.numbers[0])
    copied = await ctx.deps.messenger.copy(ctx.here, *found, captions=False) if found else None
    if copied is None or copied.status is not SendStatus.OK:
        raise Refusal(ctx.tr.gettext("This attachment is no longer available."))


async def liked(ctx: Context) -> None:
    """One like per reader; a second press takes it back."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    comment_id, page = press.numbers
    user = ctx.user
    like = await ctx.deps.discussion.public.like(
        TelegramId(user.id), user.full_name, ctx.chat, comment_id
    )
    if like is None:
        raise Refusal(ctx.tr.gettext("This comment is no longer public."))
    await ctx.toast("👍" if like else "")
    found = await ctx.deps.discussion.public.published(comment_id)
    if found is not None:
        await ctx.replace(await _page(ctx, found.article_id, page, press.word))


async def reported(ctx: Context) -> None:
    """⚑: report it to the moderators."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    user = ctx.user
    taken = await ctx.deps.discussion.public.report(
        TelegramId(user.id), user.full_name, ctx.chat, press.numbers[0]
    )
    if taken is None:
        raise Refusal(ctx.tr.gettext("This comment is no longer public."))
    await ctx.toast(
        ctx.tr.gettext("⚑ Thank you. We'll review this comment again.")
        if taken
        else ctx.tr.gettext("⚑ Thank you, we already know."),
        alert=True,
    )


BUTTONS: tuple[tuple[PressKind, Handler], ...] = (
    (PressKind.READ, turned),
    (PressKind.WHOLE, whole),
    (PressKind.MEDIA, media),
    (PressKind.LIKE, liked),
    (PressKind.REPORT, reported),
)

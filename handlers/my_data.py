"""What is stored about a person: /mycomments, /privacy, /mydata, /forgetme."""

from __future__ import annotations

from bot.core.callbacks import Press, PressKind, decode, encode
from bot.core.comments import published
from bot.core.comments.my_data import as_text
from bot.core.comments.privacy import Practice, policy
from bot.core.errors import Refusal
from bot.core.model import Button, Post, TelegramId
from bot.core.readers import panels
from handlers import settings
from handlers.context import Context, Handler
from handlers.places import Place

_NO = "no"


async def my_comments(ctx: Context) -> None:
    """Show what became of a reader's comments."""
    _require_private(ctx)
    await ctx.answer(await _mine(ctx, 1))


async def show_mine(ctx: Context, page: int) -> None:
    """Show the list in place of the message whose button was pressed."""
    await ctx.replace(await _mine(ctx, page))


async def turned(ctx: Context) -> None:
    """◀ and ▶ of the list."""
    press = decode(ctx.data)
    if press is not None and ctx.private:
        await show_mine(ctx, press.numbers[0])


async def _mine(ctx: Context, page: int) -> Post:
    found, page, count = await ctx.deps.discussion.public.my_comments(TelegramId(ctx.user.id), page)
    return published.my_comments(found, ctx.tr, page=page, pages=count, now=ctx.now)


async def privacy(ctx: Context) -> None:
    """Say what is stored, according to the settings in force."""
    deps = ctx.deps
    practice = Practice(
        commenting=deps.commenting,
        grace=deps.discussion.grace,
        trusted_after=deps.discussion.trusted_after,
        keep_days=deps.keep_days,
        terms=deps.discussion.terms,
    )
    await ctx.answer(policy(practice, ctx.tr))


async def my_data(ctx: Context) -> None:
    """Send everything stored about this person, as a readable file."""
    _require_private(ctx)
    found = await ctx.deps.discussion.public.my_data(TelegramId(ctx.user.id), ctx.chat)
    async with ctx.deps.db.reading() as cx:
        state = await settings.in_force(cx, ctx, Place(ctx.chat, ctx.thread))
    text = as_text(found, ctx.tr, settings=panels.in_force(state, ctx.tr), now=ctx.now)
    await ctx.deps.messenger.send_file("mydata.txt", text.encode(), ctx.here)


async def forget_me(ctx: Context) -> None:
    """Ask for confirmation."""
    _require_private(ctx)
    tr = ctx.tr
    yes = Button(tr.gettext("🗑 Yes, delete everything"), data=encode(Press(PressKind.FORGET)))
    no = Button(tr.gettext("✖ No, keep it"), data=encode(Press(PressKind.FORGET, word=_NO)))
    await ctx.answer(
        Post(
            tr.html(
                "<b>Delete all your data?</b>\n\nYour comments (published ones too), your "
                "name, your Telegram ID and your subscriptions will be deleted. This can't be "
                "undone. Of complaints, only the number, times and outcome are kept, without "
                "your name or words."
            ),
            keyboard=((yes,), (no,)),
        )
    )


async def forgotten(ctx: Context) -> None:
    """The second press: everything is erased, in one transaction, or nothing."""
    press = decode(ctx.data)
    if press is None or not ctx.private:
        return
    if press.word == _NO:
        await ctx.replace(ctx.tr.gettext("Nothing was deleted."))
        return
    await ctx.deps.discussion.public.forget(TelegramId(ctx.user.id), ctx.chat)
    await ctx.replace(
        ctx.tr.gettext("🕊 Done: all your data has been deleted. /start begins again.")
    )


def _require_private(ctx: Context) -> None:
    if not ctx.private:
        raise Refusal(ctx.tr.gettext("Please continue in a private chat."))


COMMANDS: dict[str, Handler] = {
    "mycomments": my_comments,
    "privacy": privacy,
    "mydata": my_data,
    "forgetme": forget_me,
}
BUTTONS: tuple[tuple[PressKind, Handler], ...] = (
    (PressKind.MINE, turned),
    (PressKind.FORGET, forgotten),
)

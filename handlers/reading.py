"""📄: an article's text inside Telegram, in pages that are turned in place."""

from __future__ import annotations

from dataclasses import replace

from bot.core.callbacks import PressKind, decode
from bot.core.errors import Refusal
from bot.core.model import Article
from bot.core.posts import reading
from bot.core.posts.reading import ReadingRoom
from bot.core.text import deep_link
from handlers.context import Context, Handler
from storage import articles, pictures, preferences

_OPEN = "open"


async def pressed(ctx: Context) -> None:
    """📄 under a post, or ◀ ▶ under a page. In groups it leads into a private chat: an article of
    many pages is one person's reading."""
    press = decode(ctx.data)
    if press is None:
        return
    article_id, number = press.numbers
    if not ctx.private:
        await ctx.toast(url=deep_link(ctx.deps.username, f"p_{article_id}"))
    elif press.word == _OPEN:
        await open_text(ctx, article_id)
    else:
        article = await _article(ctx, article_id)
        await ctx.replace(reading.page(article, number, _reader(ctx)))


async def open_text(ctx: Context, article_id: int) -> None:
    """Show the text of an article: as a rich message if the server supports that, else its first
    page. Raises Refusal and Unanswered."""
    article, to = await _article(ctx, article_id), _reader(ctx)
    whole = reading.rich(article, to)
    await ctx.answer(replace(reading.page(article, 1, to), rich=whole))


async def _article(ctx: Context, article_id: int) -> Article:
    """Raises Refusal if there is nothing to read, or reading here has been switched off."""
    if not ctx.deps.style.read_here:
        raise Refusal(ctx.tr.gettext("Articles can't be read here any more. Tap 📖 to read on."))
    async with ctx.deps.db.reading() as cx:
        public = await articles.is_public(cx, article_id)
        article = await articles.get(cx, article_id) if public else None
        wants = await preferences.get(cx, ctx.chat.id, ctx.thread, default=ctx.deps.zone)
        bare = not wants.pictures or await pictures.none_now(cx, article_id)
    if article is None:
        raise Refusal(ctx.tr.gettext("This article is no longer in the archive."))
    return replace(article, picture=None) if bare else article


def _reader(ctx: Context) -> ReadingRoom:
    return ReadingRoom(
        ctx.tr, ctx.deps.username, ctx.deps.commenting, now=ctx.now, style=ctx.deps.style
    )


BUTTONS: tuple[tuple[PressKind, Handler], ...] = ((PressKind.PAGE, pressed),)

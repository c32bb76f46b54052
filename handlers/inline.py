"""@bot words in any chat: finds articles and shares them."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import BadRequest, NetworkError

from bot.core.html import escape, fill
from bot.core.model import Article
from bot.core.posts.article import as_shown, source_name
from bot.core.search import inline, query
from bot.core.search.inline import InlinePlace
from bot.core.text import deep_link, fit
from bot.telegram.messenger import is_address
from handlers.context import Context
from storage import Connection, articles, search, vocabulary

log = structlog.get_logger("inline")

_PAGE = 20
_CACHE_SECONDS = 60
"""Seconds: results are a minute old at most, and deleting a letter costs no further query."""
_CAME_FROM = "s_inline"
"""Counted in /stats like every other link to the bot."""


async def answer(ctx: Context) -> None:
    """Answer with the best articles for the words, or the newest if there are none yet; further
    pages are as of the moment of the first."""
    asked = ctx.update.inline_query
    assert asked is not None  # registered for these only
    place = inline.place(asked.offset, now=ctx.now)
    async with ctx.deps.db.reading() as cx:
        found, more = await _found(cx, asked.query, place, ctx)
    label = ctx.tr.gettext("📰 Open {name}", name=ctx.deps.bot.first_name)
    try:
        await asked.answer(
            [_result(as_shown(article), ctx) for article in found],
            cache_time=_CACHE_SECONDS,
            is_personal=True,
            next_offset=place.after(len(found)) if more else "",
            button=InlineQueryResultsButton(fit(label, 64), start_parameter=_CAME_FROM),
        )
    except BadRequest as error:
        if "too old" not in str(error).lower():
            raise
    except NetworkError as error:  # the next letter typed asks again
        log.info("inline.unanswered", reason=str(error))


async def _found(
    cx: Connection, text: str, place: InlinePlace, ctx: Context
) -> tuple[Sequence[Article], bool]:
    """A page, and whether there is another one after it."""
    if not text.strip():
        found = await articles.newest_page(
            cx, seen_by=place.moment, offset=place.offset, limit=_PAGE + 1
        )
        return found[:_PAGE], len(found) > _PAGE
    if opening := inline.opening(text):
        text = inline.completed(text, await vocabulary.likeliest(cx, opening))
    wanted = query.parse(text, zone=ctx.deps.zone, now=place.moment)
    page = await search.search(
        cx, wanted, now=place.moment, offset=place.offset, limit=_PAGE, folded=False
    )
    found = await articles.many(cx, [hit.article_id for hit in page.hits])
    return found, bool(page.hits) and place.offset + len(page.hits) < page.total


def _result(article: Article, ctx: Context) -> InlineQueryResultArticle:
    tr, style = ctx.tr, ctx.deps.style
    source = tr.gettext("Source: {source}", source=source_name(article))
    text = fill("<b>{title}</b>\n{source}", title=fit(article.headline, 250), source=source)
    if article.link:
        text = fill("{text}\n{link}", text=text, link=escape(style.inline(article)))
    picture = article.picture.address if article.picture else ""
    return InlineQueryResultArticle(
        id=str(article.id),
        title=fit(article.headline, 120) or "…",
        description=fit(article.lead, 200) or source,
        input_message_content=InputTextMessageContent(
            text,
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(
                url=article.link or None, is_disabled=not article.link, prefer_large_media=True
            ),
        ),
        thumbnail_url=picture if is_address(picture) else None,
        url=article.link or None,
        reply_markup=_comment_button(article, ctx) if ctx.deps.commenting else None,
    )


def _comment_button(article: Article, ctx: Context) -> InlineKeyboardMarkup:
    """💬 under a shared article leads into a private chat with us."""
    link = deep_link(ctx.deps.username, f"c_{article.id}")
    label = ctx.tr.gettext("💬 Comment")
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=link)]])

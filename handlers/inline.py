"""@bot words in any chat: finds articles and shares them."""

from __future__ import annotations

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import BadRequest, NetworkError

from bot.core.html import escape, fill
from bot.core.model import Article
from bot.core.posts.article import source_name
from bot.core.search import query
from bot.core.text import deep_link, fit, whole_number
from handlers.context import Context
from storage import articles, search

log = structlog.get_logger("inline")

_MOST = 20
_CACHE_SECONDS = 60


async def answer(ctx: Context) -> None:
    """The best articles for the words, or the newest when there are none yet."""
    asked = ctx.update.inline_query
    assert asked is not None  # registered for these only
    offset = whole_number(asked.offset, digits=9) or 0
    async with ctx.deps.db.reading() as cx:
        if asked.query.strip():
            wanted = query.parse(asked.query, zone=ctx.deps.zone, now=ctx.now)
            page = await search.search(
                cx, wanted, now=ctx.now, offset=offset, limit=_MOST, folded=False
            )
            found = await articles.many(cx, [hit.article_id for hit in page.hits])
            more = str(offset + _MOST) if offset + _MOST < page.total else ""
        else:
            found, more = await articles.newest(cx, limit=_MOST), ""
    try:
        await asked.answer(
            [_result(article, ctx) for article in found],
            cache_time=_CACHE_SECONDS,
            is_personal=True,
            next_offset=more,
        )
    except BadRequest as error:
        if "too old" not in str(error).lower():
            raise
    except NetworkError as error:  # whoever types asks again with the next letter
        log.info("inline.unanswered", reason=str(error))


def _result(article: Article, ctx: Context) -> InlineQueryResultArticle:
    tr, style = ctx.tr, ctx.deps.style
    source = tr.gettext("Source: {source}", source=source_name(article))
    text = fill("<b>{title}</b>\n{source}", title=fit(article.headline, 250), source=source)
    if article.link:
        text = fill("{text}\n{link}", text=text, link=escape(style.inline(article)))
    return InlineQueryResultArticle(
        id=str(article.id),
        title=fit(article.headline, 120) or "…",
        description=fit(article.lead, 200),
        input_message_content=InputTextMessageContent(
            text,
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(
                url=article.link or None, is_disabled=not article.link, prefer_large_media=True
            ),
        ),
        thumbnail_url=article.picture.address if article.picture else None,
        url=article.link or None,
        reply_markup=_comment_button(article, ctx) if ctx.deps.commenting else None,
    )


def _comment_button(article: Article, ctx: Context) -> InlineKeyboardMarkup:
    """💬 under what is shared leads into a private chat with us."""
    link = deep_link(ctx.deps.username, f"c_{article.id}")
    label = ctx.tr.gettext("💬 Comment")
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=link)]])

"""An article inside Telegram: its text in pages, turned in place. Pure; knows limits.

    headline / mark / picture above it / paragraphs / source, paper, date     ◀ 2/5 ▶    📖 💬

A page ends between paragraphs; one that is too long alone is cut after a word, never inside what
readers see as one character. Where a Bot API server supports rich messages, the whole article is
one of those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.core import callbacks
from bot.core.html import Html, escape, fill, join, link
from bot.core.keyboards import turning
from bot.core.language import Translator
from bot.core.model import PICTURE_HERE, Article, Button, ChatKind, Keyboard, Post, Rich
from bot.core.posts import article as posts
from bot.core.posts.links import PLAIN, LinkStyle
from bot.core.text import split, utf16

PAGE = 2400
"""UTF-16 units of text on a page: some two screens of a phone."""
RICH_LIMIT, RICH_BLOCKS = 30_000, 480
"""Characters and blocks of a rich message; the server takes 32,768 and 500 (Bot API 10.1)."""
_BREAKS = re.compile(r"\n\s*\n|\n")


@dataclass(frozen=True, slots=True)
class ReadingRoom:
    """Where and for whom an article is laid out."""

    tr: Translator
    bot_username: str
    commenting: bool
    now: int
    style: LinkStyle = PLAIN


def pages(article: Article) -> list[str]:
    """The text of each page, paragraphs apart by a blank line; one at least."""
    found: list[str] = []
    for paragraph in _paragraphs(article):
        for piece in split(paragraph, PAGE, PAGE):
            room = PAGE - utf16(found[-1]) - 2 if found else 0
            if room > 0 and utf16(piece) <= room:
                found[-1] += f"\n\n{piece}"
            else:
                found.append(piece)
    return found or [""]


def page(article: Article, number: int, to: ReadingRoom) -> Post:
    """A page of an article (from 1; a missing one is replaced by the nearest). A withdrawn article
    shows only its mark."""
    article = posts.as_shown(article)
    if article.retracted_at is not None:
        return Post(posts.head(article, to.tr))
    texts = pages(article)
    number = max(1, min(number, len(texts)))
    first = number == 1
    top = [posts.head(article, to.tr), posts.correction(article, to.tr)]
    body = Html("\n\n".join(escape(one) for one in texts[number - 1].split("\n\n")))
    caption = posts.photo_line(article) if first else Html("")
    end = posts.source_line(article, to.tr, to.now)
    return Post(
        join("\n\n", [join("\n", top), caption, body, end]),
        preview=article.picture.address if first and article.picture else None,
        keyboard=(*_turning(article, number, len(texts), to.tr), *_buttons(article, to)),
    )


def rich(article: Article, to: ReadingRoom) -> Rich | None:
    """The whole article as one rich message; None if it does not fit, or was withdrawn."""
    article = posts.as_shown(article)
    paragraphs = _paragraphs(article)
    if article.retracted_at is not None or len(paragraphs) > RICH_BLOCKS:
        return None
    parts = [fill("<h1>{title}</h1>", title=article.headline)]
    if mark := posts.correction(article, to.tr):
        parts.append(Html(f"<p>{mark}</p>"))
    if article.picture is not None:
        parts.append(Html(PICTURE_HERE))
        if caption := posts.photo_line(article):
            parts.append(Html(f"<p><i>{caption}</i></p>"))
    parts += [fill("<p>{text}</p>", text=one) for one in paragraphs]
    parts.append(Html(f"<p><i>{posts.source_line(article, to.tr, to.now)}</i></p>"))
    if article.link:
        parts.append(Html(f"<p>{link(to.tr.gettext('📖 Read more'), article.link)}</p>"))
    whole = Html("".join(parts))
    if utf16(whole) > RICH_LIMIT:
        return None
    photo = article.file_id or (article.picture.address if article.picture else "")
    return Rich(whole, _buttons(article, to), photo=photo, rtl=to.tr.rtl)


def _paragraphs(article: Article) -> list[str]:
    """The paragraphs to show: the whole text, or the lead if that is all there is."""
    text = article.body or article.lead
    return [" ".join(one.split()) for one in _BREAKS.split(text) if one.strip()]


def _turning(article: Article, number: int, count: int, tr: Translator) -> Keyboard:
    """Buttons to turn pages in place; the page number itself refreshes the page."""
    if count < 2:
        return ()
    back, here, on = (
        callbacks.read_here(article.id, one, "turn") if 1 <= one <= count else ""
        for one in (number - 1, number, number + 1)
    )
    return turning(tr, back, on, Button(f"{tr.number(number)}/{tr.number(count)}", data=here))


def _buttons(article: Article, to: ReadingRoom) -> Keyboard:
    return posts.keyboard(
        article,
        to.tr,
        bot_username=to.bot_username,
        kind=ChatKind.PRIVATE,
        commenting=to.commenting,
        style=replace(to.style, read_here=False),
    )

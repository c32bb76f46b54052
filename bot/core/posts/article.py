"""Article -> Post: one message as drawn in the contract. Knows layout and limits, no feed, no wire.

    headline / lead / 📷 caption and credit / source, paper, date / ⏪ what its text links back to
    / #topics      + 📖 and 💬 buttons
    (in a channel whose discussion group shows the comments, 📖 and 💬 are links: Telegram shows its
    own thread only under a post without buttons)

When room is short the lead is cut first; other lines are cut only in extreme cases.
"""

from __future__ import annotations

from dataclasses import replace
from unicodedata import category
from urllib.parse import urlsplit

from bot.core import callbacks
from bot.core.html import Html, escape, join, link, shown
from bot.core.language import Translator
from bot.core.links import fits_button
from bot.core.model import (
    Article,
    Button,
    ChatKind,
    CorrectionKind,
    Keyboard,
    Mark,
    Picture,
    Post,
)
from bot.core.posts import sponsors
from bot.core.posts.links import PLAIN, LinkStyle
from bot.core.posts.marks import mark_line
from bot.core.posts.sponsors import Sponsor
from bot.core.text import CAPTION_LIMIT, TEXT_LIMIT, deep_link, fit, utf16

_HEADLINE, _PHOTO_LINE, _SOURCE, _PAPER, _TOPICS, _TOPIC = 250, 220, 80, 60, 5, 32
_LEAD, _EARLIER = 600, 100
NO_PICTURE = "-"
"""An editor's choice of no picture."""


def post(
    article: Article,
    tr: Translator,
    *,
    bot_username: str,
    kind: ChatKind,
    commenting: bool,
    now: int,
    threaded: bool = False,
    reserve: int = 0,
    style: LinkStyle = PLAIN,
    sponsor: Sponsor | None = None,
    earlier_at: str = "",
) -> Post:
    """The post of an article in a chat's language.

    `commenting` says whether comments are open at all; `threaded` that a channel's discussion group
    shows them; `now` keeps a date from lying in the future; `reserve` characters are left free for
    the caller; `style` is what the operator adds to addresses; `sponsor` is the advertisement at
    its end, which corrected and withdrawn articles do not carry; `earlier_at` is the address of the
    earlier post to which this one links back, if the chat has it. An editor's words and picture
    take the place of the feed's.
    """
    article = as_shown(article)
    limit = CAPTION_LIMIT if article.picture else TEXT_LIMIT
    top = head(article, tr)
    tail = join(
        "\n",
        [
            correction(article, tr),
            photo_line(article),
            source_line(article, tr, now),
            _topics(article),
        ],
    )
    if threaded:  # Telegram counts the comments itself
        article = replace(article, comments=0)
    buttons = keyboard(
        article, tr, bot_username=bot_username, kind=kind, commenting=commenting, style=style
    )
    links = _links(buttons) if threaded else Html("")
    before = earlier(article, tr, bot_username, at=earlier_at)
    paid = sponsors.line(sponsor if article.mark is None else None, tr)
    room = limit - _length(top) - _length(tail) - utf16(shown(links)) - utf16(shown(paid))
    room -= utf16(shown(before)) + 10 + reserve
    lead = escape(fit(article.lead, min(_LEAD, room)))
    return Post(
        text=join("\n\n", [top, lead, tail, before, links, paid]),
        photo=article.picture.address if article.picture else None,
        # If the picture is left out, a post without buttons has no other link to preview.
        preview=_preview(article, style, threaded=threaded),
        keyboard=() if threaded else buttons,
    )


def as_shown(article: Article) -> Article:
    """An article with an editor's words and picture in place of the feed's."""
    picture = article.picture
    if article.own_picture:
        picture = None if article.own_picture == NO_PICTURE else Picture(article.own_picture)
    return replace(
        article,
        headline=article.title,
        lead=article.own_lead or article.lead,
        picture=picture,
    )


def keyboard(
    article: Article,
    tr: Translator,
    *,
    bot_username: str,
    kind: ChatKind,
    commenting: bool,
    style: LinkStyle = PLAIN,
) -> Keyboard:
    """The buttons under a post. Outside private chats 💬 leads into one: nothing unmoderated is
    public."""
    row = []
    if (link := _link(article)) and article.retracted_at is None:
        url = style.read_on(article, kind)
        row.append(Button(tr.gettext("📖 Read more"), url=url if fits_button(url) else link))
    if commenting:
        text = "💬 " + tr.number(article.comments) if article.comments else tr.gettext("💬 Comment")
        if kind is ChatKind.PRIVATE:
            row.append(Button(text, data=callbacks.comment_on(article.id)))
        else:
            row.append(Button(text, url=deep_link(bot_username, f"c_{article.id}")))
    here = (_read_here(article, tr, bot_username, kind),) if style.read_here else ()
    return tuple(filter(None, (tuple(row), tuple(filter(None, here)))))


def _read_here(
    article: Article, tr: Translator, bot_username: str, kind: ChatKind
) -> Button | None:
    """📄 opens the text in a private chat; there is no such button if only the lead is known."""
    if article.retracted_at is not None or not article.body:
        return None
    if kind is ChatKind.PRIVATE:
        return Button(tr.gettext("📄 Read here"), data=callbacks.read_here(article.id))
    return Button(tr.gettext("📄 Read here"), url=deep_link(bot_username, f"p_{article.id}"))


def _preview(article: Article, style: LinkStyle, *, threaded: bool) -> str | None:
    """With the operator's parameters only 📖 leads to the article."""
    if article.picture and not threaded and not style.parameters:
        return None
    return style.preview(article) if _link(article) else None


def _link(article: Article) -> str:
    """Its address, if Telegram accepts it in a button."""
    return "" if article.link_refused or not fits_button(article.link) else article.link


def _links(buttons: Keyboard) -> Html:
    """The buttons as links, for a post that may have no buttons."""
    return join(
        " · ",
        [
            Html(f'<a href="{escape(one.url)}">{escape(one.text)}</a>')
            for row in buttons
            for one in row
            if one.url
        ],
    )


def source_name(article: Article) -> str:
    """The source that a post names: the article's, else the paper's, else the host of its link."""
    return article.source or article.feed_title or urlsplit(article.link).hostname or ""


def hashtag(topic: str) -> str:
    """`Luar Negeri` -> `#LuarNegeri`; empty when nothing of it could be a hashtag."""
    words = "".join(char if _belongs(char) else " " for char in topic).split()
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return f"#{name}" if name and not name.isdigit() and len(name) <= _TOPIC else ""


def _belongs(char: str) -> bool:
    return char.isalnum() or char == "_" or category(char).startswith("M")


def head(article: Article, tr: Translator) -> Html:
    """The headline; for a withdrawn article with the mark above it."""
    title = escape(fit(article.headline, _HEADLINE))
    if article.retracted_at is None:
        return Html(f"<b>{title}</b>") if title else Html("")
    mark = article.mark or Mark(CorrectionKind.WITHDRAWN, article.retracted_at)
    note = mark_line(mark, tr, of=_day(article))
    return Html(f"{note}\n\n<b><s>{title}</s></b>") if title else note


def correction(article: Article, tr: Translator) -> Html:
    """The line that it was corrected; withdrawn articles say so at the top."""
    if article.mark is None or article.retracted_at is not None:
        return Html("")
    return mark_line(article.mark, tr, of=_day(article))


def _day(article: Article) -> int | None:
    return article.first_seen or article.published


def photo_line(article: Article) -> Html:
    """What the picture shows, and who took it."""
    if article.picture is None:
        return Html("")
    caption, credit = article.picture.caption, article.picture.credit
    if _same(caption) in _same(article.lead):
        caption = ""
    text = (
        f"{fit(caption, _PHOTO_LINE - 60).rstrip('. ')} ({credit})"
        if caption and credit
        else caption or credit
    )
    return Html("📷 " + escape(fit(text, _PHOTO_LINE))) if text else Html("")


def source_line(article: Article, tr: Translator, now: int) -> Html:
    """The source that every post names, the paper and the day."""
    source = source_name(article)
    parts = [fit(source, _SOURCE)]
    if article.feed_title and _same(article.feed_title) != _same(source):
        parts.append(fit(article.feed_title, _PAPER))
    if article.published is not None:
        parts.append(tr.date(min(article.published, now)))
    return tr.html("Source: {source}", source=tr.line(parts))


def earlier(article: Article, tr: Translator, bot_username: str, *, at: str = "") -> Html:
    """The line that links back to the earlier article in its text: to the post at the address `at`,
    else to the private chat, which opens it."""
    one = article.earlier
    if one is None or article.retracted_at is not None:
        return Html("")
    if not at and bot_username:
        at = deep_link(bot_username, f"a_{one.id}")
    headline = fit(" ".join(one.headline.split()), _EARLIER)
    return tr.html("⏪ Earlier: {headline}", headline=link(headline, at))


def _topics(article: Article) -> Html:
    tags = dict.fromkeys(filter(None, map(hashtag, article.topics)))
    return escape(" ".join(list(tags)[:_TOPICS]))


def _same(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _length(html: Html) -> int:
    """An upper bound of the length after parsing: markup is counted too."""
    return utf16(html)

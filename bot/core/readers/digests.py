"""Several articles in one message: a digest, what came in quiet hours, the evening's rest. Layout.

🗞 <b>Your digest · 31 August 2023</b>
1. <b>Headline</b>            a link to the article
<i>07:12 · Source</i>
...
and 12 more: /latest
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import open_article
from bot.core.html import Html, fill, join, link, shown
from bot.core.language import Translator
from bot.core.model import Article, Button, Keyboard, Post
from bot.core.posts.article import source_name
from bot.core.posts.content import KeptFor
from bot.core.text import TEXT_LIMIT, fit, utf16

MOST = 20
"""Headlines of one digest; the newest, if there are more."""
_HEADLINE, _SOURCE = 160, 60
_ROW = 5


def digest(
    articles: Sequence[Article],
    why: KeptFor,
    tr: Translator,
    *,
    now: int,
    buttons: bool,
    total: int | None = None,
) -> Post | None:
    """One message for articles in the order in which they came; None where none is left to tell.

    `buttons`: numbers open the full posts (in private chats only: elsewhere everybody would see
    what one person opened). `total`: how many there were, if some are left out here.
    """
    told = list(articles[-MOST:])
    while told:
        lines = [_line(place, one, tr, now) for place, one in enumerate(told, start=1)]
        rest = (total or len(articles)) - len(told)
        more = [tr.nhtml("and {n} more: /latest", "and {n} more: /latest", rest)] if rest else []
        text = join("\n\n", [_heading(why, tr, now), *lines, *more])
        if utf16(shown(text)) <= TEXT_LIMIT and utf16(text) <= 4 * TEXT_LIMIT:
            keyboard = _numbers(told) if buttons else ()
            return Post(Html(text), keyboard=keyboard)
        told = told[1:]
    return None


def ticker(articles: Sequence[Article], tr: Translator, *, now: int) -> Post | None:
    """The newest headlines (newest first) in a message that keeps itself up to date; None without
    any. No buttons: it stands before everybody."""
    if not articles:
        return None
    lines = [_line(place, one, tr, now) for place, one in enumerate(articles, start=1)]
    heading = tr.html("📌 <b>Latest news</b> · {time}", time=tr.time(now))
    return Post(join("\n\n", [heading, *lines]), silent=True)


def _heading(why: KeptFor, tr: Translator, now: int) -> Html:
    match why:
        case KeptFor.DIGEST:
            return tr.html("🗞 <b>Your digest · {date}</b>", date=tr.date(now))
        case KeptFor.QUIET:
            return tr.html("🌙 <b>While it was quiet</b>")
        case KeptFor.LIMIT:
            return tr.html("🌆 <b>What else the day brought</b>")


def _line(place: int, one: Article, tr: Translator, now: int) -> Html:
    headline = link(fit(" ".join(one.headline.split()), _HEADLINE) or "…", one.link)
    moment = min(one.first_seen if one.published is None else one.published, now)
    when = tr.time(moment) if tr.date(moment) == tr.date(now) else tr.date(moment)
    about = " · ".join(filter(None, (when, fit(source_name(one), _SOURCE))))
    return fill(
        "{place}. <b>{headline}</b>\n<i>{about}</i>", place=place, headline=headline, about=about
    )


def _numbers(articles: Sequence[Article]) -> Keyboard:
    row = [
        Button(str(place), data=open_article(one.id)) for place, one in enumerate(articles, start=1)
    ]
    return tuple(tuple(row[at : at + _ROW]) for at in range(0, len(row), _ROW))

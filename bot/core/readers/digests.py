"""Several articles in one message: a digest, what came in quiet hours, the evening's rest. Layout.

🗞 <b>Your digest · 31 August 2023</b>
1. <b>Headline</b>            a link to the article
<i>07:12 · Source</i>
...
[1] [2] ...                    in private chats: the full posts
[◀ 12 earlier]                 what one message cannot hold
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.callbacks import Press, PressKind, encode, open_article
from bot.core.html import Html, escape, fill, join, link
from bot.core.language import Translator
from bot.core.model import Article, Button, Keyboard, Post, in_rows
from bot.core.posts import sponsors
from bot.core.posts.article import source_name
from bot.core.posts.content_kinds import KeptFor
from bot.core.posts.sponsors import Sponsor
from bot.core.text import fit, utf16

PAGE = 15
"""Headlines of one message: so many fit whatever their length. The newest first page, in the order
in which they came; earlier ones on further pages."""
_HEADLINE, _SOURCE = 160, 60
_ROW = 5
_MARKUP = 12_000
"""UTF-16 units of a message with its markup: very long addresses are left out, not headlines."""


def digest(
    articles: Sequence[Article],
    why: KeptFor,
    tr: Translator,
    *,
    now: int,
    private: bool,
    page: int = 0,
    sponsor: Sponsor | None = None,
) -> Post | None:
    """A page of articles in the order in which they came; None where none is left to tell.

    `private`: numbers open the full posts (elsewhere everybody would see what one person opened),
    and it is the reader's own digest. `sponsor`: the advertisement at its end.
    """
    if not articles:
        return None
    last = -(-len(articles) // PAGE) - 1
    page = max(0, min(page, last))
    end = len(articles) - page * PAGE
    told = articles[max(0, end - PAGE) : end]
    first = end - len(told) + 1
    head = _heading(why, tr, now, private=private)
    text = _page(head, told, first, tr, now, paid=sponsors.line(sponsor, tr))
    rows = _numbers(told, first) if private else ()
    turning = []
    if end - len(told) > 0:
        turning.append(_turn(tr.gettext("◀ {n} earlier", n=tr.number(end - len(told))), page + 1))
    if page:
        turning.append(_turn(tr.gettext("{n} later ▶", n=tr.number(page * PAGE)), page - 1))
    return Post(text, keyboard=(*rows, *((tuple(turning),) if turning else ())))


def _page(
    head: Html, told: Sequence[Article], first: int, tr: Translator, now: int, *, paid: Html
) -> Html:
    for linked in (True, False):
        lines = [
            _line(place, one, tr, now, linked=linked) for place, one in enumerate(told, start=first)
        ]
        text = join("\n\n", [head, *lines, paid])
        if utf16(text) <= _MARKUP:
            break
    return text


def _turn(label: str, page: int) -> Button:
    return Button(label, data=encode(Press(PressKind.DIGEST, (page,))))


def ticker(
    articles: Sequence[Article], tr: Translator, *, now: int, sponsor: Sponsor | None = None
) -> Post | None:
    """The newest headlines (newest first) in a message that keeps itself up to date; None without
    any. No buttons: it stands before everybody."""
    if not articles:
        return None
    heading = tr.html("📌 <b>Latest news</b> · {time}", time=tr.time(now))
    paid = sponsors.line(sponsor, tr)
    return Post(_page(heading, articles, 1, tr, now, paid=paid), silent=True)


def _heading(why: KeptFor, tr: Translator, now: int, *, private: bool) -> Html:
    match why:
        case KeptFor.DIGEST if private:
            return tr.html("🗞 <b>Your digest · {date}</b>", date=tr.date(now))
        case KeptFor.DIGEST:
            return tr.html("🗞 <b>News digest · {date}</b>", date=tr.date(now))
        case KeptFor.QUIET:
            return tr.html("🌙 <b>While it was quiet</b>")
        case KeptFor.LIMIT:
            return tr.html("🌆 <b>What else the day brought</b>")


def _line(place: int, one: Article, tr: Translator, now: int, *, linked: bool) -> Html:
    text = fit(" ".join((one.own_headline or one.headline).split()), _HEADLINE) or "…"
    moment = min(one.first_seen if one.published is None else one.published, now)
    when = tr.time(moment) if tr.date(moment) == tr.date(now) else tr.date(moment)
    about = " · ".join(filter(None, (when, fit(source_name(one), _SOURCE))))
    return fill(
        "{place}. <b>{headline}</b>\n<i>{about}</i>",
        place=place,
        headline=link(text, one.link) if linked else escape(text),
        about=about,
    )


def _numbers(articles: Sequence[Article], first: int) -> Keyboard:
    return in_rows(
        (
            Button(str(place), data=open_article(one.id))
            for place, one in enumerate(articles, start=first)
        ),
        _ROW,
    )

"""Several articles in one message: a digest, what came in quiet hours, the evening's rest. Layout.

🗞 <b>Your digest · 31 August 2023</b>
1. <b>Headline</b>            a link to the article
<i>07:12 · Source</i>
...
[1] [2] ...                    in private chats: the full posts
[◀ 12 earlier]                 what one message cannot hold

A rich message (Bot API 10.1) holds two pages at once, with the beginning of each article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.callbacks import Press, PressKind, encode, open_article
from bot.core.html import Html, escape, fill, join, link
from bot.core.keyboards import in_order
from bot.core.language import Translator
from bot.core.model import Article, Button, Keyboard, Post, Rich, in_rows
from bot.core.posts import sponsors
from bot.core.posts.article import source_name
from bot.core.posts.content_kinds import KeptFor
from bot.core.posts.reading import RICH_LIMIT
from bot.core.posts.sponsors import Sponsor
from bot.core.text import fit, utf16

PAGE = 15
"""Headlines of one message: so many fit whatever their length. The first page has the newest, in
order of arrival; earlier ones are on further pages."""
RICH_PAGES = 2
"""Pages that a rich message holds: as many numbers as there may be buttons on a phone's screen."""
_HEADLINE, _SOURCE, _LEAD = 160, 60, 300
_ROW = 5
_MARKUP = 12_000
"""UTF-16 units of a message including markup: beyond that, long addresses are left out, not
headlines."""


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
    """A page of articles in order of arrival; None if none is left. `private`: numbers open the
    full posts (elsewhere everybody would see what one person opened), and it is called the reader's
    own digest. `sponsor`: the advertisement at its end.
    """
    if not articles:
        return None
    last = -(-len(articles) // PAGE) - 1
    page = max(0, min(page, last))
    head, paid = _heading(why, tr, now, private=private), sponsors.line(sponsor, tr)
    leaf = _leaf(articles, page, 1)
    text = _page(head, leaf.told, leaf.first, tr, now, paid=paid)
    rich = None
    if not page:
        both = _leaf(articles, 0, RICH_PAGES)
        html = _rich_page(head, both.told, both.first, tr, now, paid=paid)
        buttons = _buttons(both, tr, private=private)
        rich = Rich(html, buttons, rtl=tr.rtl) if utf16(html) <= RICH_LIMIT else None
    return Post(text, keyboard=_buttons(leaf, tr, private=private), rich=rich)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What one message shows: articles from number `first` on, with `before` pages of earlier ones,
    and `after` pages (`later` articles) of later ones."""

    told: Sequence[Article]
    first: int
    before: int
    after: int
    later: int


def _leaf(articles: Sequence[Article], page: int, pages: int) -> _Leaf:
    end = len(articles) - page * PAGE
    told = articles[max(0, end - pages * PAGE) : end]
    return _Leaf(told, end - len(told) + 1, page + pages, page - 1, page * PAGE)


def _buttons(leaf: _Leaf, tr: Translator, *, private: bool) -> Keyboard:
    rows = _numbers(leaf.told, leaf.first) if private else ()
    turns = []
    if leaf.first > 1:
        turns.append(_turn(tr.gettext("◀ {n} earlier", n=tr.number(leaf.first - 1)), leaf.before))
    if leaf.later:
        turns.append(_turn(tr.gettext("{n} later ▶", n=tr.number(leaf.later)), leaf.after))
    return (*rows, *((in_order(tr, turns),) if turns else ()))


def _rich_page(
    head: Html, told: Sequence[Article], first: int, tr: Translator, now: int, *, paid: Html
) -> Html:
    parts = [fill("<h3>{head}</h3>", head=head)]
    for place, one in enumerate(told, start=first):
        title, about = _told(one, tr, now)
        parts.append(fill("<h4>{place}. {title}</h4>", place=place, title=link(title, one.link)))
        if lead := fit(" ".join((one.own_lead or one.lead).split()), _LEAD):
            parts.append(fill("<p>{lead}</p>", lead=lead))
        parts.append(fill("<p><i>{about}</i></p>", about=about))
    if paid:
        parts.append(fill("<hr/><p>{paid}</p>", paid=paid))
    return Html("".join(parts))


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
    any. No buttons: everybody sees it."""
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
    text, about = _told(one, tr, now)
    return fill(
        "{place}. <b>{headline}</b>\n<i>{about}</i>",
        place=place,
        headline=link(text, one.link) if linked else escape(text),
        about=about,
    )


def _told(one: Article, tr: Translator, now: int) -> tuple[str, str]:
    """An article's headline, and its time and source."""
    text = fit(" ".join(one.title.split()), _HEADLINE) or "…"
    moment = min(one.first_seen if one.published is None else one.published, now)
    when = tr.time(moment) if tr.date(moment) == tr.date(now) else tr.date(moment)
    return text, tr.line((when, fit(source_name(one), _SOURCE)))


def _numbers(articles: Sequence[Article], first: int) -> Keyboard:
    return in_rows(
        (
            Button(str(place), data=open_article(one.id))
            for place, one in enumerate(articles, start=first)
        ),
        _ROW,
    )

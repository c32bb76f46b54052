"""How a chat sees what a search found; the ticker of /latest. Knows layout, no database.

🔎 negosiasi senjata · 1-7 of 23 / number, headline, source and date, passage     [1]..[7] [◀][▶]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core import callbacks
from bot.core.callbacks import Press, PressKind
from bot.core.html import Html, escape, fill, join
from bot.core.keyboards import turning
from bot.core.language import Translator
from bot.core.model import Article, ArticleId, Button, Keyboard, Post
from bot.core.posts.article import earlier, source_name
from bot.core.search.excerpt import Marked, Segment
from bot.core.search.found import Hit, SearchPage
from bot.core.search.query import clean, rewritten, similar_to, without_story
from bot.core.search.repair import Repair
from bot.core.text import TEXT_LIMIT, fit, utf16

PAGE = 7
"""Results on a page."""
TICKER = 20
"""Headlines in the longest ticker."""
_LEADING_BACK, _BACK = 10, 130  # headlines that have room for one more line, and its length
_QUERY, _HEADLINE, _SNIPPET, _SOURCE, _DATE = 100, 150, 200, 40, 25
_LABEL, _TOPIC = 48, 64
# A message keeps 100 entities: 1 + 7 * (2 + 4 + 5) stays below.
_TITLE_MARKS, _SNIPPET_MARKS = 4, 5
_SIMILAR_ROW = 3  # buttons of stories in a row
_ONE_ROW, _ROW = 8, 5  # a row holds 8 buttons; more than one row looks best with 5
_BREAKS = re.compile(r"[\s\u202a-\u202e\u2066-\u2069]+")  # including bidirectional controls


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What ◀ or ▶ asks for: where to begin, and the query or the number it is stored under."""

    offset: int
    text: str | None = None
    token: int = 0


def how_to_search(tr: Translator) -> Post:
    """The answer to /search without words."""
    return Post(
        tr.html(
            "🔎 Type what you're looking for after the command, for example:\n"
            "<code>/search arms talks</code>\n\n"
            "You can be more exact: <code>&quot;exact phrase&quot;</code>, <code>-without</code>, "
            "<code>source:cnn</code>, <code>topic:economy</code>, <code>since:2023-08</code>, "
            "<code>until:2023-09</code>"
        )
    )


def page(
    tr: Translator,
    text: str,
    found: SearchPage,
    number: int,
    *,
    now: int,
    kept: Mapping[str, int] | None = None,
) -> Post:
    """One page (`number` from 0) of what was found for `text`.

    A query too long for a button (`fits`) is represented there by the number it is stored under;
    `kept` has that number for each of `texts`.
    """
    asked = _bold(text)
    others = (*_similar(tr, text, found, kept or {}), *_others(tr, text, found, kept or {}))
    if not found.hits:
        return _nothing(tr, text, found, number, now=now, kept=kept or {})
    parts = [_count(tr, asked, found), *_notes(tr, text, found)]
    for place, hit in enumerate(found.hits):
        before = found.hits[place - 1] if place else None
        if heading := _heading(tr, hit, before, alone=all(one.partial for one in found.hits)):
            parts.append(heading)
        parts.append(_hit(tr, hit, found.offset + place + 1, now))
    numbers = _numbered(found.offset + 1, [hit.article_id for hit in found.hits])
    more = found.offset + len(found.hits) < found.total
    if found.capped and not more:
        parts.append(
            tr.html(
                "These are the best {n} of more articles. Another word or a time, such as "
                "<code>since:2023-08</code>, leads to the others.",
                n=tr.number(found.total),
            )
        )
    leaves = _turning(tr, text, kept or {}, number, more=more)
    return Post(Html("\n\n".join(parts)), keyboard=(*numbers, *leaves, *others))


def texts(text: str, found: SearchPage) -> list[str]:
    """The queries that the buttons of this page ask for."""
    wanted = [text, *(similar_to(text, hit.article_id) for hit in found.hits if hit.similar)]
    if (whole := without_story(text)) != clean(text):
        wanted.append(whole)
    if found.repairs:
        wanted.append(_exactly(text, found))
    if found.maybe:
        wanted.append(_meant(text, found.maybe))
    if found.period:
        wanted.append(found.period.at_all_times)
    return [*wanted, *found.nearest]


def fits(text: str) -> bool:
    """Whether the buttons under the results can carry the query themselves."""
    return callbacks.fits(Press(PressKind.SEARCH, (999,), clean(text)))


def asked_page(data: str) -> AskedPage | None:
    """What a pressed ◀ or ▶ says; None for any other payload."""
    press = callbacks.decode(data)
    if press is not None and press.kind is PressKind.SEARCH:
        return AskedPage(press.numbers[0] * PAGE, text=press.word)
    if press is not None and press.kind is PressKind.SEARCH_KEPT:
        return AskedPage(press.numbers[0] * PAGE, token=press.numbers[1])
    return None


def ticker(
    tr: Translator,
    articles: Sequence[Article],
    *,
    now: int,
    topic: str = "",
    bot_username: str = "",
) -> Post:
    """Headlines with time and source, at most 20, newest first, of one topic if named; a button
    opens each. A short one also links back to the earlier articles that the texts link to."""
    shown = articles[:TICKER]
    head = (
        tr.html("📰 <b>Latest news: {topic}</b>", topic=_line(topic, _TOPIC))
        if topic
        else tr.html("📰 <b>Latest news</b>")
    )
    back = bot_username if len(shown) <= _LEADING_BACK else ""
    parts = [head, *_headlines(tr, shown, now=now, bot_username=back)]
    return Post(Html("\n\n".join(parts)), keyboard=_numbered(1, [one.id for one in shown]))


def related(articles: Sequence[Article]) -> Keyboard:
    """A button for each article on the same story."""
    return tuple(
        (Button(f"↪ {label}", data=callbacks.open_article(one.id)),)
        for one in articles
        if (label := fit(_BREAKS.sub(" ", one.headline).strip(), _LABEL))
    )


# --- lines ----------------------------------------------------------------------------------------


def _count(tr: Translator, asked: Html, found: SearchPage) -> Html:
    if len(found.hits) == found.total and not found.capped:
        return tr.nhtml(
            "🔎 {query} · {n} article", "🔎 {query} · {n} articles", found.total, query=asked
        )
    return tr.html(
        "🔎 {query} · {first}–{last} of {total}",
        query=asked,
        first=tr.number(found.offset + 1),
        last=tr.number(found.offset + len(found.hits)),
        total=tr.number(found.total) + ("+" if found.capped else ""),
    )


def _headlines(
    tr: Translator, articles: Sequence[Article], *, now: int, bot_username: str = ""
) -> list[Html]:
    room = TEXT_LIMIT // (len(articles) + 1) - _SOURCE - _DATE - 12
    room = min(250, room - (_BACK if bot_username else 0))
    parts = []
    for place, one in enumerate(articles, start=1):
        moment = min(one.first_seen if one.published is None else one.published, now)
        when = tr.when(moment, now=now)
        told = fill(
            "{place}. <b>{headline}</b>\n<i>{about}</i>",
            place=place,
            headline=_line(one.headline, room) or "…",
            about=_about(tr, when, source_name(one)),
        )
        back = earlier(one, tr, bot_username) if bot_username else Html("")
        parts.append(join("\n", [told, back]))
    return parts


def _notes(tr: Translator, text: str, found: SearchPage) -> list[Html]:
    """Notes on what was understood differently from how it was typed."""
    notes = []
    if without_story(text) != clean(text):
        notes.append(tr.html("Only articles that tell the same story"))
    if found.period:
        since, last = tr.date(found.period.since), tr.date(found.period.until - 1)
        when = since if since == last else f"{since} – {last}"
        notes.append(tr.html("Only {when} ({said})", when=when, said=found.period.typed))
    if found.repairs:
        repaired = rewritten(text, {one.typed: one.words[0] for one in found.repairs})
        shown, typed = _bold(repaired), _bold(found.mistyped)
        also = [_bold(word) for one in found.repairs for word in one.words[1:]]
        besides = all(one.besides for one in found.repairs)
        line = (
            tr.html(
                "Also showing results for {words} · search exactly {typed}",
                words=shown,
                typed=typed,
            )
            if besides
            else tr.html(
                "Showing results for {words} · search exactly {typed}", words=shown, typed=typed
            )
        )
        if also:
            line = join("\n", [line, tr.html("and for {words}", words=join(", ", also))])
        notes.append(line)
    if found.maybe:
        notes.append(tr.html("Did you mean {words}?", words=_bold(_meant(text, found.maybe))))
    return notes


def _exactly(text: str, found: SearchPage) -> str:
    return rewritten(text, {one.typed: f'"{one.typed}"' for one in found.repairs})


def _meant(text: str, maybe: Repair) -> str:
    return rewritten(text, {maybe.typed: maybe.words[0]})


def _bold(text: str) -> Html:
    return Html(f"<b>{_line(without_story(text), _QUERY)}</b>")


def _heading(tr: Translator, hit: Hit, before: Hit | None, *, alone: bool) -> Html | None:
    """The heading where results of another kind begin."""
    if before is not None and (hit.partial, hit.elsewhen) == (before.partial, before.elsewhen):
        return None
    if hit.partial and alone:
        return tr.html("No article has all of these words. These have some of them:")
    if hit.partial:
        return tr.html("These have some of the words:")
    if hit.elsewhen:
        return tr.html("From other times:")
    return None if before is None else tr.html("These have all of the words:")


def _hit(tr: Translator, hit: Hit, place: int, now: int) -> Html:
    when = "" if hit.published is None else tr.date(min(hit.published, now))
    again = _again(tr, hit) if hit.similar else ""
    title = _marked(hit.title, "u", _HEADLINE, _TITLE_MARKS) or Html("…")
    lines = [
        fill("{place}. <b>{title}</b>", place=place, title=title),
        fill("<i>{about}</i>", about=_about(tr, hit.source, when, again)),
        _marked(hit.snippet, "b", _SNIPPET, _SNIPPET_MARKS),
    ]
    return Html("\n".join(line for line in lines if line != "<i></i>" and line))


def _again(tr: Translator, hit: Hit) -> str:
    return tr.gettext("+{n} similar", n=tr.number(hit.similar))


def _about(tr: Translator, *parts: str) -> Html:
    return Html(tr.line(_line(part, _SOURCE) for part in parts))


def _line(text: str, limit: int) -> Html:
    """Any text as one short line."""
    return escape(fit(_BREAKS.sub(" ", text).strip(), limit))


def _marked(marked: Marked, tag: str, limit: int, most: int) -> Html:
    """Text with its marks, the first `most` of them, within `limit` UTF-16 units."""
    parts: list[str] = []
    for segment in _cut(marked, limit):
        text = escape(segment.text)
        if segment.marked and most:
            text, most = Html(f"<{tag}>{text}</{tag}>"), most - 1
        parts.append(text)
    return Html("".join(parts).strip())


def _cut(marked: Marked, limit: int) -> list[Segment]:
    kept: list[Segment] = []
    for segment in marked:
        text = _BREAKS.sub(" ", segment.text)
        if utf16(text) > limit:
            kept.append(Segment(fit(text, limit), segment.marked))
            break
        kept.append(Segment(text, segment.marked))
        limit -= utf16(text)
    return [segment for segment in kept if segment.text]


def _nothing(
    tr: Translator,
    text: str,
    found: SearchPage,
    number: int,
    *,
    now: int,
    kept: Mapping[str, int],
) -> Post:
    """The answer when nothing was found: similar words of the archive, and what is new."""
    if number:
        words = tr.html("🔎 {query}: no more results.", query=_bold(text))
        return Post(words, keyboard=_turning(tr, text, kept, 1, more=False))
    parts = [
        tr.html(
            "🔎 Nothing found for {query}. Try fewer or different words, or leave out quotes and "
            "filters.",
            query=_bold(text),
        ),
        *_notes(tr, text, found),
    ]
    if found.nearest:
        words = join(", ", [_bold(word) for word in found.nearest])
        parts.append(tr.html("Words in the archive: {words}", words=words))
    if found.newest:
        parts.append(tr.html("📰 <b>Latest news</b>"))
        parts += _headlines(tr, found.newest, now=now)
    numbers = _numbered(1, [one.id for one in found.newest])
    near = [(word, word) for word in found.nearest]
    return Post(
        Html("\n\n".join(parts)),
        keyboard=(*numbers, *_others(tr, text, found, kept), *_asking(near, kept)),
    )


# --- buttons --------------------------------------------------------------------------------------


def _numbered(first: int, ids: Sequence[ArticleId]) -> Keyboard:
    buttons = tuple(
        Button(str(place), data=callbacks.open_article(article_id))
        for place, article_id in enumerate(ids, start=first)
    )
    width = _ONE_ROW if len(buttons) <= _ONE_ROW else _ROW
    return tuple(buttons[at : at + width] for at in range(0, len(buttons), width))


def _turning(
    tr: Translator, text: str, kept: Mapping[str, int], number: int, *, more: bool
) -> Keyboard:
    back = _payload(text, kept, number - 1) if number else None
    on = _payload(text, kept, number + 1) if more else None
    return turning(tr, back or "", on or "")


def _similar(tr: Translator, text: str, found: SearchPage, kept: Mapping[str, int]) -> Keyboard:
    """A button for each result that has others on its story."""
    buttons = [
        Button(f"{place}: {_again(tr, hit)}", data=payload)
        for place, hit in enumerate(found.hits, start=found.offset + 1)
        if hit.similar and (payload := _payload(similar_to(text, hit.article_id), kept, 0))
    ]
    rows = range(0, len(buttons), _SIMILAR_ROW)
    return tuple(tuple(buttons[at : at + _SIMILAR_ROW]) for at in rows)


def _others(tr: Translator, text: str, found: SearchPage, kept: Mapping[str, int]) -> Keyboard:
    """Buttons back from a repair, and on to what may have been meant."""
    ways = []
    if (whole := without_story(text)) != clean(text):
        ways.append((tr.gettext("All results"), whole))
    if found.period:
        ways.append((tr.gettext("Search all times"), found.period.at_all_times))
    if found.repairs:
        label = tr.gettext("Search exactly: {words}", words=found.mistyped)
        ways.append((label, _exactly(text, found)))
    if found.maybe:
        meant = _meant(text, found.maybe)
        ways.append((tr.gettext("Yes, search {words}", words=meant), meant))
    return _asking(ways, kept)


def _asking(ways: Sequence[tuple[str, str]], kept: Mapping[str, int]) -> Keyboard:
    """A row for each label and the query it asks for."""
    return tuple(
        (Button(fit(label, _LABEL), data=payload),)
        for label, text in ways
        if (payload := _payload(text, kept, 0))
    )


def _payload(text: str, kept: Mapping[str, int], number: int) -> str | None:
    if fits(text):
        return callbacks.encode(Press(PressKind.SEARCH, (number,), clean(text)))
    token = kept.get(text)
    return (
        None if token is None else callbacks.encode(Press(PressKind.SEARCH_KEPT, (number, token)))
    )

"""Where an article goes: for each channel and group whether it gets it, and why not. Pure.

The same steps as a broadcast takes: whether the bot can write there, whether it is active, its
topics, its filter, then what its preferences make of it now (`bot.core.readers.choice`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.html import Html, fill, join
from bot.core.language import Translator
from bot.core.model import ChatKind
from bot.core.names import clean_name
from bot.core.posts.content_kinds import KeptFor
from bot.core.readers import filters
from bot.core.readers.choice import Kept, News, Passed, choose
from bot.core.readers.filters import ArticleWords
from bot.core.readers.preferences import Preferences
from bot.core.text import TEXT_LIMIT, fit, utf16

_NAME, _TOPICS, _FILTER = 60, 100, 80
_CHANNEL, _GROUP = "📣", "👥"
_NAMED = 2
"""The most names of chats that do not get it, on one line of a list."""


@dataclass(frozen=True, slots=True)
class ChannelRoute:
    """A channel or group that subscribed, or a topic of its forum."""

    title: str
    username: str
    kind: ChatKind
    thread: int
    wants: Preferences
    everything: bool
    topics: tuple[str, ...]
    """It wants only these topics; with `everything`, all but these."""
    on_topic: bool
    """The article has one of them."""
    active: bool = True
    gone: bool = False
    delivery: str = ""
    """The state of its post's `delivery`; empty if there is none."""
    posted_today: int = 0
    rests: bool = False
    """Telegram lets nobody write there for now."""


@dataclass(frozen=True, slots=True)
class Reach:
    """An article, and all chats that it may reach."""

    number: int
    found: Sequence[ChannelRoute]
    words: ArticleWords
    news: News
    private: int = 0
    """The number of private chats whose topics it fits."""
    out: bool = False
    """It has been announced."""


def message(one: Reach, tr: Translator, *, now: int) -> Html:
    """Where an article goes, or went: each channel and group with the reason."""
    ways = _ways(one, tr, now)
    head = tr.html("🧭 <b>Where #{id} goes</b>", id=one.number)
    people = tr.nhtml(
        "👤 {n} private chat whose topics it fits",
        "👤 {n} private chats whose topics it fits",
        one.private,
    )
    lines = [_line(way) for way in sorted(ways, key=lambda way: not way.goes)]
    if not lines:
        lines = [tr.html("No channel or group has subscribed.")]
    text = join("\n", [head, people])
    for at, line in enumerate(lines):
        longer = join("\n", [text, line])
        if utf16(longer) > TEXT_LIMIT - 60:
            return join("\n", [text, tr.html("… and {n} more", n=tr.number(len(lines) - at))])
        text = longer
    return text


def summary(one: Reach, tr: Translator, *, now: int) -> Html:
    """The same on one line, with the symbols of `message`: how many of each kind get it, and the
    first that do not. Empty if there is nothing to say: it is out, and goes only to private
    chats."""
    ways = _ways(one, tr, now)
    goes = Counter(_sign(way.route) for way in ways if way.goes)
    counts = [
        ("👤", 0 if one.out else one.private),
        *((sign, goes[sign]) for sign in (_CHANNEL, _GROUP)),
    ]
    told = [f"{sign} {tr.number(count)}" for sign, count in counts if count]
    left = [way for way in ways if not way.goes]
    names = [f"{_name(way.route)} ({way.reason})" for way in left[:_NAMED]]
    if len(left) > _NAMED:
        names.append(f"+{tr.number(len(left) - _NAMED)}")
    if names:
        told.append(f"✗ {tr.listed(names)}")
    if not told and one.out:
        return Html("")
    return fill("→ {where}", where=tr.line(told) or "👤 0")


def _ways(one: Reach, tr: Translator, now: int) -> list[_Way]:
    return [
        _Way(route, *_reason(route, one.words, one.news, tr, out=one.out, now=now))
        for route in one.found
    ]


@dataclass(frozen=True, slots=True)
class _Way:
    route: ChannelRoute
    goes: bool
    reason: str


def _line(way: _Way) -> Html:
    route = way.route
    name = _name(route)
    if route.username:
        name = f"{name} (@{route.username})"
    if route.thread:
        name = f"{name} #{route.thread}"
    mark, sign = "✓" if way.goes else "✗", _sign(route)
    return fill("{mark} {sign} {name}: {why}", mark=mark, sign=sign, name=name, why=way.reason)


def _sign(route: ChannelRoute) -> str:
    return _CHANNEL if route.kind is ChatKind.CHANNEL else _GROUP


def _name(route: ChannelRoute) -> str:
    return fit(clean_name(route.title), _NAME) or "…"


def _reason(
    one: ChannelRoute, words: ArticleWords, news: News, tr: Translator, *, out: bool, now: int
) -> tuple[bool, str]:
    """Whether it goes there, and how or why not."""
    if one.delivery == "sent":
        return True, tr.gettext("posted")
    if unwanted := _unreachable(one, tr) or _unwanted(one, words, tr):
        return False, unwanted
    if one.delivery in _COMING:
        return True, tr.gettext("on its way")
    if one.delivery:
        return False, tr.gettext("Telegram refused it there")
    if out:
        return False, tr.gettext("it subscribed later, or kept it for its digest")
    return _choice(one, news, tr, now)


_COMING = frozenset({"due", "claimed", "unknown"})


def _unreachable(one: ChannelRoute, tr: Translator) -> str:
    if one.gone:
        return tr.gettext("the bot is no longer there")
    if not one.active:
        return tr.gettext("paused")
    return tr.gettext("closed at the moment") if one.rests else ""


def _unwanted(one: ChannelRoute, words: ArticleWords, tr: Translator) -> str:
    names = fit(tr.listed(one.topics), _TOPICS)
    if one.everything and one.on_topic:
        return tr.gettext("wants all but {topics}", topics=names)
    if not one.everything and not one.on_topic:
        return tr.gettext("wants only {topics}", topics=names)
    if not filters.fits(one.wants, words):
        return tr.gettext("its filter: {filter}", filter=fit(one.wants.filter, _FILTER))
    return ""


def _choice(one: ChannelRoute, news: News, tr: Translator, now: int) -> tuple[bool, str]:
    match choose(one.wants, news, fits=True, posted_today=one.posted_today, now=now):
        case Kept(KeptFor.DIGEST):
            return True, tr.gettext("with its digest")
        case Kept(KeptFor.QUIET):
            return True, tr.gettext("after its quiet hours")
        case Kept(KeptFor.LIMIT):
            return True, tr.gettext("in the evening: it has reached its daily limit")
        case Passed():
            return False, tr.gettext("wants breaking news only")
    return True, tr.gettext("as a post")

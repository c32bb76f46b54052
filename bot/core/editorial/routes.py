"""Where an article goes: for each channel and group whether it gets it, and why not. Pure.

The same steps as a broadcast takes: there at all, active, its topics, its filter, then what its
preferences make of it now (`bot.core.readers.choice`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.html import Html, fill, join
from bot.core.language import Translator
from bot.core.model import ChatKind
from bot.core.posts.content_kinds import KeptFor
from bot.core.readers import filters
from bot.core.readers.choice import Kept, News, Passed, choose
from bot.core.readers.filters import ArticleWords
from bot.core.readers.preferences import Preferences
from bot.core.text import TEXT_LIMIT, fit, utf16

_NAME, _TOPICS, _FILTER = 60, 100, 80


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
    """It wants only these; with `everything`, all but these."""
    on_topic: bool
    """The article has one of them."""
    active: bool = True
    gone: bool = False
    delivery: str = ""
    """How far its post has come, as a state of `delivery`; empty where there is none."""
    posted_today: int = 0
    rests: bool = False
    """Telegram lets nobody write there for now."""


def message(
    number: int,
    found: Sequence[ChannelRoute],
    words: ArticleWords,
    news: News,
    tr: Translator,
    *,
    private: int,
    out: bool,
    now: int,
) -> Html:
    """Where article `number` goes, or went. `private`: private chats whose topics it fits."""
    ways = [_Way(one, *_reason(one, words, news, tr, out=out, now=now)) for one in found]
    head = tr.html("🧭 <b>Where #{id} goes</b>", id=number)
    people = tr.nhtml(
        "👤 {n} private chat whose topics it fits",
        "👤 {n} private chats whose topics it fits",
        private,
    )
    lines = [_line(one) for one in sorted(ways, key=lambda one: not one.goes)]
    if not lines:
        lines = [tr.html("No channel or group has subscribed.")]
    text = join("\n", [head, people])
    for at, one in enumerate(lines):
        longer = join("\n", [text, one])
        if utf16(longer) > TEXT_LIMIT - 60:
            return join("\n", [text, tr.html("… and {n} more", n=tr.number(len(lines) - at))])
        text = longer
    return text


@dataclass(frozen=True, slots=True)
class _Way:
    route: ChannelRoute
    goes: bool
    reason: str


def _line(way: _Way) -> Html:
    route = way.route
    sign = "📣" if route.kind is ChatKind.CHANNEL else "👥"
    name = fit(route.title, _NAME) or "…"
    if route.username:
        name = f"{name} (@{route.username})"
    if route.thread:
        name = f"{name} #{route.thread}"
    mark = "✓" if way.goes else "✗"
    return fill("{mark} {sign} {name}: {why}", mark=mark, sign=sign, name=name, why=way.reason)


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
    names = fit(", ".join(one.topics), _TOPICS)
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
            return True, tr.gettext("in the evening: its limit of the day is reached")
        case Passed():
            return False, tr.gettext("wants breaking news only")
    return True, tr.gettext("as a post")

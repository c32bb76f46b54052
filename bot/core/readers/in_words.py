"""What a chat asked for, in a sentence: the same after a command and in the panel. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bot.core.hours import Hours
from bot.core.language import Translator
from bot.core.readers.filters import Problem
from bot.core.readers.preferences import EVERY_DAY, Digest, Preferences
from bot.core.search.query import SearchQuery, Term, parse
from bot.core.text import cut, one_spaced

_LISTED = 25
"""So many topics are named; the rest are counted."""
_QUOTED = 64
"""So many characters of what was typed are repeated."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which articles a chat gets. `topics`: those it gets, or, with `everything`, those it does
    not; `filter`: words in the language of /search that each has to match."""

    active: bool = False
    everything: bool = True
    topics: tuple[str, ...] = ()
    filter: str = ""


def chosen(one: Chosen, tr: Translator) -> str:
    """What a chat gets now, in one line."""
    over = len(one.topics) - _LISTED
    names = tr.listed([*one.topics[:_LISTED], *([f"… +{over}"] if over > 0 else [])])
    if not one.active:
        return tr.gettext("Not subscribed.")
    if one.filter:
        found = asked(parse(one.filter, tr.zone), tr)
        if names:
            found = tr.listed((found, tr.gettext("except {topics}", topics=names)))
        return tr.gettext("Subscribed: news {filter}", filter=found)
    if not one.everything:
        return tr.gettext("Subscribed: {topics}", topics=names)
    if names:
        return tr.gettext("Subscribed: all news except {topics}", topics=names)
    return tr.gettext("Subscribed: all news")


def asked(query: SearchQuery, tr: Translator) -> str:
    """A filter read back: `with beras, “harga beras”, on ekonomi, from antara, without iklan`."""
    phrases = {
        tr.gettext("with {words}"): _words(query.terms),
        tr.gettext("on {words}"): [*query.topics.wanted, *(f"#{tag}" for tag in query.tags)],
        tr.gettext("from {words}"): query.sources.wanted,
        tr.gettext("by {words}"): query.authors.wanted,
        tr.gettext("without {words}"): _words(query.without),
        tr.gettext("not on {words}"): query.topics.unwanted,
        tr.gettext("not from {words}"): query.sources.unwanted,
        tr.gettext("not by {words}"): query.authors.unwanted,
    }
    return tr.listed(
        phrase.format(words=tr.listed(words)) for phrase, words in phrases.items() if words
    )


def _words(terms: Sequence[Term]) -> list[str]:
    return [f"“{' '.join(one.words)}”" if one.exact else " ".join(one.words) for one in terms]


def unreadable(problem: Problem, word: str, tr: Translator) -> str:
    """Why a filter cannot be kept, in one sentence that says what to do."""
    match problem:
        case Problem.LONG:
            return tr.gettext("A filter can have up to 256 characters and 11 words.")
        case Problem.DATES:
            return tr.gettext("News that is still to come has no date: please leave the dates out.")
        case Problem.FIELD:
            return tr.gettext(
                "“{word}:” is unknown. You can use topic:, source: and author:, "
                "“exact phrase”, and -word for what you don't want.",
                word=word,
            )
        case Problem.LINK:
            return tr.gettext("An address isn't a filter: please use words, topics or sources.")
        case Problem.EMPTY:
            return tr.gettext(
                "That isn't clear. For example: /subscribe topic:economy -football source:antara"
            )


def not_understood(text: str, tr: Translator) -> str:
    """That a choice could not be read, before what is in force; empty if nothing was typed."""
    typed = cut(one_spaced(text), _QUOTED)
    if not typed:
        return ""
    return tr.gettext("“{text}” was not understood; nothing has changed.", text=typed) + "\n"


def digest(wants: Preferences, tr: Translator) -> str:
    """`One summary a day at 07:00 ...`, or that articles come one by one."""
    one = wants.digest
    if one is None:
        return tr.gettext("🗞 No digest: articles come one by one.")
    at = tr.clock(one.minute)
    if one.days == EVERY_DAY:
        return tr.gettext("🗞 Every day at {time}: one summary in place of single posts.", time=at)
    days = tr.weekdays(one.days)  # small in many languages; here it begins a sentence
    return tr.gettext(
        "🗞 {days} at {time}: one summary in place of single posts.",
        days=days[:1].upper() + days[1:],
        time=at,
    )


def quiet(wants: Preferences, tr: Translator) -> str:
    if wants.quiet is None:
        return tr.gettext("🌙 No quiet hours: articles come at any time.")
    return tr.gettext(
        "🌙 Quiet from {begin} to {end}. What appears then comes afterwards.",
        begin=tr.clock(wants.quiet.begin),
        end=tr.clock(wants.quiet.end),
    )


def limit(wants: Preferences, tr: Translator) -> str:
    if wants.limit is None:
        return tr.gettext("🔢 No limit: every article is posted.")
    return tr.ngettext(
        "🔢 At most {n} post a day. The rest comes as one summary in the evening.",
        "🔢 At most {n} posts a day. The rest comes as one summary in the evening.",
        wants.limit,
    )


def breaking(wants: Preferences, tr: Translator) -> str:
    if not wants.breaking_only:
        return tr.gettext("⚡ All news, not only breaking news.")
    if wants.digest is not None:
        return tr.gettext("⚡ Only breaking news as posts; the rest comes in the digest.")
    return tr.gettext("⚡ Only breaking news. The rest stays in /latest and /search.")


def pictures(wants: Preferences, tr: Translator) -> str:
    if wants.pictures:
        return tr.gettext("🖼 Articles come with their picture.")
    return tr.gettext("🖼 Articles come without pictures.")


def sound(wants: Preferences, tr: Translator) -> str:
    if wants.silent:
        return tr.gettext("🔕 News comes without sound.")
    return tr.gettext("🔊 News comes with sound.")


def digest_time(one: Digest | None, tr: Translator) -> str:
    """When a digest comes; empty for none."""
    if one is None:
        return ""
    if one.days == EVERY_DAY:
        return tr.gettext("every day at {time}", time=tr.clock(one.minute))
    return tr.gettext("{days} at {time}", days=tr.weekdays(one.days), time=tr.clock(one.minute))


def hours(one: Hours | None, tr: Translator) -> str:
    """`22:00–06:00`; empty for none."""
    return f"{tr.clock(one.begin)}–{tr.clock(one.end)}" if one else ""


def place(zone: tzinfo, now: int, tr: Translator) -> str:
    """A zone by its city, with what its clocks show now."""
    there = datetime.fromtimestamp(now, UTC).astimezone(zone)
    return f"{tr.city(zone)} {tr.clock(there.hour * 60 + there.minute)}"

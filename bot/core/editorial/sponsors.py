"""`/sponsor`: what an editor writes becomes an advertisement, and the list of them. Pure.

https://shop.example 2026-12-01..2026-12-31 every:5 TEXT
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from urllib.parse import urlsplit

from bot.core.html import Html, join, link
from bot.core.language import Translator
from bot.core.links import fits_button
from bot.core.posts.sponsors import TEXT_LIMIT, Sponsor
from bot.core.text import whole_number

EVERY = 5
"""Under every fifth post of a chat, if nothing else is written."""
_EVERY, _MOST_EVERY = "every:", 100


class SponsorFault(StrEnum):
    """What is wrong with an editor's text."""

    ADDRESS = "address"
    DATES = "dates"
    OVER = "over"  # it would already have ended
    EVERY = "every"
    EMPTY = "empty"
    LONG = "long"


def parse(text: str, *, now: int, zone: tzinfo) -> Sponsor | SponsorFault:
    """The advertisement in an editor's text, or what is wrong with it. Days are whole ones in the
    newsroom's zone, the last one included."""
    address, _, rest = text.strip().partition(" ")
    days, _, rest = rest.strip().partition(" ")
    words = rest.split()
    if urlsplit(address).scheme not in {"http", "https"} or not fits_button(address):
        return SponsorFault.ADDRESS
    span = _span(days, zone)
    every = _every(words)
    said = " ".join(words[1:] if words and words[0].startswith(_EVERY) else words)
    if span is None or every is None:
        return SponsorFault.DATES if span is None else SponsorFault.EVERY
    if not said or len(said) > TEXT_LIMIT:
        return SponsorFault.LONG if said else SponsorFault.EMPTY
    new = Sponsor(0, address, said, *span, every)
    return SponsorFault.OVER if new.ends_at <= now else new


def _span(text: str, zone: tzinfo) -> tuple[int, int] | None:
    try:
        begin, end = (
            datetime.strptime(one, "%Y-%m-%d").replace(tzinfo=zone) for one in text.split("..")
        )
    except ValueError:
        return None
    if end < begin:
        return None
    return int(begin.timestamp()), int((end + timedelta(days=1)).timestamp())


def _every(words: Sequence[str]) -> int | None:
    if not words or not words[0].startswith(_EVERY):
        return EVERY
    number = whole_number(words[0].removeprefix(_EVERY), digits=3)
    return number if number is not None and 1 <= number <= _MOST_EVERY else None


def listing(found: Sequence[Sponsor], tr: Translator, *, tickers: int, now: int) -> Html:
    """`/sponsor list`: current, past and future advertisements, and how often each was shown."""
    if not found:
        return tr.html(
            "📢 No advertisements. <code>/sponsor add https://... 2026-12-01..2026-12-31 every:5 "
            "TEXT</code> adds one."
        )
    lines = [tr.html("📢 <b>Advertisements</b>"), *(_entry(one, tr, now) for one in found)]
    if tickers:
        lines.append(
            tr.nhtml(
                "The one running now is also in {n} pinned ticker.",
                "The one running now is also in {n} pinned tickers.",
                tickers,
            )
        )
    return join("\n\n", lines)


def _entry(one: Sponsor, tr: Translator, now: int) -> Html:
    head = tr.html(
        "<b>#{id}</b> · {begin} – {end} · {often} · {state}",
        id=one.id,
        begin=tr.date(one.begins_at),
        end=tr.date(one.ends_at - 1),
        often=how_often(one.every, tr),
        state=_state(one, tr, now),
    )
    shown = tr.nhtml("shown in {n} message", "shown in {n} messages", one.shown)
    return join("\n", [head, link(one.text, one.address), shown])


def how_often(every: int, tr: Translator) -> str:
    """Under which posts of a chat it appears."""
    if every == 1:
        return tr.gettext("under every post")
    return tr.gettext("under one post in {n}", n=tr.number(every))


def _state(one: Sponsor, tr: Translator, now: int) -> str:
    if one.stopped_at is not None:
        return tr.gettext("stopped")
    if now >= one.ends_at:
        return tr.gettext("ended")
    return tr.gettext("running") if now >= one.begins_at else tr.gettext("to come")


def complaint(fault: SponsorFault, tr: Translator) -> str:
    """What is wrong, in one sentence."""
    match fault:
        case SponsorFault.ADDRESS:
            return tr.gettext("The address of an advertisement begins with https:// or http://.")
        case SponsorFault.DATES:
            return tr.gettext(
                "Please write the days like this: 2026-12-01..2026-12-31 (the first and the last)."
            )
        case SponsorFault.OVER:
            return tr.gettext("These days have already passed.")
        case SponsorFault.EVERY:
            return tr.gettext("every: takes a number from 1 to {most}.", most=_MOST_EVERY)
        case SponsorFault.LONG:
            return tr.gettext("Its text can have up to {n} characters.", n=TEXT_LIMIT)
        case SponsorFault.EMPTY:
            return tr.gettext("What should it say? The text comes last.")

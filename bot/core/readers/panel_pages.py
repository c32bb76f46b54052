"""The pages of /settings for one choice each: what is in force, buttons to change it. Pure."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.hours import DAY, Hours
from bot.core.html import Html, escape, join
from bot.core.keyboards import grid, in_order, step
from bot.core.language import Translator
from bot.core.model import Button, Keyboard
from bot.core.readers import in_words
from bot.core.readers import panel_parts as parts
from bot.core.readers.panel_parts import InForce, Page
from bot.core.readers.preferences import EVERY_DAY, Digest
from bot.core.readers.wishes import MOST_POSTS
from bot.core.text import fit

_MORNING = Digest(7 * 60)
"""The starting point for choosing days or times."""
_DIGESTS = (6 * 60, 7 * 60, 8 * 60, 12 * 60, 17 * 60, 20 * 60)
_NIGHTS = ((21, 6), (22, 6), (22, 7), (23, 7), (0, 6))
_LIMITS = (3, 5, 10, 20, 50)
_WORKDAYS, _WEEKEND = 0b0011111, 0b1100000
ZONES = (
    "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Kuala_Lumpur", "Asia/Singapore",
    "Asia/Bangkok", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Tokyo", "Asia/Seoul", "Asia/Kolkata",
    "Asia/Dubai", "Asia/Riyadh", "Europe/Istanbul", "Europe/Moscow", "Africa/Cairo",
    "Europe/Berlin", "Europe/Madrid", "Europe/London", "America/Buenos_Aires", "America/New_York",
    "America/Mexico_City", "America/Los_Angeles", "Australia/Sydney",
)  # fmt: skip
"""Where readers live, offered as buttons; the newsroom's own zone comes first."""


_Page = tuple[Html, Keyboard]


def _digest_page(state: InForce, tr: Translator) -> _Page:
    one = state.wants.digest
    base = one or _MORNING

    def option(label: str, minute: int, days: int, *, on: bool) -> Button:
        return parts.option(state, label, Page.DIGEST, f"{minute}.{days}", on=on)

    times = [
        option(tr.clock(minute), minute, base.days, on=one is not None and one.minute == minute)
        for minute in _DIGESTS
    ]
    nearby = [
        [
            option(step(tr, tr.clock(minute), way * arrows), minute, base.days, on=False)
            for way in (-1, 1)
            for minute in [(base.minute + way * far) % DAY]
        ]
        for arrows, far in ((1, 15), (2, 60))
        if one is not None
    ]
    spans = [
        option(label, base.minute, days, on=one is not None and one.days == days)
        for label, days in (
            (tr.gettext("Every day"), EVERY_DAY),
            (tr.gettext("Monday to Friday"), _WORKDAYS),
            (tr.gettext("Weekend"), _WEEKEND),
        )
    ]
    hint = tr.html("Choose a time, and days if it should not come every day.")
    return join("\n\n", [escape(in_words.digest(state.wants, tr)), hint]), (
        *grid(tr, times, 3),
        *(in_order(tr, row) for row in nearby),
        *grid(tr, spans, 2),
        *grid(tr, [_day(state, one, day, tr) for day in range(7)], 4),
        (parts.off(state, tr, Page.DIGEST, on=one is None),),
    )


def _day(state: InForce, one: Digest | None, day: int, tr: Translator) -> Button:
    """A button that adds or removes a day (Monday is 0); without the last day there is no
    digest."""
    bit = 1 << day
    minute, days = (one.minute, one.days ^ bit) if one else (_MORNING.minute, bit)
    on = one is not None and bool(one.days & bit)
    value = f"{minute}.{days}" if days else "off"
    return parts.option(state, tr.weekday(day), Page.DIGEST, value, on=on)


def _quiet_page(state: InForce, tr: Translator) -> _Page:
    one = state.wants.quiet

    def option(label: str, hours: Hours) -> Button:
        value = f"{hours.begin}.{hours.end}"
        return parts.option(state, label, Page.QUIET, value, on=hours == one)

    nights = [Hours(begin * 60, end * 60) for begin, end in _NIGHTS]
    nearby = [
        [
            option(step(tr, in_words.hours(hours, tr), way * arrows), hours)
            for way in (-1, 1)
            for hours in [Hours((one.begin + way * begin) % DAY, (one.end + way * end) % DAY)]
            if hours.begin != hours.end
        ]
        for arrows, begin, end in ((1, 15, 0), (2, 60, 0), (1, 0, 15), (2, 0, 60))
        if one is not None
    ]
    return escape(in_words.quiet(state.wants, tr)), (
        *grid(tr, [option(in_words.hours(hours, tr), hours) for hours in nights], 2),
        *(in_order(tr, row) for row in nearby),
        (parts.off(state, tr, Page.QUIET, on=one is None),),
    )


def _limit_page(state: InForce, tr: Translator) -> _Page:
    one = state.wants.limit
    options = [
        parts.option(state, tr.number(n), Page.LIMIT, str(n), on=one == n)
        for n in sorted({*_LIMITS, *([one] if one else [])})
    ]
    nearby = [
        parts.option(state, step(tr, tr.number(n), way), Page.LIMIT, str(n), on=False)
        for way in (-1, 1)
        for n in [(one or 0) + way]
        if one is not None and 0 < n <= MOST_POSTS
    ]
    return escape(in_words.limit(state.wants, tr)), (
        *grid(tr, options, 3),
        *((in_order(tr, nearby),) if nearby else ()),
        (parts.off(state, tr, Page.LIMIT, on=one is None),),
    )


def _breaking_page(state: InForce, tr: Translator) -> _Page:
    text = escape(in_words.breaking(state.wants, tr))
    return text, parts.switch(state, tr, Page.BREAKING, on=state.wants.breaking_only)


def _ticker_page(state: InForce, tr: Translator) -> _Page:
    return (
        tr.html("📌 A pinned message with the 7 newest headlines that keeps itself up to date."),
        parts.switch(state, tr, Page.TICKER, on=state.ticker),
    )


def _pictures_page(state: InForce, tr: Translator) -> _Page:
    text = escape(in_words.pictures(state.wants, tr))
    return text, parts.switch(state, tr, Page.PICTURES, on=state.wants.pictures)


def _sound_page(state: InForce, tr: Translator) -> _Page:
    text = escape(in_words.sound(state.wants, tr))
    return text, parts.switch(state, tr, Page.SOUND, on=not state.wants.silent)


def _language_page(state: InForce, tr: Translator) -> _Page:
    names = [
        parts.option(state, name, Page.LANGUAGE, code, on=code == state.language)
        for code, name in state.languages
    ]
    return tr.html("🌐 The language of posts, dates and answers in this chat."), grid(tr, names, 2)


def _zone_page(state: InForce, tr: Translator) -> _Page:
    """The page of time zones. `default` in a payload is the newsroom's own zone at the time of the
    press."""
    here = getattr(state.wants.zone, "key", "")
    newsroom = getattr(tr.zone, "key", "")
    names = [
        parts.option(
            state, in_words.place(ZoneInfo(name), state.now, tr), Page.ZONE, name, on=name == here
        )
        for name in dict.fromkeys([*([newsroom] if newsroom else []), here, *ZONES])
        if name
    ]
    text = tr.html(
        "🕐 <b>{zone}</b>\nDigests, quiet hours and daily limits follow this clock.",
        zone=in_words.place(state.wants.zone, state.now, tr),
    )
    return text, grid(tr, names, 2)


def _signature_page(state: InForce, tr: Translator) -> _Page:
    names = [
        parts.option(state, fit(name, 30), Page.SIGNATURE, sign, on=sign == state.sign)
        for sign, name in state.signs
    ]
    text = tr.html(
        "✍️ Your next comments will be signed “{name}”. You can choose otherwise for each one.",
        name=dict(state.signs).get(state.sign, "?"),
    )
    return text, grid(tr, names, 1)


PAGES = {
    Page.DIGEST: _digest_page,
    Page.QUIET: _quiet_page,
    Page.LIMIT: _limit_page,
    Page.BREAKING: _breaking_page,
    Page.TICKER: _ticker_page,
    Page.PICTURES: _pictures_page,
    Page.SOUND: _sound_page,
    Page.LANGUAGE: _language_page,
    Page.ZONE: _zone_page,
    Page.SIGNATURE: _signature_page,
}

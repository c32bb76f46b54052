"""/settings as buttons: one message that shows what is in force, and a page for each choice. Pure.

main ── digest, quiet, limit, breaking, ticker, pictures, sound, language, zone, signature
     └─ topics and alerts, which have pages of their own (`topic_pages`, handlers)

A button says what shall be (`limit=10`), never "change it": a press on a panel from last week does
what it says. Its payload names the chat (0: where it stands) and the forum topic, since Telegram
does not tell any more what a very old message is and where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.callbacks import Press, PressKind, encode
from bot.core.hours import Hours
from bot.core.html import Html, escape, fill, join
from bot.core.language import Translator
from bot.core.model import Button, Keyboard, Post, in_rows
from bot.core.readers import in_words, wishes
from bot.core.readers.in_words import Chosen
from bot.core.readers.preferences import EVERY_DAY, Digest, Preferences
from bot.core.readers.wishes import Off, Unclear
from bot.core.text import fit, whole_number

DAY = 24 * 60
_MORNING = Digest(7 * 60)
"""Where a choice of days or times begins."""
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


class Page(StrEnum):
    """What a panel can show."""

    MAIN = "main"
    TOPICS = "topics"
    ALERTS = "alerts"
    DIGEST = "digest"
    QUIET = "quiet"
    LIMIT = "limit"
    BREAKING = "breaking"
    TICKER = "ticker"
    PICTURES = "pictures"
    SOUND = "sound"
    LANGUAGE = "language"
    ZONE = "zone"
    SIGNATURE = "sign"


@dataclass(frozen=True, slots=True)
class InForce:
    """What is in force for a chat, or a forum topic. `chat` and `thread` are for the payloads;
    `name` is that of a channel that is set up from elsewhere."""

    wants: Preferences
    chosen: Chosen
    now: int
    language: str
    languages: tuple[tuple[str, str], ...]
    """Codes, each with its own name."""
    chat: int = 0
    thread: int = 0
    name: str = ""
    alerts: int = 0
    ticker: bool = False
    signs: tuple[tuple[str, str], ...] = ()
    """How comments can be signed, with what that looks like; empty where nobody comments."""
    sign: str = ""


def panel(page: Page, state: InForce, tr: Translator) -> Post:
    """One page as a message. Topics and alerts are told elsewhere: here they are the main page."""
    if page in {Page.MAIN, Page.TOPICS, Page.ALERTS}:
        return _main(state, tr)
    text, rows = _PAGES[page](state, tr)
    return Post(join("\n", [_heading(state), text]), keyboard=(*rows, back(state, tr)))


def back(state: InForce, tr: Translator) -> tuple[Button, ...]:
    """The way to the main page."""
    return (_button(state, tr.gettext("« Settings"), Page.MAIN),)


def chosen_page(data: Press) -> tuple[Page, str] | None:
    """The page that a payload is about, and what it sets (empty: nothing, it only leads there)."""
    name, _, value = data.word.partition("=")
    return (Page(name), value) if name in set(Page) else None


# --- the main page --------------------------------------------------------------------------------


def _heading(state: InForce) -> Html:
    return fill("📢 <b>{name}</b>\n", name=state.name) if state.name else Html("")


def _main(state: InForce, tr: Translator) -> Post:
    labels = {
        Page.TOPICS: tr.gettext("🔔 Topics"),
        Page.ALERTS: tr.gettext("👀 Following"),
        Page.DIGEST: tr.gettext("🗞 Digest"),
        Page.QUIET: tr.gettext("🌙 Quiet hours"),
        Page.LIMIT: tr.gettext("🔢 Limit a day"),
        Page.BREAKING: tr.gettext("⚡ Breaking news"),
        Page.TICKER: tr.gettext("📌 Ticker"),
        Page.PICTURES: tr.gettext("🖼 Pictures"),
        Page.SOUND: tr.gettext("🔊 Sound"),
        Page.LANGUAGE: tr.gettext("🌐 Language"),
        Page.ZONE: tr.gettext("🕐 Time zone"),
    }
    if state.signs:
        labels[Page.SIGNATURE] = tr.gettext("✍️ Signature")
    buttons = [_button(state, label, page) for page, label in labels.items()]
    text = [_heading(state), tr.html("⚙️ <b>Settings</b>\n"), *map(escape, _lines(state, tr))]
    return Post(join("\n", text), keyboard=in_rows(buttons, 2))


def _lines(state: InForce, tr: Translator) -> Iterable[str]:
    wants, on, off = state.wants, tr.gettext("on"), tr.gettext("off")
    yield f"🔔 {in_words.chosen(state.chosen, tr)}"
    yield tr.gettext("👀 Following: {n}", n=tr.number(state.alerts))
    yield tr.gettext("🗞 Digest: {when}", when=_digest(wants.digest, tr) or off)
    yield tr.gettext("🌙 Quiet hours: {hours}", hours=_hours(wants.quiet, tr) or off)
    yield tr.gettext("🔢 Limit a day: {n}", n=off if wants.limit is None else wants.limit)
    yield tr.gettext("⚡ Only breaking news: {state}", state=on if wants.breaking_only else off)
    yield tr.gettext("📌 Ticker: {state}", state=on if state.ticker else off)
    yield tr.gettext("🖼 Pictures: {state}", state=on if wants.pictures else off)
    yield tr.gettext("🔊 Sound: {state}", state=off if wants.silent else on)
    yield tr.gettext("🌐 Language: {name}", name=dict(state.languages).get(state.language, "?"))
    yield tr.gettext("🕐 Time zone: {zone}", zone=_place(wants.zone, state.now, tr))
    if state.signs:
        yield tr.gettext("✍️ Comments signed: {name}", name=dict(state.signs).get(state.sign, "?"))


def _digest(one: Digest | None, tr: Translator) -> str:
    if one is None:
        return ""
    if one.days == EVERY_DAY:
        return tr.gettext("every day at {time}", time=tr.clock(one.minute))
    return tr.gettext("{days} at {time}", days=tr.weekdays(one.days), time=tr.clock(one.minute))


def _hours(one: Hours | None, tr: Translator) -> str:
    return f"{tr.clock(one.begin)}–{tr.clock(one.end)}" if one else ""


# --- pages of one choice --------------------------------------------------------------------------

_Page = tuple[Html, Keyboard]


def _digest_page(state: InForce, tr: Translator) -> _Page:
    one = state.wants.digest
    base = one or _MORNING

    def option(label: str, minute: int, days: int, *, on: bool) -> Button:
        return _option(state, label, Page.DIGEST, f"{minute}.{days}", on=on)

    times = [
        option(tr.clock(minute), minute, base.days, on=one is not None and one.minute == minute)
        for minute in _DIGESTS
    ]
    nearby = [
        option(form.format(tr.clock(minute)), minute, base.days, on=False)
        for form, step in (("◀◀ {}", -60), ("◀ {}", -15), ("{} ▶", 15), ("{} ▶▶", 60))
        for minute in [(base.minute + step) % DAY]
    ]
    spans = [
        option(label, base.minute, days, on=one is not None and one.days == days)
        for label, days in (
            (tr.gettext("Every day"), EVERY_DAY),
            (tr.gettext("Monday to Friday"), _WORKDAYS),
            (tr.gettext("Weekend"), _WEEKEND),
        )
    ]
    single = [
        option(name, base.minute, days, on=one is not None and one.days == days)
        for name, days in ((tr.weekday(day), 1 << day) for day in range(7))
    ]
    hint = tr.html("Choose a time, and days if it should not come every day.")
    return join("\n\n", [escape(in_words.digest(state.wants, tr)), hint]), (
        *in_rows(times, 3),
        *((tuple(nearby),) if one else ()),
        *in_rows(spans, 2),
        *in_rows(single, 4),
        (_off(state, tr, Page.DIGEST, on=one is None),),
    )


def _quiet_page(state: InForce, tr: Translator) -> _Page:
    one = state.wants.quiet

    def option(label: str, hours: Hours) -> Button:
        value = f"{hours.begin}.{hours.end}"
        return _option(state, label, Page.QUIET, value, on=hours == one)

    nights = [Hours(begin * 60, end * 60) for begin, end in _NIGHTS]
    nearby = (
        []
        if one is None
        else [
            option(form.format(_hours(hours, tr)), hours)
            for form, begin, end in (
                ("◀ {}", -60, 0),
                ("{} ▶", 60, 0),
                ("◀ {}", 0, -60),
                ("{} ▶", 0, 60),
            )
            for hours in [Hours((one.begin + begin) % DAY, (one.end + end) % DAY)]
            if hours.begin != hours.end
        ]
    )
    return escape(in_words.quiet(state.wants, tr)), (
        *in_rows([option(_hours(hours, tr), hours) for hours in nights], 2),
        *in_rows(nearby, 2),
        (_off(state, tr, Page.QUIET, on=one is None),),
    )


def _limit_page(state: InForce, tr: Translator) -> _Page:
    one = state.wants.limit
    options = [
        _option(state, tr.number(n), Page.LIMIT, str(n), on=one == n)
        for n in sorted({*_LIMITS, *([one] if one else [])})
    ]
    return escape(in_words.limit(state.wants, tr)), (
        *in_rows(options, 3),
        (_off(state, tr, Page.LIMIT, on=one is None),),
    )


def _breaking_page(state: InForce, tr: Translator) -> _Page:
    text = escape(in_words.breaking(state.wants, tr))
    return text, _switch(state, tr, Page.BREAKING, on=state.wants.breaking_only)


def _ticker_page(state: InForce, tr: Translator) -> _Page:
    return (
        tr.html("📌 A pinned message with the 7 newest headlines that keeps itself up to date."),
        _switch(state, tr, Page.TICKER, on=state.ticker),
    )


def _pictures_page(state: InForce, tr: Translator) -> _Page:
    text = escape(in_words.pictures(state.wants, tr))
    return text, _switch(state, tr, Page.PICTURES, on=state.wants.pictures)


def _sound_page(state: InForce, tr: Translator) -> _Page:
    text = escape(in_words.sound(state.wants, tr))
    return text, _switch(state, tr, Page.SOUND, on=not state.wants.silent)


def _language_page(state: InForce, tr: Translator) -> _Page:
    names = [
        _option(state, name, Page.LANGUAGE, code, on=code == state.language)
        for code, name in state.languages
    ]
    return tr.html("🌐 The language of posts, dates and answers in this chat."), in_rows(names, 2)


def _zone_page(state: InForce, tr: Translator) -> _Page:
    """`default` in a payload is the newsroom's own zone, whatever that is by then."""
    here = getattr(state.wants.zone, "key", "")
    newsroom = getattr(tr.zone, "key", "")
    names = [
        _option(state, _place(ZoneInfo(name), state.now, tr), Page.ZONE, name, on=name == here)
        for name in dict.fromkeys([*([newsroom] if newsroom else []), here, *ZONES])
        if name
    ]
    text = tr.html(
        "🕐 <b>{zone}</b>\nDigests, quiet hours and the day of a limit go by this clock.",
        zone=_place(state.wants.zone, state.now, tr),
    )
    return text, in_rows(names, 2)


def _signature_page(state: InForce, tr: Translator) -> _Page:
    names = [
        _option(state, fit(name, 30), Page.SIGNATURE, sign, on=sign == state.sign)
        for sign, name in state.signs
    ]
    text = tr.html(
        "✍️ Your next comments will be signed “{name}”. You can choose otherwise for each one.",
        name=dict(state.signs).get(state.sign, "?"),
    )
    return text, in_rows(names, 1)


_PAGES = {
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


def _place(zone: tzinfo, now: int, tr: Translator) -> str:
    """A zone by its city, with what its clocks show now."""
    there = datetime.fromtimestamp(now, UTC).astimezone(zone)
    return f"{tr.city(zone)} {tr.clock(there.hour * 60 + there.minute)}"


# --- buttons --------------------------------------------------------------------------------------


def _button(state: InForce, label: str, page: Page, value: str = "") -> Button:
    word = f"{page}={value}" if value else page.value
    return Button(label, data=encode(Press(PressKind.SETTING, (state.chat, state.thread), word)))


def _option(state: InForce, label: str, page: Page, value: str, *, on: bool) -> Button:
    return _button(state, ("✓ " if on else "") + label, page, value)


def _off(state: InForce, tr: Translator, page: Page, *, on: bool) -> Button:
    return _option(state, tr.gettext("Off"), page, "off", on=on)


def _switch(state: InForce, tr: Translator, page: Page, *, on: bool) -> Keyboard:
    choices = ((tr.gettext("On"), "on", on), (tr.gettext("Off"), "off", not on))
    return (tuple(_option(state, label, page, value, on=it) for label, value, it in choices),)


# --- what a payload asks for ----------------------------------------------------------------------


def changed(page: Page, value: str, wants: Preferences) -> Preferences | None:
    """What a chat asks for after a press; None for what no button of ours says, or what is kept
    elsewhere."""
    change = _CHANGES.get(page)
    return change(value, wants) if change else None


def _change_digest(value: str, wants: Preferences) -> Preferences | None:
    if value == "off":
        return replace(wants, digest=None)
    pair = _pair(value)
    if pair is None or pair[0] >= DAY or not 0 < pair[1] <= EVERY_DAY:
        return None
    return replace(wants, digest=Digest(*pair))


def _change_quiet(value: str, wants: Preferences) -> Preferences | None:
    if value == "off":
        return replace(wants, quiet=None)
    pair = _pair(value)
    if pair is None or max(pair) >= DAY or pair[0] == pair[1]:
        return None
    return replace(wants, quiet=Hours(*pair))


def _change_limit(value: str, wants: Preferences) -> Preferences | None:
    wanted = wishes.limit(value)
    if isinstance(wanted, Unclear):
        return None
    return replace(wants, limit=None if isinstance(wanted, Off) else wanted)


def _change_zone(value: str, wants: Preferences) -> Preferences | None:
    try:
        return replace(wants, zone=ZoneInfo(value))
    except (OSError, ValueError):  # no such zone, or the folder of several
        return None


def _pair(value: str) -> tuple[int, int] | None:
    first, _, second = value.partition(".")
    numbers = whole_number(first), whole_number(second)
    return None if numbers[0] is None or numbers[1] is None else (numbers[0], numbers[1])


def _change_flag(page: Page) -> Callable[[str, Preferences], Preferences | None]:
    def change(value: str, wants: Preferences) -> Preferences | None:
        on = {"on": True, "off": False}.get(value)
        if on is None:
            return None
        if page is Page.BREAKING:
            return replace(wants, breaking_only=on)
        return (
            replace(wants, pictures=on) if page is Page.PICTURES else replace(wants, silent=not on)
        )

    return change


_CHANGES: dict[Page, Callable[[str, Preferences], Preferences | None]] = {
    Page.DIGEST: _change_digest,
    Page.QUIET: _change_quiet,
    Page.LIMIT: _change_limit,
    Page.ZONE: _change_zone,
    **{page: _change_flag(page) for page in (Page.BREAKING, Page.PICTURES, Page.SOUND)},
}

"""What people type after /digest, /quiet, /limit and /breaking -> a wish. Knows words, no chats.

Languages add their words for days, on and off in their catalogue; English always works.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core import hours
from bot.core.hours import Hours
from bot.core.readers.preferences import EVERY_DAY, Digest

_TIME = re.compile(
    r"(?:(?:pukul|jam|at)\s+)?(\d{1,2})(?:[:.h](\d{2}))?(?:\s*(am|pm))?", re.IGNORECASE
)
_OFF = frozenset({"off", "mati", "0", "stop", "none", "tidak", "no"})
_ON = frozenset({"on", "nyala", "ya", "yes", "hidup", "aktif"})
_DAYS: dict[str, int] = {
    name: 1 << day
    for day, names in enumerate(
        (
            "mon monday sen senin isn isnin",
            "tue tuesday sel selasa",
            "wed wednesday rab rabu",
            "thu thursday kam kamis kha khamis",
            "fri friday jum jumat jum'at jumaat",
            "sat saturday sab sabtu",
            "sun sunday min minggu ahd ahad",
        )
    )
    for name in names.split()
}
_EVERY_WEEK = re.compile(
    r"(?<!,)(?<!, )\b(?:(?:se)?tiap minggu|every week|weekly|mingguan)\b(?!\s*,)"
)
"""Says how often, not when; beside a comma, `minggu` is one of several days."""
_WEEK = {"weekdays": 0b0011111, "workdays": 0b0011111, "kerja": 0b0011111, "weekend": 0b1100000}
MOST_POSTS = 100


@dataclass(frozen=True, slots=True)
class Off:
    """The option is to be switched off."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was meant is unclear."""


def digest(text: str) -> Digest | Off | Unclear:
    """`07:00`, `7.30 weekdays`, `senin 07:00`, `weekly monday 07:00`, `off`."""
    text = " ".join(text.lower().split())
    if text in _OFF:
        return Off()
    days, minute = _when(_EVERY_WEEK.sub(" ", text))
    if not days and _EVERY_WEEK.search(text):
        days, minute = _when(text)  # without another day, `tiap minggu` is every Sunday
    return Unclear() if minute is None else Digest(minute, days or EVERY_DAY)


def _when(text: str) -> tuple[int, int | None]:
    """The days (bits, none if no day is named) and the minute; None for an unclear text."""
    days, rest = 0, []
    for word in text.replace(",", " ").split():
        found = _DAYS.get(word) or _WEEK.get(word) or _span(word)
        if found:
            days |= found
        elif word not in {"hari", "every", "setiap", "tiap", "daily", "day", "days"}:
            rest.append(word)
    return days, time_of_day(" ".join(rest))


def quiet(text: str) -> Hours | Off | Unclear:
    """`22:00-06:00`, `22-6`, `off`."""
    if text.strip().lower() in _OFF:
        return Off()
    begin, _, end = re.sub(r"\s+(?:to|sampai|hingga|s/d|sd)\s+|[–—]", "-", text).partition("-")
    first, last = time_of_day(begin), time_of_day(end)
    if first is None or last is None or first == last:
        return Unclear()
    return hours.Hours(first, last)


def limit(text: str) -> int | Off | Unclear:
    """`10`: posts a day, at most 100; `off`."""
    word = text.strip().lower()
    if word in _OFF:
        return Off()
    if not (word.isascii() and word.isdigit() and len(word) < 4):
        return Unclear()
    wanted = int(word)
    return wanted if 1 <= wanted <= MOST_POSTS else Unclear()


def switch(text: str) -> bool | Unclear:
    """`on`, `off`."""
    word = text.strip().lower()
    if word in _ON:
        return True
    return False if word in _OFF else Unclear()


def time_of_day(text: str) -> int | None:
    """`07:00`, `7.30`, `19`, `7 pm` as minutes since midnight; None for what is no time."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _span(word: str) -> int:
    """`mon-fri`, `senin-jumat` as bits; 0 for what is none."""
    first, dash, last = word.replace("–", "-").partition("-")
    begin, end = _DAYS.get(first, 0), _DAYS.get(last, 0)
    if not dash or not begin or not end:
        return 0
    days, day = begin, begin
    while day != end:
        day = day << 1 if day < 1 << 6 else 1
        days |= day
    return days

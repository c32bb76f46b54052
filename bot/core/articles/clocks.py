"""The time of day and the zone written beside a date. Knows how people tell the time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "mest": 120, "eet": 120, "sast": 120, "eest": 180, "msk": 180,
    "trt": 180, "msd": 240, "gst": 240, "pkt": 300, "ist": 330, "npt": 345, "wib": 420, "ict": 420,
    "wita": 480, "sgt": 480, "hkt": 480, "awst": 480, "myt": 480, "pht": 480, "wit": 540,
    "jst": 540, "kst": 540, "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480,
    "hst": -600, "art": -180, "brt": -180,
}  # fmt: skip
"""Minutes east of Greenwich. No military letters: RFC 2822 says that nobody gets them right."""
_WITH_SUMMER_TIME = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}  # fmt: skip
_SPELT = {"barat": 420, "tengah": 480, "timur": 540}

_EARLY = "凌晨|清晨|早上|上午|午前|오전|早"
_LATE = "下午|午後|오후|傍晚|晚上|晚|夜"
_NOON = "中午|정오"
_BEFORE = rf"(?P<before>{_EARLY}|{_LATE}|{_NOON})"
_HALF = r"(?P<half>[ap]\.?\s?m\b\.?|pagi\b|siang\b|sore\b|malam\b|petang\b)"
_CLOCK = re.compile(
    rf"(?<![\d.+])(?:{_BEFORE}\s*)?(?P<hour>\d{{1,2}})"
    r"(?:\s?[:.h時时시点點]\s?(?P<minute>\d\d)(?!\d)|:(?P<short>\d)(?=:\d))"
    rf"(?:[:.分분]\s?(?P<second>\d{{1,2}})(?!\d)(?:[.,]\d+)?)?\s*{_HALF}?",
    re.IGNORECASE,
)
_HOUR = re.compile(
    rf"(?<![\d.:+])(?:(?:{_BEFORE}\s*)(?P<one>\d{{1,2}})(?![\d:])"
    rf"|(?:\b(?:pukul|jam)\s+)?(?P<two>\d{{1,2}})\s*(?:{_HALF}|[時时시点點](?!\d)|uhr\b)"
    r"|\b(?:pukul|jam)\s+(?P<three>\d{1,2})(?![\d:]))",
    re.IGNORECASE,
)
"""A time of which only the hour is given."""
_OFFSET = re.compile(r"(?:(?:gmt|utc|ut)\s*)?([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_LOST_PLUS = re.compile(r"\s?(\d{2}):(\d{2})$")
"""A `+` in an address is a space: `14:30:00 07:00`."""
_PLACE = re.compile(r"\b[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+){1,2}\b")
_INDONESIAN = re.compile(r"\bwaktu\s+indonesia\s+(barat|tengah|timur)\b", re.IGNORECASE)
_MOSCOW = re.compile(r"\bмск\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![^\W\d_])([A-Za-z]{1,5})(?![^\W\d_])")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `end` is where it ends in the text, 0 where there is none."""

    seconds: int = 0
    end: int = 0
    exact: bool = False
    """Its seconds are given."""


_NONE = Clock()


def clock_in(text: str) -> Clock:
    """The first time of day in a text; midnight if there is none."""
    found = _CLOCK.search(text)
    if found:
        minute, second = int(found["minute"] or found["short"]), int(found["second"] or 0)
        hour = _hour(int(found["hour"]), found["before"] or found["half"] or "")
        seconds = hour * 3600 + min(minute, 59) * 60 + min(second, 59)
        return Clock(seconds, found.end(), bool(found["second"]))
    found = _HOUR.search(text)
    if not found:
        return _NONE
    hour = int(found["one"] or found["two"] or found["three"])
    return Clock(_hour(hour, found["before"] or found["half"] or "") * 3600, found.end())


def zone_in(text: str, *, seconds: bool = False) -> tzinfo | None:
    """The zone that a text names after its time, None if it names none that exists. `seconds`: the
    time had seconds, so what follows is not part of it."""
    found = _OFFSET.search(text)
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        minutes = 0 if minutes > 14 * 60 else minutes if found[1] == "+" else -minutes
        return _east(minutes)
    lost = _LOST_PLUS.fullmatch(text) if seconds else None
    if lost and int(lost[1]) <= 14:
        return _east(int(lost[1]) * 60 + int(lost[2]))
    return _named(text)


def _named(text: str) -> tzinfo | None:
    place = _PLACE.search(text)
    if place:
        return _place(place.group())
    spelt = _INDONESIAN.search(text)
    if spelt:
        return _east(_SPELT[spelt[1].lower()])
    if _MOSCOW.search(text):
        return _east(_ZONES["msk"])
    for name in _NAME.findall(text):
        if name.lower() in _ZONES:
            return _east(_ZONES[name.lower()])
        if name.isupper() and name.lower() in _WITH_SUMMER_TIME:
            return _place(_WITH_SUMMER_TIME[name.lower()])
    return None


def _place(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _east(minutes: int) -> tzinfo:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _hour(hour: int, half: str) -> int:
    """A 12-hour clock's hour on the 24-hour clock: `7 malam`, `12:30 AM`, `下午9`."""
    hour, half = min(hour, 24), half.lower()
    if not half or hour > 12:
        return hour
    if half == "malam" and hour in {12, 1, 2, 3, 4}:  # at night, not in the evening
        return hour % 12
    if half == "siang" or half in _NOON.split("|"):
        return hour if hour >= 9 else hour + 12
    late = half[0] == "p" and half != "pagi"
    late = late or half in {"sore", "malam"} or half in _LATE.split("|")
    return hour % 12 + (12 if late else 0)

"""Periods as people name them in a search -> from when to when. Knows words and a calendar, no
clock.

agustus 2023, 17 agustus 2023, hari ini, kemarin, minggu lalu, 3 hari terakhir, last month
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb february", "maret mar march", "april apr",
            "mei may", "juni jun june", "juli jul july", "agustus agu agt ags august aug",
            "september sep sept", "oktober okt october oct", "november nov nopember",
            "desember des december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_UNITS = {
    "hari": "day", "day": "day", "days": "day", "minggu": "week", "pekan": "week", "week": "week",
    "weeks": "week", "bulan": "month", "month": "month", "months": "month", "tahun": "year",
    "year": "year", "years": "year",
}  # fmt: skip
_MONTH, _UNIT = "|".join(_MONTHS), "|".join(_UNITS)
_INITIALS = "".join(
    sorted(
        {
            name[0]
            for name in (*_MONTHS, *_UNITS, "kemarin", "yesterday", "hari", "today", "last", "this")
        }
    )
)
_SAID = re.compile(
    rf"""(?<![\w"':-])(?=\d|[{_INITIALS}][a-z])(?:
      (?:(?P<day>\d{{1,2}})\s+)?(?P<month>{_MONTH})\s+(?P<year>\d{{4}})
    | (?P<yesterday>kemarin|yesterday)
    | (?P<today>hari\s+ini|today)
    | (?:(?P<count>\d{{1,3}})\s+(?P<past>{_UNIT})\s+(?:yang\s+lalu|terakhir|lalu|ago)
       |last\s+(?P<number>\d{{1,3}})\s+(?P<units>{_UNIT}))
    | (?:(?P<whole>minggu|pekan|bulan|tahun)\s+(?P<which>ini|lalu|kemarin)
       |(?P<last>this|last)\s+(?P<unit>week|month|year))
    )(?![\w"':-])""",
    re.IGNORECASE | re.VERBOSE,
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class Said:
    """A period in a text: `text[start:end]` names it; it begins at `since` and ends before
    `until`."""

    start: int
    end: int
    since: int
    until: int


def said(text: str, zone: tzinfo, now: int) -> Said | None:
    """The first period named in a text outside quotation marks; None if there is none, or no such
    day."""
    for found in _SAID.finditer(text):
        if text.count('"', 0, found.start()) % 2 == 0:
            try:
                since, until = _span(found, datetime.fromtimestamp(now, zone))
            except (ValueError, OverflowError):
                continue
            return Said(*found.span(), int(since.timestamp()), int(until.timestamp()))
    return None


def _span(found: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)
    if found["month"]:
        year, month = int(found["year"]), _MONTHS[found["month"].lower()]
        if found["day"]:
            day = today.replace(year=year, month=month, day=int(found["day"]))
            return day, day + timedelta(days=1)
        first = today.replace(year=year, month=month, day=1)
        return first, _months(first, 1)
    if found["yesterday"]:
        return today - timedelta(days=1), today
    if found["today"]:
        return today, tomorrow
    if count := found["count"] or found["number"]:
        unit = _UNITS[(found["past"] or found["units"]).lower()]
        return tomorrow - timedelta(days=int(count) * _DAYS[unit]), tomorrow
    unit = _UNITS[(found["whole"] or found["unit"]).lower()]
    past = (found["which"] or found["last"]).lower() not in {"ini", "this"}
    return _calendar(unit, today, past=past)


def _calendar(unit: str, today: datetime, *, past: bool) -> tuple[datetime, datetime]:
    """The week (from Monday), month or year of a day, or the one before."""
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * past)
        return monday, monday + timedelta(days=7)
    if unit == "month":
        first = _months(today.replace(day=1), -1 if past else 0)
        return first, _months(first, 1)
    first = today.replace(year=today.year - past, month=1, day=1)
    return first, first.replace(year=first.year + 1)


def _months(first: datetime, more: int) -> datetime:
    months = first.year * 12 + first.month - 1 + more
    return first.replace(year=months // 12, month=months % 12 + 1)

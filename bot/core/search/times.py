"""Periods as people name them in a search -> from when to when. Knows words and a calendar, no
clock.

agustus 2023, 17 agustus 2023, august 17, 2023, 17/8/2023, tahun 2023, bulan agustus, hari ini,
kemarin, minggu lalu, 3 hari terakhir, seminggu terakhir, last month
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
_NUMBERS = {
    name: number
    for names in (
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
        "one two three four five six seven eight nine ten",
    )
    for number, name in enumerate(names.split(), start=1)
}
_NUMBER = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"
_MONTH, _UNIT = "|".join(_MONTHS), "|".join(_UNITS)
_INITIALS = "".join(
    sorted(
        {
            name[0]
            for name in (
                *_MONTHS,
                *_UNITS,
                *_NUMBERS,
                "kemarin",
                "yesterday",
                "hari",
                "today",
                "last",
                "this",
                "past",
                "se",
            )
        }
    )
)
_SAID = re.compile(
    rf"""(?<![\w"':-])(?=\d|[{_INITIALS}][a-z])(?:
      (?:(?:bulan|tanggal|tgl)\s+)?(?:(?P<day>\d{{1,2}})\s+)?(?P<month>{_MONTH})\s+(?P<year>\d{{4}})
    | (?P<month_>{_MONTH})\s+(?P<day_>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year_>\d{{4}})
    | (?P<day__>\d{{1,2}})(?P<sign>[/.-])(?P<month__>\d{{1,2}})(?P=sign)(?P<year__>\d{{4}})
    | (?P<year___>\d{{4}})-(?P<month___>\d{{2}})-(?P<day___>\d{{2}})
    | (?:tahun|year)\s+(?P<whole_year>(?:19|20)\d\d)
    | (?:bulan\s+(?P<latest>{_MONTH})(?:\s+(?:lalu|kemarin))?
       |(?P<latest_>{_MONTH})\s+(?:lalu|kemarin))(?!\s+\d)
    | (?P<yesterday>kemarin|yesterday)
    | (?P<today>hari\s+ini|today)
    | (?:(?P<count>{_NUMBER})\s+(?P<past>{_UNIT})\s+(?:yang\s+lalu|terakhir|lalu|ago)
       |(?:last|past)\s+(?P<number>{_NUMBER})\s+(?P<units>{_UNIT})
       |se(?P<one>hari|minggu|pekan|bulan|tahun)\s+(?:yang\s+lalu|terakhir|lalu|ini))
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
    if dated := _dated(found, today):
        return dated
    if found["yesterday"]:
        return today - timedelta(days=1), today
    if found["today"]:
        return today, tomorrow
    if unit := found["past"] or found["units"] or found["one"]:
        count = (found["count"] or found["number"] or "1").lower()
        days = (_NUMBERS.get(count) or int(count)) * _DAYS[_UNITS[unit.lower()]]
        return tomorrow - timedelta(days=days), tomorrow
    unit = _UNITS[(found["whole"] or found["unit"]).lower()]
    past = (found["which"] or found["last"]).lower() not in {"ini", "this"}
    return _calendar(unit, today, past=past)


def _dated(found: re.Match[str], today: datetime) -> tuple[datetime, datetime] | None:
    """The year, month or day that has a name of its own; None if none is named."""
    if found["whole_year"]:
        first = today.replace(year=int(found["whole_year"]), month=1, day=1)
        if first > today:  # plans for it are made now
            raise ValueError("a year to come")
        return first, first.replace(year=first.year + 1)
    if latest := found["latest"] or found["latest_"]:
        first = today.replace(month=_MONTHS[latest.lower()], day=1)
        first = first.replace(year=first.year - (first > today))
        return first, _months(first, 1)
    for way in ("", "_", "__", "___"):
        if month := found[f"month{way}"]:
            number = int(month) if month.isdigit() else _MONTHS[month.lower()]
            first = today.replace(year=int(found[f"year{way}"]), month=number, day=1)
            if found[f"day{way}"]:
                day = first.replace(day=int(found[f"day{way}"]))
                return day, day + timedelta(days=1)
            return first, _months(first, 1)
    return None


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

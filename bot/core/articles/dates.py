"""When something was published, in whatever form that was written. Knows calendars, never the
current time.

RFC 822 and 2822, ISO 8601 and W3CDTF, epoch seconds and milliseconds, `asctime`, and the forms that
people type. Sources: RSS 2.0, RFC 4287 3.3, W3C NOTE-datetime, and the malformed ones seen in
feeds.

    text -> a day, and what is written beside it -> clock and zone in that -> epoch seconds

What one date leaves open (its zone, whether the first number is a day or a month) the feed's other
dates show: see `bot.core.articles.date_style`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.core.articles.clocks import clock_in, zone_in
from bot.core.articles.months import joined, like_month, month, weekday


class Order(StrEnum):
    """How the numbers of `03/11/2026` are to be read."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"
    YEAR_FIRST = "year"
    """Only for two-digit years."""


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How to read dates that leave something open."""

    zone: tzinfo = UTC
    order: Order = Order.DAY_FIRST
    now: int | None = None
    """Epoch seconds: a date without a year is placed in the twelve months before; None: such a date
    is rejected."""


PLAIN = DateStyle()

_NAME = r"[^\W\d_]{2,}+(?:-ال[^\W\d_]+)?|[ก-ฮ]\S{2,14}?|(?:(?!\d)[\u0900-\u0df5\u200d]){2,20}"
"""In the scripts of India vowels are marks, which are no letters to `re`."""
_YEAR = r"(?:1[89]|2[0-7])\d\d"
"""Buddhist years too. Any other four digits may be a time of day."""
_RFC = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) ([12]\d{3}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)"
    r" (?:GMT|UTC|Z|([+-])(0\d|1[0-4])([0-5]\d))"
)
"""RFC 2822 as nearly all feeds write it; other variants take the slower path."""
_ISO = re.compile(
    r"(?P<year>[12]\d{3})-(?P<month>0?\d{1,2})(?:-(?P<day>0?\d{1,2})(?:(?:T|\s+)(?P<rest>.*))?)?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>[12]\d{3})(?P<month>\d\d)(?P<day>\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?"
)
_ORDINAL = re.compile(r"(?P<year>[12]\d{3})-(?P<day>\d{3})(?![\d-])")
_WORDS = re.compile(
    r"(?<![\d:])(?<!\d\.)(?P<day>\d{1,2})(?:st|nd|rd|th|[.ºª])?[\s/.-]*(?:(?:de|of)\s+|d['’])?"
    rf"(?P<month>{_NAME})\.?,?[\s/.-]*(?:del?\s+)?['’]?"
    rf"(?P<year>{_YEAR}(?!\d)|\d\d(?!\d|\s?[:時时시]|[.h]\d))"
)
_NAMED_FIRST = re.compile(
    rf"(?<![^\W\d_])(?P<month>{_NAME})\.?\s*+(?P<day>\d{{1,2}})(?![\d:]|\.\d)(?:st|nd|rd|th)?,?"
)
_FULL_YEAR = re.compile(rf"(?<![\d:+./-]){_YEAR}(?![\d:])")
_SHORT_YEAR = re.compile(r"^\s++['’]?(\d\d)(?!\d|\s?:|[.h]\d)")
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<year>{_YEAR})[\s./,-]+(?P<month>{_NAME})\.?[\s./,-]+(?P<day>\d{{1,2}})(?!\d)"
)
_VIETNAMESE = re.compile(
    rf"(?P<day>\d{{1,2}})\s+tháng\s+(?P<month>\d{{1,2}}),?\s+(?:năm\s+)?(?P<year>{_YEAR})"
)
_YEARLESS = re.compile(
    rf"(?<![\d:])(?<!\d\.)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s/-]+(?:(?:de|of)\s+)?"
    rf"(?P<month>{_NAME})|(?<![^\W\d_])(?P<name>{_NAME})\.?\s+(?P<number>\d{{1,2}})(?![\d:]|\.\d)"
)
_NUMBERS = re.compile(
    r"(?<![\d:])(?P<a>\d{1,2})(?:(?P<sign>[/.-])(?P<b>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)"
    r"|\s?[/.-]\s?(?P<c>\d{1,2})\s?[/.-]\s?(?P<long>\d{4}))(?![\d:])"
)
_TWO_NUMBERS = re.compile(r"(?<![\d:/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d:/.-])")
_EASTERN = re.compile(
    r"(?P<year>\d{4})\s*[./년年-]\s*(?P<month>\d{1,2})\s*[./월月-]\s*(?P<day>\d{1,2})"
)
_COMMENT = re.compile(r"\(([^()]*)\)")
_TELLS = re.compile(
    r"\d[:./-]\d|^(?:(?:GMT|UTC)\s?[+-]\d{1,2}|WI(?:B|T|TA)|MYT|SGT)$", re.IGNORECASE
)
"""A day, a time or a zone."""
_MICROSOFT = re.compile(r"/?Date\((-?\d{9,14})(?:[+-]\d{4})?\)/?")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]++(?:['’][a-z]++)?")
_LONGEST = 100
_EARLIEST = -30_610_224_000  # the year 1000: anything older is a mistake
_PLACEHOLDER = range(-86_400, 86_401)  # "1970-01-01" in some zone: a program that knew no date
_DAY_SECONDS = 86_400
_LAST_MONTH = 12

Found = tuple[date, str]
"""A day, and what is written beside it: time and zone."""


def written_moment(value: object, style: DateStyle = PLAIN) -> int | None:
    """Epoch seconds exactly as written, so perhaps in the future; None for what is no date."""
    if isinstance(value, bool) or not value:
        return None
    if isinstance(value, int | float):
        return _sane(_epoch(value))
    text = str(value)
    exact = _exact(text)
    if exact is not None:
        return _sane(exact)
    try:
        return _sane(_read(tidy(text), style))
    except (ValueError, OverflowError):
        return None


def day_in(text: str, style: DateStyle = PLAIN) -> Found | None:
    """The day named in a tidy text. Raises ValueError if no calendar has it."""
    for form in _FORMS:
        found = form(text, style)
        if found is not None:
            return found
    return None


def tidy(value: object) -> str:
    """A date as written, on one line and without comments."""
    text = " ".join(_without_comments(str(value)[:_LONGEST]).replace("−", "-").split())
    if text.isascii():
        return text
    return joined(re.sub(r"\d", lambda found: str(int(found.group())), text))


def numbers_in(text: str, order: Order) -> date | None:
    """The day in a tidy text that writes it with numbers alone, read in this order and no other;
    None if there is none, or if the day of the week in the text contradicts it."""
    found = _NUMBERS.search(text)
    day = _ordered(found, order) if found else None
    return day if day and _said_weekday(text) in {0, day.isoweekday()} else None


def writes_numbers(text: str) -> bool:
    """Whether a text may hold a numeric date whose order is in doubt."""
    return bool(_NUMBERS.search(text))


def _exact(text: str) -> int | None:
    """The moment in one of the two unambiguous forms, None for all others."""
    found = _RFC.fullmatch(text)
    if not found:
        return None
    number = month(found[2])
    try:
        day = date(int(found[3]), number, int(found[1])).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError:
        return None
    moment = day * _DAY_SECONDS + int(found[4]) * 3600 + int(found[5]) * 60 + int(found[6])
    if not found[7]:
        return moment
    offset = int(found[8]) * 3600 + int(found[9]) * 60
    return moment - offset if found[7] == "+" else moment + offset


def _read(text: str, style: DateStyle) -> int | None:
    if re.fullmatch(r"\d{9,11}(?:\.\d+)?|\d{13}(?:\.\d+)?", text):
        return _epoch(float(text))
    found = _MICROSOFT.fullmatch(text)
    if found:
        return _epoch(float(found[1]))
    day = day_in(text, style)
    return _moment(*day, style.zone) if day else None


def _moment(day: date, rest: str, zone: tzinfo) -> int:
    """A day with the time and the zone written beside it."""
    clock = clock_in(rest)
    here = zone_in(rest[clock.end :], seconds=clock.exact) or zone
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    wall = midnight + timedelta(seconds=clock.seconds)
    return int(wall.replace(tzinfo=here).timestamp())


# --- the forms of a day ---------------------------------------------------------------------------


def _ordinal(text: str, _style: DateStyle) -> Found | None:
    found = _ORDINAL.match(text)
    if not found:
        return None
    day = date(int(found["year"]), 1, 1) + timedelta(days=int(found["day"]) - 1)
    return day, text[found.end() :]


def _iso(text: str, _style: DateStyle) -> Found | None:
    found = _ISO.match(text)
    if not found:
        return None
    day = date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    return day, found["rest"] or ""


def _compact(text: str, _style: DateStyle) -> Found | None:
    found = _COMPACT.match(text)
    if not found:
        return None
    clock = ":".join(part for part in found.groups()[3:] if part)
    return _day(found), clock + text[found.end() :]


def _words(text: str, _style: DateStyle) -> Found | None:
    for found in _WORDS.finditer(text):
        number = like_month(found["month"])
        if number:
            year = _year(found["year"], thai="ก" <= found["month"][0] <= "๙")
            return date(year, number, int(found["day"])), _beside(text, found)
    return None


def _vietnamese(text: str, _style: DateStyle) -> Found | None:
    found = _VIETNAMESE.search(text)
    return (_day(found), _beside(text, found)) if found else None


def _year_first(text: str, _style: DateStyle) -> Found | None:
    found = _YEAR_FIRST.search(text)
    number = like_month(found["month"]) if found else 0
    if not found or not number:
        return None
    return date(_year(found["year"]), number, int(found["day"])), _beside(text, found)


def _american(text: str, _style: DateStyle) -> Found | None:
    for found in _NAMED_FIRST.finditer(text):
        number = like_month(found["month"])
        behind = text[found.end() :]
        year = _FULL_YEAR.search(behind) or _SHORT_YEAR.match(behind) if number else None
        if year:
            rest = f"{text[: found.start()]} {behind[: year.start()]} {behind[year.end() :]}"
            return date(_year(year.group().strip(" '’")), number, int(found["day"])), rest
    return None


def _yearless(text: str, style: DateStyle) -> Found | None:
    """Raises ValueError if day and month stand alone and the year cannot be told."""
    for found in _YEARLESS.finditer(text):
        number = month(found["month"] or found["name"])
        if number:
            if style.now is None:
                raise ValueError(text)
            day = int(found["day"] or found["number"])
            return _before(style.now, number, day), _beside(text, found)
    return None


def _two_numbers(text: str, style: DateStyle) -> Found | None:
    """A day and a month without a year; the second number is the month if it can be one."""
    found = _TWO_NUMBERS.search(text) if style.now is not None else None
    if not found or style.now is None:
        return None
    day, number = sorted((int(found["a"]), int(found["b"])), key=lambda one: one <= _LAST_MONTH)
    if day <= _LAST_MONTH:
        day, number = int(found["a"]), int(found["b"])
        if style.order is Order.MONTH_FIRST:
            day, number = number, day
    return _before(style.now, number, day), _beside(text, found)


def _eastern(text: str, _style: DateStyle) -> Found | None:
    found = _EASTERN.search(text)
    return (_day(found), _beside(text, found)) if found else None


def _numbers(text: str, style: DateStyle) -> Found | None:
    """In the feed's order, unless only another order gives a date, or the day of the week
    decides."""
    found = _NUMBERS.search(text)
    if not found:
        return None
    days = [day for order in (style.order, *Order) if (day := _ordered(found, order))]
    told = next((day for day in days if day.isoweekday() == _said_weekday(text)), None)
    return (told or days[0], _beside(text, found)) if days else None


_FORMS: tuple[Callable[[str, DateStyle], Found | None], ...] = (
    _ordinal, _iso, _compact, _year_first, _words, _vietnamese, _american, _eastern, _yearless,
    _numbers, _two_numbers,
)  # fmt: skip


# --- parts ----------------------------------------------------------------------------------------


def _ordered(found: re.Match[str], order: Order) -> date | None:
    first, second = int(found["a"]), int(found["b"] or found["c"])
    digits = found["year"] or found["long"]
    try:
        if order is Order.YEAR_FIRST:
            return date(2000 + first, second, int(digits)) if len(digits) == 2 else None
        day, number = (first, second) if order is Order.DAY_FIRST else (second, first)
        return date(_year(digits), number, day)
    except ValueError:
        return None


def _said_weekday(text: str) -> int:
    """1 for Monday to 7, 0 where no day of the week is named."""
    words = (found.group() for found in _WORD.finditer(text))
    return next(filter(None, map(weekday, words)), 0)


def _before(now: int, number: int, day: int) -> date:
    """The latest such day that is not after tomorrow."""
    latest = datetime.fromtimestamp(now + _DAY_SECONDS, UTC).date()
    here = date(latest.year, number, day)
    return here if here <= latest else here.replace(year=latest.year - 1)


def _day(found: re.Match[str]) -> date:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _beside(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _without_comments(text: str) -> str:
    """RFC 822 allows comments in brackets anywhere, also nested and with escapes. One that holds a
    time or a day is not a comment: `18 November 2026 (14:30 WIT)`."""
    if ("(" not in text and "\\" not in text) or "Date(" in text:
        return text
    bare = re.sub(r"\\.", "", text)
    for _ in range(4):
        bare = _COMMENT.sub(lambda found: f" {found[1] if _TELLS.search(found[1]) else ''} ", bare)
    return bare if bare.strip() else text


def _year(digits: str, *, thai: bool = False) -> int:
    year = int(digits)
    if len(digits) == 2:
        year += 2500 if thai else 1900 if year >= 70 else 2000
    return year - 543 if 2400 < year < 2700 else year  # the Buddhist calendar, as in Thailand


def _epoch(number: float) -> int | None:
    if not abs(number) < 1e17:
        return None
    while abs(number) >= 1e11:  # milliseconds, microseconds
        number /= 1000
    return int(number)


def _sane(moment: int | None) -> int | None:
    return None if moment is None or moment < _EARLIEST or moment in _PLACEHOLDER else moment

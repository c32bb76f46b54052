"""When something was published, in whatever form it was written. Knows calendars, never a clock.

RFC 822 and 2822, ISO 8601 and W3CDTF, epoch seconds and milliseconds, `asctime`, and the forms that
people type. Sources: RSS 2.0, RFC 4287 3.3, W3C NOTE-datetime, and the wrong ones seen in feeds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_MONTH_NAMES = """
jan januari january janvier enero gennaio januar janeiro jänner ocak січня января ม.ค. มกราคม ιαν
    ιανουαρίου يناير stycznia ledna
feb februari february février fevrier febrero pebruari februar fevereiro şubat лютого февраля ก.พ.
    กุมภาพันธ์ φεβ φεβρουαρίου فبراير lutego února
mar mär mrz maret march mars marzo märz maart março mart березня марта มี.ค. มีนาคม μαρ μαρτίου مارس
    marca března
apr april avril abril aprile nisan квітня апреля เม.ย. เมษายน απρ απριλίου أبريل kwietnia dubna
may mei mai mayo maggio maio mayıs травня мая máj พ.ค. พฤษภาคม μαΐ μαΐου مايو maja května
jun juni june juin junio giugno junho haziran червня июня มิ.ย. มิถุนายน ιουν ιουνίου يونيو czerwca
    června
jul juli july juillet julio luglio julho temmuz липня июля ก.ค. กรกฎาคม ιουλ ιουλίου يوليو lipca
    července
aug agt agu agustus august août aout agosto ağustos серпня августа ส.ค. สิงหาคม αυγ αυγούστου أغسطس
    sierpnia srpna
sep sept september septembre septiembre settembre setembro eylül вересня сентября ก.ย. กันยายน σεπ
    σεπτεμβρίου سبتمبر września září
oct okt oktober october octobre octubre ottobre outubro ekim жовтня октября ต.ค. ตุลาคม οκτ
    οκτωβρίου أكتوبر października října
nov november nopember novembre noviembre novembro kasım ноября พ.ย. พฤศจิกายน νοε νοεμβρίου نوفمبر
    listopadu
dec des dez desember december décembre diciembre dicembre dezember dezembro aralık грудня декабря
    ธ.ค. ธันวาคม δεκ δεκεμβρίου ديسمبر grudnia prosince
"""
_MONTHS = {
    name: number
    for number, names in enumerate(re.split(r"\n(?=\S)", _MONTH_NAMES.strip()), start=1)
    for name in names.split()
}
"""`listopada` is left out: October in Croatian, November in Polish and Ukrainian."""
_SHORT_NAMES = """
ene gen янв січ oca|fev févr фев лют şub|мар бер|abr avr апр кві nis|mag май тра|giu июн чер haz
juil lug июл лип tem|ago авг сер ağu|set сен сент вер eyl|ott out окт жов eki|ноя нояб лис kas
dic déc дек гру ara
"""
_SHORT = {
    name: number
    for number, names in enumerate(re.split(r"[|\n]", _SHORT_NAMES.strip()), start=1)
    for name in names.split()
}
"""Month by month; they are too much like other words to be looked for at a word's beginning."""
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "sast": 120, "eest": 180, "msk": 180, "wib": 420,
    "ict": 420, "wita": 480, "sgt": 480, "hkt": 480, "awst": 480, "wit": 540, "jst": 540,
    "kst": 540, "ist": 330, "pkt": 300, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "art": -180, "brt": -180,
}  # fmt: skip
"""Minutes east of Greenwich. No military letters: RFC 2822 says that nobody gets them right."""

_TIME = (
    r"(?P<hour>\d{1,2})\s?[:.h時时시]\s?(?P<minute>\d{2})"
    r"(?:[:.分분]\s?(?P<second>\d{2})(?:[.,]\d+)?)?"
)
_CLOCK = re.compile(
    rf"(?<![\d.])(?:(?P<before>[上下]午|午[前後]|오[전후])\s*)?{_TIME}\s*(?P<half>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_AFTERNOON = frozenset(("下午", "午後", "오후"))
_ISO = re.compile(
    r"(?P<year>[12]\d{3})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"
    r"(?:(?:T|\s+)(?P<rest>.*))?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<year>[12]\d{3})(?P<month>\d\d)(?P<day>\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?")
_ORDINAL = re.compile(r"(?P<year>[12]\d{3})-(?P<day>\d{3})(?!\d)")
_WORDS = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s/-]+(?:de\s+)?(?P<month>[^\W\d_]{3,}|[ก-ฮ]\S{2,}?)\.?,?"
    r"[\s/-]+(?:de\s+)?(?P<year>\d{4}|\d{2})(?!\d)"
)
_AMERICAN = re.compile(
    r"(?P<month>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<rest>.*)"
)
_NUMBERS = re.compile(r"(?<!\d)(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>\d{4})(?!\d)")
_EASTERN = re.compile(
    r"(?P<year>\d{4})\s*[./년年-]\s*(?P<month>\d{1,2})\s*[./월月-]\s*(?P<day>\d{1,2})"
)
_OFFSET = re.compile(r"(?:(?:gmt|utc|ut)\s*)?([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_NAME = re.compile(r"(?<![^\W\d_])([A-Za-z]{1,5})(?![^\W\d_])")
_COMMENT = re.compile(r"\([^()]*\)")
_LONGEST = 100
_EARLIEST = -30_610_224_000  # the year 1000: what claims to be older is a mistake
_PLACEHOLDER = range(-86_400, 86_401)  # "1970-01-01" in some zone: a program that knew no date


_Day = tuple[date, str]
"""A day, and what is written beside it: the clock and the zone."""


def parse_moment(value: object, *, now: int, zone: tzinfo = UTC) -> int | None:
    """Epoch seconds of a text or a number, None when it says none.

    Without a zone of its own it is of `zone`. Nothing lies in the future: what does becomes `now`.
    """
    moment = written_moment(value, zone)
    return None if moment is None else min(moment, now)


def written_moment(value: object, zone: tzinfo = UTC) -> int | None:
    """Epoch seconds as they are written: they may lie in the future."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _sane(_epoch(value))
    text = _tidy(value)
    if not text:
        return None
    try:
        return _sane(_read(text, zone))
    except (ValueError, OverflowError):
        return None


def zone_of(written: Iterable[object]) -> tzinfo | None:
    """The zone that most of these dates show, None when none of them does."""
    shown: Counter[int] = Counter()
    for value in written:
        if isinstance(value, str) and value:
            minutes = _shown_zone(_tidy(value))
            if minutes is not None:
                shown[minutes] += 1
    return timezone(timedelta(minutes=shown.most_common(1)[0][0])) if shown else None


def month(name: str) -> int:
    """The number of a month by its name in any language known here, 0 if it is none."""
    name = name.casefold()
    known = _MONTHS.get(name) or _SHORT.get(name) or _MONTHS.get(f"{name}.")
    return known or _MONTHS.get(name[:3], 0)


def _tidy(value: object) -> str:
    return " ".join(_without_comments(str(value)[:_LONGEST]).replace("−", "-").split())


def _read(text: str, zone: tzinfo) -> int | None:
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        return _epoch(float(text))
    found = _day(text)
    return _moment(*found, zone) if found else None


def _day(text: str) -> _Day | None:
    for form in (_ordinal, _iso, _compact, _words, _american, _eastern, _numbers):
        found = form(text)
        if found is not None:
            return found
    return None


def _ordinal(text: str) -> _Day | None:
    found = _ORDINAL.match(text)
    if not found:
        return None
    day = date(int(found["year"]), 1, 1) + timedelta(days=int(found["day"]) - 1)
    return day, text[found.end() :]


def _iso(text: str) -> _Day | None:
    found = _ISO.match(text)
    if not found:
        return None
    day = date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    return day, found["rest"] or ""


def _compact(text: str) -> _Day | None:
    found = _COMPACT.match(text)
    if not found:
        return None
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    clock = ":".join(part for part in found.groups()[3:] if part)
    return day, clock + text[found.end() :]


def _words(text: str) -> _Day | None:
    found = _WORDS.search(text)
    number = month(found["month"]) if found else 0
    if not found or not number:
        return None
    day = date(_year(found["year"]), number, int(found["day"]))
    return day, text[: found.start()] + " " + text[found.end() :]


def _american(text: str) -> _Day | None:
    for found in _AMERICAN.finditer(text):
        number = month(found["month"])
        year = re.search(r"(?<![\d:+-])\d{4}(?![\d:])", found["rest"]) if number else None
        if year:
            rest = found["rest"][: year.start()] + found["rest"][year.end() :]
            return date(int(year.group()), number, int(found["day"])), rest
    return None


def _eastern(text: str) -> _Day | None:
    found = _EASTERN.search(text)
    if not found:
        return None
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    return day, text[found.end() :]


def _numbers(text: str) -> _Day | None:
    """Day first, as in most of the world, unless only the other order is a date."""
    found = _NUMBERS.search(text)
    if not found:
        return None
    first, second = int(found["a"]), int(found["b"])
    day, number = (second, first) if second > 12 else (first, second)
    return date(int(found["year"]), number, day), text[found.end() :]


def _moment(day: date, rest: str, zone: tzinfo) -> int:
    """A day with the clock and the zone that are written beside it."""
    clock = _CLOCK.search(rest)
    hour = minute = second = 0
    if clock:
        hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
        hour, minute, second = min(hour, 24), min(minute, 59), min(second, 59)
        if clock["half"] or clock["before"]:
            late = clock["before"] in _AFTERNOON or (clock["half"] or "")[:1] in {"p", "P"}
            hour = hour % 12 + (12 if late else 0)
        rest = rest[clock.end() :]
    offset = _zone(rest)
    here = zone if offset is None else timezone(timedelta(minutes=offset))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    wall = midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    return int(wall.replace(tzinfo=here).timestamp())


def _shown_zone(text: str) -> int | None:
    """Minutes east of Greenwich, as a date of any form says, None when it does not."""
    try:
        found = _day(text)
    except (ValueError, OverflowError):
        return None
    if not found:
        return None
    clock = _CLOCK.search(found[1])
    return _zone(found[1][clock.end() :]) if clock else None


def _without_comments(text: str) -> str:
    """RFC 822 allows comments in brackets anywhere, also nested and with escapes."""
    if "(" not in text and "\\" not in text:
        return text
    bare = re.sub(r"\\.", "", text)
    for _ in range(4):
        bare = _COMMENT.sub(" ", bare)
    return bare if bare.strip() else text


def _zone(text: str) -> int | None:
    """Minutes east of Greenwich, None when the text names no zone that exists."""
    found = _OFFSET.search(text)
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return 0 if minutes > 14 * 60 else minutes if found[1] == "+" else -minutes
    for name in _NAME.findall(text):
        if name.lower() in _ZONES:
            return _ZONES[name.lower()]
    return None


def _year(digits: str) -> int:
    year = int(digits)
    if 2400 < year < 2700:  # the Buddhist calendar, as in Thailand
        return year - 543
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


def _epoch(number: float) -> int | None:
    if not abs(number) < 1e17:
        return None
    while abs(number) >= 1e11:  # milliseconds, microseconds
        number /= 1000
    return int(number)


def _sane(moment: int | None) -> int | None:
    return None if moment is None or moment < _EARLIEST or moment in _PLACEHOLDER else moment

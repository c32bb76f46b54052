"""The newsroom's messages in one language: a value that is passed in, never a global.

Knows how to translate (gettext, plural forms) and how to write dates; not where catalogues are
stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, Protocol

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    format_timedelta,
    get_day_names,
    get_timezone_location,
)
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.core.bidi import COMMA, LEFT_TO_RIGHT, RIGHT_TO_LEFT
from bot.core.html import Html, fill

_Unit = Literal["day", "hour", "minute", "second"]
_UNITS: dict[_Unit, int] = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}
_LEAST: dict[_Unit, int] = {"day": 2 * 86_400, "hour": 2 * 3600, "minute": 60}


class Messages(Protocol):
    """A catalogue of one language (gettext's and Babel's translations fit)."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


class Translator:
    """One language and the newsroom's time zone. Values fill `{name}` places of a message."""

    def __init__(self, code: str, messages: Messages, zone: tzinfo) -> None:
        self.code = code
        self.zone = zone
        self._messages = messages
        self._locale = Locale.parse(code)
        self._dates = Locale("en", "GB") if code == "en" else self._locale  # the day comes first

    @property
    def rtl(self) -> bool:
        """Is it read from right to left?"""
        return self._locale.text_direction == "rtl"

    @property
    def dot(self) -> str:
        """The separator between the parts of a line. In right-to-left text a number would join a
        Latin name before it: a direction mark keeps it with what follows."""
        return f" · {RIGHT_TO_LEFT}" if self.rtl else " · "

    def line(self, parts: Iterable[str]) -> str:
        """The parts of a line that are not empty. Right to left it begins at the right, also where
        its first part is a Latin name."""
        return (RIGHT_TO_LEFT if self.rtl else "") + self.dot.join(filter(None, parts))

    def listed(self, names: Iterable[str]) -> str:
        """`a, b, c`: names, as many as they are."""
        return (COMMA if self.rtl else ", ").join(names)

    def command(self, name: str) -> str:
        """`/name` at the beginning of a line."""
        return f"{RIGHT_TO_LEFT}{LEFT_TO_RIGHT}/{name}" if self.rtl else f"/{name}"

    def in_zone(self, zone: tzinfo) -> Translator:
        """The same language with another time zone."""
        return Translator(self.code, self._messages, zone) if zone != self.zone else self

    def gettext(self, message: str, **values: object) -> str:
        """Plain text."""
        text = self._messages.gettext(message)
        return text.format_map(values) if values else text

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """Plain text in the plural form of `n`, which also fills `{n}`."""
        return self._messages.ngettext(one, many, n).format_map({"n": self.number(n), **values})

    def html(self, message: str, **values: object) -> Html:
        """Markup: the message is trusted, values that are no Html are escaped."""
        return fill(self._messages.gettext(message), **values)

    def nhtml(self, one: str, many: str, n: int, **values: object) -> Html:
        """Markup in the plural form of `n`, which also fills `{n}`."""
        return fill(self._messages.ngettext(one, many, n), n=self.number(n), **values)

    def date(self, moment: int) -> str:
        """A day in full, as `31 Agustus 2023` or `31 de agosto de 2023`."""
        return format_date(self._local(moment), "long", locale=self._dates)

    def time(self, moment: int) -> str:
        """The time of a day in 24 hours, as `09.58` or `09:58`."""
        return str(format_skeleton("Hm", self._local(moment), locale=self._locale))

    def clock(self, minute: int) -> str:
        """A time of day (minutes since midnight) as `07.00` or `07:00`."""
        when = datetime(2000, 1, 1, minute // 60, minute % 60, tzinfo=UTC)
        return format_skeleton("Hm", when, locale=self._locale)

    def weekdays(self, days: int) -> str:
        """Days of the week (bits, Monday lowest) as a list: `Senin, Rabu, dan Jumat`."""
        names = get_day_names("wide", context="stand-alone", locale=self._locale)
        return format_list([names[day] for day in range(7) if days >> day & 1], locale=self._locale)

    def weekday(self, day: int) -> str:
        """A day of the week (Monday is 0), short, as `Sen`."""
        return str(get_day_names("abbreviated", context="stand-alone", locale=self._locale)[day])

    def city(self, zone: tzinfo) -> str:
        """A zone by the city that it is named after, as `Jakarta`; else by its own name."""
        name = getattr(zone, "key", str(zone))
        if "/" not in name:
            return name
        return str(get_timezone_location(zone, locale=self._locale, return_city=True))

    def month(self, moment: int) -> str:
        """A month, as `November 2026`."""
        return str(format_skeleton("yMMMM", self._local(moment), locale=self._dates))

    def moment(self, moment: int) -> str:
        """Day and time, short, as `31 Agu 2023, 09.58`."""
        day = format_date(self._local(moment), "d MMM y", locale=self._locale)
        return self.listed((day, self.time(moment)))

    def zoned_time(self, moment: int) -> str:
        """The time of a day with the name of its zone, as `14.05 WIB`."""
        return f"{self.time(moment)} {self._local(moment).tzname() or ''}".rstrip()

    def zoned_moment(self, moment: int) -> str:
        """Day and time with the name of its zone, as `31 Agu 2023, 14.05 WIB`."""
        return f"{self.moment(moment)} {self._local(moment).tzname() or ''}".rstrip()

    def when(self, moment: int, *, now: int) -> str:
        """A moment relative to today: `09.58`, `kemarin 18.26`, `31 Agustus 2023`."""
        days = (self._local(now).date() - self._local(moment).date()).days
        if days == 0:
            return self.time(moment)
        if days == 1:
            return self.gettext("yesterday {time}", time=self.time(moment))
        return self.date(moment)

    def span(self, seconds: int) -> str:
        """A duration in whole days, hours, minutes or seconds, as `8 menit`; days and hours are
        used only from two on, so that little is lost."""
        unit: _Unit = next((one for one, least in _LEAST.items() if seconds >= least), "second")
        whole = timedelta(**{f"{unit}s": max(1, seconds) // _UNITS[unit]})
        return str(format_timedelta(whole, unit, threshold=1e9, locale=self._locale))

    def number(self, n: int) -> str:
        """A whole number with the language's grouping."""
        return format_decimal(n, locale=self._locale)

    @property
    def own_name(self) -> str:
        """How this language calls itself, as `Bahasa Indonesia`."""
        # Translators: the name of the language of this catalogue, in that language.
        return self.gettext("English")

    @property
    def common_words(self) -> frozenset[str]:
        """The most common words of this language, by which a text in it is recognised. They are
        kept in its catalogue, so that adding a language still means adding one catalogue."""
        # Translators: not a sentence. The 15 to 40 most common words of YOUR language that are not
        # words of other languages too, as people write them in comments; spaces between.
        text = self.gettext(
            "the and of to is are was were that this it for with you your they have has not but "
            "what from be been will would there their he she we do does did"
        )
        return frozenset(text.casefold().split())

    def name_of(self, code: str) -> str:
        """How this language calls another, as `Inggris`."""
        return str(self._locale.languages.get(code, code))

    def _local(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment, UTC).astimezone(self.zone)

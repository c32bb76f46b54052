"""Every form in which somebody writes a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles.date_style import order_of, parse_moment, zone_of
from bot.core.articles.dates import DateStyle, Order, written_moment
from bot.core.feeds import parse
from tests.support.shared import SHARED, needs_shared

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Thu, 31 Aug 2023 09:58:00 +0700", "2023-08-31T02:58:00"),
        ("31 Aug 2023 09:58 GMT", "2023-08-31T09:58:00"),
        ("Thu, 31 Aug 23 09:58:00 EST", "2023-08-31T14:58:00"),
        ("Wed, 31 Aug 2023 09:58:00 WIB", "2023-08-31T02:58:00"),
        ("Kamis, 31 Agustus 2023 | 09:58 WITA", "2023-08-31T01:58:00"),
        ("31 Agu 2023 09.58", "2023-08-31T09:58:00"),
        ("2023-08-31T09:58:00.123+07:00", "2023-08-31T02:58:00"),
        ("2023-08-31T09:58:00Z", "2023-08-31T09:58:00"),
        ("2023-08-31T09:58-0500", "2023-08-31T14:58:00"),
        ("2023-08-31 09:58:00", "2023-08-31T09:58:00"),
        ("2023-08-31", "2023-08-31T00:00:00"),
        ("2023-08", "2023-08-01T00:00:00"),
        ("20230831T095800", "2023-08-31T09:58:00"),
        ("2023-243", "2023-08-31T00:00:00"),
        ("Thu Aug 31 09:58:00 2023", "2023-08-31T09:58:00"),
        ("August 31, 2023 9:58 PM", "2023-08-31T21:58:00"),
        ("Aug. 31st, 2023 12:05 a.m.", "2023-08-31T00:05:00"),
        ("31/08/2023 09:58", "2023-08-31T09:58:00"),
        ("08/31/2023", "2023-08-31T00:00:00"),
        ("2023년 8월 31일 09:58", "2023-08-31T09:58:00"),
        ("2023年8月31日", "2023-08-31T00:00:00"),
        ("31 ส.ค. 2566 09:58 +0700", "2023-08-31T02:58:00"),
        ("31 августа 2023, 09:58 MSK", "2023-08-31T06:58:00"),
        ("31 de agosto de 2023", "2023-08-31T00:00:00"),
        ("чт, 31 авг 2023 09:58:00 +0300", "2023-08-31T06:58:00"),
        ("jue, 31 ago 2023 09:58:00 -0500", "2023-08-31T14:58:00"),
        ("jeudi 31 août 2023 à 9h58", "2023-08-31T09:58:00"),
        ("2023年8月31日09時58分", "2023-08-31T09:58:00"),
        ("2023年8月31日 下午9:58", "2023-08-31T21:58:00"),
        ("2023年8月31日午後9時58分05秒", "2023-08-31T21:58:05"),
        ("2023년 8월 31일 오전 9:58", "2023-08-31T09:58:00"),
        ("2023-08-31T09:58:00−07:00", "2023-08-31T16:58:00"),
        ("1693475880", "2023-08-31T09:58:00"),
        (1693475880, "2023-08-31T09:58:00"),
        (1693475880123, "2023-08-31T09:58:00"),
        ("1945-08-17", "1945-08-17T00:00:00"),
        ("Thu, 31 Aug 2023 24:00:00 GMT", "2023-09-01T00:00:00"),
    ],
)
def test_forms(written: object, moment: str) -> None:
    found = parse_moment(written, now=NOW)
    assert found is not None
    assert datetime.fromtimestamp(found, UTC).isoformat().removesuffix("+00:00") == moment


@pytest.mark.parametrize(
    "written",
    [None, "", "besok", True, "31 Februari 2023", "1970-01-01T00:00:00Z", "0001-01-01", "0", 0,
     "2023-13-40", float("inf"), float("nan"), "9" * 60, [], "Thu, 00 Foo 0000", "2023"],
)  # fmt: skip
def test_what_is_no_date(written: object) -> None:
    assert parse_moment(written, now=NOW) is None


def test_the_future_is_now() -> None:
    assert parse_moment("2999-01-01", now=NOW) == NOW


def test_as_written_it_may_lie_in_the_future() -> None:
    assert written_moment("2999-01-01T00:00:00Z") == 32_472_144_000


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("31 Agustus 2023 09:58", "2023-08-31T02:58:00"),
        ("2023-08-31 09:58:00", "2023-08-31T02:58:00"),
        ("2023-08-31", "2023-08-30T17:00:00"),
        ("August 31, 2023 9:58 PM", "2023-08-31T14:58:00"),
        ("31/08/2023 09.58", "2023-08-31T02:58:00"),
        ("Thu Aug 31 09:58:00 2023", "2023-08-31T02:58:00"),
        ("20230831T095800", "2023-08-31T02:58:00"),
        ("2023-08-31T09:58:00Z", "2023-08-31T09:58:00"),
        ("Thu, 31 Aug 2023 09:58:00 GMT", "2023-08-31T09:58:00"),
        ("Thu, 31 Aug 2023 09:58:00 -0000", "2023-08-31T09:58:00"),
        ("Thu, 31 Aug 2023 09:58:00 WIT", "2023-08-31T00:58:00"),
        ("1693475880", "2023-08-31T09:58:00"),
    ],
)
def test_a_date_without_a_zone_is_of_the_newsrooms(written: str, moment: str) -> None:
    found = parse_moment(written, now=NOW, zone=ZoneInfo("Asia/Jakarta"))
    assert found is not None
    assert datetime.fromtimestamp(found, UTC).isoformat().removesuffix("+00:00") == moment


def test_a_zone_with_summer_time() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    found = [parse_moment(f"2023-0{n}-05 12:00", now=NOW, zone=madrid) for n in (1, 7)]
    assert found == [1_672_916_400, 1_688_551_200]


@pytest.mark.parametrize(
    ("dates", "hours"),
    [
        (("2023-08-31 09:58", "Thu, 31 Aug 2023 09:58:00 +0900"), 9),
        (("2023-08-31T09:58:00Z", "31 Agu 2023 09.58 WITA", "2023-08-31 09:58 WITA"), 8),
        (("2023-08-31T09:58:00Z",), 0),
        (("2023-08-31 09:58", "31 Agustus 2023", "besok", ""), None),
    ],
)
def test_the_zone_that_dates_show(dates: tuple[str, ...], hours: int | None) -> None:
    shown = zone_of(dates)
    offset = shown.utcoffset(None) if shown else None
    assert offset == (None if hours is None else timedelta(hours=hours))


@given(st.one_of(st.text(max_size=120), st.floats(), st.integers()))
def test_nothing_raises(written: object) -> None:
    found = parse_moment(written, now=NOW)
    assert found is None or found <= NOW


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2026, 1, 1)))  # noqa: DTZ001 - naive on purpose
def test_iso_8601_comes_back(moment: datetime) -> None:
    exact = moment.replace(tzinfo=UTC, microsecond=0)
    assert parse_moment(exact.isoformat(), now=NOW) == exact.timestamp()


@needs_shared
def test_thirty_forms_of_the_feed_validator() -> None:
    """Titles say which are wrong; the right ones all mean the same second."""
    body = (SHARED / "feeds" / "bad-dates-30forms-26.xml").read_bytes()
    stories = parse.parse(body, address="https://p.example/", now=NOW).stories
    said = datetime(2006, 2, 9, 23, 59, 45, tzinfo=UTC).timestamp()
    right = [story for story in stories if story.published == said]
    assert len(stories) == 30
    assert len(right) >= 21


JAKARTA = ZoneInfo("Asia/Jakarta")
FORMS = """
6 Peb 2026 08:15 -> 2026-02-06 08:15
6 Pebruari 2026 -> 2026-02-06 00:00
17 Agt 2026 10.00 WIB -> 2026-08-17 10:00
17 Agst 2026 10.00 WIB -> 2026-08-17 10:00
12 Ogos 2026 -> 2026-08-12 00:00
3 Mac 2026 -> 2026-03-03 00:00
3 Dis 2026 -> 2026-12-03 00:00
Kam, 5 Mrt 2026 09:00 -> 2026-03-05 09:00
Juli 5, 2026 9:00 -> 2026-07-05 09:00
1 Ag 2026 -> 2026-08-01 00:00
5-Nop-2026 10:20 -> 2026-11-05 10:20
05/Nop/2026 10:20 -> 2026-11-05 10:20
5.11.2026 10:20 -> 2026-11-05 10:20
5. 11. 2026 10:20 -> 2026-11-05 10:20
05-11-26 -> 2026-11-05 00:00
10.20 WIB 5/11/2026 -> 2026-11-05 10:20
Pukul 10.20 WITA, Kamis (5/11/2026) -> 2026-11-05 09:20
Kamis, 5 November 2026 (10:20 WITA) -> 2026-11-05 09:20
Kamis, 05 Nov 2026 pukul 10.20 WIT -> 2026-11-05 08:20
5 Nov 2026 10:20 (GMT+8) -> 2026-11-05 09:20
5 Nov 2026 10:20 (WITA) -> 2026-11-05 09:20
5 Nov 2026 7 malam -> 2026-11-05 19:00
5 Nov 2026 jam 7 pagi -> 2026-11-05 07:00
5 Nov 2026 pukul 2 siang -> 2026-11-05 14:00
5 Nov 2026 pukul 4.30 sore -> 2026-11-05 16:30
Nov 5, 2026, 2 PM -> 2026-11-05 14:00
2:05 a.m. Nov 5, 2026 -> 2026-11-05 02:05
Nov. 5, 2026 at 2:05 p.m. ET -> 2026-11-06 02:05
Jul 5, 2026 at 2:05 p.m. PT -> 2026-07-06 04:05
5 Nov 2026 10:20:00 Europe/London -> 2026-11-05 17:20
2026-07-05 10:20:00 Europe/London -> 2026-07-05 16:20
2026-11-05T10:20:00 Asia/Jayapura -> 2026-11-05 08:20
2026-11-05T10:20:00+07:00[Asia/Jakarta] -> 2026-11-05 10:20
2026-11-05T10:20:00 07:00 -> 2026-11-05 10:20
2026-11-05T10:20:00+7 -> 2026-11-05 10:20
2026-11-05 10:20 UTC+8 -> 2026-11-05 09:20
Thu Nov 5 10:20:00 +0700 2026 -> 2026-11-05 10:20
Thu Nov  5 10:20:00 WIB 2026 -> 2026-11-05 10:20
Thu, 5 Nov 2026 9:5:7 GMT -> 2026-11-05 16:05
5 Nov 2026 9:05:7 -> 2026-11-05 09:05
2026-11-5 9:5:7 -> 2026-11-05 09:05
2026-11-05T9:05 -> 2026-11-05 09:05
2026 Nov 05 10:20 -> 2026-11-05 10:20
2026-Nov-05 10:20 -> 2026-11-05 10:20
2026, November 5 -> 2026-11-05 00:00
2026 Peb 6 -> 2026-02-06 00:00
2026/11/05 10:20:33 -> 2026-11-05 10:20
Thu, 2026/11/05 10:20:53 EDT -> 2026-11-05 21:20
2026.11.05. 10:20 -> 2026-11-05 10:20
10:20 2026/11/05 -> 2026-11-05 10:20
2004-július-13T9:15-05:00 -> 2004-07-13 21:15
2026년 11월 05일 오후 2:20 -> 2026-11-05 14:20
2026-11-05 오후 2:20:17 -> 2026-11-05 14:20
2026年11月5日上午9:05 -> 2026-11-05 09:05
2026年11月5日中午12:05 -> 2026-11-05 12:05
2026年11月5日 晚上9点 -> 2026-11-05 21:00
2026年11月5日午後3時 -> 2026-11-05 15:00
5 de noviembre del 2026, 10:20 -> 2026-11-05 10:20
5 d'abril de 2026 -> 2026-04-05 00:00
5 of November 2026 -> 2026-11-05 00:00
the 5th of November, 2026 10:20 -> 2026-11-05 10:20
November 5th 2026, 10:20 am -> 2026-11-05 10:20
5 Νοεμβρίου 2026 10:20 -> 2026-11-05 10:20
Πέμ, 05 Νοέ 2026 10:20:00 +0200 -> 2026-11-05 15:20
5 μαρτίου 2026 -> 2026-03-05 00:00
Παρασκευή 1 Αυγούστου 2025, 10:20 -> 2025-08-01 10:20
5 мая 2026 г. 10:20 -> 2026-05-05 10:20
5 травня 2026 -> 2026-05-05 00:00
5 tháng 11, 2026 -> 2026-11-05 00:00
5 tháng 11 năm 2026 10:20 -> 2026-11-05 10:20
5. listopadu 2026 10:20 -> 2026-11-05 10:20
5 พ.ย. 69 10:20 น. -> 2026-11-05 10:20
5 พฤศจิกายน 2569 -> 2026-11-05 00:00
05/Nov/2026:10:20:30 +0700 -> 2026-11-05 10:20
20261105 -> 2026-11-05 00:00
202611051020 -> 2026-11-05 10:20
20261105T102030Z -> 2026-11-05 17:20
2026-011-05T10:20:00+07:00 -> 2026-11-05 10:20
2026-11-005 -> 2026-11-05 00:00
Thursday, November 5, 2026 - 10:20 -> 2026-11-05 10:20
Thu, 05 Nov 2026 10:20:00 Z -> 2026-11-05 17:20
Thu, 05 Nov 2026 10:20:00 UTC -> 2026-11-05 17:20
Thu, 05 Nov 26 10:20:00 +0700 -> 2026-11-05 10:20
Nov 5 '26 10:20 -> 2026-11-05 10:20
05/11/2026 10:20 AM -> 2026-11-05 10:20
13/5/2026 10:20 -> 2026-05-13 10:20
5/13/2026 10:20 -> 2026-05-13 10:20
Thursday, 11/05/2026 -> 2026-11-05 00:00
Kamis, 05/11/2026 -> 2026-11-05 00:00
5 Nov 10:20 -> 2026-11-05 10:20
Nov 5, 10:20 WIB -> 2026-11-05 10:20
5 November -> 2026-11-05 00:00
3 Januari pukul 14.30 -> 2027-01-03 14:30
14:30 5 Nov -> 2026-11-05 14:30
5/11 10:20 -> 2026-11-05 10:20
Jumat 13/11, 10.20 WIB -> 2026-11-13 10:20
20261105 1020 -> 2026-11-05 10:20
5 تشرين الثاني 2026 10:20 -> 2026-11-05 10:20
5 كانون الأول 2026 -> 2026-12-05 00:00
5 آذار 2026 -> 2026-03-05 00:00
5 غشت 2026 -> 2026-08-05 00:00
5 setiembre 2026 -> 2026-09-05 00:00
5 नवंबर 2026 10:20 -> 2026-11-05 10:20
५ नवंबर २०२६ -> 2026-11-05 00:00
5 নভেম্বর 2026 -> 2026-11-05 00:00
5 நவம்பர் 2026 10:20 -> 2026-11-05 10:20
5 నవంబర్ 2026 -> 2026-11-05 00:00
5 ഒക്ടോബർ 2026 -> 2026-10-05 00:00
5 نومبر 2026 -> 2026-11-05 00:00
٥ نوفمبر ٢٠٢٦ ١٠:٢٠ -> 2026-11-05 10:20
5 ноября 2026, 10:20 МСК -> 2026-11-05 14:20
5 Nov 10.20.15 -> 2026-11-05 10:20
Kamis, 5 Nov 2026 | 10:20:00 GMT+7 -> 2026-11-05 10:20
Dipublikasikan: Kamis, 5 November 2026 10:20 WIB -> 2026-11-05 10:20
Terbit 5 Nopember 2026 pukul 10:20 Waktu Indonesia Timur -> 2026-11-05 08:20
/Date(1793848800000+0700)/ -> 2026-11-05 10:20
"""
"""What people and programs write, and the newsroom's clock at that moment."""


@pytest.mark.parametrize("line", FORMS.strip().splitlines())
def test_forms_as_a_newsroom_reads_them(line: str) -> None:
    written, moment = line.split(" -> ")
    found = parse_moment(written, now=NOW, zone=JAKARTA)
    assert found is not None
    assert datetime.fromtimestamp(found, JAKARTA).strftime("%Y-%m-%d %H:%M") == moment


@pytest.mark.parametrize(
    "written",
    ["14:30", "14.30 WIB", "kemarin", "2 jam lalu", "1 hari yang lalu", "Mon, 31 Nov 2026",
     "0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00", "29 Februari 2026", "Kamis pagi"],
)  # fmt: skip
def test_no_day_is_no_date(written: str) -> None:
    assert parse_moment(written, now=NOW, zone=JAKARTA) is None


def test_a_day_without_a_year_is_none_where_nobody_knows_the_present() -> None:
    assert written_moment("26 November 14:30") is None
    assert written_moment("26 November 14.30.05") is None  # 30 is no month, and 05 no year


# --- the order of day and month -------------------------------------------------------------------

LATE_NOVEMBER = int(datetime(2026, 11, 26, 12, tzinfo=JAKARTA).timestamp())


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("11/3/2026 9:00 AM", "10/30/2026 2:30 PM"), Order.MONTH_FIRST),
        (("3/11/2026 09:00", "30/10/2026 14:30"), Order.DAY_FIRST),
        (("03.11.26", "30.10.26"), Order.DAY_FIRST),
        (("11-03-26", "10-30-26"), Order.MONTH_FIRST),
        (("26/11/03", "26/11/02", "26/10/30"), Order.YEAR_FIRST),
        (("11/12/2026", "11/11/2026"), Order.MONTH_FIRST),  # December has not come
        (("Tuesday, 11/03/2026", "Monday, 11/02/2026"), Order.MONTH_FIRST),
        (("Selasa, 03/11/2026", "Senin, 02/11/2026"), Order.DAY_FIRST),
        (("11/04/2026", "11/03/2026", "11/02/2026"), Order.MONTH_FIRST),  # three days, no months
        (("04/11/2026", "03/11/2026", "02/11/2026"), Order.DAY_FIRST),
        (("10/09/2026", "10/08/2026", "09/12/2026", "09/11/2026"), Order.MONTH_FIRST),
        (("11/3/2026 9:00 AM",), Order.MONTH_FIRST),  # fresh
        (("03/11/2026 09:00",), Order.DAY_FIRST),
        (("02/03/2026 09:00",), Order.DAY_FIRST),  # nothing speaks for either
        (("2026-11-03", "Thu, 05 Nov 2026 10:20:00 GMT", "", "besok"), Order.DAY_FIRST),
    ],
)
def test_the_order_that_a_feed_shows(dates: tuple[str, ...], order: Order) -> None:
    assert order_of(dates, now=LATE_NOVEMBER, live=True) is order


def test_a_date_that_stands_alone_is_not_expected_to_be_fresh() -> None:
    found = parse_moment("11/03/2026", now=LATE_NOVEMBER)
    assert found == datetime(2026, 3, 11, tzinfo=UTC).timestamp()


def test_one_order_for_all_dates_of_a_feed() -> None:
    dates = ("11/3/2026 9:00:00 AM", "11/1/2026 8:15:00 PM", "10/30/2026 2:30:00 PM")
    items = (f"<item><title>{one}</title><pubDate>{one}</pubDate></item>" for one in dates)
    body = f"<rss><channel>{''.join(items)}</channel></rss>".encode()
    stories = parse.parse(body, address="https://p.example/", now=LATE_NOVEMBER).stories
    said = [datetime.fromtimestamp(one.published or 0, UTC).isoformat() for one in stories]
    assert said == [
        "2026-11-03T09:00:00+00:00",
        "2026-11-01T20:15:00+00:00",
        "2026-10-30T14:30:00+00:00",
    ]


@given(
    st.lists(
        st.datetimes(min_value=datetime(2026, 9, 1), max_value=datetime(2026, 11, 25)),  # noqa: DTZ001 - naive on purpose
        min_size=6,
        max_size=30,
        unique_by=lambda one: one.date(),
    ),
    st.sampled_from([("%d/%m/%Y %H:%M", Order.DAY_FIRST), ("%m/%d/%Y %I:%M %p", Order.MONTH_FIRST),
                     ("%d.%m.%y", Order.DAY_FIRST), ("%m-%d-%y", Order.MONTH_FIRST)]),
)  # fmt: skip
def test_a_feed_of_some_weeks_shows_its_order(
    moments: list[datetime], form: tuple[str, Order]
) -> None:
    written = [one.strftime(form[0]) for one in sorted(moments, reverse=True)]
    style = DateStyle(order=order_of(written, now=LATE_NOVEMBER, live=True))
    read = [written_moment(one, style) for one in written]
    assert [datetime.fromtimestamp(one or 0, UTC).date() for one in read] == [
        one.date() for one in sorted(moments, reverse=True)
    ]


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2026, 12, 31)),  # noqa: DTZ001 - naive on purpose
    st.sampled_from(["%d %B %Y %H:%M", "%B %d, %Y %I:%M %p", "%H:%M %d %b %Y", "%Y %B %d %H.%M",
                     "%A, %d-%b-%Y %H:%M", "%d %b %Y (%H:%M)", "%Y/%m/%d %H:%M", "%d%b%Y %H:%M",
                     "%Y%m%d%H%M", "%I:%M %p, %B %d, %Y", "%d/%b/%Y:%H:%M", "%Y-%m-%dT%H:%M"]),
)  # fmt: skip
def test_a_clock_and_a_year_are_never_lost(moment: datetime, form: str) -> None:
    exact = moment.replace(tzinfo=UTC, second=0, microsecond=0)
    assert parse_moment(exact.strftime(form), now=NOW) == exact.timestamp()

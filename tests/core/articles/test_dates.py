"""Every form in which somebody writes a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.articles.dates import parse_moment, written_moment, zone_of
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
        ("2023", "2023-01-01T00:00:00"),
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
     "2023-13-40", float("inf"), float("nan"), "9" * 60, [], "Thu, 00 Foo 0000"],
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

"""Quiet hours by the clock on the wall, and when reminders fall due around them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import hours
from bot.core.comments import reminders
from bot.core.hours import Hours
from tests.conftest import JAKARTA

BERLIN = ZoneInfo("Europe/Berlin")  # clocks change: forward on 31 March 2024, back on 27 October
NIGHT = Hours(22 * 60, 6 * 60)
LUNCH = Hours(12 * 60, 13 * 60 + 30)


def at(text: str, zone: ZoneInfo = JAKARTA, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22:00-06:00", NIGHT),
        (" 22.00 – 6.00 ", NIGHT),
        ("12:00-13:30", LUNCH),
        ("00:00-23:59", Hours(0, 1439)),
        ("off", None),
        (" OFF ", None),
    ],
)
def test_hours_as_written(text: str, expected: Hours | None) -> None:
    assert hours.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "22-06", "22:00", "24:00-06:00", "22:60-06:00", "on", "06:00-06:00", "1:00-2:00x"]
)
def test_what_is_no_pair_of_hours(text: str) -> None:
    with pytest.raises(ValueError, match=r"22:00-06:00, or off"):
        hours.parse(text)


@pytest.mark.parametrize(
    ("window", "moment", "until"),
    [
        (NIGHT, "2024-03-01T21:59", "2024-03-01T21:59"),
        (NIGHT, "2024-03-01T22:00", "2024-03-02T06:00"),
        (NIGHT, "2024-02-29T23:59", "2024-03-01T06:00"),
        (NIGHT, "2024-03-02T00:00", "2024-03-02T06:00"),
        (NIGHT, "2024-03-02T05:59", "2024-03-02T06:00"),
        (NIGHT, "2024-03-02T06:00", "2024-03-02T06:00"),
        (LUNCH, "2024-03-02T11:59", "2024-03-02T11:59"),
        (LUNCH, "2024-03-02T12:00", "2024-03-02T13:30"),
        (LUNCH, "2024-03-02T13:30", "2024-03-02T13:30"),
    ],
)
@pytest.mark.parametrize("zone", [JAKARTA, BERLIN])
def test_the_end_of_the_quiet(window: Hours, moment: str, until: str, zone: ZoneInfo) -> None:
    assert window.after(at(moment, zone), zone) == at(until, zone)


def test_a_night_is_an_hour_shorter_or_longer_when_clocks_are_set() -> None:
    ahead = NIGHT.after(at("2024-03-30T22:00", BERLIN), BERLIN)
    assert ahead - at("2024-03-30T22:00", BERLIN) == 7 * 3600
    back = NIGHT.after(at("2024-10-26T22:00", BERLIN), BERLIN)
    assert back - at("2024-10-26T22:00", BERLIN) == 9 * 3600
    # 02:30 does not exist on 31 March and comes twice on 27 October.
    early = Hours(60, 150)
    assert early.after(at("2024-03-31T01:15", BERLIN), BERLIN) == at("2024-03-31T03:30", BERLIN)
    second = at("2024-10-27T02:10", BERLIN, fold=1)
    assert early.after(second, BERLIN) == at("2024-10-27T02:30", BERLIN, fold=1)


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(1_600_000_000, 1_900_000_000),
    st.sampled_from([JAKARTA, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Kathmandu")]),
)
def test_the_quiet_ends_within_a_day_and_then_it_is_not_quiet(
    begin: int, end: int, moment: int, zone: ZoneInfo
) -> None:
    if begin == end:
        return
    window = Hours(begin, end)
    until = window.after(moment, zone)
    assert moment <= until <= moment + 25 * 3600
    assert window.holds(moment, zone) == (until > moment)
    if zone.key.startswith("Asia/") and until > moment:  # no hour comes twice there
        assert not window.holds(until, zone)
        assert window.holds(until - 1, zone)


@pytest.mark.parametrize(
    ("oldest", "quiet", "lines"),
    [
        ("2024-03-01T12:00", NIGHT, ["2024-03-01T12:30", "2024-03-01T14:00"]),
        ("2024-03-01T21:10", NIGHT, ["2024-03-01T21:40", "2024-03-02T06:00"]),
        ("2024-03-01T21:45", NIGHT, ["2024-03-02T06:00"]),
        ("2024-03-02T04:30", NIGHT, ["2024-03-02T06:00", "2024-03-02T06:30"]),
        ("2024-03-02T02:00", NIGHT, ["2024-03-02T06:00"]),
        ("2024-03-02T02:00", None, ["2024-03-02T02:30", "2024-03-02T04:00"]),
    ],
)
def test_reminders_leave_the_night_alone(
    oldest: str, quiet: Hours | None, lines: list[str]
) -> None:
    since, last, found = at(oldest), 0, []
    for now in range(since, since + 24 * 3600, 60):
        if reminders.due(since, last, now, quiet=quiet, zone=JAKARTA):
            last = now
            found.append(now)
    assert found == [at(one) for one in lines]


@pytest.mark.parametrize("last", [0, at("2024-03-01T12:30"), at("2024-03-09T12:00")])
def test_after_days_of_silence_or_a_clock_that_jumped_it_is_one_line(last: int) -> None:
    since, now = at("2024-03-01T12:00"), at("2024-03-04T12:00")
    assert reminders.due(since, last, now, quiet=NIGHT, zone=JAKARTA)
    assert not reminders.due(since, now, now + 1, quiet=NIGHT, zone=JAKARTA)
    assert not reminders.due(since, now, now + 3 * 86_400, quiet=NIGHT, zone=JAKARTA)

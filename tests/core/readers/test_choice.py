"""This article, this chat, now: every combination has one answer, and waiting has an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hours import Hours
from bot.core.posts.content_kinds import KeptFor
from bot.core.readers import wishes
from bot.core.readers.choice import Kept, News, Passed, Posted, choose
from bot.core.readers.preferences import EVENING, Digest, Preferences
from bot.core.readers.schedule import due_at, midnight, next_digest
from bot.core.readers.wishes import Off, Unclear

JAKARTA = ZoneInfo("Asia/Jakarta")
NIGHT = int(datetime(2026, 11, 26, 23, 30, tzinfo=JAKARTA).timestamp())
NOON = int(datetime(2026, 11, 26, 12, 0, tzinfo=JAKARTA).timestamp())
PLAIN = Preferences(JAKARTA)
SLEEPS = Hours(22 * 60, 6 * 60)


@pytest.mark.parametrize(
    ("wants", "news", "now", "expected"),
    [
        (PLAIN, News(), NIGHT, Posted()),
        (replace(PLAIN, digest=Digest(420)), News(), NOON, Kept(KeptFor.DIGEST)),
        (replace(PLAIN, digest=Digest(420)), News(breaking=True), NOON, Posted()),
        (replace(PLAIN, quiet=SLEEPS), News(), NOON, Posted()),
        (replace(PLAIN, quiet=SLEEPS), News(), NIGHT, Kept(KeptFor.QUIET)),
        (replace(PLAIN, quiet=SLEEPS), News(breaking=True), NIGHT, Kept(KeptFor.QUIET)),
        (replace(PLAIN, quiet=SLEEPS), News(breaking=True, loud=True), NIGHT, Posted()),
        (replace(PLAIN, limit=3), News(), NOON, Kept(KeptFor.LIMIT)),
        (replace(PLAIN, limit=4), News(), NOON, Posted()),
        (replace(PLAIN, limit=3), News(breaking=True), NOON, Posted()),
        (replace(PLAIN, breaking_only=True), News(), NOON, Passed()),
        (replace(PLAIN, breaking_only=True), News(breaking=True), NOON, Posted()),
        (
            replace(PLAIN, breaking_only=True, digest=Digest(420)),
            News(),
            NOON,
            Kept(KeptFor.DIGEST),
        ),
    ],
)
def test_choices(wants: Preferences, news: News, now: int, expected: object) -> None:
    assert choose(wants, news, fits=True, posted_today=3, now=now) == expected


def test_what_does_not_match_the_filter_is_passed_over_whatever_else_holds() -> None:
    loud = News(breaking=True, loud=True)
    assert choose(PLAIN, loud, fits=False, posted_today=0, now=NOON) == Passed()


NAMES = "Asia/Jakarta Europe/Berlin America/St_Johns Australia/Lord_Howe UTC"
ZONES = st.sampled_from([ZoneInfo(name) for name in NAMES.split()])
MOMENTS = st.integers(NOON, NOON + 366 * 86_400)
MINUTES = st.integers(0, 1439)


@given(MOMENTS, MINUTES, st.integers(1, 127), ZONES)
def test_a_digest_comes_on_its_days_at_its_time(
    moment: int, minute: int, days: int, zone: ZoneInfo
) -> None:
    due = next_digest(Digest(minute, days), moment, zone)
    assert moment < due <= moment + 8 * 86_400
    wall = datetime.fromtimestamp(due, UTC).astimezone(zone)
    late = (wall.hour * 60 + wall.minute - minute) % 1440
    assert late in {0, 30, 60}  # later only where the clock jumped over that minute
    assert days >> wall.weekday() & 1
    assert next_digest(Digest(minute, days), due, zone) > due


@given(MOMENTS, ZONES)
def test_midnight_begins_the_day(moment: int, zone: ZoneInfo) -> None:
    begin = midnight(moment, zone)
    assert begin <= moment < begin + 25 * 3600
    assert datetime.fromtimestamp(begin, UTC).astimezone(zone).date() == (
        datetime.fromtimestamp(moment, UTC).astimezone(zone).date()
    )


@given(MOMENTS, st.sampled_from(list(KeptFor)), MINUTES, MINUTES, ZONES)
def test_whatever_is_kept_back_comes_within_eight_days(
    moment: int, why: KeptFor, first: int, last: int, zone: ZoneInfo
) -> None:
    quiet = Hours(first, last) if first != last else None
    wants = Preferences(zone, digest=Digest(first), quiet=quiet, limit=1)
    due = due_at(wants, why, moment)
    assert moment <= due <= moment + 9 * 86_400
    if why is not KeptFor.DIGEST and quiet is not None:
        assert not quiet.holds(due, zone)


def test_a_reason_that_holds_no_more_keeps_nothing_back() -> None:
    for why in KeptFor:
        assert due_at(PLAIN, why, NOON) == NOON


def test_the_evening_is_not_disturbed_in_quiet_hours() -> None:
    early = replace(PLAIN, limit=1, quiet=Hours(EVENING - 60, 7 * 60))
    assert due_at(early, KeptFor.LIMIT, NOON) == midnight(NOON, JAKARTA) + (24 + 7) * 3600


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07:00", Digest(420)),
        ("7.30", Digest(450)),
        ("7", Digest(420)),
        ("6 pm", Digest(18 * 60)),
        ("pukul 18.30", Digest(18 * 60 + 30)),
        ("weekdays 07:00", Digest(420, 0b0011111)),
        ("07:00 senin, kamis", Digest(420, 0b0001001)),
        ("senin-jumat 07:00", Digest(420, 0b0011111)),
        ("isnin-jumaat 07:00", Digest(420, 0b0011111)),
        ("Kha, Ahd 07:00", Digest(420, 0b1001000)),
        ("sat-mon 9:00", Digest(540, 0b1100001)),
        ("every day at 7", Digest(420)),
        ("weekly monday 7:00", Digest(420, 0b0000001)),
        ("mingguan senin 07:00", Digest(420, 0b0000001)),
        ("Tiap minggu senin 07:00", Digest(420, 0b0000001)),
        ("jumat 18.30 setiap  minggu", Digest(18 * 60 + 30, 0b0010000)),
        ("tiap minggu, senin 07:00", Digest(420, 0b1000001)),  # a list of days
        ("tiap minggu 07:00", Digest(420, 0b1000000)),  # every Sunday
        ("mingguan 07:00", Unclear()),
        ("mingguan senin", Unclear()),
        ("mingguan", Unclear()),
        ("tiap minggu", Unclear()),
        ("off", Off()),
        ("mati", Off()),
        ("", Unclear()),
        ("25:00", Unclear()),
        ("7:60", Unclear()),
        ("besok", Unclear()),
        ("²:00", Unclear()),
        ("٧", Digest(420)),
    ],
)
def test_wishes_for_a_digest(text: str, expected: object) -> None:
    assert wishes.digest(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22:00-06:00", SLEEPS),
        ("22-6", SLEEPS),
        ("22.00 – 06.00", SLEEPS),
        ("22:00 sampai 06:00", SLEEPS),
        ("off", Off()),
        ("22:00", Unclear()),
        ("6-6", Unclear()),
        ("", Unclear()),
    ],
)
def test_wishes_for_quiet(text: str, expected: object) -> None:
    assert wishes.quiet(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", 10),
        ("off", Off()),
        ("0", Off()),
        ("101", Unclear()),
        ("²", Unclear()),
        ("-1", Unclear()),
    ],
)
def test_wishes_for_a_limit(text: str, expected: object) -> None:
    assert wishes.limit(text) == expected


@given(st.text(max_size=60))
def test_no_words_can_break_a_wish(text: str) -> None:
    for read in (wishes.digest, wishes.quiet, wishes.limit, wishes.switch):
        read(text)

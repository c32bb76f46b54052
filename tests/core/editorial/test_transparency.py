"""The transparency report: its month, its message within limits, its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.editorial.transparency import Month, Tickets, Times, a_day, as_csv, message, span_of
from bot.core.language import Translator
from bot.core.model import CorrectionKind
from tests.support.telegram_parser import parse

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = int(datetime(2026, 1, 15, 12, tzinfo=JAKARTA).timestamp())


def begins(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=JAKARTA).timestamp())


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("", (2025, 12), (2026, 1)),
        ("2025-12", (2025, 12), (2026, 1)),
        ("2026-01", (2026, 1), (2026, 2)),
    ],
)
def test_months(text: str, begin: tuple[int, int], end: tuple[int, int]) -> None:
    assert span_of(text, now=NOW, zone=JAKARTA) == (begins(*begin), begins(*end))


@pytest.mark.parametrize("text", ["2026-13", "Januari", "2026"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        span_of(text, now=NOW, zone=JAKARTA)


def test_the_message_names_everything_and_fits(english: Translator) -> None:
    found = Month(
        begins(2025, 12),
        received=40,
        approved=30,
        rejected={"spam": 6, "insult": 4},
        waits=Times.of([60, 600, 7200]),
        reports=Tickets(2, 1, 1, Times.of([3600])),
        corrections=((NOW, CorrectionKind.CORRECTED, "<b>" + "Judul " * 40, "r" * 200),) * 20,
    )
    text = parse(message(found, english))[0]
    assert text.startswith("📑 Transparency report · December 2025\nComments: 40 received, 30 pub")
    assert "· spam: 6" in text
    assert "10 minutes (median), 2 hours (longest)" in text
    assert "· answered within 2 × 24 hours: 1; later or not at all: 1" in text
    assert len(text) <= 4096


def test_tickets_that_were_in_time_late_open_or_taken_back() -> None:
    day = 86_400
    took: list[tuple[int, int | None, bool]] = [
        (NOW, NOW + 2 * day, False),  # in time
        (NOW, NOW + 3 * day, False),  # late
        (NOW, None, False),  # overdue
        (NOW, None, True),  # its reader took it back
        (NOW + 2 * day, None, False),  # it has time
    ]
    found = Tickets.of(took, now=NOW + 3 * day)
    assert replace(found, came=()) == Tickets(5, 1, 2, Times(3 * day, 3 * day))
    assert a_day(found.came, Month(NOW), 3) == (4, 0, 1)


def test_rows_for_a_spreadsheet() -> None:
    found = Month(NOW, received=1, corrections=((NOW, CorrectionKind.WITHDRAWN, "A, B", "x"),))
    assert as_csv(found, JAKARTA).splitlines()[-1] == (
        'withdrawn,"A, B",x,2026-01-15T12:00:00+07:00'
    )

"""Times as people say them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.search.query import Period, parse
from bot.core.search.times import said
from tests.conftest import JAKARTA, NOON


def day(year: int, month: int, number: int) -> int:
    return int(datetime(year, month, number, tzinfo=JAKARTA).timestamp())


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [  # it is Thursday, 31 August 2023
        ("hari ini", (2023, 8, 31), (2023, 9, 1)),
        ("kemarin", (2023, 8, 30), (2023, 8, 31)),
        ("Yesterday", (2023, 8, 30), (2023, 8, 31)),
        ("minggu ini", (2023, 8, 28), (2023, 9, 4)),
        ("pekan lalu", (2023, 8, 21), (2023, 8, 28)),
        ("last week", (2023, 8, 21), (2023, 8, 28)),
        ("bulan lalu", (2023, 7, 1), (2023, 8, 1)),
        ("last month", (2023, 7, 1), (2023, 8, 1)),
        ("tahun lalu", (2022, 1, 1), (2023, 1, 1)),
        ("agustus 2023", (2023, 8, 1), (2023, 9, 1)),
        ("desember 2022", (2022, 12, 1), (2023, 1, 1)),
        ("17 Agustus 2023", (2023, 8, 17), (2023, 8, 18)),
        ("3 hari terakhir", (2023, 8, 29), (2023, 9, 1)),
        ("2 minggu yang lalu", (2023, 8, 18), (2023, 9, 1)),
        ("last 7 days", (2023, 8, 25), (2023, 9, 1)),
        ("dua hari lalu", (2023, 8, 30), (2023, 9, 1)),
        ("past three days", (2023, 8, 29), (2023, 9, 1)),
        ("seminggu terakhir", (2023, 8, 25), (2023, 9, 1)),
        ("tahun 2017", (2017, 1, 1), (2018, 1, 1)),
        ("bulan agustus", (2023, 8, 1), (2023, 9, 1)),
        ("bulan Oktober", (2022, 10, 1), (2022, 11, 1)),
        ("bulan oktober 2021", (2021, 10, 1), (2021, 11, 1)),
        ("juli lalu", (2023, 7, 1), (2023, 8, 1)),
        ("tanggal 17 agustus 2023", (2023, 8, 17), (2023, 8, 18)),
        ("August 17, 2023", (2023, 8, 17), (2023, 8, 18)),
        ("aug 17th 2023", (2023, 8, 17), (2023, 8, 18)),
        ("17/8/2023", (2023, 8, 17), (2023, 8, 18)),
        ("2023-08-17", (2023, 8, 17), (2023, 8, 18)),
    ],
)
def test_said(text: str, since: tuple[int, int, int], until: tuple[int, int, int]) -> None:
    found = parse(f"gempa {text}", JAKARTA, now=NOON)
    assert (found.since, found.until) == (day(*since), day(*until))
    assert found.period == Period(text, day(*since), day(*until), "gempa")
    assert [term.words for term in found.terms] == [("gempa",)]


@pytest.mark.parametrize(
    "text",
    [
        '"minggu lalu"',
        "17 agustus",
        "agustus",
        "2023",
        "99 agustus 2023",
        "sejak:kemarin",
        "mingguan",
        "tahun 2024",
        "17/13/2023",
        "17/8",
        "dua hari",
    ],
)
def test_what_says_no_time(text: str) -> None:
    assert parse(text, JAKARTA, now=NOON).period is None


def test_without_a_clock_words_are_words() -> None:
    assert parse("gempa kemarin", JAKARTA).period is None


@given(st.text())
def test_any_text(text: str) -> None:
    said(text, JAKARTA, NOON)
    parse(text, JAKARTA, now=NOON)


@pytest.mark.parametrize(
    ("text", "link", "words"),
    [
        (
            "https://x.example/2023/08/gempa-di-aceh.html?utm_source=a",
            "x.example",
            ["gempa", "di", "aceh"],
        ),
        ("lihat https://x.example/", "x.example", ["lihat"]),
        ("tempo.co", "", ["tempo", "co"]),
    ],
)
def test_a_pasted_address(text: str, link: str, words: list[str]) -> None:
    found = parse(text, JAKARTA)
    assert link in found.link
    assert [word for term in found.terms for word in term.words] == words


def test_topics_as_posts_write_them() -> None:
    found = parse("#LuarNegeri rusia a#b -#x", JAKARTA)
    assert found.tags == ("luarnegeri",)

"""The query language: everything that a reader may type has a meaning, nothing fails."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.search.query import (
    LONGEST,
    MOST_TERMS,
    KnownNames,
    SearchQuery,
    Term,
    clean,
    parse,
    rewritten,
)
from bot.core.search.words import words

JAKARTA = ZoneInfo("Asia/Jakarta")


def asked(text: str) -> SearchQuery:
    return parse(text, JAKARTA)


def at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=JAKARTA).timestamp())


def loose(*words: str) -> tuple[Term, ...]:
    return tuple(Term(tuple(re.split("[-/,]", word))) for word in words)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Negosiasi SENJATA", loose("negosiasi", "senjata")),
        ('"kapal selam" rusia', (Term(("kapal", "selam"), exact=True), *loose("rusia"))),
        ("“kapal selam”", (Term(("kapal", "selam"), exact=True),)),
        ('"kapal selam', (Term(("kapal", "selam"), exact=True),)),
        ("covid-19", loose("covid-19")),
        ("anak-anak", loose("anak")),
        ("rusia/ukraina,iran", loose("rusia", "ukraina", "iran")),
        ("harga:naik", loose("harga", "naik")),
        ("rusia rusia", loose("rusia")),
        ("sejak:kapan", loose("sejak", "kapan")),
        ("sejak:2023-13", loose("sejak", "2023-13")),
        ("sampai:31/02/2023", loose("sampai", "31/02/2023")),
        ("Rp2,5 triliun pada 17/8", loose("rp-2,5", "triliun", "pada", "17/8")),
        ("sumber:", loose("sumber")),
    ],
)
def test_words(text: str, terms: tuple[Term, ...]) -> None:
    found = asked(text)
    assert found.terms == terms
    assert found.since is None
    assert found.until is None


def test_without() -> None:
    found = asked('rusia -drone –"kapal selam" - putin')
    assert found.terms == loose("rusia", "putin")
    assert found.without == (*loose("drone"), Term(("kapal", "selam"), exact=True))


@pytest.mark.parametrize("name", ["sumber", "source", "SUMBER"])
def test_source(name: str) -> None:
    assert asked(f'{name}:"CNN Indonesia" senjata').sources == KnownNames(wanted=("cnn indonesia",))
    assert asked(f"{name}: cnn").sources == KnownNames(wanted=("cnn",))
    assert asked(f"-{name}:cnn {name}:detik").sources == KnownNames(("detik",), ("cnn",))


@pytest.mark.parametrize("name", ["topik", "topic"])
def test_topic(name: str) -> None:
    found = asked(f"{name}:ekonomi {name}:“luar negeri” -{name}:olahraga")
    assert found.topics == KnownNames(("ekonomi", "luar negeri"), ("olahraga",))
    assert found.terms == ()


@pytest.mark.parametrize(
    ("value", "begin", "end"),
    [
        ("2023", at(2023, 1, 1), at(2024, 1, 1)),
        ("2023-08", at(2023, 8, 1), at(2023, 9, 1)),
        ("2023-12", at(2023, 12, 1), at(2024, 1, 1)),
        ("2023-08-17", at(2023, 8, 17), at(2023, 8, 18)),
        ("17/08/2023", at(2023, 8, 17), at(2023, 8, 18)),
        ("8/2023", at(2023, 8, 1), at(2023, 9, 1)),
        ('"2024-02-29"', at(2024, 2, 29), at(2024, 3, 1)),
    ],
)
@pytest.mark.parametrize(("since", "until"), [("sejak", "sampai"), ("since", "until")])
def test_periods(value: str, begin: int, end: int, since: str, until: str) -> None:
    found = asked(f"{since}:{value} {until}:{value}")
    assert (found.since, found.until) == (begin, end)
    assert not found.empty


def test_a_day_has_the_length_that_the_zone_gives_it() -> None:
    found = parse("since:2023-03-26 until:2023-03-26", ZoneInfo("Europe/Berlin"))
    assert found.since is not None
    assert found.until == found.since + 23 * 3600


def test_times_narrow() -> None:
    found = asked("sejak:2020 sejak:2023 sampai:2025 sampai:2024")
    assert (found.since, found.until) == (at(2023, 1, 1), at(2025, 1, 1))


@pytest.mark.parametrize("text", ["", "  ", "!!!", '"', '""', "-", "🎉", "\ud800"])
def test_nothing_was_asked(text: str) -> None:
    assert asked(text).empty


def test_limits() -> None:
    found = asked(" ".join(f"kata{n}" for n in range(1000)))
    assert len(found.terms) == MOST_TERMS
    assert len(found.text) <= LONGEST
    assert not found.text.endswith("kat")
    assert len(clean("x" * 9000)) == LONGEST


PIECES = [
    "sumber:",
    "-",
    '"',
    "topik:",
    "sejak:",
    "2023-08",
    "sampai:",
    " ",
    "rusia",
    "“",
    "-“",
    "99/",
]


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_query(text: str) -> None:
    found = asked(text)
    assert len(found.terms) + len(found.without) <= MOST_TERMS
    assert asked(found.text) == found
    found.text.encode()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("penmbang emas", '"penmbang" emas'),
        ("Harga,Penmbang!", 'Harga,"penmbang"!'),
        ('"penmbang" sumber:penmbang -penmbang', '"penmbang" sumber:penmbang -penmbang'),
        ("“penmbang” dan penmbang", '"penmbang" dan "penmbang"'),
        ("emas", "emas"),
    ],
)
def test_words_can_be_replaced_in_a_query(text: str, other: str) -> None:
    assert rewritten(text, {"penmbang": '"penmbang"'}) == other


@given(st.text())
def test_any_text_can_be_rewritten(text: str) -> None:
    assert rewritten(text, {}) == clean(text)
    rewritten(text, {word: f'"{word}"' for word in words(text)})


@pytest.mark.parametrize(
    "text",
    [
        "https://paper.example/2023/08/banjir-besar.html",
        "www.paper.example/2023/08/banjir-besar.html",
        "paper.example/2023/08/banjir-besar.html",
        "(https://paper.example/2023/08/banjir-besar.html).",
        "<https://paper.example/2023/08/banjir-besar.html>, bagus",
        "HTTPS://paper.example/2023/08/banjir-besar/amp?utm_source=wa",
    ],
)
def test_an_address_however_it_was_pasted(text: str) -> None:
    found = parse(text, JAKARTA)
    assert found.link.lower().partition("?")[0].startswith("https://")
    assert "paper.example/2023/08/banjir-besar" in found.link
    assert not found.link.endswith((".", ",", ")", ">"))
    words = [term.words for term in found.terms]
    assert words in ([("banjir",), ("besar",)], [("banjir",), ("besar",), ("bagus",)])


@pytest.mark.parametrize("text", ["17/8 tempo.co", "dan/atau", "Rp2.500/kg", "ani@paper.example/x"])
def test_what_is_no_address(text: str) -> None:
    assert parse(text, JAKARTA).link == ""


def test_a_number_with_the_same_digits_twice_stays_whole() -> None:
    assert [term.words for term in parse("gempa 7,7 anak-anak", JAKARTA).terms] == [
        ("gempa",),
        ("7", "7"),
        ("anak",),
    ]

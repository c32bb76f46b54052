"""The order of results: words first, headlines before texts, new before old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.core.search.query import parse
from bot.core.search.ranking import Archive, Candidate
from bot.core.search.ranking import order as ranked_with_worth
from bot.core.search.repair import Repair
from bot.core.search.wording import Form, Wording
from bot.core.search.words import key, stem, words

NOW = 1_693_458_000
DAY = 86_400
FILLER = "kata " * 100
ARCHIVE = Archive(articles=1000, words=100_000)


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def article(headline: str, body: str = "", days: int = 0) -> Candidate:
    text = " ".join(stems(f"{body} {FILLER}"))
    return Candidate(key(headline), " ".join(stems(headline)), text, NOW - days * DAY)


def asked(text: str, **having: int) -> Wording:
    return Wording(parse(text, ZoneInfo("UTC")), having=having)


def order(text: str, *candidates: Candidate, **having: int) -> list[int]:
    return ranked(candidates, asked(text, **having), ARCHIVE, now=NOW)


def scores(
    candidates: Sequence[Candidate], wording: Wording, archive: Archive, *, now: int
) -> list[float]:
    found = ranked_with_worth(candidates, wording, archive, now=now)
    return [one.worth for one in sorted(found, key=lambda one: one.place)]


def ranked(
    candidates: Sequence[Candidate], wording: Wording, archive: Archive, *, now: int
) -> list[int]:
    return [one.place for one in ranked_with_worth(candidates, wording, archive, now=now)]


def test_a_headline_counts_more_than_the_text() -> None:
    assert order("rusia", article("Lain", "rusia rusia"), article("Rusia")) == [1, 0]


def test_the_form_that_was_typed_comes_first() -> None:
    assert order("senjata", article("Persenjataan"), article("Senjata")) == [1, 0]


def test_rare_words_count_more() -> None:
    found = order("kota rudal", article("Kota"), article("Rudal"), kota=900, rudal=3)
    assert found == [1, 0]


def test_an_article_without_the_name_asked_for_comes_after_one_without_a_frequent_word() -> None:
    """Whoever asks how many died on Flores does not mean Colombia, however alike the headline."""
    found = order(
        "korban tewas gempa flores bertambah jadi berapa",
        article("Korban tewas gempa Kolombia bertambah jadi 190 orang"),
        article("Korban gempa Flores jadi prioritas utama hari ini"),
        korban=120, tewa=150, gempa=50, flore=4, tambah=70, jadi=500,
    )  # fmt: skip
    assert found == [1, 0]


def test_joined_numbers_are_one_word() -> None:
    partly = article("Obligasi 5,6 triliun", "2 orang, Rp 2")
    assert order("2,5 triliun", partly, article("Laba 2,5 triliun")) == [1, 0]
    assert order("apa itu e10", article("Uji 10 mobil e", "e e 10"), article("E10 diuji")) == [1, 0]
    found = ranked_with_worth([partly], asked("2,5 triliun"), ARCHIVE, now=NOW)
    assert not found[0].whole


def test_the_only_word_is_meant_in_its_form_if_that_is_rarer_than_its_stem() -> None:
    wording = replace(asked("penyambutan", sambut=300), uses={"penyambutan": 3})
    fresh, old = article("PSSI sambut baik"), article("Penyambutan juara", days=90)
    assert ranked([fresh, old], wording, ARCHIVE, now=NOW) == [1, 0]
    assert ranked([fresh, old], replace(wording, uses={"penyambutan": 300}), ARCHIVE, now=NOW) == [
        0,
        1,
    ]


def test_a_number_belongs_to_the_word_beside_it() -> None:
    found = order(
        "kunci jawaban kelas 10",
        article("Kunci jawaban kelas 7 halaman 96 aktivitas 10"),
        article("Kunci jawaban ilmu sosial semester dua kelas 10"),
    )
    assert found == [1, 0]


def test_fresh_above_old_of_equal_worth() -> None:
    assert order("rusia", article("Rusia", days=400), article("Rusia", days=1)) == [1, 0]


def test_freshness_does_not_beat_the_words() -> None:
    old, new = article("Negosiasi senjata", days=2000), article("Kabar", "senjata")
    assert order("negosiasi senjata", new, old) == [1, 0]


def test_one_word_asks_for_news() -> None:
    """The same two articles: one word lifts the fresh one more."""
    pair = [article("Rusia", days=300), article("Rusia")]

    def lift(text: str) -> float:
        old, new = scores(pair, asked(text), ARCHIVE, now=NOW)
        return new / old

    assert lift("rusia") > lift("rusia rudal") > 1


def test_a_long_text_does_not_win_by_length() -> None:
    short, long = article("A", "rudal"), article("B", "rudal " + "lain " * 3000)
    assert order("rudal", long, short) == [1, 0]


def test_the_order_holds_within_a_day() -> None:
    one = article("Rusia", days=3)
    first = scores([one], asked("rusia"), ARCHIVE, now=NOW)
    assert scores([one], asked("rusia"), ARCHIVE, now=NOW + 3600) == first


def test_an_empty_archive_and_no_words() -> None:
    nothing = Archive(0, 0)
    assert scores([], asked("rusia"), nothing, now=NOW) == []
    assert scores([article("Rusia")], asked("-x"), nothing, now=NOW) == [0.0]


def test_what_a_mistyped_word_most_likely_meant_comes_first() -> None:
    forms = {"penmbang": (Form(("penambang",)), Form(("penimbang",), 0.8))}
    repairs = (Repair("penmbang", ("penambang", "penimbang")),)
    wording = replace(asked("penmbang"), forms=forms, repairs=repairs)
    found = [article("Penimbang emas"), article("Penambang emas")]
    assert ranked(found, wording, ARCHIVE, now=NOW) == [1, 0]
    found = [article(f"Penambang emas {n}") for n in range(9)] + [article("Penimbangnya")]
    assert ranked(found, wording, ARCHIVE, now=NOW).index(9) < 7  # every meaning gets a place


@given(st.tuples(st.text(), st.text(), st.text()), st.integers(-(10**12), 10**12), st.data())
def test_never_negative(texts: tuple[str, str, str], when: int, data: st.DataObject) -> None:
    headline, body, text = texts
    counted = dict.fromkeys(stems(text), data.draw(st.integers(0, 10**9)))
    archive = Archive(data.draw(st.integers(0, 10**7)), 0)
    one = replace(article(headline, body), when=when)
    (worth,) = scores([one], asked(text, **counted), archive, now=NOW)
    assert worth >= 0

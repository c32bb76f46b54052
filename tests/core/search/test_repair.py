"""Mistyped words: what they may have meant, by letters alone."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.core.search import repair

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=14)


@pytest.mark.parametrize("typed", ["penmbang", "peenambang", "pemambang", "pneambang", "enambang"])
def test_one_slip_away(typed: str) -> None:
    assert "penambang" in repair.neighbours(typed)


@pytest.mark.parametrize("word", ["", "gmp", "2024", "5g", "covid19", "x" * 40, "путinы", "東京"])
def test_what_is_no_word_of_letters_is_not_repaired(word: str) -> None:
    assert not repair.neighbours(word)
    assert not repair.openings(word)
    assert not repair.splits(word)


@pytest.mark.parametrize(("typed", "meant"), [("москв", "москва"), ("القاهرو", "القاهرة")])
def test_other_alphabets_have_slips_of_their_own(typed: str, meant: str) -> None:
    assert meant in repair.neighbours(typed)


def test_fewest_slips_first_then_the_most_used() -> None:
    uses = {"penambang": 5, "penimbang": 90, "penmbat": 1000, "menambang": 1000}
    found = [word for _, word in repair.best("penmbang", uses)]
    assert found == ["penimbang", "penambang"]  # no more than one slip in eight letters


def test_a_wrong_first_letter_counts_twice() -> None:
    found = repair.best("berabu", {"kerabu": 100, "beradu": 1})
    assert found == [(1, "beradu"), (2, "kerabu")]


def test_long_words_may_have_two_slips() -> None:
    assert repair.best("perekonmain", {"perekonomian": 3}) == [(2, "perekonomian")]
    assert repair.best("ekonmai", {"ekonomis": 3}) == []
    assert "perekon" in repair.openings("perekpnomain")


def test_a_missing_space() -> None:
    assert ("rumah", "sakit") in repair.splits("rumahsakit")


def test_rare_beside_a_common_neighbour() -> None:
    assert repair.maybe_a_slip(1, 100)
    assert not repair.maybe_a_slip(1, 20)
    assert not repair.maybe_a_slip(50, 100_000)


@given(LETTERS, LETTERS)
def test_neighbours_are_exactly_what_is_one_slip_away(one: str, other: str) -> None:
    assert (other in repair.neighbours(one)) == (OSA.distance(one, other) == 1)


@given(LETTERS, st.data())
def test_one_slip_leads_back(word: str, data: st.DataObject) -> None:
    near = sorted(repair.neighbours(word))
    typed = data.draw(st.sampled_from(near))
    assume(len(typed) >= 4)
    assert word in repair.neighbours(typed)


@given(st.text(max_size=40))
def test_any_text_has_neighbours_or_none(word: str) -> None:
    for one in repair.neighbours(word):
        assert one != word
    repair.openings(word)
    repair.splits(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("boeton", "buton"),
        ("supratman", "soepratman"),
        ("terentjana", "terencana"),
        ("soerabaja", "surabaya"),
        ("tjipanas", "cipanas"),
        ("eksperia", "experia"),
        ("phoenis", "foenis"),
    ],
)
def test_another_spelling_is_one_slip(typed: str, meant: str) -> None:
    assert meant in repair.near(typed)
    slip = meant[:-1] + ("b" if meant[-1] != "b" else "d")
    assert repair.best(typed, {meant: 3, slip: 900, typed + "x": 900})[0] == (1, meant)


@given(st.text(alphabet="oeutjcdksxphfqwny", max_size=40))
def test_spellings_are_words_near_enough(word: str) -> None:
    assert word not in repair.spellings(word)
    assert len(repair.spellings(word)) <= 64

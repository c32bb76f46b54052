"""Indonesian word families: what may be made of what, and what the archive's words say of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.search.families import derived, possible, relatives, roots


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ("runding", "runding berunding merundingkan perundingan dirundingkan rundingan perunding"),
        ("tembak", "tembak menembak penembakan ditembak tembakan penembak"),
        ("sapu", "menyapu penyapu disapu"),
        ("kirim", "mengirim mengirimkan pengiriman dikirim kiriman"),
        ("pasok", "memasok pemasok pasokan dipasok"),
        ("rusak", "merusak perusakan kerusakan perusak"),
        ("adil", "keadilan ketidakadilan mengadili pengadilan"),
        ("baik", "memperbaiki diperbaiki perbaikan"),
        ("bangun", "membangun pembangunan dibangun bangunan"),
    ],
)
def test_words_of_a_family(root: str, words: str) -> None:
    made = derived(root)
    for word in words.split():
        assert word in made
        assert root in roots(word)
        assert word in possible(word)


@pytest.mark.parametrize(
    ("word", "stranger"),
    [
        ("menteri", "teri"),
        ("kepala", "pala"),
        ("pengaruh", "garuh"),
        ("berita", "ita"),
        ("2024", "2024"),
    ],
)
def test_what_grammar_forbids_is_no_family(word: str, stranger: str) -> None:
    assert stranger not in roots(word)


def test_the_family_with_most_known_words_counts() -> None:
    uses = dict.fromkeys(["tambang", "pertambangan", "penambang", "nambang", "ditambang"], 3)
    uses["tambang"] = 90
    assert relatives("penambang", uses) == ["tambang", "ditambang", "pertambangan"]


def test_one_other_word_is_no_family() -> None:
    assert relatives("bersarin", {"sarin": 5, "bersarin": 1}) == []


@given(st.text(max_size=30))
def test_any_word(word: str) -> None:
    assert relatives(word, {}) == []
    for root in roots(word):
        assert len(root) >= 4
    for made in possible(word):
        assert len(made) < 50

"""What counts as one story told again."""

from __future__ import annotations

import pytest

from bot.core.search.folding import stories
from bot.core.search.ranking import Candidate
from bot.core.search.words import key, stem, words

NOW = 1_693_458_000
DAY = 86_400


def told(headline: str, lead: str = "", *, when: int = NOW) -> Candidate:
    stems = [" ".join(map(stem, words(text))) for text in (headline, lead)]
    return Candidate(key(headline), stems[0], stems[1], when)


def folded(*articles: Candidate) -> list[list[int]]:
    return stories(articles, range(len(articles)))


BANK = told(
    "Bank Delta luncurkan tabungan pelajar", "Bank Delta meluncurkan tabungan bagi pelajar di Solo."
)


@pytest.mark.parametrize(
    "other",
    [
        told("Bank Delta Luncurkan Tabungan Pelajar", "Solo - Bank Delta meluncurkan tabungan."),
        told("Tabungan pelajar diluncurkan Bank Delta di Solo"),
        told("Bank Delta luncurkan tabungan bagi pelajar SMA", when=NOW - DAY),
    ],
)
def test_one_story_in_other_words(other: Candidate) -> None:
    assert folded(BANK, other) == [[0, 1]]


@pytest.mark.parametrize(
    "other",
    [
        told("Bank Delta tutup dua cabang", "Bank Delta menutup cabang di Solo."),
        told("Bank Delta luncurkan tabungan pelajar", when=NOW - 3 * DAY),
        told("Pelajar Solo juara olimpiade", "Tabungan prestasi bagi pelajar di Solo."),
        told("", ""),
        told("Bank Delta untung"),
    ],
)
def test_another_story(other: Candidate) -> None:
    assert folded(BANK, other) == [[0], [1]]


def test_two_words_of_three_are_no_story() -> None:
    assert folded(told("Sungai Delta Musi"), told("Sungai Delta Barito")) == [[0], [1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            'Lirik lagu "Padang Biru", lengkap dengan sejarah dan maknanya',
            'Lirik lagu "Gunung Hijau", lengkap dengan sejarah dan maknanya',
        ),
        (
            "Prakiraan Cuaca Solo, Sabtu 15 Agustus 2026: Mayoritas Berawan",
            "Prakiraan Cuaca Ambon, Sabtu 15 Agustus 2026: Mayoritas Cerah",
        ),
        ("Sabtu, prakiraan cuaca Solo berawan", "Prakiraan cuaca Ambon Sabtu ini berawan"),
        ("Jadwal kapal Solo Express hari ini", "Jadwal kapal Ambon Express hari ini"),
        ("Harga emas Delta hari ini naik tajam", "Harga emas Musi hari ini turun tajam"),
        ("Hasil drawing ganda putra piala Delta", "Hasil drawing ganda campuran piala Delta"),
    ],
)
def test_one_pattern_is_not_one_story(one: str, other: str) -> None:
    lead = "Simak selengkapnya di bawah ini, disusun redaksi untuk pembaca setia."
    assert folded(told(one, lead), told(other, lead)) == [[0], [1]]


def test_one_story_by_one_pattern() -> None:
    first = told("Harga emas Delta naik Rp11.000 jadi Rp2,6 juta per gram")
    assert folded(first, told("Harga Emas Delta Naik Rp 11.000/Gram, Semahal Ini")) == [[0, 1]]
    solo = told("Prakiraan Cuaca Solo Sabtu", "Cuaca Solo pada Sabtu diperkirakan berawan.")
    assert folded(solo, told("Prakiraan cuaca Solo berawan Sabtu")) == [[0, 1]]


def test_other_numbers_are_other_news() -> None:
    first = told("Korban gempa Cianjur 14 orang meninggal")
    assert folded(first, told("Korban gempa Cianjur 38 orang meninggal")) == [[0], [1]]
    assert folded(first, told("Gempa Cianjur: korban meninggal jadi 14 orang")) == [[0, 1]]
    assert folded(first, told("Gempa Cianjur: korban orang meninggal")) == [[0, 1]]
    assert folded(first, told("Gempa Cianjur M 5: korban meninggal jadi 14 orang")) == [[0, 1]]
    assert folded(first, told("Gempa Cianjur hari ke-5: korban meninggal 14 orang")) == [[0, 1]]


def test_the_best_of_each_story_keeps_its_place() -> None:
    other = told("Harga beras naik di pasar induk")
    found = stories([BANK, other, BANK, other, BANK], [3, 2, 1, 0, 4])
    assert found == [[3, 1], [2, 0, 4]]

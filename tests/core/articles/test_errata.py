"""Lines in which a newsroom says itself what was wrong."""

from __future__ import annotations

import time

import pytest

from bot.core.articles.errata import erratum


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Ralat: Nama wali kota salah.", "Nama wali kota salah."),
        ("RALAT : jumlah korban 12, bukan 21", "jumlah korban 12, bukan 21"),
        ("Koreksi redaksi (14/11/2026): judul diperbaiki.", "judul diperbaiki."),
        ("*Ralat 14 November 2026, 14.05 WIB: Angka diperbaiki", "Angka diperbaiki"),
        ("Correction: An earlier version misspelled a name.", "An earlier version misspelled a n"),
        ("[Koreksi] — foto diganti", ""),
        ("Pembetulan: tarikh sebenar 3 Mei.", "tarikh sebenar 3 Mei."),
        ("Corrección: el nombre era otro.", "el nombre era otro."),
        ("Исправление: имя указано неверно.", "имя указано неверно."),
        ("Koreksi pasar berlanjut: IHSG turun 2 persen", ""),
        ("Ralat", ""),
        ("Ralat: ", ""),
        ("Kami meralat: bukan begitu", ""),
    ],
)
def test_forms(line: str, reason: str) -> None:
    found = erratum(f"Paragraf pertama.\n{line}\nParagraf terakhir.")
    assert found.startswith(reason) if reason else found == ""


def test_the_last_one_counts_and_is_short() -> None:
    assert erratum("Ralat: satu.\nIsi.\nRalat: dua.") == "dua."
    assert len(erratum("Ralat: " + "kata " * 200)) <= 200


def test_long_texts_take_no_longer_than_they_are() -> None:
    begun = time.process_time()
    erratum("Ralat (" * 20_000 + "\n" + "Koreksi 1.1.1.1" * 20_000 + "\n" + " " * 100_000)
    assert time.process_time() - begun < 2

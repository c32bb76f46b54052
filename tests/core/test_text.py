"""Numbers that people and servers write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import example_words, whole_number


@pytest.mark.parametrize(
    "text",
    ["", "²", "①", "٣", "1.5", "-1", "+1", " 7", "7 ", "1_000", "0x1f", "9" * 19, "9" * 5000],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert whole_number(text) is None


@given(st.integers(0, 10**18 - 1))
def test_whole_numbers_are_read(number: int) -> None:
    assert whole_number(str(number)) == number


@given(st.text())
def test_no_text_raises(text: str) -> None:
    found = whole_number(text)
    assert found is None or str(found) == text.lstrip("0") or text.strip("0") == ""


def test_more_digits_than_asked_for_are_none() -> None:
    assert whole_number("999", digits=3) == 999
    assert whole_number("1000", digits=3) is None


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        ("Harga Beras Naik Menjelang Panen Raya", "harga beras"),
        ("AS-Rusia: negosiasi senjata", "rusia negosiasi"),
        ("Rice prices rise before the main harvest", "prices harvest"),
        ("Ini dia", ""),
        ("", ""),
    ],
)
def test_an_example_of_a_search_comes_from_a_headline(headline: str, words: str) -> None:
    assert example_words(headline) == words

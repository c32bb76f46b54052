"""What is typed after @bot: the unfinished word, and offsets that strangers may change."""

from __future__ import annotations

import pytest

from bot.core.search.inline import InlinePlace, completed, opening, place

NOW = 1_693_458_000


@pytest.mark.parametrize(
    ("offset", "found"),
    [
        ("", InlinePlace(0, NOW)),
        (InlinePlace(20, NOW - 9).after(20), InlinePlace(40, NOW - 9)),
        ("20", InlinePlace(0, NOW)),
        ("20:", InlinePlace(0, NOW)),
        ("-1:5", InlinePlace(0, NOW)),
        ("20:99999999999", InlinePlace(0, NOW)),
        ("99999999:5", InlinePlace(0, NOW)),
        ("²:5:x", InlinePlace(0, NOW)),
    ],
)
def test_places(offset: str, found: InlinePlace) -> None:
    assert place(offset, now=NOW) == found


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("nego", "nego"),
        ("Senjata NEGO", "nego"),
        ("nego ", ""),
        ("ne", ""),
        ('"senjata nego', ""),
        ("topik:eko", ""),
        ("-nego", ""),
        ("2023", ""),
        ("", ""),
    ],
)
def test_the_word_that_is_being_typed(text: str, word: str) -> None:
    assert opening(text) == word


def test_it_becomes_another_and_the_rest_stays() -> None:
    assert completed("sumber:cnn senjata nego", "negosiasi") == "sumber:cnn senjata negosiasi"
    assert completed("nego", "") == "nego"

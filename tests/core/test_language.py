"""How long something takes, in words."""

from __future__ import annotations

import pytest

from bot.core.language import Translator


@pytest.mark.parametrize(
    ("seconds", "english_words", "indonesian_words"),
    [
        (0, "1 second", "1 detik"),
        (59, "59 seconds", "59 detik"),
        (60, "1 minute", "1 menit"),
        (480, "8 minutes", "8 menit"),
        (7199, "119 minutes", "119 menit"),
        (7200, "2 hours", "2 jam"),
        (30_600, "8 hours", "8 jam"),
        (172_799, "47 hours", "47 jam"),
        (400_000, "4 days", "4 hari"),
    ],
)
def test_spans(
    english: Translator,
    indonesian: Translator,
    seconds: int,
    english_words: str,
    indonesian_words: str,
) -> None:
    assert english.span(seconds) == english_words
    assert indonesian.span(seconds) == indonesian_words


def test_a_moment_is_written_as_each_language_writes_it(
    english: Translator, indonesian: Translator
) -> None:
    assert indonesian.moment(1_693_450_680) == "31 Agu 2023, 09.58"
    assert english.moment(1_693_450_680) == "31 Aug 2023, 9:58\u202fAM"

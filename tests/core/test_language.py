"""How long something takes, in words."""

from __future__ import annotations

import gettext
from datetime import UTC

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
    assert english.moment(1_693_450_680) == "31 Aug 2023, 09:58"


def test_yesterday_is_said_as_one_says_it(english: Translator, indonesian: Translator) -> None:
    now = 1_693_450_680  # 31 August 2023, 09.58
    said = [indonesian.when(now - hours * 3600, now=now) for hours in (1, 15, 48)]
    assert said == ["08.58", "kemarin 18.58", "29 Agustus 2023"]
    assert english.when(now - 15 * 3600, now=now) == "yesterday 18:58"


def test_languages_are_named_in_the_reader_s_own(
    english: Translator, indonesian: Translator
) -> None:
    assert [english.name_of("id"), indonesian.name_of("en")] == ["Indonesian", "Inggris"]


def test_a_number_behind_a_latin_name_keeps_to_what_follows_it(english: Translator) -> None:
    arabic = Translator("ar", gettext.NullTranslations(), UTC)
    assert (arabic.rtl, arabic.dot) == (True, " · \u200f")
    assert (english.rtl, english.dot) == (False, " · ")


@pytest.mark.parametrize(
    ("code", "day", "month", "moment"),
    [
        ("id", "31 Agustus 2023", "Agustus 2023", "31 Agu 2023, 02.58"),
        ("en", "31 August 2023", "August 2023", "31 Aug 2023, 02:58"),
        ("ms", "31 Ogos 2023", "Ogos 2023", "31 Ogo 2023, 02:58"),
        ("es", "31 de agosto de 2023", "agosto de 2023", "31 ago 2023, 2:58"),
        ("ru", "31 августа 2023\u202fг.", "август 2023\u202fг.", "31 авг. 2023, 02:58"),
        ("ar", "31 أغسطس 2023", "أغسطس 2023", "31 أغسطس 2023،\u200f 02:58"),
    ],
)
def test_days_and_months_are_written_as_in_each_language(
    code: str, day: str, month: str, moment: str
) -> None:
    tr = Translator(code, gettext.NullTranslations(), UTC)
    said = tr.date(1_693_450_680), tr.month(1_693_450_680), tr.moment(1_693_450_680)
    assert said == (day, month, moment)

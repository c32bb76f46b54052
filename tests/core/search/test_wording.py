"""What a query searches for, of all that was typed."""

from __future__ import annotations

import pytest

from bot.core.search.query import parse
from bot.core.search.wording import Wording
from tests.conftest import JAKARTA


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("kapan lrt manggarai beroperasi", "lrt manggarai beroperasi"),
        ("min ada berita soal gempa ga?", "gempa"),
        ("how many will be moved", "moved"),
        ("will smith", "will smith"),
        ("lee min ho", "lee min ho"),
        ("bumn rugi tapi laporan untung", "bumn rugi laporan untung"),
        ('"apa kabar" dunia', "apa kabar dunia"),
        ("apa itu", "apa itu"),
    ],
)
def test_words_that_only_ask_are_not_searched_for(text: str, asked: str) -> None:
    assert " ".join(Wording(parse(text, JAKARTA)).asked) == asked

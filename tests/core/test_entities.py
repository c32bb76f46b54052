"""Formatting that people type becomes markup that Telegram's own parser takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.entities import Span, marked_up
from tests.support.telegram_parser import parse

TEXT = "Baca 😀 selengkapnya <di sini> & nanti"


@pytest.mark.parametrize(
    ("spans", "html"),
    [
        ([Span("bold", 0, 4)], "<b>Baca</b> 😀 x & y"),
        ([Span("text_link", 0, 4, "https://a.example/?b=1&c")],
         '<a href="https://a.example/?b=1&amp;c">Baca</a> 😀 x & y'),
        ([Span("italic", 8, 1)], "Baca 😀 <i>x</i> & y"),  # after a character of two units
        ([Span("bold", 0, 4), Span("italic", 0, 2)], "<b><i>Ba</i>ca</b> 😀 x & y"),
        ([Span("bold", 0, 3), Span("italic", 2, 4)], "<b>Bac</b>a 😀 x & y"),
        ([Span("code", 0, 4), Span("bold", 0, 2)], "<code>Baca</code> 😀 x & y"),
        ([Span("expandable_blockquote", 0, 4)],
         "<blockquote expandable>Baca</blockquote> 😀 x & y"),
        ([Span("text_link", 0, 4, "javascript:alert(1)")], "Baca 😀 x & y"),
        ([Span("text_link", 0, 4, "tg://user?id=5")], "Baca 😀 x & y"),
        ([Span("bold", -3, 5)], "<b>Ba</b>ca 😀 x & y"),
        ([Span("bold", 90, 5), Span("mention", 0, 4), Span("bold", 1, -1)], "Baca 😀 x & y"),
    ],
)  # fmt: skip
def test_formatting_survives_as_far_as_we_may_send_it(spans: list[Span], html: str) -> None:
    assert marked_up("Baca 😀 x & y", spans) == html.replace(" & ", " &amp; ")


def test_what_would_be_more_than_telegram_takes_goes_without_formatting() -> None:
    links = [Span("text_link", at, 1, "https://a.example/" + "x" * 2000) for at in range(30)]
    assert marked_up("y" * 30, links) == "y" * 30


@given(
    st.lists(
        st.builds(
            Span,
            st.sampled_from(
                ["bold", "italic", "code", "pre", "blockquote", "text_link", "spoiler", "nonsense"]
            ),
            st.integers(-5, 50),
            st.integers(-5, 50),
            st.sampled_from(["https://a.example/<b>\"'&", "", "x"]),
        ),
        max_size=6,
    )
)
def test_whatever_is_said_about_a_text_its_words_stay(spans: list[Span]) -> None:
    assert parse(marked_up(TEXT, spans))[0] == TEXT

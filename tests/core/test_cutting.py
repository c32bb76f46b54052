"""Cutting: never inside a word, a quotation, or what readers see as one character."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.core import html
from bot.core.articles import caption as captions
from bot.core.articles import lead as leads
from bot.core.html import Html
from bot.core.search.excerpt import Marker, plain
from bot.core.search.query import parse
from bot.core.search.wording import Wording
from bot.core.text import border, cut, fit, longest, open_quotation, utf16
from bot.core.text import split as split_text

CLUSTERS = (
    "👨‍👩‍👧‍👦", "🇮🇩", "👍🏽", "1️⃣", "❤️‍🔥", "é", "กำ", "ที่", "ผู้", "क्षि", "நி", "각", "\r\n",
    "z̷̢̛͉", "☺︎", "a", " ", ".", "“",
)  # fmt: skip
"""What readers see as one character, however many it consists of."""
TEXTS = st.lists(st.sampled_from(CLUSTERS), max_size=120).map("".join)
CUTS: dict[str, Callable[[str, int], str]] = {
    "fit": fit,
    "cut": cut,
    "html": lambda text, limit: html.shown(html.cut(html.escape(text), limit)),
    "lead": lambda text, limit: leads.of([text], limit=limit),
    "longest": lambda text, limit: text[: longest(text, limit)],
    "border": lambda text, limit: text[: border(text, limit)],
    "card": lambda text, limit: split_text(text, limit + 24, limit + 24)[0],
}


def borders(text: str) -> set[int]:
    return {0} | {found.end() for found in regex.finditer(r"\X", text)}


def plainly(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", CUTS)
@given(text=TEXTS, limit=st.integers(2, 90))
def test_nothing_ends_inside_a_character(name: str, text: str, limit: int) -> None:
    left = plainly(CUTS[name](text, limit).removesuffix("…"))
    whole = plainly(text)
    assert whole.startswith(left)
    assert len(left) in borders(whole) or not left


@pytest.mark.parametrize("name", ["fit", "longest"])
@given(text=TEXTS, limit=st.integers(0, 90))
def test_a_limit_in_utf16_holds(name: str, text: str, limit: int) -> None:
    assert utf16(CUTS[name](text, limit)) <= limit


@pytest.mark.parametrize("name", ["cut", "border", "lead", "html"])
@given(text=TEXTS, limit=st.integers(1, 90))
def test_a_limit_in_characters_holds(name: str, text: str, limit: int) -> None:
    assert len(CUTS[name](text, limit)) <= limit


@given(TEXTS, st.integers(30, 90), st.integers(30, 90))
def test_a_card_and_its_parts_are_the_text(text: str, first: int, rest: int) -> None:
    assert "".join(split_text(text, first, rest)) == text


@given(TEXTS)
def test_an_excerpt_begins_and_ends_between_characters(text: str) -> None:
    shown = plain(Marker(Wording(parse("kabar", zone=UTC))).excerpt(text + "kabar" + text, 40))
    whole = " ".join((text + "kabar" + text).split())
    told = shown.removeprefix("… ").removesuffix(" …")
    at = whole.find(told)
    assert at >= 0
    assert {at, at + len(told)} <= borders(whole) or not told


@given(TEXTS)
def test_a_caption_is_cut_between_characters(text: str) -> None:
    caption, _ = captions.split("Warga " + text * 9)
    whole = " ".join(("Warga " + text * 9).split())
    if caption.endswith("…"):
        assert len(caption.removesuffix("…")) in borders(whole)


def test_markup_is_closed_and_no_entity_halved() -> None:
    assert html.cut(Html("<b>a&amp;👍🏽b</b>"), 4) == "<b>a&amp;…</b>"
    assert html.cut(Html("<b>a&amp;👍🏽b</b>"), 5) == "<b>a&amp;👍🏽b</b>"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('Ia berkata, "Kami siap.', 12),
        ('Ia berkata, "Kami siap."', -1),
        ('"Kami siap," kata Budi. "Kami', 24),
        ("“Kami siap,” kata Budi.", -1),
        ("“Kami siap, kata Budi.", 0),
        ("„Wir kommen“, sagte er.", -1),
        ("„Wir kommen, sagte er.", 0),
        ("«Мы готовы», сказал он. «Мы", 24),
        ("»Vi kommer«, sa han.", -1),
        ("彼は「行く」と言った。「", 11),
        ('Layar 6,1" itu besar.', -1),
        ('Layar 6,1" itu "besar', 15),
        ('"Satu.\n"Dua," kata Budi.', -1),
        ("Jum'at dan Ma'ruf Amin", -1),
        ("", -1),
    ],
)
def test_where_a_quotation_is_open(text: str, at: int) -> None:
    assert open_quotation(text) == at


def test_what_is_fitted_ends_in_no_quotation() -> None:
    first = "Warga senang sekali hari ini."
    text = f'{first} Budi berkata, "Kami siap. Kami datang. Kami menang." Lalu ia pergi.'
    for limit in range(45, 80):
        assert fit(text, limit) == first or fit(text, limit).endswith("…")

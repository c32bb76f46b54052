"""Rows of buttons: divided where a label would be cut, mirrored in right-to-left languages."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.keyboards import ROOM, fitted, grid, in_order, step, turning, width
from bot.core.language import Translator
from bot.core.model import Button
from bot.i18n import load


@pytest.fixture
def arabic() -> Translator:
    return load("ar", UTC)


@pytest.mark.parametrize(
    ("labels", "sizes"),
    [
        (("✓ Sari", "R-c86", "Anonim"), [3]),
        (("✓ Sari", "R-c86", "✓ Anonymous"), [2, 1]),
        (("📖 Baca selengkapnya", "💬 Komentar"), [2]),
        (("من الاثنين إلى الجمعة", "كل يوم"), [1, 1]),
        (("Sen", "Sel", "Rab", "Kam"), [4]),
        (("الاثنين", "الثلاثاء", "الأربعاء", "الخميس"), [2, 2]),
        (tuple("1234567"), [7]),
        (("x" * 99, "y"), [1, 1]),
        ((), []),
    ],
)
def test_a_row_is_divided_where_a_label_would_be_cut(
    labels: tuple[str, ...], sizes: list[int]
) -> None:
    row = tuple(Button(one, data="x") for one in labels)
    assert [len(part) for part in fitted((row,))] == sizes


@given(st.lists(st.lists(st.text(max_size=30), max_size=8), max_size=3))
def test_dividing_loses_nothing_and_cuts_nothing(texts: list[list[str]]) -> None:
    keyboard = tuple(tuple(Button(one, data="x") for one in row) for row in texts)
    found = fitted(keyboard)
    assert [one for row in found for one in row] == [one for row in keyboard for one in row]
    for row in found:
        assert len(row) == 1 or max(width(one.text) for one in row) <= ROOM[len(row)]


def test_an_emoji_is_as_wide_as_two_letters() -> None:
    assert [width(one) for one in ("ab", "⚙️ a", "👩‍🔬", "ё́", "▶")] == [2, 4, 2, 1, 1]


def test_pages_turn_the_way_one_reads(arabic: Translator, english: Translator) -> None:
    here = Button("2/3", data="here")
    for tr, said in ((english, "◀ back 2/3 here ▶ on"), (arabic, "◀ on 2/3 here ▶ back")):
        [row] = turning(tr, "back", "on", here)
        assert " ".join(f"{one.text} {one.data}" for one in row) == said
    assert turning(english, "", "") == ()
    assert [one.data for one in turning(arabic, "", "on")[0]] == ["on"]


def test_steps_point_outwards(arabic: Translator, english: Translator) -> None:
    rows = [
        [one.text for one in in_order(tr, [Button(step(tr, "7", n), data="x") for n in (-2, 1)])]
        for tr in (english, arabic)
    ]
    assert rows == [["◀◀ 7", "7 ▶"], ["◀ 7", "7 ▶▶"]]


def test_a_grid_begins_where_one_begins_to_read(arabic: Translator, english: Translator) -> None:
    buttons = [Button(one, data="x") for one in ("1", "2", "3", "4 long enough", "5")]
    grids = [
        [" ".join(one.text for one in row) for row in grid(tr, buttons, 3)]
        for tr in (english, arabic)
    ]
    assert grids == [["1 2 3", "4 long enough 5"], ["3 2 1", "5 4 long enough"]]

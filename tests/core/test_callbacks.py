"""Button payloads: short, distinct, and only what was encoded comes back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import callbacks
from bot.core.callbacks import Press, PressKind, decode, encode, fits, pattern

_NUMBER = st.integers(0, 2**63 - 1)


@st.composite
def presses(draw: st.DrawFn) -> Press:
    kind = draw(st.sampled_from(PressKind))
    count = callbacks._NUMBERS[kind]
    numbers = draw(st.lists(_NUMBER, min_size=count, max_size=count))
    return Press(kind, tuple(numbers), draw(st.text(max_size=40).filter(_encodable)))


def _encodable(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


@given(presses())
def test_what_fits_comes_back(press: Press) -> None:
    if fits(press):
        data = encode(press)
        assert 1 <= len(data.encode()) <= 64
        assert decode(data) == press
        assert [kind for kind in PressKind if re.match(pattern(kind), data)] == [press.kind]


@given(st.text(max_size=80))
def test_strangers_payloads_never_raise(data: str) -> None:
    press = decode(data)
    assert press is None or encode(press) == data


@pytest.mark.parametrize(
    "data",
    ["", ":", "d", "d:", "d:1", "d:1:2", "d:1:2:", "c:", "c:-1", "c:+1", "c:1_0", "c: 1", "c:01",
     "c:A", "c:é", "c:²", "c:1:", "q:zzzzzzzzzzzzzzzz", "unknown:1", "C:1"],
)  # fmt: skip
def test_forged_payloads_are_nothing(data: str) -> None:
    assert decode(data) is None


def test_a_decision_fits_with_the_longest_numbers_that_a_newsroom_can_reach() -> None:
    press = Press(PressKind.DECIDE, (10**12, 10**4, 10**6), "unpublish-silently")
    assert len(encode(press)) <= 64


def test_wrong_numbers_are_a_bug_not_a_payload() -> None:
    with pytest.raises(ValueError, match="DECIDE has 3 numbers"):
        encode(Press(PressKind.DECIDE, (1, 2)))
    assert not fits(Press(PressKind.SEARCH, (1,), "é" * 40))


def test_buttons_of_articles_and_languages() -> None:
    assert callbacks.opened_article(callbacks.open_article(1842)) == 1842
    assert callbacks.opened_article(callbacks.comment_on(1842)) is None
    assert callbacks.chosen_language(callbacks.language("id")) == "id"
    assert callbacks.chosen_language(callbacks.LANGUAGES) is None
    assert decode(callbacks.read_comments(7, 2, "best")) == Press(PressKind.READ, (7, 2), "best")

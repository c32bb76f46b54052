"""Names that show nothing get a stand-in; all others stay themselves."""

from __future__ import annotations

import pytest

from bot.core.names import chat_name, clean_name, moderator_name


@pytest.mark.parametrize(
    "name",
    ["", " \t", "\u200b\u200d", "\u3164", "\u2800\u2800", "\u115f\u1160", "\uffa0", "\u200f\u202e",
     "\u0301", "\ufe0f", "\u00ad\u2060", "\U000e0041"],
    ids=ascii,
)  # fmt: skip
def test_a_name_that_nobody_can_see_is_none(name: str) -> None:
    assert clean_name(name) == ""
    assert moderator_name(name) == "?"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("\u202eIvan\u200f P.", "Ivan P."), ("محمد", "محمد"), ("❤️", "❤\ufe0f"), ("7", "7"),
     ("\u3164Budi", "Budi"), ("<3", "<3"), ("José\u0301", "José\u0301")],
)  # fmt: skip
def test_whatever_can_be_seen_stays(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    ("title", "username", "shown"),
    [
        ("Warung kopi", "warung", "Warung kopi"),
        ("\u3164\u2800", "warung", "@warung"),
        ("\u202e", None, "?"),
        ("Warung\n\u200fkopi", "", "Warung kopi"),
    ],
)
def test_a_chat_whose_title_shows_nothing_has_a_stand_in(
    title: str, username: str | None, shown: str
) -> None:
    assert chat_name(title, username) == shown

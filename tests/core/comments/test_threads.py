"""Messages in a thread: what has to happen to them, and what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.comments.parts import LENGTH_LIMIT
from bot.core.comments.threads import Move, answer, comment, next_move, withdrawn
from bot.core.html import escape
from bot.core.language import Translator
from bot.core.posts.outcome import REMOVED, SILENT
from bot.core.text import TEXT_LIMIT
from tests.support.telegram_parser import parse


@pytest.mark.parametrize(
    ("state", "reason", "there", "public", "not_public"),
    [
        ("", "", False, Move.POST, Move.NOTHING),
        ("due", "", False, Move.NOTHING, Move.NOTHING),  # rendered when it leaves
        ("unknown", "", False, Move.NOTHING, Move.NOTHING),
        ("claimed", "", False, Move.WAIT, Move.WAIT),
        ("sent", "", True, Move.REVISE, Move.REVISE),
        ("sent", "", False, Move.NOTHING, Move.NOTHING),  # somebody else took it away
        ("dead", REMOVED, False, Move.POST, Move.NOTHING),
        ("dead", SILENT, False, Move.POST, Move.NOTHING),
        ("dead", "message to be replied not found", False, Move.NOTHING, Move.NOTHING),
        ("gone", "bot was kicked", False, Move.POST, Move.NOTHING),
    ],
)
def test_what_a_message_needs(
    state: str, reason: str, there: bool, public: Move, not_public: Move
) -> None:
    moves = [
        next_move(wanted=wanted, state=state, reason=reason, there=there)
        for wanted in (True, False)
    ]
    assert moves == [public, not_public]


@pytest.mark.parametrize("wanted", [True, False])
def test_nothing_is_decided_while_a_change_is_on_its_way(wanted: bool) -> None:
    move = next_move(wanted=wanted, state="sent", there=True, revising=True)
    assert move is Move.WAIT


# What Telegram itself strips or refuses cannot have been written there.
_WRITTEN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]))


@given(_WRITTEN.filter(bool), st.text("<b>&;'\"/a😀", min_size=1, max_size=64), st.booleans())
def test_a_comment_is_shown_exactly_as_written(text: str, name: str, media: bool) -> None:
    shown, entities = parse(comment(name, text, media=media).text)
    head, _, words = shown.partition("\n")
    assert (head, words) == (f"{name} 📎" if media else name, text)
    assert [kind for kind, _, _ in entities] == ["bold"]


def test_the_longest_comment_fits_whole() -> None:
    shown, _ = parse(comment("N" * 64, "&" * LENGTH_LIMIT, media=True).text)
    assert shown.endswith("&" * LENGTH_LIMIT)
    assert len(shown) <= TEXT_LIMIT


def test_answers_and_withdrawn_comments(english: Translator, indonesian: Translator) -> None:
    assert parse(answer(escape("<3"), english).text)[0] == "↳ The editors: <3"
    gone = withdrawn(7, indonesian)
    assert (gone.text, gone.removes) == ("(komentar ditarik)", (7,))

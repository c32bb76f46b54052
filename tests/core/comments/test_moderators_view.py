"""Lists for moderators fit into one message, however long their parts are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.comments import moderators_lists
from bot.core.comments.model import Comment, Reader, State
from bot.core.comments.moderators_lists import Line
from bot.core.html import telegram_length
from bot.core.language import Translator
from bot.core.model import ArticleId, CommentId, ReaderId
from bot.core.text import TEXT_LIMIT


def lines(count: int, action: str) -> list[Line]:
    return [Line(1_700_000_000, "<Anna> " * 60, True, action, "& why " * 60, "About " * 60)] * count


@pytest.mark.parametrize("action", ["auto", "answer-public", "an action of tomorrow"])
def test_the_log_and_a_history_fit(english: Translator, action: str) -> None:
    log = moderators_lists.log(lines(20, action), english)
    history = moderators_lists.history(7, lines(99, action), english)
    assert telegram_length(log.text) <= TEXT_LIMIT
    assert telegram_length(history.text) <= TEXT_LIMIT
    assert (log.text.count("\n"), history.text.count("\n")) == (19, 30)


def test_a_readers_history_names_what_is_in_force(english: Translator) -> None:
    now = 1_700_000_000
    reader = Reader(ReaderId(2), None, None, "Ani", approved=3, rejected=1, muted_until=now)
    found = Comment(CommentId(4), ArticleId(7), reader.id, State.APPROVED, "Two\n<b>lines", live=1)
    notes = [("Rudi", "kind <3", now)]
    text = moderators_lists.reader_page(reader, [found], notes, english, now=now).text
    assert "3 approved / 1 rejected" in text
    assert "muted" not in text  # it has just ended
    assert "banned" not in text
    assert "📝 kind &lt;3 — Rudi" in text
    assert text.endswith(" #4 Two &lt;b&gt;lines")
    barred = replace(reader, banned_at=now - 86_400, muted_until=now + 60)
    text = moderators_lists.reader_page(barred, [], [], english, now=now).text
    assert "🚫 banned since 14 Nov 2023, 05:13" in text
    assert "🔇 muted until 15 Nov 2023, 05:14" in text


@pytest.mark.parametrize(
    ("actor", "human", "said"),
    [("Anna", True, "Anna"), ("reader", False, "the reader"), ("rule", False, "a rule")],
)
def test_the_log_names_who_did_it(english: Translator, actor: str, human: bool, said: str) -> None:
    line = Line(0, actor, human, "approve")
    assert moderators_lists.said(line, english).endswith(f"{said}: approved it")

"""Lists for moderators fit into one message, however long their parts are."""

from __future__ import annotations

import pytest

from bot.core.comments import moderators_lists
from bot.core.comments.moderators_lists import Line
from bot.core.html import telegram_length
from bot.core.language import Translator
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

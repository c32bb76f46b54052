"""What an undone mute brings back."""

from __future__ import annotations

import pytest

from bot.core.comments.mutes import DAY, muted_until


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ([], 0),
        ([("mute", 100, "30 d")], 100 + 30 * DAY),
        ([("mute", 100, "30 d"), ("mute", 200, "1 d")], 200 + DAY),
        ([("mute", 100, "30 d"), ("mute", 200, "1 d"), ("undo mute", 201, "")], 100 + 30 * DAY),
        ([("mute", 100, "30 d"), ("undo mute", 101, ""), ("undo mute", 102, "")], 0),
        ([("mute", 100, "30 d"), ("unban", 150, ""), ("mute", 200, "1 d")], 200 + DAY),
        ([("mute", 100, "30 d"), ("unban", 150, "")], 0),
        ([("mute", 100, "30 d"), ("ban", 150, ""), ("undo ban", 160, "")], 100 + 30 * DAY),
    ],
)
def test_the_log_tells_how_long(lines: list[tuple[str, int, str]], end: int) -> None:
    assert muted_until(lines) == end

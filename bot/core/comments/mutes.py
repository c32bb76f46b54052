"""How long a reader is muted, as the log tells: who undoes a mute brings back the one before.

mute 30 d -> mute 1 d -> undo mute        the 30 days go on
mute 30 d -> unban                        nothing is left to come back
"""

from __future__ import annotations

from collections.abc import Iterable

DAY = 86_400
MUTE, UNDO_MUTE, UNBAN = "mute", "undo mute", "unban"
"""Actions of the log."""


def lasting(days: int) -> str:
    """How the log keeps for how long."""
    return f"{days} d"


def until(at: int, reason: str) -> int:
    """The end of a mute of the log."""
    return at + int(reason.removesuffix(" d")) * DAY


def muted_until(lines: Iterable[tuple[str, int, str]]) -> int:
    """The end of the mute that lasts after these lines (action, time, reason; oldest first); 0:
    there is none."""
    ends: list[int] = []
    for action, at, reason in lines:
        if action == MUTE:
            ends.append(until(at, reason))
        elif action == UNBAN:
            ends.clear()
        elif action == UNDO_MUTE and ends:
            ends.pop()
    return ends[-1] if ends else 0

"""How long a reader is muted, according to the log: undoing a mute restores the one before.

mute 30 d -> mute 1 d -> undo mute        the 30 days apply again
mute 30 d -> unban                        nothing is left to restore
"""

from __future__ import annotations

from collections.abc import Iterable

DAY = 86_400
MUTE, UNDO_MUTE, UNBAN = "mute", "undo mute", "unban"
"""Actions of the log."""


def lasting(days: int) -> str:
    """How the log records the length of a mute."""
    return f"{days} d"


def until(at: int, reason: str) -> int:
    """The end of a mute in the log (seconds since the epoch)."""
    return at + int(reason.removesuffix(" d")) * DAY


def muted_until(lines: Iterable[tuple[str, int, str]]) -> int:
    """The end of the mute in force after these lines (action, time, reason; oldest first); 0: none
    is."""
    ends: list[int] = []
    for action, at, reason in lines:
        if action == MUTE:
            ends.append(until(at, reason))
        elif action == UNBAN:
            ends.clear()
        elif action == UNDO_MUTE and ends:
            ends.pop()
    return ends[-1] if ends else 0

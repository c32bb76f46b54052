"""When moderators are reminded of what waits. Pure arithmetic; knows no queue and no messages.

waiting since 21:10, quiet 22:00-06:00    30 min -> 21:40    2 h -> 23:10 -> 06:00
waiting since 21:45                       30 min and 2 h -> 06:00: one line for both
"""

from __future__ import annotations

from datetime import tzinfo

from bot.core.hours import Hours

AGES = (1800, 7200)
"""How long the oldest comment has waited, in seconds."""
_BETWEEN = AGES[0]


def due(oldest: int, last: int, now: int, *, quiet: Hours | None, zone: tzinfo) -> bool:
    """Whether it is time for one line about all that waits.

    `oldest`: since when the oldest comment waits; `last`: when the last line went out, 0 for never.
    However long this was not checked (the program was down, the clock jumped ahead), it is one
    line.
    """
    if last > now:  # the clock was wrong then: that line says nothing about today
        last = 0
    if now - last < _BETWEEN or (quiet is not None and quiet.holds(now, zone)):
        return False
    return any(last < _loud(oldest + age, quiet, zone) <= now for age in AGES)


def _loud(moment: int, quiet: Hours | None, zone: tzinfo) -> int:
    return moment if quiet is None else quiet.after(moment, zone)

"""The deadlines for what readers may expect an answer to: complaints, reports of published
comments.

Source of the rule: Pedoman Pemberitaan Media Siber (Dewan Pers), point 3: 2 x 24 hours. Pure.
"""

from __future__ import annotations

from datetime import tzinfo

from bot.core.hours import Hours

DEADLINE_SECONDS = 2 * 86_400
REMINDERS = (24 * 3600, 40 * 3600)
"""Ages at which moderators are reminded of what waits, in seconds."""


def reminder_due(
    since: int, reminded: int, now: int, *, quiet: Hours | None, zone: tzinfo
) -> int | None:
    """The age (one of `REMINDERS`) that is due now for a reminder of what has waited since `since`;
    None if none is. `reminded`: the highest age that they were reminded at, 0 for none.

    However long this was not checked (the program was down, the night was quiet), it is one
    reminder."""
    if quiet is not None and quiet.holds(now, zone):
        return None
    reached = [age for age in REMINDERS if since + age <= now]
    return reached[-1] if reached and reached[-1] > reminded else None

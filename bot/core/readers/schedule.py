"""When something is due for a chat: its midnight, its evening, its next digest. Knows no clock.

Times are seconds since the epoch. Where a clock jumps forward over the minute asked for, it is due
that much later; where an hour comes twice, the first one counts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from bot.core.posts.content_kinds import KeptFor
from bot.core.readers.preferences import EVENING, Digest, Preferences


def midnight(moment: int, zone: tzinfo) -> int:
    """The beginning of the day that a moment belongs to, by that zone's clocks."""
    return _at(_day(moment, zone), 0, zone)


def next_digest(wants: Digest, after: int, zone: tzinfo) -> int:
    """The first time after a moment at which a digest is due."""
    day = _day(after, zone)
    for ahead in range(9):
        candidate = day + timedelta(days=ahead)
        if wants.days >> candidate.weekday() & 1:
            due = _at(candidate, wants.minute, zone)
            if due > after:
                return due
    raise ValueError("a digest without days")


def due_at(wants: Preferences, why: KeptFor, kept_at: int) -> int:
    """When an article kept back at a moment, for a reason, is to be sent; that moment itself if the
    reason no longer applies (the reader changed the settings)."""
    match why:
        case KeptFor.DIGEST if wants.digest is not None:
            return next_digest(wants.digest, kept_at, wants.zone)
        case KeptFor.QUIET if wants.quiet is not None:
            return wants.quiet.after(kept_at, wants.zone)
        case KeptFor.LIMIT if wants.limit is not None:
            return _evening(wants, kept_at)
    return kept_at


def _evening(wants: Preferences, kept_at: int) -> int:
    due = next_digest(Digest(EVENING), kept_at, wants.zone)
    return wants.quiet.after(due, wants.zone) if wants.quiet is not None else due


def _day(moment: int, zone: tzinfo) -> date:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).date()


def _at(day: date, minute: int, zone: tzinfo) -> int:
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    return int(wall.timestamp())

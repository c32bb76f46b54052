"""Quiet hours: a window of the day by local time. Knows only the zone that is passed in.

22:00-06:00    from 22:00 until just before 06:00 the next morning
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

DAY = 24 * 60
"""Minutes of a day, ignoring the two days on which clocks change."""
_TIME = r"([01]?\d|2[0-3])[:.]([0-5]\d)"
_HOURS = re.compile(rf"^\s*+{_TIME}\s*+[-–—]\s*+{_TIME}\s*+")


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes since midnight; `begin` is included, `end` is not. The two differ."""

    begin: int
    end: int

    def holds(self, moment: int, zone: tzinfo) -> bool:
        """Whether a moment (seconds since the epoch) falls into these hours."""
        wall = _wall(moment, zone)
        minute = wall.hour * 60 + wall.minute
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end

    def after(self, moment: int, zone: tzinfo) -> int:
        """The first moment from `moment` on that is not quiet: `moment` itself, or the end of these
        hours."""
        if not self.holds(moment, zone):
            return moment
        wall = _wall(moment, zone)
        ends = wall.replace(hour=self.end // 60, minute=self.end % 60, second=0, microsecond=0)
        if ends <= wall:
            ends = (ends + timedelta(days=1)).replace(fold=0)
        return int(ends.timestamp())


def parse(text: str) -> Hours | None:
    """`22:00-06:00`, also with dots; None for `off`. Raises ValueError for anything else."""
    if text.strip().lower() == "off":
        return None
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError("expected hours as 22:00-06:00, or off")
    h1, m1, h2, m2 = map(int, found.groups())
    hours = Hours(h1 * 60 + m1, h2 * 60 + m2)
    if hours.begin == hours.end:
        raise ValueError("begin and end are the same; expected hours as 22:00-06:00, or off")
    return hours


def _wall(moment: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone)

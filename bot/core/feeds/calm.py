"""How often posts may be edited: for corrections at once, for text that keeps changing only when it
has settled.

    an article's text changed  ->  edit now | edit at a later moment, unless it changes again

Two alternating CDN snapshots, or an unforeseen counter, would edit every post of every chat at
every poll. Three edits in an hour are let through; further ones wait until the text has not changed
for an hour. A text that comes back is believed once it stays. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 3600
MOST = 3
"""The most edits of an article in an hour."""
_LOOKS = 3
"""A text that comes back has to stay for so many polls."""
_DAY = 86_400
_KEPT = 2 * MOST
_RETURN = "r"


@dataclass(frozen=True, slots=True)
class Pace:
    """When posts follow: at once (`settle_at` None) or at that time. `edited` is the record to
    keep."""

    edited: str
    settle_at: int | None = None

    @property
    def restless(self) -> bool:
        """Whether it changes more often than edits are let through."""
        return self.settle_at is not None


def pace(edited: str, *, doubtful: bool, every: int, now: int) -> Pace:
    """Whether an edit goes out. `edited` are the times of the last ones, as this function wrote
    them; `doubtful`: the text was there before, or only its link changed;
    `every` is the time between two polls (seconds)."""
    times = [(int(one.removesuffix(_RETURN)), one.endswith(_RETURN)) for one in edited.split()]
    if doubtful:
        again = any(back and now - at < _DAY for at, back in times)
        return Pace(edited, now + (HOUR if again else _LOOKS * every))
    if sum(now - at < HOUR for at, _ in times) >= MOST:
        return Pace(edited, now + HOUR)
    return Pace(went_out(edited, now=now))


def went_out(edited: str, *, returns: bool = False, now: int) -> str:
    """The times of the last edits, with the one that goes out now."""
    return " ".join([*edited.split()[1 - _KEPT :], f"{now}{_RETURN if returns else ''}"])

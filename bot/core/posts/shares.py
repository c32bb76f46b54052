"""How the processes of one bot share its rate, by what each announces about once a second. Pure.

    the sender   has what the others do not claim
    the others   claim what their answers need and half as much again, at least a little; together
                 at most half of the rate

A process that wants more announces it `HEARD` seconds before using it, and one that wants less uses
less at once: so together they never exceed the rate, if announcements are heard in time. Shares are
whole thousandths of a message a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

HEARD = 3.0
"""Seconds within which the sender has heard an announcement; it asks every second."""
LEAST = 1_000
"""What a process claims when it starts, and while it has no answers to send."""
_MORE = 1.5
_MOST = 0.5


class Share:
    """One process's part of a rate (messages a second)."""

    def __init__(self, rate: float) -> None:
        self._rate = round(rate * 1_000)
        self._least = min(LEAST, self._rate // 8)
        self._said: deque[tuple[float, int]] = deque([(float("-inf"), self._least)])
        self._others: Collection[int] = ()
        self._sends = False

    def say(self, wanted: float, now: float) -> int:
        """What to announce to the others if so many messages a second are wanted here."""
        most = max(self._least, int(self._rate * _MOST) // max(1, len(self._others)))
        share = min(most, max(self._least, round(wanted * _MORE * 1_000)))
        self._said.append((now, share))
        while len(self._said) > 1 and self._said[1][0] <= now - HEARD:
            self._said.popleft()
        return share

    def hear(self, others: Collection[int], *, sends: bool) -> None:
        """Take note of what the other processes announce, and whether this one is the sender."""
        self._others = others
        self._sends = sends

    def rate(self) -> float:
        """Messages a second that this process may send."""
        if self._sends:
            return max(self._least, self._rate - sum(self._others)) / 1_000
        return min(share for _, share in self._said) / 1_000

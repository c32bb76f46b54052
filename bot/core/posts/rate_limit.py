"""Telegram's limits as arithmetic: deadlines in, deadlines out. Knows no clock, loop or network.

    overall    at most `rate` in any second, evenly spread (GCRA); answers to people never spread
    each chat  1 a second; a group or channel also 20 a minute, of which answers take 15 at most
    hasty      groups, and people who ask a lot: their answers take half of the rate at most
    held       what a 429 names: that chat. Everything, if several people's chats are refused at
               once; then one message every 1.5 s tests whether that still holds

Moments are seconds of any clock that only moves forward. Source of the numbers: Telegram's
frequently asked questions for bots; edits count like messages.
"""

from __future__ import annotations

from collections import deque
from enum import IntEnum

NEVER = float("-inf")

# A message may reach Telegram's counter a little late, and the next one a little early. These
# margins keep two of them from falling into one window; the first costs 0.3 % of the rate.
_OVERALL_PERIOD = 1.003
CHAT_PERIOD = 1.02
GROUP_PERIOD = 60.2
_GROUP_COUNT = 20
_GROUP_ANSWERS = 15
"""Of a group's 20 a minute: the rest is kept for news, however much people ask."""
_CATCH_UP = 0.05

# A message that took longer than others (a new connection, a busy machine) was counted later than
# it left, so its place in the window becomes free later. How much later is a guess, since the
# answer takes time too; so all guesses together may cost at most 0.5 % of the rate.
_USUAL = 0.001
_LATEST = 0.3
_GUESSES = 0.005
_GUESSES_AHEAD = 1.0
_SEARCH = 64

_FORGET_EVERY = 16
"""Messages. A dictionary's first entry is found the slower the more before it were deleted."""

_MINUTE = 60.0
_HASTY = 30
"""A person who got so many answers within a minute counts as hasty."""
_HASTY_SHARE = 0.5

LONGEST_HOLD = 3600.0
"""Seconds: whatever a 429 says, after so long we try again."""
_PROBE_SECONDS = 1.5
_STRIKES = 3
_STRIKE_SHARE = 0.05
_STRIKE_SECONDS = 2.0


class Urgency(IntEnum):
    """What goes first when not everything can."""

    PERSON = 0  # the answer to somebody's tap or command
    CARD = 1  # a comment for the moderators; a decision for its reader
    POST = 2  # news and corrections
    COUNT = 3  # a message whose count of comments changed
    ASIDE = 4  # what failed by a fault of ours: tried again without holding up others


class Gcra:
    """Evenly spread events: one each `interval` seconds, up to `tolerance` ahead of the plan.

    The generic cell rate algorithm: one number, the theoretical arrival time of the next event.
    """

    __slots__ = ("_next", "interval", "tolerance")

    def __init__(self, interval: float, tolerance: float) -> None:
        self.interval = interval
        self.tolerance = tolerance
        self._next = NEVER

    def free_at(self) -> float:
        """From when the next event conforms."""
        return self._next - self.tolerance

    def take(self, now: float) -> None:
        self._next = max(self._next, now) + self.interval


class Window:
    """At most `count` events in any stretch of `period` seconds, exactly.

    GCRA with a burst of b lets b more than the rate through in one window; where a server counts,
    that is a refusal. The price is one number for each event of a window.
    """

    __slots__ = ("_times", "period")

    def __init__(self, count: int, period: float) -> None:
        self.period = period
        self._times: deque[float] = deque(maxlen=count)

    def free_at(self) -> float:
        """From when the next event fits."""
        if len(self._times) < (self._times.maxlen or 0):
            return NEVER
        return self._times[0] + self.period

    def take(self, now: float) -> None:
        self._times.append(now)

    def change(self, count: int, period: float) -> None:
        """Another limit from now on."""
        self._times = deque(self._times, maxlen=count)
        self.period = period

    def delay(self, taken: float, seconds: float) -> None:
        """The event taken at that moment (one of the last) happened `seconds` later."""
        for place in range(1, min(_SEARCH, len(self._times)) + 1):
            if self._times[-place] == taken:
                self._times[-place] = taken + seconds
                return


def _window(rate: float) -> tuple[int, float]:
    count = max(1, int(rate))
    return count, _OVERALL_PERIOD * count / rate


class RateLimit:
    """When the next message may go. Memory: the chats written to within the last window."""

    def __init__(
        self,
        rate: float,
        *,
        chat_period: float = CHAT_PERIOD,
        group_period: float = GROUP_PERIOD,
    ) -> None:
        self.rate = rate
        self._chat_period = chat_period
        self._group_period = group_period
        self._window = Window(*_window(rate))
        self._spread = Gcra(1 / rate, _CATCH_UP)
        self._chats: dict[int, float] = {}
        self._groups: dict[int, tuple[float, ...]] = {}
        self._asked: dict[int, tuple[float, ...]] = {}
        self._hasty = Gcra(1 / (rate * _HASTY_SHARE), _CATCH_UP)
        self._held: dict[int, float] = {}
        self._held_all = NEVER
        self._taken = 0
        self._flood_since = self._flood_until = self._probe_at = NEVER
        self._quickest = _LATEST
        self._guesses = _GUESSES_AHEAD
        self._several = max(_STRIKES, int(rate * _STRIKE_SECONDS * _STRIKE_SHARE))
        self._strikes: deque[tuple[float, int]] = deque(maxlen=4 * self._several)

    def change(self, rate: float) -> None:
        """Allow so many messages a second from now on: other processes need more, or less."""
        if rate != self.rate:
            self.rate = rate
            self._window.change(*_window(rate))
            self._spread.interval = 1 / rate
            self._hasty.interval = 1 / (rate * _HASTY_SHARE)

    def overall_at(self, urgency: Urgency, *, hasty: bool = False) -> float:
        """From when any message of this urgency may go; in the past means now."""
        free = max(self._window.free_at(), self._held_all, self._probe_at)
        if hasty:
            free = max(free, self._hasty.free_at())
        return free if urgency == Urgency.PERSON else max(free, self._spread.free_at())

    def chat_at(self, chat: int, *, group: bool, urgency: Urgency = Urgency.POST) -> float:
        """From when a message to this chat may go; in the past means now."""
        free = self._held.get(chat, NEVER) if self._held else NEVER
        if not group:
            return max(free, self._chats.get(chat, NEVER) + self._chat_period)
        times = self._groups.get(chat)
        if times is None:
            return free
        if len(times) == _GROUP_COUNT:
            free = max(free, times[0] + self._group_period)
        if urgency is Urgency.PERSON:
            asked = self._asked.get(chat, ())
            if len(asked) >= _GROUP_ANSWERS:
                free = max(free, asked[-_GROUP_ANSWERS] + self._group_period)
        return max(free, times[-1] + self._chat_period)

    def hasty(self, chat: int, now: float, *, group: bool) -> bool:
        """Is it a group, or somebody who got so many answers that others go first?"""
        asked = self._asked.get(chat, ())
        return group or (len(asked) == _HASTY and asked[0] > now - _MINUTE)

    def take(
        self,
        chat: int,
        now: float,
        *,
        group: bool,
        urgency: Urgency = Urgency.POST,
        hasty: bool = False,
    ) -> None:
        """A message to this chat leaves now."""
        self._window.take(now)
        self._guesses = min(_GUESSES_AHEAD, self._guesses + _GUESSES)
        self._spread.take(now)
        if hasty:
            self._hasty.take(now)
        if now < self._flood_until:
            self._probe_at = now + _PROBE_SECONDS
        # Taken out and put in again, so that the first are always those silent the longest.
        if urgency is Urgency.PERSON:
            self._asked[chat] = (*self._asked.pop(chat, ())[1 - _HASTY :], now)
        if group:
            times = self._groups.pop(chat, ())
            self._groups[chat] = (*times[1 - _GROUP_COUNT :], now)
        else:
            self._chats.pop(chat, None)
            self._chats[chat] = now
        self._taken += 1
        if self._taken % _FORGET_EVERY == 0:
            self._forget(now)

    def arrived(self, chat: int, now: float, *, group: bool) -> None:
        """The answer came: Telegram counted the message at some time before now, not later."""
        if not group:
            left = self._chats.get(chat)
            if left is not None:
                self._chats[chat] = now
                self._came_home(left, now)
        elif times := self._groups.get(chat):
            self._groups[chat] = (*times[:-1], now)
            self._came_home(times[-1], now)

    def _came_home(self, left: float, now: float) -> None:
        self._was_late(left, now)
        if self._flood_since < left:  # somebody was let through: not everything is refused
            self._flood_since = self._flood_until = self._probe_at = NEVER

    def _was_late(self, left: float, now: float) -> None:
        under_way = now - left
        self._quickest = min(under_way, self._quickest * 1.001)
        late = min(under_way - self._quickest, _LATEST, self._guesses) - _USUAL
        if late > 0:
            self._guesses -= late
            self._window.delay(left, late)

    def refused(self, chat: int, retry_after: float, now: float, *, group: bool) -> None:
        """A 429: hold that chat, for an hour at most.

        Several people's chats at once have nothing in common but us: hold everything. A group is
        refused for reasons of its own (slow mode, its 20 a minute), which says nothing about
        others.
        """
        until = now + min(retry_after, LONGEST_HOLD)
        self._held[chat] = max(until, self._held.get(chat, NEVER))
        if group:
            return
        self._strikes.append((now, chat))
        struck = {who for when, who in self._strikes if now - when <= _STRIKE_SECONDS}
        if len(struck) >= self._several:
            if now >= self._flood_until:
                self._flood_since = now
                self._probe_at = now + _PROBE_SECONDS
            self._flood_until = max(self._flood_until, until)
        elif now < self._flood_until:  # it was the test message
            self._flood_until = max(self._flood_until, until)

    def hold_everything(self, until: float) -> None:
        """Nothing leaves before that moment."""
        self._held_all = max(self._held_all, until)

    def remembered(self) -> int:
        """How many chats take up memory."""
        return len(self._chats) + len(self._groups) + len(self._asked) + len(self._held)

    def _forget(self, now: float) -> None:
        """Forget at most two of the chats silent the longest for each message since the last time:
        the cost stays flat and nothing accumulates."""
        for _ in range(2 * _FORGET_EVERY):
            oldest = next(iter(self._chats.items()), None)
            if oldest is None or oldest[1] + self._chat_period > now:
                break
            del self._chats[oldest[0]]
        for _ in range(2 * _FORGET_EVERY):
            first = next(iter(self._groups.items()), None)
            if first is None or first[1][-1] + self._group_period > now:
                break
            del self._groups[first[0]]
        for _ in range(2 * _FORGET_EVERY):
            asker = next(iter(self._asked.items()), None)
            if asker is None or asker[1][-1] + self._group_period > now:
                break
            del self._asked[asker[0]]
        if self._held:
            for chat in [who for who, until in self._held.items() if until <= now]:
                del self._held[chat]

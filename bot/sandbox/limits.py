"""Telegram's rate limits as arithmetic: may this message go now, and if not, when? Knows no clock.

The numbers are those of Telegram's FAQ (30 messages a second overall, about one a second to one
chat with short bursts, 20 a minute to one group or channel); the real ones are not published.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What is allowed; None switches a limit off."""

    overall_per_second: float | None = 30
    chat_per_second: float | None = 1
    chat_burst: int = 5
    """Messages that one chat takes at once before its pace counts."""
    group_per_minute: float | None = 20


@dataclass(slots=True)
class _Bucket:
    """Leaks `rate` a second and holds `size`; `level` is how full it was at `at`."""

    size: float
    rate: float
    level: float = 0.0
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 if it fits now."""
        level = max(0.0, self.level - (now - self.at) * self.rate)
        return max(0.0, (level + 1 - self.size) / self.rate)

    def add(self, now: float) -> None:
        """Add one."""
        self.level = max(0.0, self.level - (now - self.at) * self.rate) + 1
        self.at = now


class RateLimiter:
    """The buckets of one bot."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._overall = _bucket(limits.overall_per_second, limits.overall_per_second or 0)
        self._chats: dict[int, _Bucket] = {}

    def ask(self, chat_id: int, private: bool, now: float, count: int = 1) -> int:
        """0 and the messages are counted, or the whole seconds to wait and nothing is counted."""
        buckets = [bucket for bucket in (self._overall, self._chat(chat_id, private)) if bucket]
        wait = max((bucket.wait(now) for bucket in buckets), default=0.0)
        if wait > 1e-9:
            return max(1, math.ceil(wait))
        for bucket in buckets:
            for _ in range(count):
                bucket.add(now)
        return 0

    def _chat(self, chat_id: int, private: bool) -> _Bucket | None:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            if private:
                bucket = _bucket(self._limits.chat_per_second, self._limits.chat_burst)
            else:
                minute = self._limits.group_per_minute
                bucket = _bucket(minute and minute / 60, minute or 0)
            if bucket is not None:
                self._chats[chat_id] = bucket
        return bucket


def _bucket(rate: float | None, size: float) -> _Bucket | None:
    return _Bucket(max(1.0, size), rate) if rate else None

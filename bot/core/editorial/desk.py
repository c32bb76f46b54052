"""The state of an article before the editors, and what may be done with it. Pure.

'' ──────────────────────────────► out by itself
held ──🚀──► out     held ──⏰──► scheduled ──time──► out     held/scheduled ──⛔──► stopped
stopped ──↩ (10 minutes)──► as before
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.core.model import ArticleId
from bot.core.readers.topics import key_of
from bot.core.readers.wishes import time_of_day

UNDO_SECONDS = 600
HEADLINE_LIMIT, LEAD_LIMIT = 250, 600
LATEST_DAYS = 60
"""An article can be scheduled at most so many days ahead."""


class Hold(StrEnum):
    """What keeps an article from its readers."""

    NONE = ""
    HELD = "held"  # waits for an editor
    SCHEDULED = "scheduled"  # goes out at its scheduled time
    STOPPED = "stopped"  # does not go out


@dataclass(frozen=True, slots=True)
class EditorialState:
    """The state of an article before the editors. `version` counts their decisions."""

    article_id: ArticleId
    hold: Hold = Hold.NONE
    version: int = 0
    release_at: int | None = None
    decided_at: int | None = None
    breaking: int = 0
    """1: breaking news; 2: in quiet hours too."""
    silent: bool = False
    retracted: bool = False
    announced_at: int | None = None
    delivered: int = 0
    going: bool = False
    """Some of its posts are still on their way."""
    own_headline: bool = False
    own_lead: bool = False
    own_picture: str = ""
    undo_to: Hold = Hold.NONE

    @property
    def out(self) -> bool:
        """Readers have it, or are about to."""
        return self.announced_at is not None

    @property
    def waits(self) -> bool:
        return self.hold in {Hold.HELD, Hold.SCHEDULED}

    def undoable(self, now: int) -> bool:
        """Whether a stop can still be undone: for ten minutes, if nothing went out."""
        fresh = self.decided_at is not None and now - self.decided_at <= UNDO_SECONDS
        return self.hold is Hold.STOPPED and not self.out and fresh


@dataclass(frozen=True, slots=True)
class Policy:
    """Which new articles wait, from `KABAR_HOLD`: none, all, or some topics. Topics are kept in the
    form that makes their spellings equal (`key_of`)."""

    all: bool = False
    topics: frozenset[str] = frozenset()
    minutes: int = 0
    """After so many minutes a held article goes out by itself; 0: never."""
    breaking: frozenset[str] = frozenset()
    """Feed labels that make an article breaking news."""

    def holds(self, topics: Iterable[str]) -> bool:
        return self.all or not self.topics.isdisjoint(map(key_of, topics))

    def is_breaking(self, topics: Iterable[str]) -> bool:
        return not self.breaking.isdisjoint(map(key_of, topics))

    def release_at(self, now: int) -> int | None:
        return now + self.minutes * 60 if self.minutes else None


def policy(hold: str, *, minutes: int = 0, breaking: str = "") -> Policy:
    """From the settings' texts: `none`, `all` or topics separated by commas."""
    return Policy(
        all=hold.strip().casefold() == "all",
        topics=frozenset() if hold.strip().casefold() in {"all", "none"} else _labels(hold),
        minutes=minutes,
        breaking=_labels(breaking),
    )


def _labels(text: str) -> frozenset[str]:
    return frozenset(filter(None, map(key_of, text.split(","))))


def suggested_times(now: int, zone: tzinfo) -> tuple[int, ...]:
    """Times for the buttons of ⏰: in 30 minutes, in 2 hours, and the next 07:00, 12:00 and
    18:00."""
    local = datetime.fromtimestamp(now, UTC).astimezone(zone)
    today = [local.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (7, 12, 18)]
    days = [one if one > local else one + timedelta(days=1) for one in today]
    soon = [(now + 30 * 60) // 60 * 60, (now + 2 * 3600) // 60 * 60]
    return (*soon, *sorted(int(one.timestamp()) for one in days))


def written_time(text: str, *, now: int, zone: tzinfo) -> int | None:
    """`18:30`, `besok 07:00`, `28.11. 18:30`, `2026-11-28 18:30`: the moment that is meant, in the
    newsroom's zone; a bare time is its next occurrence. None if it is not a time; a time in the
    past is returned as it is."""
    words = text.strip().casefold().replace(",", " ").split()
    if not words:
        return None
    local = datetime.fromtimestamp(now, UTC).astimezone(zone)
    minute = time_of_day(words[-1])
    if minute is None:
        return None
    day, dated = local.date(), len(words) > 1
    if dated:
        named = _day(" ".join(words[:-1]), local)
        if named is None:
            return None
        day = named.date()
    when = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    if not dated and when.timestamp() <= now:
        when += timedelta(days=1)
    return int(when.timestamp())


def _day(text: str, local: datetime) -> datetime | None:
    if text in {"besok", "tomorrow"}:
        return local + timedelta(days=1)
    if text == "lusa":
        return local + timedelta(days=2)
    if text in {"hari ini", "today"}:
        return local
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=local.tzinfo)
        except ValueError:
            continue
    for form in ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"):
        mark = form[2]
        try:
            return datetime.strptime(f"{text.rstrip(mark)}{mark}{local.year}", form).replace(
                tzinfo=local.tzinfo
            )
        except ValueError:
            continue
    return None

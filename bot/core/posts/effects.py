"""What an outcome means for its delivery: the rules that `storage.outcomes` carries out. Pure.

    Outcome (what became of one request) -> Effect (what becomes of the row)

What an outcome says about the chat or the topic is not here: that is a fact, not a choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.posts.delivery import Delivery
from bot.core.posts.outcome import (
    SILENT,
    Broken,
    ChatClosed,
    ChatGone,
    Dead,
    Halt,
    Later,
    LinkRefused,
    Moved,
    NextPicture,
    NotRemovable,
    Outcome,
    Removed,
    RetryAt,
    TextOnly,
    ThreadClosed,
    TopicGone,
    Unknown,
)

_IN_LINE = 1
"""Seconds between deliveries that line up for a busy chat."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """Due again at `at`; later deliveries to the chat are not due before it, so that order is
    kept."""

    at: int
    reason: str
    attempts: int = 0
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class LineUp:
    """Due again after what already waits for the chat, not before `at`."""

    at: int
    reason: str

    def behind(self, last: int | None) -> PutOff:
        """`last`: when the last delivery waiting for the chat is due."""
        return PutOff(self.at if last is None else max(self.at, last + _IN_LINE), self.reason)


@dataclass(frozen=True, slots=True)
class PutAside:
    """Due again at `at`, without holding up others."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class End:
    """It has ended. `message_lost`: the message it would edit is gone."""

    state: Literal["dead", "gone"]
    reason: str
    message_lost: bool = False


@dataclass(frozen=True, slots=True)
class TakenAway:
    """The message that it was to delete is no longer there."""


@dataclass(frozen=True, slots=True)
class StaysThere:
    """Telegram keeps the message, for this reason: a person has to delete it."""

    reason: str


Effect = PutOff | LineUp | PutAside | End | TakenAway | StaysThere


def effect_of(delivery: Delivery, outcome: Outcome, now: int) -> Effect:
    """What becomes of a delivery that did not arrive. Raises ValueError for one that did."""
    return _again(outcome, now) or _over(delivery, outcome)


def _again(  # noqa: PLR0911 - one outcome a line is the clearest table
    outcome: Outcome, now: int
) -> PutOff | LineUp | PutAside | None:
    """When it is tried again; None if it has ended."""
    match outcome:
        case RetryAt(at, reason, counted):
            return PutOff(at, reason, attempts=int(counted))
        case Unknown(at, reason):
            return PutOff(at, reason, doubts=1)
        case TopicGone(at, reason) | ChatClosed(at, reason):
            return PutOff(at, reason)
        case NextPicture(reason) | LinkRefused(reason) | Halt(reason):
            return PutOff(now, reason)
        case TextOnly():
            return PutOff(now, "no photos here")
        case Moved():
            return PutOff(now, "the chat moved")
        case Later(at):
            return LineUp(at, "the chat is busy")
        case Broken(at, reason):
            return PutAside(at, reason)
        case _:
            return None


def _over(delivery: Delivery, outcome: Outcome) -> End | TakenAway | StaysThere:
    match outcome:
        case Removed():
            return TakenAway()
        case NotRemovable(reason):
            return StaysThere(reason)
        case Dead(reason, lost) if delivery.removes:
            return TakenAway() if lost or reason == SILENT else StaysThere(reason)
        case Dead(reason, lost):
            return End("dead", reason, message_lost=lost)
        case ThreadClosed(reason):
            return End("dead", reason)
        case ChatGone(reason):
            return End("gone", reason)
        case _:
            raise ValueError("it arrived")

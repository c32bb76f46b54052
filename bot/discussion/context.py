"""The values that all use cases about comments work with, and the actors that are not
moderators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.comments.terms import Terms
from bot.core.hours import Hours
from bot.core.model import Actor, Chat, TelegramId
from bot.i18n import Languages
from storage import (
    Connection,
    Database,
    moderators,
)

RULE = Actor(TelegramId(0), "rule")
READER = Actor(TelegramId(0), "reader")


@dataclass(frozen=True, slots=True)
class CommentContext:
    """The values that use cases work with."""

    db: Database
    clock: Callable[[], int]
    grace: int
    """Seconds in which a comment, an answer or a notice can be taken back."""
    languages: Languages
    configured: TelegramId | None
    """The moderators' chat of the settings; None: commenting is off."""
    trusted_after: int = 0
    """Approved comments after which a reader is published at once; 0: never."""
    own_hosts: frozenset[str] = frozenset()
    """Addresses of the newsroom itself: links to them are welcome."""
    quiet: Hours | None = None
    """When moderators are not reminded of what waits."""

    terms: Terms | None = None
    """The rules that a reader accepts before the first comment."""

    async def moderators(self, cx: Connection) -> Chat | None:
        """The moderators' chat as it is now."""
        return None if self.configured is None else await moderators.chat(cx, self.configured)

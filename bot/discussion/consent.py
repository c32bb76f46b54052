"""Consent to the rules for comments: one tap, and comments that waited for it are submitted."""

from __future__ import annotations

from bot.core.comments.terms import waits_for_terms
from bot.core.model import TelegramId
from bot.discussion.context import CommentContext
from bot.discussion.screening import Refused
from bot.discussion.submission import Accepted, Submissions
from storage import comments, consents, readers

_DAY = 86_400
_MOST = 20


class Consent:
    """Who accepted which rules (`bot.core.comments.terms`)."""

    def __init__(self, context: CommentContext, submissions: Submissions) -> None:
        self._context = context
        self._submissions = submissions

    async def accept(self, person_id: TelegramId, version: str) -> list[Accepted | Refused] | None:
        """The one tap: comments that waited for it are submitted. None if these are not (or no
        longer) the rules."""
        now, terms = self._context.clock(), self._context.terms
        if terms is None or version != terms.version:
            return None
        async with self._context.db.transaction() as tx:
            reader = await readers.of_person(tx, person_id)
            if reader is None:
                return []
            await consents.accept(tx, reader.id, version, now=now)
            waiting = await comments.open_of(tx, reader.id, since=now - _DAY, limit=_MOST)
            return [
                await self._submissions.go_on(tx, reader, one, now=now)
                for one in reversed(waiting)
                if waits_for_terms(one)
            ]

    async def changed(self, person_id: TelegramId) -> bool:
        """Whether a person has accepted earlier rules."""
        async with self._context.db.reading() as cx:
            reader = await readers.of_person(cx, person_id)
            return reader is not None and await consents.any_accepted(cx, reader.id)

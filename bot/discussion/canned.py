"""What a newsroom keeps ready: blocked words and saved replies."""

from __future__ import annotations

from bot.core.comments.rules import Blocked
from bot.core.model import Actor
from bot.discussion.context import CommentContext
from storage import moderators


class CannedReplies:
    """Blocked words and saved replies."""

    def __init__(self, context: CommentContext) -> None:
        self._context = context

    async def blocked_words(self) -> list[Blocked]:
        """All of them."""
        async with self._context.db.reading() as cx:
            rows = await moderators.blocked_words(cx)
        return [Blocked(row["word"], bool(row["hard"]), row["language"]) for row in rows]

    async def block_word(self, word: Blocked, *, by: Actor) -> bool:
        """Block a word; False if it contains no word."""
        async with self._context.db.transaction() as tx:
            return await moderators.block_word(
                tx,
                word.word,
                language=word.language,
                hard=word.hard,
                by=by.name,
                now=self._context.clock(),
            )

    async def unblock_word(self, word: str, *, language: str = "") -> bool:
        """Unblock it in one language, or without one wherever it is blocked. False if it was not
        blocked."""
        async with self._context.db.transaction() as tx:
            return await moderators.unblock_word(tx, word, language=language)

    async def replies(self) -> list[tuple[str, str]]:
        """Name and text of each saved reply."""
        async with self._context.db.reading() as cx:
            return [(row["name"], row["text"]) for row in await moderators.canned_replies(cx)]

    async def reply(self, name: str) -> str | None:
        async with self._context.db.reading() as cx:
            return await moderators.canned_reply(cx, name)

    async def keep_reply(self, name: str, text: str, *, by: Actor) -> None:
        async with self._context.db.transaction() as tx:
            await moderators.keep_reply(tx, name, text, by=by.name, now=self._context.clock())

    async def drop_reply(self, name: str) -> bool:
        async with self._context.db.transaction() as tx:
            return await moderators.drop_reply(tx, name)

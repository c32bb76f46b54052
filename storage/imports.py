"""Articles that move in from another system: stored and searchable, never broadcast."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Story
from storage import articles, indexing
from storage.database import Connection


async def import_stories(tx: Connection, stories: Sequence[Story], *, now: int) -> int:
    """What is known already stays as it is. Returns how many were new."""
    fresh = [
        await articles.add(tx, story, feed_id=None, origin="import", now=now)
        for story in stories
        if await articles.alike(tx, story) is None
    ]
    await indexing.index_many(tx, fresh)
    return len(fresh)

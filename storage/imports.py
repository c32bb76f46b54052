"""Articles imported from another system: stored and searchable, never broadcast."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.feeds.recognition import recognise
from bot.core.model import Story
from storage import articles, indexing, known_articles
from storage.database import Connection


async def import_stories(tx: Connection, stories: Sequence[Story], *, now: int) -> int:
    """Store stories; known ones stay as they are. Returns how many were new."""
    fresh = []
    for story in stories:
        among = await known_articles.candidates(tx, None, [story])
        if not recognise([story], {}, candidates=among):
            fresh.append(await articles.add(tx, story, feed_id=None, origin="import", now=now))
    await indexing.index_many(tx, fresh)
    return len(fresh)

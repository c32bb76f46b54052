"""What pages add to stories that a feed tells in short: what is read of them, what is left to be
read."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.articles.merging import merge, needs_page
from bot.core.model import ArticleId, Story
from bot.news.page_reader import Reading, origin
from storage import Connection, due_pages

Readings = Mapping[str, Reading] | None
"""The result of reading each story's page; missing ones were too slow. None: pages are never
read."""

_SOON = 60


def with_page(story: Story, readings: Readings) -> Story | None:
    """A story with what its page added, if it was read."""
    reading = (readings or {}).get(story.key)
    return merge(story, reading.story) if reading and reading.story else None


async def leave_page(
    tx: Connection, article_id: ArticleId, story: Story, readings: Readings, *, now: int
) -> None:
    """Note that a page was read, or still has to be."""
    if readings is None or not needs_page(story):
        return
    host, reading = origin(story.link), readings.get(story.key)
    if reading is not None and reading.again_in is None:
        await due_pages.was_read(tx, article_id, host=host, validators=reading.validators)
        return
    wait = 0 if reading is None else max(reading.again_in or 0, _SOON)
    await due_pages.want(tx, article_id, story, host=host, due_at=now + wait)

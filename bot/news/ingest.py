"""Files what a look at a feed found, in the transaction of whoever looked. Asks no network.

stories x what is known of them -> plan -> articles, search rows, entries, broadcasts,
                                           pages that are still to be read
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.core.articles import page
from bot.core.articles.story import merge
from bot.core.feeds import plan as feed_plan
from bot.core.feeds.plan import FeedPlan, KnownEntry
from bot.core.model import ArticleId, Story
from bot.news import retraction
from bot.news.page_reader import Reading, origin
from storage import Connection, articles, deliveries, due_pages, feeds, indexing
from storage.feeds import FeedRow

Readings = Mapping[str, Reading] | None
"""By story, what came of its page; one that is missing was too late. None: no page is ever read."""

_RECENT = 86_400
"""Seconds in which a story that another feed brings too still reaches the readers of its topics."""
_MOST_QUIET = 100
"""Articles of a quiet look whose pages are read afterwards: the newest."""
_SOON = 60


async def plan(tx: Connection, row: FeedRow, stories: Sequence[Story]) -> FeedPlan:
    """What the entries of a feed mean for us."""
    by_key = await feeds.known_entries(tx, row.id, [story.key for story in stories])
    links = Counter(story.link for story in stories)
    by_likeness: dict[str, KnownEntry] = {}
    for story in stories:
        if story.key not in by_key:
            # A link that several entries share (the site's front page) identifies none of them.
            alike = await articles.alike(tx, story, by_link=links[story.link] == 1)
            if alike is not None:
                by_likeness[story.key] = KnownEntry(alike.id, alike.fingerprint, correctable=False)
    return feed_plan.plan(stories, await feeds.state(tx, row), by_key, by_likeness)


async def carry_out(
    tx: Connection, row: FeedRow, what: FeedPlan, readings: Readings, *, now: int
) -> bool:
    """Store what the plan says; returns whether there is something to deliver."""
    await feeds.still_there(tx, row.id, what.present, now=now)
    for behind, story in enumerate(what.quiet, -len(what.quiet)):
        article_id = await _add(tx, row, story, readings, now=now)
        if behind >= -_MOST_QUIET:
            await _leave_page(tx, article_id, story, readings, now=now)
    for story in what.news:
        article_id = await _add(tx, row, story, readings, now=now)
        await _leave_page(tx, article_id, story, readings, now=now)
        await deliveries.announce(tx, article_id, now=now)
    further = False
    for article_id, story in what.linked:
        if await articles.add_topics(tx, article_id, story.topics):
            further |= await deliveries.announce_further(tx, article_id, since=now - _RECENT)
        await feeds.add_entry(tx, row.id, story.key, article_id, story.published, now=now)
    for article_id, story in what.corrected:
        whole = await _corrected(tx, article_id, story, readings)
        await articles.correct(tx, article_id, whole, of=story, now=now)
        await indexing.index(tx, article_id)
        await _leave_page(tx, article_id, story, readings, now=now)
        await deliveries.announce_edit(tx, article_id, now=now, correction=True)
    back = await retraction.take_back(tx, row.id, now=now)
    return bool(what.news or what.corrected or back or further)


async def _add(
    tx: Connection, row: FeedRow, story: Story, readings: Readings, *, now: int
) -> ArticleId:
    whole = _whole(story, readings) or story
    article_id = await articles.add(tx, whole, of=story, feed_id=row.id, origin="feed", now=now)
    await indexing.index(tx, article_id)
    await feeds.add_entry(tx, row.id, story.key, article_id, story.published, now=now)
    return article_id


def _whole(story: Story, readings: Readings) -> Story | None:
    """A story with what its page added, if that was read."""
    reading = (readings or {}).get(story.key)
    return merge(story, reading.story) if reading and reading.story else None


async def _corrected(
    tx: Connection, article_id: ArticleId, story: Story, readings: Readings
) -> Story:
    """A short feed's correction keeps what the article's page told us earlier, until it is read."""
    whole = _whole(story, readings)
    if whole is not None or not page.needs_page(story):
        return whole or story
    known = await articles.get(tx, article_id)
    return merge(story, articles.as_story(known)) if known else story


async def _leave_page(
    tx: Connection, article_id: ArticleId, story: Story, readings: Readings, *, now: int
) -> None:
    """Note that a page was read, or that it is still to be."""
    if readings is None or not page.needs_page(story):
        return
    host, reading = origin(story.link), readings.get(story.key)
    if reading is not None and reading.again_in is None:
        await due_pages.was_read(tx, article_id, host=host, validators=reading.validators)
        return
    wait = 0 if reading is None else max(reading.again_in or 0, _SOON)
    await due_pages.want(tx, article_id, story, host=host, due_at=now + wait)

"""What a poll means, by what is known of its entries. Reads the database, stores nothing."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.core.feeds import plan as feed_plan
from bot.core.feeds.plan import FeedPlan
from bot.core.feeds.recognition import KnownArticle
from bot.core.model import ArticleId, Story
from storage import Connection, feeds, known_articles
from storage.feeds import FeedRow

_AT_ONCE, _EACH = 200_000, 3_000
"""Characters of entries that are compared without yielding to the loop: some 20 ms. An entry counts
as so many more, however short it is."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the entries of a poll: what this feed's keys stand for, and articles of any
    feed that an entry may be about."""

    by_key: Mapping[str, KnownArticle]
    candidates: Mapping[str, Sequence[KnownArticle]]

    def about(self, key: str, *, apart: Collection[ArticleId]) -> list[KnownArticle]:
        """What is known about one entry, leaving out some articles."""
        own = [self.by_key[key]] if key in self.by_key else []
        return [one for one in (*own, *self.candidates.get(key, ())) if one.id not in apart]


async def known(cx: Connection, row: FeedRow, stories: Sequence[Story]) -> Known:
    """What is known of these entries of a feed."""
    by_key = await known_articles.by_key(cx, row.id, [story.key for story in stories])
    # A numeric guid may have been reused for another article.
    unsure = [story for story in stories if story.key not in by_key or story.key.isdigit()]
    return Known(by_key, await known_articles.candidates(cx, row.id, unsure))


async def plan(
    cx: Connection,
    row: FeedRow,
    stories: Sequence[Story],
    about: Known | None = None,
    *,
    now: int,
    partial: bool = False,
) -> FeedPlan:
    """What the entries of a feed mean for us, by what is known `about` them. `partial`: it was
    pushed, and is only part of the feed."""
    about = about or await known(cx, row, stories)
    state = await feeds.state(cx, row, partial=partial)
    decide = functools.partial(
        feed_plan.plan, stories, state, about.by_key, about.candidates, now=now
    )
    if sum(len(one.lead) + len(one.body) + _EACH for one in stories) < _AT_ONCE:
        return decide()
    # Comparing two thousand entries of 5 kB takes a second: the loop runs on meanwhile.
    return await asyncio.to_thread(decide)

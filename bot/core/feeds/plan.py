"""What a look at a feed means: which entries are news, which are corrections, when to look again.

    what the feed carries now  x  what we know of it  x  now   ->   FeedPlan

Pure; the poller carries the plan out in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.articles.likeness import fingerprint
from bot.core.model import ArticleId, Story

_BACKOFF_CAP = 3600
_RETRY_CAP = 86_400


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An article that an entry stands for already."""

    article_id: ArticleId
    fingerprint: str
    correctable: bool = True
    """False for imports and for a story that another feed brought: these keep their text."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a feed before this look. `oldest` is its oldest dated entry known."""

    first_look: bool
    oldest: int | None


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What to store after a look, each list oldest first."""

    news: tuple[Story, ...] = ()
    quiet: tuple[Story, ...] = ()
    """New to us but not broadcast: the first look, or slid into the window from below."""
    corrected: tuple[tuple[ArticleId, Story], ...] = ()
    linked: tuple[tuple[ArticleId, Story], ...] = ()
    """Entries whose article we have from elsewhere: another feed, an import, a changed guid."""
    present: tuple[str, ...] = ()
    """Keys of known entries that are still there, unchanged or corrected."""


def plan(
    stories: Sequence[Story],
    state: FeedState,
    by_key: Mapping[str, KnownEntry],
    by_likeness: Mapping[str, KnownEntry],
) -> FeedPlan:
    """`by_key` knows entries of this feed, `by_likeness` articles alike, both by `Story.key`."""
    news: list[Story] = []
    quiet: list[Story] = []
    corrected: list[tuple[ArticleId, Story]] = []
    linked: list[tuple[ArticleId, Story]] = []
    for story in oldest_first(stories):
        known = by_key.get(story.key)
        alike = by_likeness.get(story.key)
        if known is None and alike is not None:
            linked.append((alike.article_id, story))
            known = alike
        if known is not None:
            if known.correctable and known.fingerprint != fingerprint(story):
                corrected.append((known.article_id, story))
        elif state.first_look or _slid_in(story, state.oldest):
            quiet.append(story)
        else:
            news.append(story)
    present = tuple(story.key for story in stories if story.key in by_key)
    return FeedPlan(tuple(news), tuple(quiet), tuple(corrected), tuple(linked), present)


def oldest_first(stories: Sequence[Story]) -> list[Story]:
    """The order of posting: by date; an undated story keeps its place beside its neighbours.

    Feeds list the newest first, so the reversed order is the tie-break.
    """
    ordered: list[tuple[int, Story]] = []
    last = 0
    for story in reversed(stories):
        last = story.published if story.published is not None else last
        ordered.append((last, story))
    return [story for _, story in sorted(ordered, key=lambda pair: pair[0])]


def next_look(now: int, every: int, failures: int, retry_after: float | None = None) -> int:
    """When to look again: `every` seconds for a healthy feed; each failure in a row doubles it, up
    to an hour. What the server asks for (`Retry-After`) is honoured up to a day."""
    wait = min(every << min(failures, 12), max(every, _BACKOFF_CAP))
    if retry_after is not None:
        wait = max(wait, int(min(retry_after, _RETRY_CAP)))
    return now + wait


def _slid_in(story: Story, oldest: int | None) -> bool:
    """Older than the oldest known: it came into the feed's window from below, it is no news."""
    return story.published is not None and oldest is not None and story.published < oldest

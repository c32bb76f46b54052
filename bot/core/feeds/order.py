"""The order of a feed's entries: which end is newest, how far back it reaches, how often new ones
come.

Knows dates and positions; no keys, no articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from bot.core.model import Story

_NUMBER = re.compile(r"(?<![\w.])\d{3,12}(?!\w)")
"""A number in a link: an article's, not a position in a list."""
_MOST = 500


def is_ascending(stories: Sequence[Story], *, stable: bool = False) -> bool:
    """Whether a feed lists its oldest entry first: by dates, or else, where entries keep their
    names from poll to poll (`stable`), by the numbers in their links."""
    marks = [story.published for story in stories if story.published is not None]
    if len(set(marks)) < 2:
        numbers = (_NUMBER.findall(story.link) for story in stories)
        marks = [int(found[-1]) for found in numbers if found]
        if not stable or len(marks) < len(stories) or len(set(marks)) < 3:
            return False
    rising = sum(later > earlier for earlier, later in pairwise(marks))
    falling = sum(later < earlier for earlier, later in pairwise(marks))
    return rising > 4 * falling


def newest_first(stories: Sequence[Story], *, stable: bool = False) -> list[Story]:
    """The entries with the newest end first."""
    return list(reversed(stories) if is_ascending(stories, stable=stable) else stories)


def oldest_first(stories: Sequence[Story]) -> list[Story]:
    """The order of posting: by date; an undated story stays beside its neighbours."""
    ordered: list[tuple[int, Story]] = []
    last = 0
    for story in reversed(newest_first(stories)):
        last = story.published if story.published is not None else last
        ordered.append((last, story))
    return [story for _, story in sorted(ordered, key=lambda pair: pair[0])]


def reaches_back_to(stories: Sequence[Story]) -> int | None:
    """The oldest date among the entries that are in order: a pinned or misdated one says nothing
    about how far the feed reaches. None without dates."""
    dates = [story.published for story in newest_first(stories) if story.published is not None]
    if not dates:
        return None
    run = _longest_fall(dates[:_MOST])
    strays = len(dates) // 5 or int(len(dates) > 3)
    return min(run if len(run) >= len(dates) - strays else dates)


def habit(stories: Sequence[Story]) -> int | None:
    """Seconds that usually pass between two entries; None if there are too few dates."""
    dates = sorted({story.published for story in stories if story.published is not None})
    if len(dates) < 3:
        return None
    return int(median(later - earlier for earlier, later in pairwise(dates)))


def _longest_fall(dates: Sequence[int]) -> list[int]:
    """The longest non-rising subsequence."""
    best: list[list[int]] = []  # by length, the run whose last date is the latest
    for date in dates:
        low, high = 0, len(best)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if best[middle][-1] >= date else (low, middle)
        run = [*best[low - 1], date] if low else [date]
        best[low : low + 1] = [run]
    return best[-1]

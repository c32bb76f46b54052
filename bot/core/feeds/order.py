"""The order of a feed's list: which end is the newest, how far back it reaches, how fast it goes.

Knows dates and places; no keys, no articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from bot.core.model import Story

_NUMBER = re.compile(r"(?<![\w.])\d{3,12}(?!\w)")
"""In a link: an article's, not a place in a list."""
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
    """The list with its newest end first."""
    return list(reversed(stories) if is_ascending(stories, stable=stable) else stories)


def oldest_first(stories: Sequence[Story]) -> list[Story]:
    """The order of posting: by date; an undated story keeps its place beside its neighbours."""
    ordered: list[tuple[int, Story]] = []
    last = 0
    for story in reversed(newest_first(stories)):
        last = story.published if story.published is not None else last
        ordered.append((last, story))
    return [story for _, story in sorted(ordered, key=lambda pair: pair[0])]


def reaches_back_to(stories: Sequence[Story]) -> int | None:
    """The oldest date of the entries that are in the list's order: one that is pinned, or dated by
    mistake, tells nothing of its end. None without dates."""
    dates = [story.published for story in newest_first(stories) if story.published is not None]
    if not dates:
        return None
    run = _longest_fall(dates[:_MOST])
    strays = len(dates) // 5 or int(len(dates) > 3)
    return min(run if len(run) >= len(dates) - strays else dates)


def habit(stories: Sequence[Story]) -> int | None:
    """Seconds that usually pass between two entries; None where too few dates tell."""
    dates = sorted({story.published for story in stories if story.published is not None})
    if len(dates) < 3:
        return None
    return int(median(later - earlier for earlier, later in pairwise(dates)))


def _longest_fall(dates: Sequence[int]) -> list[int]:
    """The longest part of a list that never rises, gaps allowed."""
    best: list[list[int]] = []  # by length, the run whose last date is the latest
    for date in dates:
        low, high = 0, len(best)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if best[middle][-1] >= date else (low, middle)
        run = [*best[low - 1], date] if low else [date]
        best[low : low + 1] = [run]
    return best[-1]

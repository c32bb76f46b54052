"""What somebody types after `@bot` in any chat: the unfinished word, and where a page begins.

negosiasi senj|      its last word may be completed to one in the archive
20:1693458000        20 results were shown; all pages are as of this moment
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.search.query import clean
from bot.core.text import whole_number

_OPENING = re.compile(r"(?:^|\s)([^\W\d_]{3,})$")
_MOST = 1000
"""Nobody pages further than this: offsets are untrusted."""


@dataclass(frozen=True, slots=True)
class InlinePlace:
    """Where a page begins, and the moment (seconds) that its results are as of."""

    offset: int
    moment: int

    def after(self, shown: int) -> str:
        """The offset of the next page, when so many more were shown."""
        return f"{self.offset + shown}:{self.moment}"


def place(offset: str, *, now: int) -> InlinePlace:
    """The place in an offset made by `after`; the beginning for anything else."""
    first, _, second = offset.partition(":")
    number, moment = whole_number(first, digits=9), whole_number(second, digits=12)
    if number is None or moment is None or number > _MOST or moment > now:
        return InlinePlace(0, now)
    return InlinePlace(number, moment)


def opening(text: str) -> str:
    """The word that is still being typed, in the form of the archive's vocabulary; empty if the
    last one is complete (a space follows), short, quoted, or not a plain word."""
    if not text or text[-1].isspace():
        return ""
    found = _OPENING.search(clean(text))
    return found.group(1).casefold() if found and '"' not in text else ""


def completed(text: str, word: str) -> str:
    """The query with this word in place of the unfinished one."""
    found = _OPENING.search(clean(text))
    return f"{clean(text)[: found.start(1)]}{word}" if found and word else text

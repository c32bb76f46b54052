"""How a chat wants its news: which articles, as posts or in a digest, and when. Pure values.

    which   topics (rows of their own) and a filter in the language of /search; breaking news only
    how     each article, or one digest a day; with or without pictures and sound
    when    never in quiet hours; at most so many posts a day

Times of day are minutes since midnight in the chat's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from bot.core.hours import Hours

EVERY_DAY = 0b1111111
"""Monday is the lowest bit, as in `datetime.weekday`."""
EVENING = 20 * 60
"""When everything over a day's limit comes as one summary (minutes since midnight)."""
BUNDLED = 5
"""If more articles than this were kept back in quiet hours, they come as one message."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One summary, on these days (bits, see EVERY_DAY) at this minute of the day."""

    minute: int
    days: int = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one subscription asks for. The defaults are what `/subscribe` alone gives."""

    zone: tzinfo
    filter: str = ""
    """A query in the language of /search that an article has to match; empty: no such condition."""
    breaking_only: bool = False
    digest: Digest | None = None
    quiet: Hours | None = None
    limit: int | None = None
    """Posts a day."""
    silent: bool = False
    """Posts come without sound."""
    pictures: bool = True

    @property
    def plain(self) -> bool:
        """Nothing has to be decided for this subscription beyond its topics: every article is
        posted as it comes, so a broadcast need not examine it further."""
        return not (self.filter or self.breaking_only or self.digest or self.quiet or self.limit)

"""What a search finds: between the archive that answers and the page that shows it. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.model import Article, ArticleId
from bot.core.search.excerpt import Marked, plain
from bot.core.search.query import Period
from bot.core.search.repair import Repair


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `partial` when it has only some of the words; `published` in epoch seconds."""

    article_id: ArticleId
    headline: str
    link: str
    source: str
    published: int | None
    title: Marked
    """The headline, what was asked for marked."""
    snippet: Marked
    partial: bool = False
    elsewhen: bool = False
    """It is from another time than the one that was said in words."""
    similar: int = 0
    """How many other results tell the same story, and are folded into this one."""

    @property
    def snippet_text(self) -> str:
        """The snippet without marks."""
        return plain(self.snippet)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Results from `offset`. `total` can be paged through; `capped` when there are more."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    capped: bool = False
    offset: int = 0
    repairs: tuple[Repair, ...] = ()
    """What was looked for in place of mistyped words."""
    maybe: Repair | None = None
    """A word that may be mistyped, though it was looked for as it stands."""
    period: Period | None = None
    """The time that was said in words, to which the results are narrowed."""
    nearest: tuple[str, ...] = ()
    """Where nothing was found: words of the archive that are like those asked for."""
    newest: tuple[Article, ...] = ()
    """Where nothing was found: what there is to read instead."""

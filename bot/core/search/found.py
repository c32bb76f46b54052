"""What a search finds: between the archive that answers and the page that shows it. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.model import Article, ArticleId
from bot.core.search.excerpt import Marked, plain
from bot.core.search.query import Period
from bot.core.search.repair import Repair


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `partial`: it has only some of the words; `published` is in epoch seconds."""

    article_id: ArticleId
    headline: str
    link: str
    source: str
    published: int | None
    title: Marked
    """The headline, with matching words marked."""
    snippet: Marked
    partial: bool = False
    elsewhen: bool = False
    """It is from outside the period that was asked for in words."""
    similar: int = 0
    """How many other results are about the same story and folded into this one."""

    @property
    def snippet_text(self) -> str:
        """The snippet without marks."""
        return plain(self.snippet)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Results from `offset`. `total` can be paged through; `capped`: there are more."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    capped: bool = False
    offset: int = 0
    repairs: tuple[Repair, ...] = ()
    """What was searched for in place of mistyped words."""
    maybe: Repair | None = None
    """A word that may be mistyped, though it was searched for as typed."""
    period: Period | None = None
    """The period that was asked for in words, to which the results are limited."""
    nearest: tuple[str, ...] = ()
    """If nothing was found: words of the archive that resemble those asked for."""
    newest: tuple[Article, ...] = ()
    """If nothing was found: the newest articles to read instead."""

    @property
    def mistyped(self) -> str:
        """The words that were repaired, as typed."""
        return " ".join(one.typed for one in self.repairs)

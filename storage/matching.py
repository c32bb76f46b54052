"""Which articles match a question, and in which order. Knows the index, not the texts shown.

    Question -> an expression, never a person's text -> some hundred rows at most -> ranked, folded

The database never ranks a large set: of many matches, the newest and those with the best headlines
are the candidates; of few, all are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from bot.core.search import ranking
from bot.core.search.folding import stories
from bot.core.search.query import MOST_TERMS, SearchQuery, Term
from bot.core.search.wording import Wording
from bot.core.search.words import key
from storage import candidates
from storage.candidates import LIMITS
from storage.database import Connection, Row, in_both, numbers
from storage.deliveries import as_json
from storage.expressions import Expression, Phrase, Scope, Where, either, every, in_title
from storage.indexing import LOW_BITS, body_of

CANDIDATES = 140
"""How many results are ranked together."""
_FURTHER = 2 * CANDIDATES  # of the newest articles, that can be paged through after these
BY_TITLE = 100
"""Candidates for their headline, when there are that many."""
_PARTLY = 50  # candidates with some of the words, for their headlines and for all of them each
_NARROWING = 4  # words that an article must have: the rarest of many
_TYPED = 6  # words of a headline that are looked for as they were typed: the rarest of many
_FEW = 1_000  # articles that are read quickly
_TELLING, _FREQUENT = 2, 0.1  # beside so many rarer words, words in so many articles mean nothing


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for, where, and as of when."""

    wording: Wording
    scope: Scope
    archive: ranking.Archive
    now: int

    @property
    def query(self) -> SearchQuery:
        return self.wording.query

    @property
    def terms(self) -> list[Expression]:
        """What candidates must have, in all matching forms: quoted phrases and the rarest words.
        Ranking then tells which have everything asked for."""
        rarest = [term_in_all_forms(self.wording, one) for one in self.telling(_NARROWING)]
        return [*self.quoted, *rarest]

    @property
    def quoted(self) -> list[Expression]:
        """The quoted phrases."""
        return [term_in_all_forms(self.wording, one) for one in self.wording.terms if one.exact]

    @property
    def typed(self) -> list[Expression]:
        """What headlines contain in the forms typed or meant; of many words the rarest."""
        terms = sorted(self.wording.terms, key=self.wording.spread)
        return [_as_typed(self.wording, one) for one in terms[:_TYPED]]

    def telling(self, most: int = MOST_TERMS) -> list[Term]:
        """The rarest of the words, without frequent ones, unless there are no others."""
        loose = [one for one in self.wording.terms if not one.exact]
        loose.sort(key=self.wording.spread)
        frequent = max(_FEW, self.archive.articles * _FREQUENT)
        return [
            one
            for n, one in enumerate(loose[:most])
            if n < _TELLING or self.wording.spread(one) <= frequent
        ]

    @property
    def fewest(self) -> float:
        """How many articles have the rarest of `terms`, about, and so at most all of them."""
        terms = [one for one in self.wording.terms if one.exact] + self.telling(_NARROWING)
        return min((self.wording.spread(one) for one in terms if self._counted(one)), default=inf)

    @property
    def together(self) -> float:
        """How many articles have any of the words, about."""
        return inf if self.wording.uncounted else sum(self.wording.having.values())

    def _counted(self, term: Term) -> bool:
        stems = {one for word in term.words for form in self.wording.of(word) for one in form.stems}
        return self.wording.uncounted.isdisjoint(stems)

    def any_of(self, most: int) -> Expression | None:
        """Any of the rarest words, as long as about no more articles than `most` have them. None if
        there are no such words."""
        rare: list[Phrase] = []
        for word in sorted(self.words, key=self.wording.spread_of):
            phrases = [Phrase(form.stems) for form in self.wording.of(word)]
            if any(not self.wording.uncounted.isdisjoint(one.stems) for one in phrases):
                continue
            most -= self.wording.spread_of(word)
            if most < 0:
                break
            rare += phrases
        return either(rare) if rare else None

    @property
    def any_word(self) -> Expression:
        """Any of the significant words."""
        return either([Phrase(form.stems) for word in self.words for form in self.wording.of(word)])

    @property
    def words(self) -> list[str]:
        """The significant words, rarest first."""
        return list(dict.fromkeys(word for term in self.telling() for word in term.words))


@dataclass(frozen=True, slots=True)
class Match:
    """A result before its texts are loaded."""

    row: int
    article_id: int
    worth: float = 0.0
    """How well it matches, compared with other results of the query."""
    partial: bool = False
    elsewhen: bool = False
    again: tuple[Match, ...] = ()
    """Others on the same story, best first."""

    @property
    def rows(self) -> tuple[int, ...]:
        return (self.row, *(one.row for one in self.again))


async def matching(
    cx: Connection,
    question: Question,
    terms: Sequence[Expression],
    *,
    about: float | None = None,
) -> tuple[list[int], bool]:
    """Rows that may be among the best, newest first, and whether there are more. `about` how many
    match at most, if it is not known from the question's rarest term."""
    scope, wanted = question.scope, every(terms)
    limits = LIMITS[cx.dialect]
    short = question.together <= limits.read
    few = (question.fewest if about is None else about) <= limits.read
    newest = await candidates.newest(
        cx, wanted, scope, (limits.ranked if short else CANDIDATES) + 1, few=few
    )
    if len(newest) <= CANDIDATES:
        return newest, False
    if not terms:
        return newest[:CANDIDATES], True
    by_title = [(in_title(wanted), BY_TITLE)]
    if not (scope.needed or scope.refused):  # headlines by themselves have no labels
        by_title.append((every(question.typed), BY_TITLE // 2))
    titled = await candidates.titled(cx, scope, *by_title, few=few)
    if short and len(newest) <= limits.ranked:
        best = await candidates.best(cx, wanted, scope, CANDIDATES)
    else:
        best = newest[:CANDIDATES]
    return list(dict.fromkeys(titled + best)), True


async def further(
    cx: Connection, question: Question, known: frozenset[int]
) -> tuple[list[int], bool]:
    """The newest rows after those that are known, so many that they can be ranked together, and
    whether there are more."""
    few = question.fewest <= LIMITS[cx.dialect].read
    wanted = every(question.terms)
    newest = await candidates.newest(cx, wanted, question.scope, _FURTHER + 1, few=few)
    left = [row for row in newest if row not in known]
    return left[:CANDIDATES], len(left) > CANDIDATES or len(newest) > _FURTHER


async def matching_partly(cx: Connection, question: Question) -> list[int]:
    """Rows that may be among the best of those with the quoted phrases and some of the words: a
    headline as somebody remembers it has words that its article lacks. The database ranks those
    with any of the rarest words. If these are too few for a page, the newest with any word follow.
    """
    scope, needed, found = question.scope, question.quoted, list[int]()
    limits = LIMITS[cx.dialect]
    if rare := question.any_of(limits.ranked):
        found += await candidates.best(cx, every([*needed, rare]), scope, _PARTLY)
    if not (scope.needed or scope.refused) and (rare := question.any_of(limits.titled)):
        titled = every([*needed, in_title(rare)])
        found += await candidates.best_titled(cx, titled, scope, _PARTLY)
    if len(found) < _PARTLY // 2:
        any_word = [*needed, question.any_word]
        found += (await matching(cx, question, any_word, about=question.together))[0]
    return list(dict.fromkeys(found))


async def ranked(
    cx: Connection, rows: Sequence[int], question: Question, *, folded: bool
) -> list[Match]:
    """The candidates that do match, best first; newest first if no words were asked for."""
    read = sorted(await candidates.texts(cx, rows), key=lambda one: -one["row"])
    exact = [" ".join(term.words) for term in question.query.terms if term.exact]
    if exact:
        read = await _with_exact(cx, read, exact)
    proposed = [
        ranking.Candidate(one["h"], one["t"], one["b"], one["row"] >> LOW_BITS) for one in read
    ]
    # In a thread: for a long query it takes longer than others should wait.
    return await asyncio.to_thread(_in_order, read, proposed, question, folded=folded)


def _in_order(
    read: Sequence[Row],
    proposed: Sequence[ranking.Candidate],
    question: Question,
    *,
    folded: bool,
) -> list[Match]:
    """Best first, by stories if those are `folded`."""
    asked = question.wording, question.archive
    ranked = {
        one.place: Match(
            read[one.place]["row"], read[one.place]["article_id"], one.worth, partial=not one.whole
        )
        for one in ranking.order(proposed, *asked, now=question.now)[:CANDIDATES]
    }
    told = stories(proposed, list(ranked)) if folded else [[place] for place in ranked]
    return [
        replace(ranked[first], again=tuple(ranked[place] for place in again))
        for first, *again in told
    ]


def rows_of(found: Sequence[Match]) -> frozenset[int]:
    return frozenset(row for one in found for row in one.rows)


async def _with_exact(cx: Connection, rows: Sequence[Row], phrases: Sequence[str]) -> list[Row]:
    """Those that contain each phrase in exactly these forms: stems alone would also match
    relatives."""
    texts = await cx.rows(
        in_both(
            "SELECT id, headline, lead, body FROM article WHERE id IN {ids}", ids=numbers("ids")
        ),
        ids=as_json([one["article_id"] for one in rows]),
    )
    holding = await asyncio.to_thread(_holding, texts, phrases)
    return [one for one in rows if one["article_id"] in holding]


def _holding(texts: Sequence[Row], phrases: Sequence[str]) -> set[int]:
    holding = set()
    for one in texts:
        parts = [_spaced(one["headline"]), _spaced(body_of(one))]
        if all(any(f" {phrase} " in part for part in parts) for phrase in phrases):
            holding.add(one["id"])
    return holding


def _spaced(text: str) -> str:
    return f" {key(text)} "


async def archive_of(cx: Connection) -> ranking.Archive:
    (total,) = await cx.rows("SELECT articles, words FROM search_total")
    return ranking.Archive(total["articles"], total["words"])


def term_in_all_forms(wording: Wording, term: Term) -> Expression:
    """A term in all its matching forms."""
    return either([Phrase(stems) for stems in wording.phrases(term)])


def _as_typed(wording: Wording, term: Term) -> Expression:
    """A term in a headline, in the forms that were typed or meant: a rare one may have a frequent
    stem."""
    meant = {one.typed for one in wording.repairs}
    return every(
        [
            either(
                [
                    Phrase(form.words, Where.HEADLINE)
                    for form in (wording.of(word) if word in meant else wording.of(word)[:1])
                ]
            )
            for word in term.words
        ]
    )

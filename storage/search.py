"""Answers searches over the archive. Knows FTS5 and rows, never messages or people.

    SearchQuery -> Wording (mistyped words repaired) -> an expression, never a person's text
                -> some hundred candidates at most -> bot.core.search.ranking -> one page, excerpts

The database never ranks a large set: of many matches the newest and those with the best headlines
are the candidates, of few all are. The index itself is kept by `storage.indexing`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import inf

from bot.core.articles.urls import identity
from bot.core.model import Article
from bot.core.posts.article import source_name
from bot.core.search import ranking
from bot.core.search.excerpt import Marker
from bot.core.search.folding import stories
from bot.core.search.found import Hit, SearchPage
from bot.core.search.query import MOST_TERMS, SearchQuery, Term, clean
from bot.core.search.wording import Wording
from bot.core.search.words import key, stem, words
from storage import articles, candidates, scopes, vocabulary
from storage.database import Connection, Row, in_both, numbers
from storage.deliveries import as_json
from storage.expressions import (
    Expression,
    Phrase,
    Scope,
    Where,
    either,
    every,
    in_title,
)
from storage.indexing import LOW_BITS, body_of, index, index_many, remove
from storage.reindexing import ensure_index
from storage.wording import nearest, understand

__all__ = [
    "CANDIDATES",
    "ensure_index",
    "index",
    "index_many",
    "related",
    "remember",
    "remembered",
    "remove",
    "search",
]

CANDIDATES = 140
"""How many results can be paged through."""
_MANY = 2_000  # matches above which the database is not asked to rank them
_BY_TITLE = 100  # candidates for their headline, when there are that many
_RARE = 5  # words of a headline that tell its story
_INSTEAD = 5  # newest articles, where nothing is found
_NARROWING = 4  # words that an article must have: the rarest of many
_FEW = 1_000  # articles that are soon read through
_TELLING, _FREQUENT = 2, 0.1  # beside so many rarer words, words of so many articles tell nothing
_QUERY_SECONDS = 90 * 86_400  # how long a button under an old answer works


@dataclass(frozen=True, slots=True)
class _Question:
    """What is looked for, where, and as of when."""

    wording: Wording
    scope: Scope
    archive: ranking.Archive
    now: int

    @property
    def query(self) -> SearchQuery:
        return self.wording.query

    @property
    def terms(self) -> list[Expression]:
        """What candidates must have, in all the forms that count for it: what was quoted and the
        rarest words. Ranking knows which have all."""
        needed = self.telling(_NARROWING)
        terms = self.wording.terms
        return [_term(self.wording, one) for one in terms if one.exact or one in needed]

    def telling(self, most: int = MOST_TERMS) -> list[Term]:
        """The rarest of the words, but none that are frequent, unless there are no others."""
        loose = [one for one in self.wording.terms if not one.exact]
        loose.sort(key=self.wording.spread)
        frequent = max(_FEW, self.archive.articles * _FREQUENT)
        return [
            one
            for n, one in enumerate(loose[:most])
            if n < _TELLING or self.wording.spread(one) <= frequent
        ]


@dataclass(frozen=True, slots=True)
class _Found:
    """A result before it has its texts."""

    row: int
    article_id: int
    worth: float = 0.0
    """How well it answers, beside other results of the same query."""
    partial: bool = False
    elsewhen: bool = False
    again: tuple[_Found, ...] = ()
    """Others that tell the same story, best first."""

    @property
    def rows(self) -> tuple[int, ...]:
        return (self.row, *(one.row for one in self.again))


async def search(
    cx: Connection,
    query: SearchQuery,
    *,
    now: int,
    offset: int = 0,
    limit: int = 7,
    folded: bool = True,
) -> SearchPage:
    """One page of what matches, best first, as of `now`: articles dated later are not found.

    Whoever turns pages passes the moment of the first page: then news does not move the rest.
    Articles with all words come first; those with some of them only fill up the first page. With
    `folded`, those that tell one story are one result.
    """
    query = await scopes.with_tags(cx, scopes.with_authors(query))
    scope = None if query.empty else await scopes.scope(cx, query, now)
    if scope is None:
        newest = await articles.newest(cx, limit=_INSTEAD)
        return SearchPage(offset=offset, period=query.period, newest=tuple(newest))
    wording = await understand(cx, query)
    question = _Question(wording, scope, await _archive(cx), now)
    rows, capped = await _candidates(cx, question, question.terms)
    found = await _ranked(cx, rows, question, folded=folded)
    if query.link:
        found = await _linked_first(cx, query.link, found)
    if len(found) < limit and query.period:
        found += (await _elsewhen(cx, question, found, folded=folded))[: limit - len(found)]
    if len(found) < limit and not capped:
        some = await _with_some_words(cx, question, _rows_of(found), folded=folded)
        found += some[: limit - len(found)]
        if not query.period:  # of other times, what has all words comes first
            found.sort(key=lambda one: -one.worth)
    if query.story is not None:
        found = _of_story(query.story, found)
    hits = await _hits(cx, found[offset : offset + limit], wording)
    page = SearchPage(
        hits, len(found), capped, offset, wording.repairs, wording.maybe, query.period
    )
    if found:
        return page
    newest = await articles.newest(cx, limit=_INSTEAD)
    return replace(page, nearest=await nearest(cx, wording), newest=tuple(newest))


async def related(cx: Connection, article: Article, *, now: int, limit: int = 3) -> list[Article]:
    """Articles on the same story: those that have two of the rarest words of its headline, best
    first."""
    named = [word for word in words(article.headline) if word.isalpha()]
    whole = Wording(SearchQuery(terms=tuple(Term((word,)) for word in dict.fromkeys(named))))
    uses = await vocabulary.uses(cx, whole.asked)
    rare = sorted((word for word in uses if uses[word] > 1), key=uses.__getitem__)[:_RARE]
    if len(rare) < 2:
        return []
    pairs = [every([Phrase((stem(a),)), Phrase((stem(b),))]) for a, b in combinations(rare, 2)]
    scope = Scope(last=((now + 1) << LOW_BITS) - 1)
    rows = await candidates.titled(cx, in_title(either(pairs)), scope, _BY_TITLE)
    rows += await candidates.newest(cx, either(pairs), scope, _BY_TITLE)
    asked = SearchQuery(terms=tuple(Term((word,)) for word in rare))
    wording = Wording(asked, having=await vocabulary.having(cx, list(map(stem, rare))), uses=uses)
    question = _Question(wording, scope, await _archive(cx), now)
    found = await _ranked(cx, list(dict.fromkeys(rows)), question, folded=False)
    others = [one.article_id for one in found if one.article_id != article.id]
    return await articles.many(cx, others[:limit])


async def remember(tx: Connection, text: str, *, now: int) -> int:
    """Keeps a query that is too long for a button; returns its number."""
    await tx.run("DELETE FROM search_query WHERE used_at < :old", old=now - _QUERY_SECONDS)
    number = await tx.value(
        "INSERT INTO search_query (text, used_at) VALUES (:text, :now)"
        " ON CONFLICT (text) DO UPDATE SET used_at = excluded.used_at RETURNING id",
        text=clean(text),
        now=now,
    )
    return int(number)


async def remembered(cx: Connection, number: int) -> str | None:
    """The query behind a number; None when it has been forgotten since."""
    text = await cx.value("SELECT text FROM search_query WHERE id = :id", id=number)
    return None if text is None else str(text)


async def _linked_first(cx: Connection, link: str, found: list[_Found]) -> list[_Found]:
    """The article of a pasted address before all others."""
    row = await cx.row(
        "SELECT row, article_id FROM search_row JOIN article ON article.id = article_id"
        " WHERE link_key = :key AND link_key <> '' AND retracted_at IS NULL"
        " ORDER BY article_id DESC LIMIT 1",
        key=identity(link),
    )
    if row is None:
        return found
    first = _Found(row["row"], row["article_id"], worth=inf)
    story = next((one for one in found if first.row in one.rows), None)
    if story is None:
        return [first, *found]
    again = tuple(one for one in (story, *story.again) if one.row != first.row)
    first = replace(first, again=tuple(replace(one, again=()) for one in again))
    return [first, *(one for one in found if one is not story)]


def _of_story(article_id: int, found: Sequence[_Found]) -> list[_Found]:
    """The results that were folded into one with this article, one by one."""
    for one in found:
        story = [replace(one, again=()), *one.again]
        if any(told.article_id == article_id for told in story):
            return story
    return []


def _term(wording: Wording, term: Term) -> Expression:
    """A term in all the forms that count for it."""
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


# --- candidates -----------------------------------------------------------------------------------


async def _candidates(
    cx: Connection, question: _Question, terms: Sequence[Expression]
) -> tuple[list[int], bool]:
    """Rows that may be among the best, newest first, and whether there are more."""
    scope, wanted = question.scope, every(terms)
    newest = await candidates.newest(cx, wanted, scope, CANDIDATES + 1)
    if len(newest) <= CANDIDATES:
        return newest, False
    if not terms:
        return newest[:CANDIDATES], True
    titled = await candidates.titled(cx, in_title(wanted), scope, _BY_TITLE)
    if not (scope.needed or scope.refused):  # headlines by themselves have no labels
        told = every([_as_typed(question.wording, one) for one in question.wording.terms])
        titled += await candidates.titled(cx, told, scope, _BY_TITLE // 2)
    if await candidates.count(cx, wanted, scope, limit=_MANY + 1) <= _MANY:
        best = await candidates.best(cx, wanted, scope, CANDIDATES)
    else:
        best = newest[:CANDIDATES]
    return list(dict.fromkeys(titled + best)), True


async def _ranked(
    cx: Connection, rows: Sequence[int], question: _Question, *, folded: bool
) -> list[_Found]:
    """The candidates that do match, best first; newest first where no words were asked for."""
    read = sorted(await candidates.texts(cx, rows), key=lambda one: -one["row"])
    exact = [" ".join(term.words) for term in question.query.terms if term.exact]
    if exact:
        read = await _with_exact(cx, read, exact)
    proposed = [
        ranking.Candidate(one["h"], one["t"], one["b"], one["row"] >> LOW_BITS) for one in read
    ]
    # In a thread: of a long query it takes longer than others should wait.
    return await asyncio.to_thread(_in_order, read, proposed, question, folded=folded)


def _in_order(
    read: Sequence[Row],
    proposed: Sequence[ranking.Candidate],
    question: _Question,
    *,
    folded: bool,
) -> list[_Found]:
    """Best first, by stories if those are `folded`."""
    asked = question.wording, question.archive
    ranked = {
        one.place: _Found(
            read[one.place]["row"], read[one.place]["article_id"], one.worth, partial=not one.whole
        )
        for one in ranking.order(proposed, *asked, now=question.now)[:CANDIDATES]
    }
    told = stories(proposed, list(ranked)) if folded else [[place] for place in ranked]
    return [
        replace(ranked[first], again=tuple(ranked[place] for place in again))
        for first, *again in told
    ]


def _rows_of(found: Sequence[_Found]) -> frozenset[int]:
    return frozenset(row for one in found for row in one.rows)


async def _elsewhen(
    cx: Connection, question: _Question, known: Sequence[_Found], *, folded: bool
) -> list[_Found]:
    """What matches outside the time that was said in words, without the known results."""
    query = question.query
    if query.period is None or (query.since, query.until) != query.period.span:
        return []
    scope = await scopes.scope(cx, replace(query, since=None, until=None), question.now)
    if scope is None:
        return []
    anytime = replace(question, scope=scope)
    rows, _ = await _candidates(cx, anytime, question.terms)
    held = _rows_of(known)
    more = await _ranked(cx, [row for row in rows if row not in held], anytime, folded=folded)
    return [replace(one, elsewhen=True) for one in more]


async def _with_some_words(
    cx: Connection, question: _Question, known: frozenset[int], *, folded: bool
) -> list[_Found]:
    """What has at least one of the words, and all that was quoted; without the known rows."""
    wording, terms = question.wording, question.wording.terms
    loose = dict.fromkeys(word for term in question.telling() for word in term.words)
    if len(loose) < 2:
        return []
    needed = [_term(wording, term) for term in terms if term.exact]
    some = either([Phrase(form.stems) for word in loose for form in wording.of(word)])
    rows, _ = await _candidates(cx, question, [*needed, some])
    left = [row for row in rows if row not in known]
    more = await _ranked(cx, left, question, folded=folded)
    return [replace(one, partial=True) for one in more]


async def _with_exact(cx: Connection, rows: Sequence[Row], phrases: Sequence[str]) -> list[Row]:
    """Those that hold each phrase in these very forms: stems alone would also find relatives."""
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


async def _archive(cx: Connection) -> ranking.Archive:
    (total,) = await cx.rows("SELECT articles, words FROM search_total")
    return ranking.Archive(total["articles"], total["words"])


# --- the page -------------------------------------------------------------------------------------


async def _hits(cx: Connection, found: Sequence[_Found], wording: Wording) -> tuple[Hit, ...]:
    results = {one.article_id: one for one in found}
    shown = await articles.many(cx, results)
    return await asyncio.to_thread(_shown, shown, results, wording)


def _shown(
    shown: Sequence[Article], results: Mapping[int, _Found], wording: Wording
) -> tuple[Hit, ...]:
    marker = Marker(wording)
    return tuple(
        Hit(
            article_id=one.id,
            headline=one.headline,
            link=one.link,
            source=source_name(one),
            published=one.published,
            title=marker.mark(one.headline),
            snippet=marker.excerpt(one.body or one.lead),
            partial=results[one.id].partial,
            elsewhen=results[one.id].elsewhen,
            similar=len(results[one.id].again),
        )
        for one in shown
    )

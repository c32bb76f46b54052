"""Answers searches over the archive. Knows FTS5 and rows, never messages or people.

    SearchQuery -> MATCH (never a person's text: only stems and marks, in quotes)
                -> some hundred candidates at most -> bot.core.search.ranking -> one page, excerpts

The database never ranks a large set: of many matches the newest and those with the best headlines
are the candidates, of few all are. The index itself is kept by `storage.indexing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from bot.core.posts.article import source_name
from bot.core.search import ranking
from bot.core.search.excerpt import Marker
from bot.core.search.query import SearchQuery, Term, clean
from bot.core.search.results import Hit, SearchPage
from bot.core.search.words import key, stem
from storage import articles
from storage.database import Connection, Row
from storage.indexing import LOW_BITS, body_of, ensure_index, index, index_many, remove

__all__ = [
    "CANDIDATES",
    "Hit",
    "SearchPage",
    "ensure_index",
    "index",
    "index_many",
    "remember",
    "remembered",
    "remove",
    "search",
]

CANDIDATES = 200
"""How many results can be paged through."""
_MANY = 5_000  # matches above which the database is not asked to rank them
_BY_TITLE = 100  # candidates for their headline, when there are that many
_COUNTED = 20_000  # articles with a word: more make no difference to its weight
_NAMES = 500  # names that one filter may stand for
_QUERY_SECONDS = 90 * 86_400  # how long a button under an old answer works

_MIN, _MAX = -(1 << 63), (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class _Question:
    """A query in the index's terms: FTS5 expressions, and the rows between which it looks."""

    query: SearchQuery
    now: int
    needed: tuple[str, ...]
    refused: tuple[str, ...]
    first: int
    last: int

    def match(self, *more: str) -> str:
        """The whole expression. The mark of every article stands in where nothing is needed."""
        wanted = " AND ".join((*self.needed, *more) or ('"§"',))
        return f"({wanted}) NOT ({' OR '.join(self.refused)})" if self.refused else wanted


@dataclass(frozen=True, slots=True)
class _Found:
    """A result before it has its texts."""

    row: int
    article_id: int
    partial: bool = False


async def search(
    cx: Connection, query: SearchQuery, *, now: int, offset: int = 0, limit: int = 7
) -> SearchPage:
    """One page of what matches, best first, as of `now`: articles dated later are not found.

    Whoever turns pages passes the moment of the first page: then news does not move the rest.
    Articles with all words come first; those with some of them only fill up the first page.
    """
    question = None if query.empty else await _question(cx, query, now)
    if question is None:
        return SearchPage(offset=offset)
    archive = await _archive(cx, query)
    rows, capped = await _candidates(cx, question, [_phrase_of(term) for term in query.terms])
    found = await _ranked(cx, rows, question, archive)
    if len(found) < limit and not capped:
        some = await _with_some_words(cx, question, archive, frozenset(one.row for one in found))
        found += some[: limit - len(found)]
    hits = await _hits(cx, found[offset : offset + limit], query)
    return SearchPage(hits, len(found), capped, offset)


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


# --- the question ---------------------------------------------------------------------------------


async def _question(cx: Connection, query: SearchQuery, now: int) -> _Question | None:
    """None when nothing can match: a filter names nothing that there is."""
    needed: list[str] = []
    if query.sources.wanted:
        needed.append(_any([m for part in query.sources.wanted for m in await _sources(cx, part)]))
    needed += [_any(await _topics(cx, part)) for part in query.topics.wanted]
    if not all(needed):
        return None
    refused = [_phrase_of(term) for term in query.without]
    for part in query.sources.unwanted:
        refused += await _sources(cx, part)
    for part in query.topics.unwanted:
        refused += await _topics(cx, part)
    end = now + 1 if query.until is None else min(query.until, now + 1)
    first = _MIN if query.since is None else query.since << LOW_BITS
    last = (end << LOW_BITS) - 1
    return _Question(query, now, tuple(needed), tuple(refused), first, last)


async def _sources(cx: Connection, part: str) -> list[str]:
    """Marks of the articles whose shown source has this in its name."""
    feeds = await cx.rows("SELECT id, name, title FROM feed")
    shown = [one["id"] for one in feeds if part in key(one["name"] or one["title"])]
    return [f'"§f{number}"' for number in shown] + await _named(cx, "source", part)


async def _topics(cx: Connection, part: str) -> list[str]:
    return await _named(cx, "topic", part)


async def _named(cx: Connection, kind: str, part: str) -> list[str]:
    rows = await cx.rows(
        "SELECT id FROM search_name WHERE kind = :kind AND instr(key, :part) > 0 LIMIT :limit",
        kind=kind,
        part=part,
        limit=_NAMES,
    )
    return [f'"§{row["id"]}"' for row in rows]


def _phrase_of(term: Term) -> str:
    """A term for FTS5. Stems have letters, digits and marks only: nothing can end the quotes."""
    return f'"{" ".join(map(stem, term.words))}"'


def _any(expressions: Sequence[str]) -> str:
    return f"({' OR '.join(expressions)})" if expressions else ""


# --- candidates -----------------------------------------------------------------------------------

_WITHIN = "search_text MATCH :match AND rowid BETWEEN :first AND :last"
_NEWEST = f"SELECT rowid FROM search_text WHERE {_WITHIN} ORDER BY rowid DESC LIMIT :limit"
_BEST = (
    f"SELECT rowid FROM search_text WHERE {_WITHIN}"
    " ORDER BY bm25(search_text, 8, 1, 0) LIMIT :limit"
)
_COUNT = f"SELECT count(*) FROM (SELECT rowid FROM search_text WHERE {_WITHIN} LIMIT :limit)"


async def _candidates(
    cx: Connection, question: _Question, terms: Sequence[str]
) -> tuple[list[int], bool]:
    """Rows that may be among the best, newest first, and whether there are more."""
    match = question.match(*terms)

    async def rows(sql: str, match: str, limit: int) -> list[int]:
        found = await cx.rows(
            sql, match=match, first=question.first, last=question.last, limit=limit
        )
        return [row[0] for row in found]  # type: ignore[index]

    newest = await rows(_NEWEST, match, CANDIDATES + 1)
    if len(newest) <= CANDIDATES:
        return newest, False
    if not terms:
        return newest[:CANDIDATES], True
    counted = (await rows(_COUNT, match, _MANY + 1))[0]
    if counted <= _MANY:
        return await rows(_BEST, match, CANDIDATES), True
    titled = await rows(_BEST, question.match(*map(_in_title, terms)), _BY_TITLE)
    return list(dict.fromkeys(newest[:CANDIDATES] + titled)), True


def _in_title(expression: str) -> str:
    return f"t : {expression}"


async def _ranked(
    cx: Connection, rows: Sequence[int], question: _Question, archive: ranking.Archive
) -> list[_Found]:
    """The candidates that do match, best first; newest first where no words were asked for."""
    read = await cx.rows(
        "SELECT row, article_id, headline, t, b FROM json_each(:rows)"
        " CROSS JOIN search_row ON row = value CROSS JOIN search_text ON search_text.rowid = row"
        " CROSS JOIN article ON article.id = article_id WHERE retracted_at IS NULL",
        rows=_json(rows),
    )
    exact = [" ".join(term.words) for term in question.query.terms if term.exact]
    if exact:
        read = await _with_exact(cx, read, exact)
    candidates = [
        ranking.Candidate(one["headline"], one["t"], one["b"], one["row"] >> LOW_BITS)
        for one in read
    ]
    worth = ranking.scores(candidates, question.query, archive, now=question.now)
    order = sorted(zip(worth, read, strict=True), key=lambda pair: (-pair[0], -pair[1]["row"]))
    return [_Found(one["row"], one["article_id"]) for _, one in order[:CANDIDATES]]


async def _with_some_words(
    cx: Connection, question: _Question, archive: ranking.Archive, known: frozenset[int]
) -> list[_Found]:
    """What has at least one of the words, and all that was quoted; without the known rows."""
    terms = question.query.terms
    free = dict.fromkeys(stem(word) for term in terms if not term.exact for word in term.words)
    if len(free) < 2:
        return []
    needed = [_phrase_of(term) for term in terms if term.exact]
    rows, _ = await _candidates(cx, question, [*needed, _any([f'"{one}"' for one in free])])
    more = await _ranked(cx, [row for row in rows if row not in known], question, archive)
    return [replace(one, partial=True) for one in more]


async def _with_exact(cx: Connection, rows: Sequence[Row], phrases: Sequence[str]) -> list[Row]:
    """Those that hold each phrase in these very forms: stems alone would also find relatives."""
    texts = await cx.rows(
        "SELECT id, headline, lead, body FROM article"
        " WHERE id IN (SELECT value FROM json_each(:ids))",
        ids=_json([one["article_id"] for one in rows]),
    )
    holding = set()
    for one in texts:
        parts = [_spaced(one["headline"]), _spaced(body_of(one))]
        if all(any(f" {phrase} " in part for part in parts) for phrase in phrases):
            holding.add(one["id"])
    return [one for one in rows if one["article_id"] in holding]


def _spaced(text: str) -> str:
    return f" {key(text)} "


async def _archive(cx: Connection, query: SearchQuery) -> ranking.Archive:
    (total,) = await cx.rows("SELECT articles, words FROM search_total")
    asked = dict.fromkeys(map(stem, ranking.asked_words(query)))
    having = {}
    for one in asked if len(asked) > 1 else ():  # a single weight changes no order
        having[one] = await cx.value(
            _COUNT, match=f'"{one}"', first=_MIN, last=_MAX, limit=_COUNTED
        )
    return ranking.Archive(total["articles"], total["words"], having)


# --- the page -------------------------------------------------------------------------------------


async def _hits(cx: Connection, found: Sequence[_Found], query: SearchQuery) -> tuple[Hit, ...]:
    partial = {one.article_id: one.partial for one in found}
    marker = Marker(query)
    return tuple(
        Hit(
            article_id=one.id,
            headline=one.headline,
            link=one.link,
            source=source_name(one),
            published=one.published,
            title=marker.mark(one.headline),
            snippet=marker.excerpt(one.body or one.lead),
            partial=partial[one.id],
        )
        for one in await articles.many(cx, partial)
    )


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()

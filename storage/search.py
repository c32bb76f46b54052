"""Answers searches over the archive. Knows rows, no messages, no people.

    SearchQuery -> Wording (mistyped words repaired) -> Question -> best rows -> one page, excerpts

The index itself is maintained by `storage.indexing` and queried by `storage.matching`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from bot.core.articles.urls import identity
from bot.core.model import Article
from bot.core.posts.article import source_name
from bot.core.search.excerpt import Marker
from bot.core.search.found import Hit, SearchPage
from bot.core.search.query import SearchQuery
from bot.core.search.wording import Wording
from storage import articles, scopes
from storage.database import Connection
from storage.matching import (
    Match,
    Question,
    archive_of,
    further,
    matching,
    matching_partly,
    ranked,
    rows_of,
)
from storage.wording import nearest, understand

_INSTEAD = 5  # newest articles, if nothing is found
_FULL = 2  # pages: articles with all words may only happen to contain them


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

    Further pages pass the moment of the first page, so that news does not shift them; the last ones
    show what is not among the best, but new. Articles with all words come first; those with only
    some fill up the first page. With `folded`, articles on
    one story are one result.
    """
    query = await scopes.with_tags(cx, scopes.with_authors(query))
    scope = None if query.empty else await scopes.scope(cx, query, now)
    if scope is None:
        newest = await articles.newest(cx, limit=_INSTEAD)
        return SearchPage(offset=offset, period=query.period, newest=tuple(newest))
    wording = await understand(cx, query)
    question = Question(wording, scope, await archive_of(cx), now)
    asks = question.terms or query.narrowed or not query.link  # an address alone asks for one
    rows, capped = await matching(cx, question, question.terms) if asks else ([], False)
    found = await ranked(cx, rows, question, folded=folded)
    if capped and offset and offset + limit >= len(found):
        more, capped = await further(cx, question, rows_of(found))
        found += await ranked(cx, more, question, folded=folded)
    if query.link:
        found = await _linked_first(cx, query.link, found)
    if len(found) < limit and query.period:
        found += (await _elsewhen(cx, question, found, folded=folded))[: limit - len(found)]
    if len(found) < _FULL * limit and not capped:
        some = await _with_some_words(cx, question, rows_of(found), folded=folded)
        found += some[: _FULL * limit - len(found)]
        if not query.period:  # from other times, those with all words come first
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


async def _linked_first(cx: Connection, link: str, found: list[Match]) -> list[Match]:
    """The article of a pasted address before all others."""
    row = await cx.row(
        "SELECT row, article_id FROM search_row JOIN article ON article.id = article_id"
        " WHERE link_key = :key AND link_key <> '' AND retracted_at IS NULL"
        " ORDER BY article_id DESC LIMIT 1",
        key=identity(link),
    )
    if row is None:
        return found
    first = Match(row["row"], row["article_id"], worth=inf)
    story = next((one for one in found if first.row in one.rows), None)
    if story is None:
        return [first, *found]
    again = tuple(one for one in (story, *story.again) if one.row != first.row)
    first = replace(first, again=tuple(replace(one, again=()) for one in again))
    return [first, *(one for one in found if one is not story)]


def _of_story(article_id: int, found: Sequence[Match]) -> list[Match]:
    """The results that were folded into one with this article, individually."""
    for one in found:
        story = [replace(one, again=()), *one.again]
        if any(told.article_id == article_id for told in story):
            return story
    return []


async def _elsewhen(
    cx: Connection, question: Question, known: Sequence[Match], *, folded: bool
) -> list[Match]:
    """What matches outside the period named in words, without the known results."""
    query = question.query
    if query.period is None or (query.since, query.until) != query.period.span:
        return []
    scope = await scopes.scope(cx, replace(query, since=None, until=None), question.now)
    if scope is None:
        return []
    anytime = replace(question, scope=scope)
    rows, _ = await matching(cx, anytime, question.terms)
    held = rows_of(known)
    more = await ranked(cx, [row for row in rows if row not in held], anytime, folded=folded)
    return [replace(one, elsewhen=True) for one in more]


async def _with_some_words(
    cx: Connection, question: Question, known: frozenset[int], *, folded: bool
) -> list[Match]:
    """What has at least one of the words and all quoted phrases, without the known rows."""
    if len(question.words) < 2:
        return []
    left = [row for row in await matching_partly(cx, question) if row not in known]
    more = await ranked(cx, left, question, folded=folded)
    return [replace(one, partial=True) for one in more]


async def _hits(cx: Connection, found: Sequence[Match], wording: Wording) -> tuple[Hit, ...]:
    results = {one.article_id: one for one in found}
    shown = await articles.many(cx, results)
    return await asyncio.to_thread(_shown, shown, results, wording)


def _shown(
    shown: Sequence[Article], results: Mapping[int, Match], wording: Wording
) -> tuple[Hit, ...]:
    marker = Marker(wording)
    return tuple(
        Hit(
            article_id=one.id,
            headline=one.title,
            link=one.link,
            source=source_name(one),
            published=one.published,
            title=marker.mark(one.title),
            snippet=marker.excerpt(one.body or one.lead),
            partial=results[one.id].partial,
            elsewhen=results[one.id].elsewhen,
            similar=len(results[one.id].again),
        )
        for one in shown
    )

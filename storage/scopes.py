"""The scope of a query: its filters and times in terms of the index. Knows names of sources and
topics, no words.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.search.query import SearchQuery, Term
from bot.core.search.words import key, stem
from storage.database import Connection, in_both
from storage.expressions import WHOLE_ARCHIVE, Expression, Label, Phrase, Scope, either
from storage.indexing import LOW_BITS

_NAMES = 500  # names that one filter may match


async def scope(cx: Connection, query: SearchQuery, now: int) -> Scope | None:
    """The scope of a query; None if nothing can match, because a filter names nothing that
    exists."""
    wanted: list[list[Expression]] = []
    if query.sources.wanted:
        wanted.append([m for part in query.sources.wanted for m in await _sources(cx, part)])
    wanted += [await _topics(cx, part) for part in query.topics.wanted]
    if not all(wanted):
        return None
    refused: list[Expression] = [Phrase(tuple(map(stem, term.words))) for term in query.without]
    for part in query.sources.unwanted:
        refused += await _sources(cx, part)
    for part in query.topics.unwanted:
        refused += await _topics(cx, part)
    end = now + 1 if query.until is None else min(query.until, now + 1)
    return Scope(
        needed=tuple(map(either, wanted)),
        refused=tuple(refused),
        first=WHOLE_ARCHIVE.first if query.since is None else query.since << LOW_BITS,
        last=(end << LOW_BITS) - 1,
    )


async def with_tags(cx: Connection, query: SearchQuery) -> SearchQuery:
    """`#LuarNegeri` as the topic of that name, or as a word if there is none."""
    for tag in query.tags:
        name = await cx.value(
            "SELECT key FROM search_name WHERE kind = 'topic' AND replace(key, ' ', '') = :tag",
            tag=tag,
        )
        if name is None:
            query = replace(query, terms=(*query.terms, Term((tag,))))
        else:
            topics = replace(query.topics, wanted=(*query.topics.wanted, name))
            query = replace(query, topics=topics)
    return replace(query, tags=())


def with_authors(query: SearchQuery) -> SearchQuery:
    """Authors are not in the index: their names are searched for as words."""
    wanted, unwanted = (
        tuple(Term(tuple(part.split())) for part in parts)
        for parts in (query.authors.wanted, query.authors.unwanted)
    )
    return replace(query, terms=(*query.terms, *wanted), without=(*query.without, *unwanted))


async def _sources(cx: Connection, part: str) -> list[Expression]:
    """Labels of the articles whose shown source has this in its name."""
    feeds = await cx.rows("SELECT id, name, title FROM feed")
    shown = [one["id"] for one in feeds if part in key(one["name"] or one["title"])]
    return [*(Label(f"§f{number}") for number in shown), *await _named(cx, "source", part)]


async def _topics(cx: Connection, part: str) -> list[Expression]:
    return await _named(cx, "topic", part)


async def _named(cx: Connection, kind: str, part: str) -> list[Expression]:
    rows = await cx.rows(
        in_both(
            "SELECT id FROM search_name WHERE kind = :kind AND {within}(key, :part) > 0"
            " ORDER BY id LIMIT :limit",
            within={"sqlite": "instr", "postgresql": "strpos"},
        ),
        kind=kind,
        part=part,
        limit=_NAMES,
    )
    return [Label(f"§{row['id']}") for row in rows]

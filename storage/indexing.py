"""Keeps the index of the archive in step with the articles. Knows rows and stems, no queries.

    article as stored -> index(tx, id): stems of headline and text, labels to filter by, words

It belongs in the transaction that stores, changes or retracts the article: then the index is never
behind. While another one is being built (`storage.reindexing`) both are maintained.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import orjson

from bot.core.model import Article, ArticleId
from bot.core.posts.article import source_name
from bot.core.search.words import STEMMER, has_own_stems, key, stem, words
from storage import memos, vocabulary
from storage.database import Connection, Row, in_both, json_list, numbers, strings
from storage.expressions import exactly, tsvector
from storage.index_tables import DELETE, INSERT, LIVE, NEXT, at

LOW_BITS = 20
"""A row of the index is `sort_at << LOW_BITS`, plus the low bits of the article's number."""
MAKING = "search.next"
"""The memo of an index being built: its stemmer, and how far it has come."""
_BATCH = 50  # articles whose stems are made at once: about 15 ms
_LONGEST = 50_000  # characters of a text that are indexed: no real article is longer


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready for the index: as it was read, its words, and what the index stores."""

    article: Row
    words: frozenset[str]
    """Those that the vocabulary counts: no numbers."""
    stems: tuple[list[str], list[str]]
    """Of headline and text, in order."""
    names: list[tuple[str, str]]
    """The names that it can be filtered by, as (kind, key)."""
    entry: dict[str, Any]


async def index(tx: Connection, article_id: int) -> None:
    """Bring the index up to date with an article as it is stored now: new, changed, retracted."""
    await index_many(tx, [article_id])


async def index_many(tx: Connection, ids: Iterable[int]) -> None:
    """The same for many articles; numbers without an article leave the index."""
    wanted = list(dict.fromkeys(ids))
    kept = await _indexes(tx)
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        prepared = []
        for one in await read_articles(tx, part):
            if one["retracted_at"] is None and not one["hold"]:
                prepared.append(prepare(one, tx.dialect))
                await asyncio.sleep(
                    0
                )  # stemming a long text takes 10 ms: let others run in between
        for which in kept:
            known = await _forget(tx, part, which)
            await write(tx, prepared, which, known=known)


async def remove(tx: Connection, article_id: int) -> None:
    """Take an article out of the index."""
    for which in await _indexes(tx):
        await _forget(tx, [article_id], which)


async def _indexes(tx: Connection) -> list[str]:
    making = (await memos.get(tx, MAKING)).startswith(f"{STEMMER}|")
    return [LIVE, NEXT] if making else [LIVE]


def body_of(article: Row) -> str:
    """The indexed text of an article: its body, and the lead if that is not in it."""
    lead, body = article["lead"], article["body"]
    return str(body if lead in body else f"{lead}\n{body}")[:_LONGEST]


async def read_articles(cx: Connection, ids: Sequence[int]) -> list[Row]:
    """What the index needs to know of articles."""
    # In the order of the new rows: FTS5 writes sorted batches nearly twice as fast.
    return await cx.rows(
        in_both(
            "SELECT id, hold, CASE own_headline WHEN '' THEN headline"
            " ELSE own_headline || ' ' || headline END AS headline, CASE own_lead WHEN '' THEN lead"
            " ELSE own_lead || ' ' || lead END AS lead, body, source, link, feed_id, sort_at,"
            " retracted_at, language,"
            " (SELECT {topics} FROM article_topic JOIN topic ON topic.id = topic_id"
            "  WHERE article_id = article.id) AS topics FROM article"
            " WHERE id IN {ids} ORDER BY sort_at, id",
            topics=json_list("name"),
            ids=numbers("ids"),
        ),
        ids=_json(ids),
    )


def prepare(article: Row, dialect: str) -> Prepared:
    """All the work that needs no database, so that a thread can do it."""
    title, body = words(article["headline"]), words(body_of(article))
    language = article["language"]
    own = partial(stem, language=language) if has_own_stems(language) else stem
    t, b = list(map(own, title)), list(map(own, body))
    entry: dict[str, Any] = {
        "id": article["id"],
        "words": len(title) + len(body),
        "h": " ".join(title),
        "t": " ".join(t),
        "b": " ".join(b),
    }
    if dialect == "postgresql":
        entry["titled"] = tsvector(t, [exactly(word) for word in title])
    told = frozenset(filter(str.isalpha, {*title, *body}))
    return Prepared(article, told, (t, b), _named(article), entry)


async def write(
    tx: Connection, prepared: Sequence[Prepared], which: str, *, known: Collection[int] = ()
) -> None:
    """Adds articles to an index that no longer has them; `known` ones were in it before, and their
    words are counted."""
    if not prepared:
        return
    names = await _names(tx, {pair for one in prepared for pair in one.names})
    rows = await _free_rows(tx, [one.article for one in prepared], which)
    entries = []
    for one, row in zip(prepared, rows, strict=True):
        labels = _labels(one, names)
        entries.append(one.entry | {"row": row, "k": " ".join(labels)})
        if tx.dialect == "postgresql":
            entries[-1]["found"] = tsvector(one.stems[0], one.stems[1], labels)
    for insert in INSERT:
        await tx.run_many(at(which, insert), entries)
    await _count(tx, which, len(entries), sum(entry["words"] for entry in entries))
    if len(prepared) > _BATCH:  # counting more would make others wait too long
        told = await asyncio.to_thread(_told, prepared, known)
    else:
        told = _told(prepared, known)
    await vocabulary.learn(tx, told, which)


def _told(prepared: Sequence[Prepared], known: Collection[int]) -> vocabulary.Told:
    new = (one.words for one in prepared if one.article["id"] not in known)
    met = (one.words for one in prepared if one.article["id"] in known)
    counted = Counter(chain.from_iterable(new))
    return vocabulary.told({**dict.fromkeys(chain.from_iterable(met), 0), **counted})


async def _forget(tx: Connection, ids: Sequence[int], which: str) -> set[int]:
    """Returns those of the articles that were in the index."""
    leave = in_both(
        "DELETE FROM search_row WHERE article_id IN {ids} RETURNING row, article_id, words",
        ids=numbers("ids"),
    )
    gone = await tx.rows(at(which, leave), ids=_json(ids))
    if gone:
        for delete in DELETE:
            await tx.run_many(at(which, delete), [{"row": one["row"]} for one in gone])
        await _count(tx, which, -len(gone), -sum(one["words"] for one in gone))
    return {one["article_id"] for one in gone}


async def _free_rows(tx: Connection, texts: Sequence[Row], which: str) -> list[int]:
    """Allocate a row for each article. Articles of the same second collide only if their numbers
    are a million apart."""
    rows: dict[int, None] = {}
    for one in texts:
        row = (one["sort_at"] << LOW_BITS) | (one["id"] & ((1 << LOW_BITS) - 1))
        while row in rows:
            row += 1
        rows[row] = None
    taken = in_both("SELECT row FROM search_row WHERE row IN {rows}", rows=numbers("rows"))
    one_taken = at(which, "SELECT 1 FROM search_row WHERE row = :row")
    moved: dict[int, int] = {}
    for held in [one["row"] for one in await tx.rows(at(which, taken), rows=_json(list(rows)))]:
        row = held
        while row in rows or await tx.row(one_taken, row=row):
            row += 1
        rows[row] = None
        moved[held] = row
    return [moved.get(row, row) for row in list(rows)[: len(texts)]]


async def _count(tx: Connection, which: str, articles: int, words_: int) -> None:
    add = "UPDATE search_total SET articles = articles + :articles, words = words + :words"
    await tx.run(at(which, add), articles=articles, words=words_)


async def _names(
    tx: Connection, wanted: AbstractSet[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """The numbers of names that articles can be filtered by, created where missing."""
    await tx.run_many(
        "INSERT INTO search_name (kind, key) VALUES (:kind, :key) ON CONFLICT DO NOTHING",
        [{"kind": kind, "key": name} for kind, name in sorted(wanted)],
    )
    rows = await tx.rows(
        in_both("SELECT id, kind, key FROM search_name WHERE key IN {keys}", keys=strings("keys")),
        keys=_json(sorted({name for _, name in wanted})),
    )
    return {(row["kind"], row["key"]): row["id"] for row in rows}


def _named(one: Row) -> list[tuple[str, str]]:
    """The names of an article as (kind, key). One without a source of its own goes by its feed."""
    pairs = [("topic", key(topic)) for topic in orjson.loads(one["topics"])]
    if one["source"] or one["feed_id"] is None:
        pairs.append(("source", _source_key(one["source"], "" if one["source"] else one["link"])))
    return [pair for pair in pairs if pair[1]]


@lru_cache(1024)
def _source_key(source: str, link: str) -> str:
    return key(source_name(Article(ArticleId(0), "", link=link, source=source)))


def _labels(one: Prepared, names: dict[tuple[str, str], int]) -> list[str]:
    labels = ["§", *(f"§{names[pair]}" for pair in one.names)]
    if not one.article["source"] and one.article["feed_id"] is not None:
        labels.append(f"§f{one.article['feed_id']}")
    return labels


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()

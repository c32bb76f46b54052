"""Keeps the index of the archive in step with the articles. Knows FTS5 and rows, no question.

    article as stored -> index(tx, id): stems of headline and text, marks to filter by

It belongs in the transaction that stores, changes or retracts the article: then the index is never
behind. Made by another stemmer, or lost, it is made anew by `ensure_index`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from bot.core.model import Article, ArticleId
from bot.core.posts.article import source_name
from bot.core.search.words import STEMMER, key, stem, words
from storage import vocabulary
from storage.database import Connection, Database, Row, in_both, json_list, numbers, strings
from storage.expressions import exactly, tsvector

LOW_BITS = 20
"""A row of the index is `sort_at << LOW_BITS`, plus the low bits of the article's number."""
_BATCH = 50  # articles whose stems are made at once: about 15 ms
_LONGEST = 50_000  # characters of a text that are searched: longer ones are no articles
_LONGEST_WORD = 32  # letters of a word that the vocabulary keeps
_REBUILT = 500  # articles in one transaction of a rebuild


async def index(tx: Connection, article_id: int) -> None:
    """Bring the index up to date with an article as it is stored now: new, changed, retracted."""
    await index_many(tx, [article_id])


async def index_many(tx: Connection, ids: Iterable[int]) -> None:
    """The same for many articles; numbers without an article leave the index."""
    wanted = list(dict.fromkeys(ids))
    learned: Counter[str] = Counter()
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        counted = await _forget(tx, part)
        texts = [one for one in await _texts(tx, part) if one["retracted_at"] is None]
        await _remember(tx, texts, counted, learned)
    await vocabulary.learn(tx, learned)


async def remove(tx: Connection, article_id: int) -> None:
    """Take an article out of the index."""
    await _forget(tx, [article_id])


def body_of(article: Row) -> str:
    """The text of an article that is searched: its body, and the lead where that is not in it."""
    lead, body = article["lead"], article["body"]
    return str(body if lead in body else f"{lead}\n{body}")[:_LONGEST]


async def _texts(tx: Connection, ids: Sequence[int]) -> list[Row]:
    # In the order of the rows to come: FTS5 writes sorted batches nearly twice as fast.
    return await tx.rows(
        in_both(
            "SELECT id, headline, lead, body, source, link, feed_id, sort_at, retracted_at,"
            " (SELECT {topics} FROM article_topic JOIN topic ON topic.id = topic_id"
            "  WHERE article_id = article.id) AS topics FROM article"
            " WHERE id IN {ids} ORDER BY sort_at, id",
            topics=json_list("name"),
            ids=numbers("ids"),
        ),
        ids=_json(ids),
    )


async def _forget(tx: Connection, ids: Sequence[int]) -> set[int]:
    """Returns those of the articles that were in the index."""
    gone = await tx.rows(
        in_both(
            "DELETE FROM search_row WHERE article_id IN {ids} RETURNING row, article_id, words",
            ids=numbers("ids"),
        ),
        ids=_json(ids),
    )
    if gone:
        rows = [{"row": one["row"]} for one in gone]
        for table in _TABLES:
            await tx.run_many(_DELETE[table], rows)
        await _count(tx, -len(gone), -sum(one["words"] for one in gone))
    return {one["article_id"] for one in gone}


async def _remember(
    tx: Connection, texts: Sequence[Row], counted: set[int], learned: Counter[str]
) -> None:
    """Writes the rows of articles; adds their words, those of `counted` articles with 0 uses."""
    if not texts:
        return
    names = await _names(tx, texts)
    rows = await _free_rows(tx, texts)
    entries = []
    for one, row in zip(texts, rows, strict=True):
        title, body = words(one["headline"]), words(body_of(one))
        entry = _entry(title, body, _marks(one, names), tx.dialect)
        entries.append({"row": row, "id": one["id"], **entry})
        new = 0 if one["id"] in counted else 1
        for word in {*title, *body}:
            if word.isalpha() and len(word) <= _LONGEST_WORD:
                learned[word] += new
        await asyncio.sleep(0)  # stems of a long text take 10 ms: others have their turn between
    await tx.run_many(
        "INSERT INTO search_row (row, article_id, words) VALUES (:row, :id, :words)", entries
    )
    for table in _TABLES:
        await tx.run_many(_INSERT[table], entries)
    await _count(tx, len(texts), sum(one["words"] for one in entries))


_TABLES = ("search_text", "search_title")
_INSERT = {
    "search_text": {
        "sqlite": "INSERT INTO search_text (rowid, t, b, k) VALUES (:row, :t, :b, :k)",
        "postgresql": "INSERT INTO search_text (row, t, b, k, found)"
        " VALUES (:row, :t, :b, :k, CAST(:found AS tsvector))",
    },
    "search_title": {
        "sqlite": "INSERT INTO search_title (rowid, t, h) VALUES (:row, :t, :h)",
        "postgresql": "INSERT INTO search_title (row, h, found)"
        " VALUES (:row, :h, CAST(:titled AS tsvector))",
    },
}
_DELETE = {
    table: {
        "sqlite": f"DELETE FROM {table} WHERE rowid = :row",
        "postgresql": f"DELETE FROM {table} WHERE row = :row",
    }
    for table in _TABLES
}


def _entry(
    title: Sequence[str], body: Sequence[str], labels: Sequence[str], dialect: str
) -> dict[str, Any]:
    """What the index keeps of a text."""
    t, b = list(map(stem, title)), list(map(stem, body))
    entry: dict[str, Any] = {
        "words": len(title) + len(body),
        "h": " ".join(title),
        "t": " ".join(t),
        "b": " ".join(b),
        "k": " ".join(labels),
    }
    if dialect == "postgresql":
        entry["found"] = tsvector(t, b, labels)
        entry["titled"] = tsvector(t, [exactly(word) for word in title])
    return entry


async def _free_rows(tx: Connection, texts: Sequence[Row]) -> list[int]:
    """A row for each article. Those of one second meet only if a million numbers lie between."""
    rows: list[int] = []
    for one in texts:
        row = (one["sort_at"] << LOW_BITS) | (one["id"] & ((1 << LOW_BITS) - 1))
        while row in rows:
            row += 1
        rows.append(row)
    taken = await tx.rows(
        in_both("SELECT row FROM search_row WHERE row IN {rows}", rows=numbers("rows")),
        rows=_json(rows),
    )
    for held in [one["row"] for one in taken]:
        row = held
        while row in rows or await tx.row("SELECT 1 FROM search_row WHERE row = :row", row=row):
            row += 1
        rows[rows.index(held)] = row
    return rows


async def _count(tx: Connection, articles_: int, words_: int) -> None:
    await tx.run(
        "UPDATE search_total SET articles = articles + :articles, words = words + :words",
        articles=articles_,
        words=words_,
    )


async def _names(tx: Connection, texts: Sequence[Row]) -> dict[tuple[str, str], int]:
    """The numbers of all names that these articles can be filtered by, made where missing."""
    wanted = {pair for one in texts for pair in _named(one)}
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
        shown = Article(ArticleId(one["id"]), "", link=one["link"], source=one["source"])
        pairs.append(("source", key(source_name(shown))))
    return [pair for pair in pairs if pair[1]]


def _marks(one: Row, names: dict[tuple[str, str], int]) -> list[str]:
    marks = ["§", *(f"§{names[pair]}" for pair in _named(one))]
    if not one["source"] and one["feed_id"] is not None:
        marks.append(f"§f{one['feed_id']}")
    return marks


async def ensure_index(db: Database) -> int:
    """Index what is not in the index yet, all of it when the stemmer has changed.

    Returns how many articles were indexed. Goes on where it stopped when it is called again; a
    finished index costs one look.
    """
    async with db.transaction() as tx:
        state = await tx.value("SELECT value FROM memo WHERE key = 'search.stemmer'")
        if state == STEMMER:
            return 0
        if state != f"{STEMMER} unfinished":
            await _clear(tx)
            await _note(tx, f"{STEMMER} unfinished")
    done, last = 0, 0
    while True:
        async with db.transaction() as tx:
            ids = await _missing(tx, last)
            if not ids:
                await _note(tx, STEMMER)
                return done
            await index_many(tx, ids)
        done, last = done + len(ids), ids[-1]


async def _missing(tx: Connection, last: int) -> list[int]:
    rows = await tx.rows(
        "SELECT id FROM article WHERE id > :last AND retracted_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM search_row WHERE article_id = article.id)"
        " ORDER BY id LIMIT :limit",
        last=last,
        limit=_REBUILT,
    )
    return [row["id"] for row in rows]


async def _clear(tx: Connection) -> None:
    """Empties the index. Dropping the table takes no time; deleting its rows takes minutes."""
    for table in _TABLES:
        if tx.dialect == "sqlite":
            made = await tx.value("SELECT sql FROM sqlite_master WHERE name = :table", table=table)
            await tx.run(f"DROP TABLE {table}")
            await tx.run(made)
        else:
            await tx.run(f"TRUNCATE {table}")
    await tx.run("DELETE FROM search_row")
    await tx.run("DELETE FROM search_name")
    await tx.run("DELETE FROM search_word")
    await tx.run("UPDATE search_total SET articles = 0, words = 0")


async def _note(tx: Connection, state: str) -> None:
    await tx.run(
        "INSERT INTO memo (key, value) VALUES ('search.stemmer', :state)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        state=state,
    )


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()

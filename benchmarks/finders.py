"""Other ways to find articles, measured in the same run as /search.

    LIKE       every word somewhere, newest first: a bot without an index
    unstemmed  FTS5 over the words as they are, all of them and then any, its own bm25
    bm25       the same over our stems: what repairing, families and our ranking add to it
    ts_rank    PostgreSQL's own full text search, configuration `simple`

`prepare` makes the tables that only these need.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

from benchmarks.archive import NOW
from bot.core.search.query import parse
from bot.core.search.words import stem, words
from storage import Connection, Database, search

PAGE = 7
ZONE = ZoneInfo("Asia/Jakarta")

Finder = Callable[[Connection, str], Awaitable[list[int]]]


async def by_kabar(cx: Connection, text: str) -> list[int]:
    """The whole /search: parse, candidates, ranking, excerpts."""
    page = await search.search(cx, parse(text, ZONE, now=NOW), now=NOW, limit=PAGE)
    return [hit.article_id for hit in page.hits]


async def by_like(cx: Connection, text: str) -> list[int]:
    asked = text.lower().split()
    holds = " AND ".join(
        f"(lower(headline) LIKE :w{n} OR lower(body) LIKE :w{n})" for n in range(len(asked))
    )
    rows = await cx.rows(
        f"SELECT id FROM article WHERE {holds} ORDER BY sort_at DESC, id DESC LIMIT {PAGE}",
        **{f"w{n}": f"%{word}%" for n, word in enumerate(asked)},
    )
    return [row["id"] for row in rows]


async def by_unstemmed(cx: Connection, text: str) -> list[int]:
    find = (
        "SELECT rowid AS id FROM bench_text WHERE bench_text MATCH :match"
        f" ORDER BY bm25(bench_text, 8, 1) LIMIT {PAGE}"
    )
    return await _all_then_any(cx, find, words(text))


async def by_bm25(cx: Connection, text: str) -> list[int]:
    find = (
        "SELECT article_id AS id FROM (SELECT rowid AS found, bm25(search_text, 8, 1, 0) AS worth"
        f" FROM search_text WHERE search_text MATCH :match ORDER BY worth LIMIT {PAGE})"
        " CROSS JOIN search_row ON row = found ORDER BY worth"
    )
    return await _all_then_any(cx, find, [stem(word) for word in words(text)])


async def _all_then_any(cx: Connection, find: str, asked: Sequence[str]) -> list[int]:
    found: dict[int, None] = {}
    for joining in (" AND ", " OR "):
        if asked and len(found) < PAGE:
            match = joining.join(f'"{word}"' for word in dict.fromkeys(asked))
            found |= dict.fromkeys(row["id"] for row in await cx.rows(find, match=match))
    return list(found)[:PAGE]


async def by_ts_rank(cx: Connection, text: str) -> list[int]:
    found: dict[int, None] = {}
    for joining in (" & ", " | "):
        match = joining.join(f"'{word}'" for word in dict.fromkeys(words(text)))
        if match and len(found) < PAGE:
            rows = await cx.rows(
                "SELECT id FROM bench_text WHERE found @@ CAST(:match AS tsquery)"
                f" ORDER BY ts_rank(found, CAST(:match AS tsquery)) DESC, id DESC LIMIT {PAGE}",
                match=match,
            )
            found |= dict.fromkeys(row["id"] for row in rows)
    return list(found)[:PAGE]


def finders(dialect: str) -> dict[str, Finder]:
    """What can be measured on an engine, ours last."""
    if dialect == "postgresql":
        return {"ts_rank": by_ts_rank, "Kabar": by_kabar}
    return {"LIKE": by_like, "unstemmed": by_unstemmed, "bm25": by_bm25, "Kabar": by_kabar}


async def prepare(db: Database) -> None:
    """Build what the others search, beside the archive."""
    async with db.transaction(durable=False) as tx:
        if tx.dialect == "postgresql":
            await tx.run("CREATE TABLE bench_text (id bigint PRIMARY KEY, found tsvector)")
            await tx.run(
                "INSERT INTO bench_text SELECT id, setweight(to_tsvector('simple', headline), 'A')"
                " || to_tsvector('simple', body) FROM article"
            )
            await tx.run("CREATE INDEX bench_found ON bench_text USING gin (found)")
            await tx.run("ANALYZE bench_text")
        else:
            await tx.run(
                "CREATE VIRTUAL TABLE bench_text USING fts5 (t, b, content = '',"
                " tokenize = 'unicode61')"
            )
            await tx.run(
                "INSERT INTO bench_text (rowid, t, b) SELECT id, headline, body FROM article"
            )


async def sizes(db: Database) -> dict[str, int]:
    """Bytes of the archive without any index, and of ours."""
    async with db.reading() as cx:
        if cx.dialect == "postgresql":
            tables = "('search_text'), ('search_title'), ('search_row'), ('search_word')"
            ours = "SELECT sum(pg_total_relation_size(name)) FROM (VALUES {tables}) AS t (name)"
            return {
                "articles": int(await cx.value("SELECT pg_total_relation_size('article')")),
                "index": int(await cx.value(ours.format(tables=tables))),
            }
        rows = await cx.rows("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name")
    size = {row["name"]: int(row["bytes"]) for row in rows}
    index = sum(n for name, n in size.items() if "search_" in name)
    return {"articles": sum(n for name, n in size.items() if "article" in name), "index": index}

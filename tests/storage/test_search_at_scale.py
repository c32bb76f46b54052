"""The search in an archive that is too large to rank as a whole, and in a real one."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.core.search import ranking
from bot.core.search.query import parse
from bot.core.search.wording import Wording
from storage import (
    Database,
    articles,
    candidates,
    indexing,
    matching,
    memos,
    open_database,
    reindexing,
)
from storage.expressions import WHOLE_ARCHIVE, Expression, Label, Phrase, either, every, has_phrase
from tests.conftest import JAKARTA, NOON
from tests.storage.test_search import find, found, story
from tests.support import databases
from tests.support.shared import SHARED, needs_shared


@pytest.fixture
async def large(tmp_path: Path) -> AsyncIterator[Database]:
    """More matches than the database may rank."""
    db = await open_database(databases.empty(tmp_path / "large.db"))
    async with db.transaction() as tx:
        await tx.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5500)"
            " INSERT INTO article (id, content_key, fingerprint, headline, body, first_seen_at,"
            " sort_at, origin) SELECT i, i, '', CASE i WHEN 7 THEN 'Gempa besar di Aceh'"
            " ELSE 'Kabar ' || i || CASE WHEN i < 1000 OR i > 3400 THEN '' WHEN i % 3 = 0"
            " THEN ' besar' WHEN i % 3 = 1 THEN ' Aceh' ELSE ' dahsyat' END END,"
            " 'gempa ' || (CASE WHEN i < 400 THEN 'laut' ELSE '' END),"
            " :now - i * 60, :now - (5500 - i) * 60, 'import' FROM n",
            now=NOON,
        )
        await memos.put(tx, "search.stemmer", "")
    await reindexing.ensure_index(db)
    yield db
    await db.close()


async def test_many_matches_are_capped_and_said(large: Database) -> None:
    page = await find(large, "gempa")
    assert (page.total, page.capped) == (matching.CANDIDATES, True)
    assert page.hits[0].headline == "Gempa besar di Aceh"  # old, but in the headline
    page = await find(large, "laut gempa")
    assert (page.total, page.capped) == (matching.CANDIDATES, True)
    last = matching.CANDIDATES - 4
    page = await find(large, "sampai:2024", offset=last)
    assert [hit.headline for hit in page.hits] == [
        f"Kabar {5500 - n}" for n in range(last, last + 7)
    ]
    assert page.capped


async def test_pages_go_on_after_the_best(large: Database) -> None:
    """Each article once; the last page says that there are more."""
    seen: list[str] = []
    total = 1
    while len(seen) < total:
        page = await find(large, "gempa", offset=len(seen))
        assert page.hits
        seen += [hit.headline for hit in page.hits]
        total = page.total
    assert len(set(seen)) == len(seen) == 2 * matching.CANDIDATES
    assert page.capped


async def test_words_of_very_many_articles_are_not_ranked_by_the_database(large: Database) -> None:
    """Some hundred articles have both, but it would read all that have either: the newest of those
    with both are the candidates then."""
    asked = parse("laut gempa", JAKARTA)
    archive = ranking.Archive(articles=5500, words=50_000)
    async with large.reading() as cx:
        for frequent in (True, False):
            wording = Wording(asked, having={"gempa": 60_000 if frequent else 60})
            question = matching.Question(wording, WHOLE_ARCHIVE, archive, NOON)
            newest = await candidates.newest(
                cx, every(question.terms), WHOLE_ARCHIVE, matching.CANDIDATES
            )
            rows, capped = await matching.matching(cx, question, question.terms)
            assert (len(rows), capped) == (matching.CANDIDATES, True)
            assert (rows == newest) is frequent


@pytest.mark.parametrize(
    ("most", "ranked"),
    [(100, None), (1000, ("aceh",)), (2000, ("aceh", "gempa")), (90_000, ("aceh", "gempa"))],
)
def test_the_database_ranks_by_rare_words_only(most: int, ranked: tuple[str, ...] | None) -> None:
    wording = Wording(
        parse("gempa/yang aceh 2026", JAKARTA),
        having={"aceh": 300, "gempa": 1500, "yang": 95_000, "2026": 20_000},
        uncounted=frozenset({"2026"}),
    )
    archive = ranking.Archive(articles=100_000, words=20_000_000)
    question = matching.Question(wording, WHOLE_ARCHIVE, archive, NOON)
    expected = ranked and either([Phrase((word,)) for word in ranked])
    assert question.any_of(most) == expected


@pytest.mark.parametrize(
    ("one", "phrase"),
    [
        (Phrase(("harga",)), False),
        (Phrase(("harga", "emas")), True),
        (every([Label("§1"), either([Phrase(("a",)), Phrase(("b", "c"))])]), True),
        (every([]), False),
    ],
)
def test_an_expression_knows_whether_it_has_phrases(one: Expression, *, phrase: bool) -> None:
    assert has_phrase(one) is phrase


async def test_a_rare_form_of_a_frequent_stem_is_found_in_headlines(large: Database) -> None:
    async with large.transaction() as tx:
        await tx.run("UPDATE article SET headline = 'Menggempakan dunia' WHERE id = 2000")
        await indexing.index(tx, 2000)
    for asked in ("menggempakan", "menggempkan"):
        assert (await find(large, asked)).hits[0].headline == "Menggempakan dunia"


async def test_a_headline_is_found_as_somebody_remembers_it(large: Database) -> None:
    """No article has all of its words, and many newer ones have one of them."""
    page = await find(large, "Dahsyat, gempa besar di laut guncang Aceh")
    assert page.hits[0].headline == "Gempa besar di Aceh"
    assert page.hits[0].partial


def corpus(name: str) -> Sequence[dict[str, str]]:
    with gzip.open(SHARED / "corpus" / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@needs_shared
@pytest.mark.long
async def test_real_headlines_find_their_articles(db: Database) -> None:
    real = corpus("id-detik-2025-10.jsonl.gz")
    async with db.transaction() as tx:
        ids = [
            await articles.add(
                tx, story(one["title"], one["body"]), feed_id=None, origin="import", now=NOON
            )
            for one in real
        ]
        await indexing.index_many(tx, ids)
    sample = range(0, len(real), 10)
    first = sum([(await found(db, real[n]["title"]))[0] == real[n]["title"] for n in sample])
    assert first >= 0.97 * len(sample)

"""Whatever strangers type into the search: no query is a fault."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.search.query import parse
from storage import (
    Database,
    matching,
)
from tests.conftest import JAKARTA
from tests.storage.conftest import Filled
from tests.storage.test_search import find, put, small_archive, story
from tests.support.hostile import strings


@pytest.fixture
async def news(filled: Filled) -> Database:
    return await filled(small_archive)


HOSTILE = [
    *("", " ", "!!!", "...", "?", "$", ",", ";", "%", "@", "#", "'", "+", "*", "-", "--", "^", ":"),
    *("(putin", "putin)", "((putin", "putin*", "^putin", "t:putin", "x:putin", "putin^", "{t: x"),
    *("AND", "OR", "NOT", "putin AND", "AND putin", "NOT x", "putin NOT", "a AND OR b", "or and"),
    *("NEAR(", "NEAR(a b, 2)", "near/2", '"', '"putin', 'putin"', '""', '"""', '"a"b"', "“putin”"),
    *(
        "-putin",
        "-",
        "- -",
        "-(",
        '-"',
        "covid-19",
        "§",
        "§1",
        '"§" OR "§1"',
        "search_text:x",
        "k:1",
    ),
    *("'; DROP TABLE article; --", "rowid > 0", "\x00", "a\x00b", "\ud800", "a\udfffb", "🎉"),
    *(
        "so\u00adft",
        "ﬁnal",
        "\u202eabc",
        "half ½",
        "sumber:",
        "sumber:%",
        'topik:"',
        "sejak:",
        "NULL",
    ),
    *("sejak:0000", "sejak:9999 sampai:0001", "sampai:99999999", "sejak:2023-02-30", "sejak:٢٠٢٣"),
    "(" * 300 + "x",
    "a" * 100_000,
    "kata " * 20_000,
    " ".join(f"k{n}" for n in range(2000)),
    '"' + "kata " * 60 + '"',
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_queries(news: Database, text: str) -> None:
    page = await find(news, text)
    assert len(page.hits) <= page.total


@pytest.mark.long
async def test_random_strings(news: Database) -> None:
    for text in strings(seed=7, count=150):
        page = await find(news, text)
        assert len(page.hits) <= page.total, ascii(text)


OPERATORS = [
    "AND",
    "OR",
    "NOT",
    "NEAR(",
    ")",
    "(",
    '"',
    "*",
    "^",
    ":",
    "-",
    "+",
    "{",
    "}",
    "§",
    " ",
]


WORDS = ["t:", "k:", "sumber:", "topik:", "sejak:", "2023", "rusia", "a", "b"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(text=st.text() | st.lists(st.sampled_from(OPERATORS + WORDS)).map("".join))
@pytest.mark.long
async def test_any_query(news: Database, text: str) -> None:
    await find(news, text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(headline=st.text(st.characters(exclude_categories=["Cs"])), body=st.text(max_size=20))
@pytest.mark.long
async def test_what_is_indexed_is_found_by_its_headline(
    db: Database, headline: str, body: str
) -> None:
    article_id = await put(db, story(headline, body.encode("utf-8", "ignore").decode()))
    plain = headline.replace('"', " ").replace("-", " ").replace(":", " ")
    asked = parse(plain, JAKARTA)
    if asked.terms and not asked.without:
        page = await find(db, plain, limit=matching.CANDIDATES)
        assert article_id in {hit.article_id for hit in page.hits if not hit.partial}

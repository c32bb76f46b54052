"""A chat's filter decides as a search would."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Article, ArticleId
from bot.core.readers.filters import matches, required, telling, unknown_topics, words_of
from bot.core.search.query import parse

JAKARTA = ZoneInfo("Asia/Jakarta")
RICE = words_of(
    Article(
        ArticleId(1),
        "Harga beras turun di Pasar Induk",
        lead="Pedagang di Cipinang menjual lebih murah.",
        body="Kapal selam tidak dijual di sana.",
        source="CNN Indonesia",
        feed_title="Kabar Contoh",
        author="Rina Dewi",
        topics=("Ekonomi", "Luar Negeri"),
        published=1_693_458_000,
    )
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", True),
        ("beras", True),
        ("BERAS murah", True),
        ("penjual beras", True),  # by its stem
        ("gula", False),
        ("beras -gula", True),
        ("beras -cipinang", False),
        ('"harga beras"', True),
        ('"beras harga"', False),
        ('"induk pedagang"', False),  # no phrase spans headline and lead
        ("pasar-induk", True),
        ("sumber:cnn", True),
        ("sumber:contoh", True),
        ("sumber:rina", True),
        ("sumber:antara", False),
        ("-sumber:cnn", False),
        ("topik:ekonomi -iklan", True),
        ("topik:ekonomi topik:olahraga", False),
        ('topik:"luar negeri"', True),
        ("-topik:ekonomi", False),
        ("sejak:2023-08 sampai:2023-09", True),
        ("sejak:2023-09", False),
    ],
)
def test_filters(asked: str, found: bool) -> None:
    assert matches(parse(asked, JAKARTA), RICE) is found


def test_stems_that_every_match_has() -> None:
    assert set(required(parse('menjual "kapal selam" -gula', JAKARTA))) <= RICE.known


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("penulis:rina", True),
        ("author:rina beras", True),
        ("penulis:cnn", False),
        ("-penulis:dewi", False),
        ("#ekonomi", True),
        ("#LuarNegeri beras", True),
        ("#murah", True),  # no label, but a word
        ("#olahraga", False),
    ],
)
def test_authors_and_hashtags(asked: str, found: bool) -> None:
    assert matches(parse(asked, JAKARTA), RICE) is found


@pytest.mark.parametrize(
    ("asked", "unknown"),
    [
        ("topik:takada", ("takada",)),
        ('topik:ekonomi topik:"luar negeri"', ()),
        ("topik:luar", ()),  # a part of a label is enough
        ("-topik:takada beras", ()),
    ],
)
def test_topics_that_no_article_has(asked: str, unknown: tuple[str, ...]) -> None:
    labels = ("Ekonomi", "Luar Negeri")
    assert unknown_topics(parse(asked, JAKARTA), labels) == unknown


TEXTS = """
beras|penjual beras|gula|BERAS|beras gula|beras  murah|rp harga|a|beras beras|sumber:cnn|-gula
covid-19|kapal selam|serupa|kapan beras turun|minggu lalu beras
"""


def test_a_text_means_what_its_query_means() -> None:
    for asked in TEXTS.replace("\n", "|").split("|"):
        assert bool(telling([("", asked)], RICE, JAKARTA)) is matches(
            parse(asked, JAKARTA), RICE
        ), asked


@given(st.lists(st.sampled_from(["beras", "murah", "kapal", "gula", "di", "rp"]), min_size=1))
def test_short_texts_need_no_parsing(picked: list[str]) -> None:
    asked = " ".join(picked)
    assert bool(telling([("", asked)], RICE, JAKARTA)) is matches(parse(asked, JAKARTA), RICE)

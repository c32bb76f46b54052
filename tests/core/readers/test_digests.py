"""A digest fits into a message whatever is in it, and its pages have everything once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.core.html import shown
from bot.core.language import Translator
from bot.core.model import Article, ArticleId
from bot.core.posts.content_kinds import KeptFor
from bot.core.readers.digests import PAGE, digest, ticker
from bot.core.text import TEXT_LIMIT, utf16
from tests.conftest import NOON
from tests.support.telegram_parser import parse


def articles(count: int, **more: object) -> list[Article]:
    one = Article(ArticleId(1), "Berita", source="Antara", first_seen=NOON, published=NOON)
    return [
        replace(
            one,
            id=ArticleId(n),
            headline=f"Berita {n}",
            link=f"https://kabar.example/{n}",
            **more,  # type: ignore[arg-type]
        )
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("count", [1, PAGE, PAGE + 1, 3 * PAGE, 100])
def test_the_pages_tell_everything_once(count: int, english: Translator) -> None:
    told: list[int] = []
    pages = -(-count // PAGE)
    for page in reversed(range(pages)):
        post = digest(articles(count), KeptFor.DIGEST, english, now=NOON, private=True, page=page)
        assert post is not None
        numbers = [int(one) for one in re.findall(r"Berita (\d+)", shown(post.text))]
        assert [
            int(one) for one in re.findall(r"^(\d+)\. ", shown(post.text), re.MULTILINE)
        ] == numbers
        told += numbers
        labels = [button.text for row in post.keyboard for button in row]
        assert [one for one in labels if one.isdigit()] == [str(n) for n in numbers]
        assert any("earlier" in one for one in labels) is (page < pages - 1)
        assert any("later" in one for one in labels) is (page > 0)
    assert told == list(range(1, count + 1))


def test_whatever_the_headlines_are_it_fits(indonesian: Translator) -> None:
    long = [
        replace(one, headline="𝔅" * 500, link=one.link + "%41" * 600, source="<&>" * 90)
        for one in articles(40)
    ]
    for post in (
        digest(long, KeptFor.LIMIT, indonesian, now=NOON, private=True),
        ticker(long[:7], indonesian, now=NOON),
    ):
        assert post is not None
        text, _ = parse(post.text)
        assert utf16(text) <= TEXT_LIMIT


def test_an_editors_words_are_told(english: Translator) -> None:
    for post in (
        digest(articles(1, own_headline="Ours"), KeptFor.QUIET, english, now=NOON, private=False),
        ticker(articles(1, own_headline="Ours"), english, now=NOON),
    ):
        assert post is not None
        assert "Ours" in post.text
        assert not post.keyboard


def test_nothing_to_tell_is_nothing(english: Translator) -> None:
    assert digest([], KeptFor.DIGEST, english, now=NOON, private=True) is None
    assert ticker([], english, now=NOON) is None

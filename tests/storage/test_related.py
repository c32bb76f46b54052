"""Articles on the same story as one that is read."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Earlier, Story
from storage import Database, articles, related
from tests.conftest import NOON
from tests.storage.test_search import put, story


async def titles(db: Database, number: int, *, now: int = NOON) -> list[str]:
    async with db.reading() as cx:
        article = await articles.get(cx, number)
        assert article is not None
        return [one.headline for one in await related.to(cx, article, now=now)]


async def test_related_articles_share_rare_words(db: Database) -> None:
    one = await put(db, story("Gempa Cianjur: korban bertambah"))
    await put(db, story("Gempa guncang Cianjur"))
    await put(db, story("Bantuan untuk Cianjur", "setelah gempa"))
    await put(db, story("Korban banjir di Garut"))
    await put(db, story("Gempa Cianjur besok"), at=NOON + 60)
    assert await titles(db, one) == ["Gempa guncang Cianjur", "Bantuan untuk Cianjur"]
    assert len(await titles(db, one, now=NOON + 120)) == 3


async def test_two_words_in_passing_are_no_story(db: Database) -> None:
    one = await put(db, story("Dokter gigi menulis novel sejarah perang"))
    for headline, words in (
        ("Pasar ramai", "dokter menulis"),
        ("Hutan sepi", "gigi novel"),
        ("Laut tenang", "sejarah perang"),
    ):
        await put(db, story(headline, f"{'Kata lain tentang hal lain. ' * 20} Ada {words}."))
    await put(db, story("Novel sejarah perang karya dokter gigi"))
    assert await titles(db, one) == ["Novel sejarah perang karya dokter gigi"]


async def test_nothing_is_related_to_what_stands_alone(db: Database) -> None:
    one = await put(db, story("Satu"))
    await put(db, story("Dua"))
    assert await titles(db, one) == []


async def test_an_article_knows_the_newest_before_it_to_which_its_text_links(db: Database) -> None:
    async def earlier(number: int) -> Earlier | None:
        async with db.reading() as cx:
            article = await articles.get(cx, number)
        assert article is not None
        return article.earlier

    def told(headline: str, link: str, *linked: str) -> Story:
        return replace(story(headline), link=link, linked=linked)

    first = await put(db, told("Pertama", "https://www.a.example/1/"), at=NOON - 30)
    second = await put(db, told("Kedua", "https://a.example/2"), at=NOON - 20)
    links = (
        "https://a.example/1",
        "https://a.example/2",
        "https://a.example/3",
        "https://b.example/",
    )
    third = await put(db, told("Ketiga", "https://a.example/3", *links), at=NOON)
    other = await put(db, told("Lain", "https://a.example/4", "https://a.example/3"), at=NOON - 10)
    assert await earlier(third) == Earlier(second, "Kedua")
    assert await earlier(other) is None  # what comes later is not before it
    assert await earlier(first) is None
    async with db.transaction() as tx:
        await articles.retract(tx, second, now=NOON)
    assert await earlier(third) == Earlier(first, "Pertama")
    async with db.transaction() as tx:
        await articles.correct(tx, third, told("Ketiga", "https://a.example/3"), now=NOON)
    assert await earlier(third) is None

"""Articles on the same story as one that is read."""

from __future__ import annotations

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


async def test_nothing_is_related_to_what_stands_alone(db: Database) -> None:
    one = await put(db, story("Satu"))
    await put(db, story("Dua"))
    assert await titles(db, one) == []

"""The index is made anew beside the one that answers, and takes over when it is whole."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.model import ArticleId, ChatKind, TelegramId
from bot.core.search.words import STEMMER
from storage import Database, alerts, articles, chats, indexing, memos, reindexing
from tests.conftest import JAKARTA, NOON
from tests.storage.conftest import Filled
from tests.storage.test_search import find, found, put, story


async def outdate(db: Database) -> None:
    """As if an older version had made the index."""
    async with db.transaction() as tx:
        await memos.put(tx, "search.stemmer", "older")


async def _many(db: Database) -> None:
    for n in range(7):
        await put(db, story(f"Gempa {n}", "Isi berita."), at=NOON - n * 3600)
    await outdate(db)


@pytest.fixture
async def many(filled: Filled) -> Database:
    return await filled(_many)


class StoppedError(Exception):
    """Somebody ended the program."""


async def test_a_fresh_archive_has_a_finished_index(db: Database) -> None:
    async with db.reading() as cx:
        assert await memos.get(cx, "search.stemmer") == STEMMER
        assert await reindexing.is_made(cx)
    assert await reindexing.ensure_index(db) == 0


async def test_an_outdated_index_is_made_anew(many: Database) -> None:
    async with many.transaction() as tx:
        await tx.run("UPDATE search_total SET articles = 99")
    told: list[tuple[int, int]] = []
    assert await reindexing.ensure_index(many, progress=lambda *now: told.append(now)) == 7
    assert told == [(7, 7)]
    assert len(await found(many, "gempa")) == 7
    async with many.reading() as cx:
        total = await cx.row("SELECT articles, words FROM search_total")
        words = await cx.value("SELECT uses FROM search_word WHERE word = 'gempa'")
    assert total is not None
    assert (total["articles"], words) == (7, 7)
    assert await reindexing.ensure_index(many) == 0


async def test_a_new_index_has_statistics(many: Database) -> None:
    await reindexing.ensure_index(many)
    if many.dialect == "postgresql":  # SQLite plans these statements without any
        async with many.reading() as cx:
            known = await cx.value("SELECT reltuples FROM pg_class WHERE relname = 'search_text'")
        assert known == 7


async def test_it_can_be_made_anew_again_and_again(many: Database) -> None:
    for _ in range(3):
        assert await reindexing.ensure_index(many) == 7
        await outdate(many)
    assert len(await found(many, "gempa")) == 7


async def test_the_old_index_answers_and_both_are_kept(many: Database) -> None:
    """Whatever is stored, changed or retracted while the new index is made is in both."""
    begun = asyncio.Event()

    def wait(done: int, _: int) -> None:
        if done == 4:
            begun.set()

    making = asyncio.create_task(reindexing.ensure_index(many, progress=wait, batch=2))
    await begun.wait()
    await put(many, story("Gempa baru"), at=NOON + 60)
    async with many.transaction() as tx:
        await articles.correct(tx, ArticleId(1), story("Tsunami"), now=NOON)
        await indexing.index(tx, 1)
        await articles.retract(tx, ArticleId(7), now=NOON)
        await indexing.index(tx, 7)
    assert await found(many, "tsunami") == ["Tsunami"]
    await making
    assert await found(many, "tsunami") == ["Tsunami"]
    assert "Gempa baru" in await found(many, "gempa", now=NOON + 120)
    assert (await find(many, "gempa", now=NOON + 120)).total == 6


async def test_it_goes_on_where_it_stopped(many: Database) -> None:

    def stop(done: int, _: int) -> None:
        if done >= 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        await reindexing.ensure_index(many, progress=stop, batch=2)
    assert len(await found(many, "gempa")) == 7
    told: list[int] = []
    going_on = reindexing.ensure_index(many, progress=lambda n, _: told.append(n), batch=2)
    assert await going_on == 3
    assert told == [6, 7]
    assert len(await found(many, "gempa")) == 7


async def test_what_an_older_version_left_unfinished_is_thrown_away(many: Database) -> None:
    async with many.transaction() as tx:
        await memos.put(tx, "search.next", "older|5,5,5")
    await put(many, story("Gempa baru"))  # goes into the one that answers alone
    assert await reindexing.ensure_index(many) == 8
    assert len(await found(many, "gempa", limit=10)) == 8


async def test_alerts_are_found_by_stems_as_they_are_made_now(many: Database) -> None:
    async with many.transaction() as tx:
        chat = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        for text in ("covid19", "gempa"):
            await alerts.add(tx, chat.id, 0, text, zone=JAKARTA, now=NOON)
        await tx.run("UPDATE alert SET stem = 'covid19' WHERE text = 'covid19'")
    await reindexing.ensure_index(many)
    async with many.reading() as cx:
        rows = await cx.rows("SELECT text, stem FROM alert ORDER BY text")
    assert [(row["text"], row["stem"]) for row in rows] == [
        ("covid19", "covid"),
        ("gempa", "gempa"),
    ]

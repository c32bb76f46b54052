"""What is stored comes back as it was, field by field: none of a new type's may be forgotten."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.hours import Hours
from bot.core.model import ChatId, ChatKind, Picture, Story, TelegramId
from bot.core.readers.preferences import Digest, Preferences
from storage import Connection, Database, articles, chats, preferences
from tests.conftest import JAKARTA, NOON

STORY = Story(
    key="kunci",
    headline="Judul",
    link="https://example.com/berita",
    lead="Kalimat pertama.",
    body="Isi berita.",
    picture=Picture("https://example.com/a.jpg", "Keterangan", "Foto: AFP"),
    source="Antara",
    author="Rina",
    topics=("Ekonomi", "Nasional"),
    published=NOON - 60,
    updated=NOON - 30,
    language="id",
    guid="guid",
    pictures=("https://example.com/b.jpg", "https://example.com/c.jpg"),
    dated=NOON - 60,
    linked=("example.com/lama",),
    as_before="sidik",
)
NOT_KEPT: dict[str, Any] = {"key": "", "updated": None, "guid": "", "dated": None, "as_before": ""}
"""What only the comparison of two polls needs."""
WANTS = Preferences(
    zone=ZoneInfo("Asia/Makassar"),
    filter="beras",
    breaking_only=True,
    digest=Digest(7 * 60, 0b0011111),
    quiet=Hours(22 * 60, 6 * 60),
    limit=10,
    silent=True,
    pictures=False,
)


async def test_a_story_comes_back_from_the_archive(db: Database) -> None:
    assert [one.name for one in fields(Story) if getattr(STORY, one.name) == one.default] == []
    async with db.transaction() as tx:
        number = await articles.add(tx, STORY, feed_id=None, origin="import", now=NOON)
        kept = await articles.get(tx, number)
    assert kept is not None
    assert articles.as_story(kept) == replace(STORY, **NOT_KEPT)


async def test_a_corrected_story_comes_back_too(db: Database) -> None:
    bare = Story(key="kunci", headline="Judul lama", link="https://example.com/lama")
    async with db.transaction() as tx:
        number = await articles.add(tx, bare, feed_id=None, origin="import", now=NOON)
        await articles.correct(tx, number, STORY, now=NOON)
        kept = await articles.get(tx, number)
    assert kept is not None
    assert articles.as_story(kept) == replace(STORY, **NOT_KEPT)
    assert kept.revision == 2


async def test_preferences_come_back(db: Database) -> None:
    plain = Preferences(JAKARTA)
    same = [
        one.name
        for one in fields(Preferences)
        if getattr(WANTS, one.name) == getattr(plain, one.name)
    ]
    assert same == []
    async with db.transaction() as tx:
        chat = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        assert await _kept(tx, chat.id) == plain
        for wants in (WANTS, plain):
            await preferences.put(tx, chat.id, 0, wants, default=JAKARTA, now=NOON)
            assert await _kept(tx, chat.id) == wants


async def _kept(tx: Connection, chat: ChatId) -> Preferences:
    return await preferences.get(tx, chat, 0, default=JAKARTA)

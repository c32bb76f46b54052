"""Notices over a real database: told once, noted when they arrived, also after a restart."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from bot.core.language import Translator
from bot.core.model import Post
from bot.core.troubles import BROKEN
from bot.monitoring.notices import Notices
from storage import Database, feeds
from tests.conftest import Clock

FEED = "https://ani:rahasia@paper.example/feed?key=rahasia"


class Ear:
    """The moderators' chat. `open`: messages arrive."""

    def __init__(self, tr: Translator) -> None:
        self.heard: list[str] = []
        self.open = True
        self._tr = tr

    async def tell(self, post: Post) -> bool:
        if self.open:
            self.heard.append(post.text)
        return self.open

    async def words(self) -> Translator:
        return self._tr


@pytest.fixture
def ear(english: Translator) -> Ear:
    return Ear(english)


def notices(db: Database, ear: Ear, clock: Clock, folder: Path | None = None) -> Notices:
    return Notices(
        db,
        ear.tell,
        words=ear.words,
        messages=lambda: 0,
        clock=clock,
        folder=folder,
        version=version("kabar"),
    )


async def fail(db: Database, clock: Clock, name: str = "Koran") -> None:
    async with db.transaction() as tx:
        await feeds.configure(tx, [(FEED, name)])
        [row] = await feeds.active(tx)
        await feeds.failed(tx, row.id, now=clock.now, due_at=0, trouble="It answers 500.")


async def mend(db: Database, clock: Clock) -> None:
    async with db.transaction() as tx:
        [row] = await feeds.active(tx)
        await feeds.unchanged(tx, [(row.id, 0)], now=clock.now)


async def test_a_trouble_is_told_once_also_after_a_restart(
    db: Database, ear: Ear, clock: Clock, tmp_path: Path
) -> None:
    await fail(db, clock)
    await notices(db, ear, clock, tmp_path).tick()
    assert ear.heard == []
    clock.pass_(BROKEN)
    one = notices(db, ear, clock, tmp_path)
    ear.open = False
    await one.tick()  # Telegram is away: it is told when it can be
    ear.open = True
    await one.tick()
    await one.tick()
    await notices(db, ear, clock, tmp_path).tick()
    assert ear.heard == ["⚠️ Koran has been unreadable since 12:00: It answers 500."]
    await mend(db, clock)
    await notices(db, ear, clock).tick()
    await notices(db, ear, clock).tick()
    assert ear.heard[1:] == ["✅ Koran can be read again."]


async def test_a_feed_without_a_name_is_named_without_its_password(
    db: Database, ear: Ear, clock: Clock
) -> None:
    await fail(db, clock, name="")
    clock.pass_(BROKEN)
    await notices(db, ear, clock).tick()
    [text] = ear.heard
    assert "paper.example" in text
    assert "rahasia" not in text


async def test_a_feed_taken_out_and_back_is_told_anew(db: Database, ear: Ear, clock: Clock) -> None:
    await fail(db, clock)
    clock.pass_(BROKEN)
    one = notices(db, ear, clock)
    await one.tick()
    async with db.transaction() as tx:
        await feeds.configure(tx, [])
    await one.tick()
    assert len(ear.heard) == 1
    await fail(db, clock)
    await mend(db, clock)
    await one.tick()
    assert len(ear.heard) == 1


async def test_a_folder_that_is_gone_ends_nothing(
    db: Database, ear: Ear, clock: Clock, tmp_path: Path
) -> None:
    await notices(db, ear, clock, tmp_path / "gone").tick()
    assert ear.heard == []


async def test_an_upgrade_is_told_once_and_a_new_database_is_none(
    db: Database, ear: Ear, clock: Clock
) -> None:
    await notices(db, ear, clock).tell_of_upgrade()
    assert ear.heard == []
    async with db.transaction() as tx:
        await tx.run("UPDATE memo SET value = '1' WHERE key = 'notices.schema'")
    await notices(db, ear, clock).tell_of_upgrade()
    await notices(db, ear, clock).tell_of_upgrade()
    assert len(ear.heard) == 1
    assert f"Kabar {version('kabar')} is running" in ear.heard[0]


async def test_messages_that_do_not_get_out(db: Database, ear: Ear, clock: Clock) -> None:
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO chat (telegram_id, kind, created_at) VALUES (1, 'private', :now)",
            now=clock.now,
        )
        await tx.run(
            "INSERT INTO delivery (kind, content, state, chat_id, due_at, created_at)"
            " VALUES ('send', 'nothing', 'due', 1, :now, :now)",
            now=clock.now,
        )
    one = notices(db, ear, clock)
    for _ in range(12):
        await one.tick()
        clock.pass_(60)
    assert ear.heard == [
        "⚠️ Messages have been waiting since 12:00, and none gets through to Telegram."
    ]

"""Alerts as rows, on both engines: found by one stem, each text looked at once."""

from __future__ import annotations

import pytest

from bot.core.hours import Hours
from bot.core.model import ChatId, ChatKind, TelegramId
from bot.core.readers.preferences import Preferences
from storage import (
    Database,
    alerts,
    chats,
    deliveries,
    followers,
    kept_back,
    outbox,
    personal,
    preferences,
)
from tests.conftest import JAKARTA, NOON
from tests.support.sending import add_article, add_chats, add_followers, announce

DAY = Hours(0, 23 * 60)
TEXTS = ("beras", "penjual gula", '"harga beras"', '"beras harga"', "sumber:kantor", "-beras")


async def test_alerts_match_by_stems_phrases_and_names(db: Database) -> None:
    async with db.transaction() as tx:
        for number, text in enumerate(TEXTS, 1):
            chat = await chats.see(tx, TelegramId(number), kind=ChatKind.PRIVATE, now=NOON)
            assert await alerts.add(tx, chat.id, 0, text, zone=JAKARTA, now=NOON)
            assert not await alerts.add(tx, chat.id, 0, text, zone=JAKARTA, now=NOON)
    article = await add_article(db, lead="Harga beras turun.", body="Kata penjual.")
    async with db.transaction() as tx:
        assert await alerts.match(tx, article, zone=JAKARTA) == 3
        assert await alerts.match(tx, article, zone=JAKARTA) == 0
        await deliveries.announce(tx, article, now=NOON)
        told = await outbox.claim(tx, 10, now=NOON, lease=60)
        assert [one.chat_id for one in told] == [1, 3, 5]
        assert await alerts.match(tx, article, zone=JAKARTA) == 0  # it was announced before


async def test_whoever_follows_an_articles_words_gets_it_before_its_readers_in_slices(
    db: Database,
) -> None:
    await add_chats(db, *range(1, 6))
    await add_followers(db, "beras", *range(4, 10))
    await add_followers(db, "harga", 9, 4)
    await announce(db, await add_article(db, lead="Harga beras turun."))
    async with db.transaction() as tx:
        first = await outbox.claim(tx, 3, now=NOON, lease=60)
    assert [one.to.telegram_id for one in first] == [4, 5, 6]
    assert [chat for chat, _ in await _claimed(db, 3)] == [7, 8, 9, 1, 2, 3]
    async with db.reading() as cx:
        [totals] = await cx.rows("SELECT taken, taken_at FROM broadcast")
        assert (totals["taken"], totals["taken_at"]) == (3, NOON)  # they count readers


async def test_alerts_come_in_the_order_of_the_news(db: Database) -> None:
    await add_chats(db, 1)
    await add_followers(db, "beras", 1, 2)
    articles = [await add_article(db, lead=lead) for lead in ("Harga beras.", "Gula.", "Beras.")]
    await announce(db, *articles)
    told = await _claimed(db, 2)
    assert [article for chat, article in told if chat == 1] == articles
    assert [article for chat, article in told if chat == 2] == [articles[0], articles[2]]


async def test_an_article_that_is_withdrawn_meanwhile_is_told_to_no_more(db: Database) -> None:
    await add_followers(db, "beras", *range(1, 6))
    article = await add_article(db, lead="Harga beras turun.")
    await announce(db, article)
    async with db.transaction() as tx:
        assert len(await outbox.claim(tx, 2, now=NOON, lease=60)) == 2
        await tx.run("UPDATE article SET retracted_at = 1")
    assert not await _claimed(db, 2)
    async with db.reading() as cx:
        assert not await cx.value("SELECT COUNT(*) FROM alert_match")


async def test_a_closed_topic_is_told_nothing_until_it_is_tried_again(db: Database) -> None:
    await add_chats(db, 1, 2)
    await add_followers(db, "beras", 1, 2)
    async with db.transaction() as tx:
        await tx.run("UPDATE subscription SET rests_until = :at WHERE id = 1", at=NOON + 60)
    await announce(db, await add_article(db, lead="Harga beras turun."))
    assert await _claimed(db, 5) == [(2, 1)]
    await announce(db, await add_article(db, lead="Harga beras naik."))
    assert await _claimed(db, 5, now=NOON + 60) == [(1, 2), (2, 2)]


async def test_an_alert_that_is_dropped_meanwhile_tells_nobody(db: Database) -> None:
    await add_followers(db, "beras", 1, 2)
    await announce(db, await add_article(db, lead="Harga beras turun."))
    async with db.transaction() as tx:
        assert await alerts.drop(tx, 1, ChatId(1)) == "beras"
    assert [chat for chat, _ in await _claimed(db, 5)] == [2]


@pytest.mark.parametrize(("breaking", "at_once"), [(0, False), (1, False), (2, True)])
async def test_an_alert_in_quiet_hours_comes_once_after_them_unless_the_news_breaks_them(
    db: Database, breaking: int, at_once: bool
) -> None:
    await add_chats(db, 1)
    await add_followers(db, "beras", 1)
    asleep = Preferences(JAKARTA, quiet=DAY)
    async with db.transaction() as tx:
        number = await preferences.put(tx, ChatId(1), 0, asleep, default=JAKARTA, now=NOON)
    await announce(db, await add_article(db, lead="Harga beras turun.", breaking=breaking))
    assert len(await _claimed(db, 5)) == at_once
    async with db.reading() as cx:
        assert len(await kept_back.waiting(cx, number)) == (not at_once)


async def test_what_an_alert_left_for_the_morning_is_not_posted_then_as_news_too(
    db: Database,
) -> None:
    """The quiet hours end between the alerts and the readers of one broadcast."""
    await add_chats(db, 1, 2)
    await add_followers(db, "beras", 1)
    asleep = Preferences(JAKARTA, quiet=DAY)
    async with db.transaction() as tx:
        await preferences.put(tx, ChatId(1), 0, asleep, default=JAKARTA, now=NOON)
    await announce(db, await add_article(db, lead="Harga beras turun."))
    async with db.transaction() as tx:
        row = await tx.row("SELECT *, 0 AS none FROM broadcast")
        assert row is not None
        taken = await followers.take(tx, row, 5, now=NOON, until=NOON + 60, zone=JAKARTA)
        assert taken == []
    after = DAY.after(NOON, JAKARTA)
    assert await _claimed(db, 5, now=after) == [(2, 1)]


async def _claimed(db: Database, room: int, *, now: int = NOON) -> list[tuple[int, int]]:
    """Claim after claim until nothing waits: who was told of which article."""
    told: list[tuple[int, int]] = []
    while True:
        async with db.transaction() as tx:
            if not await outbox.waits(tx, now=now):
                return told
            taken = await outbox.claim(tx, room, now=now, lease=60, zone=JAKARTA)
        told += [(one.to.telegram_id, one.article_id or 0) for one in taken]


async def test_a_chat_has_up_to_fifty(db: Database) -> None:
    async with db.transaction() as tx:
        chat = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        for number in range(alerts.MOST):
            await alerts.add(tx, chat.id, 0, f"kata{number}", zone=JAKARTA, now=NOON)
        with pytest.raises(ValueError, match="as many"):
            await alerts.add(tx, chat.id, 0, "lagi", zone=JAKARTA, now=NOON)


async def test_a_forgotten_reader_follows_nothing(db: Database) -> None:
    async with db.transaction() as tx:
        chat = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        await alerts.add(tx, chat.id, 0, "beras", zone=JAKARTA, now=NOON)
        await personal.forget_chat(tx, chat.id, now=NOON)
        assert await tx.value("SELECT COUNT(*) FROM alert") == 0


async def test_alerts_move_with_a_group(db: Database) -> None:
    async with db.transaction() as tx:
        old = await chats.see(tx, TelegramId(-1), kind=ChatKind.GROUP, now=NOON)
        new = await chats.see(tx, TelegramId(-1001), kind=ChatKind.SUPERGROUP, now=NOON)
        await alerts.add(tx, old.id, 0, "beras", zone=JAKARTA, now=NOON)
        await chats.migrate(tx, TelegramId(-1), TelegramId(-1001))
        assert [one.text for one in await alerts.of_chat(tx, new.id, 0)] == ["beras"]

"""Whom an article may reach, as rows."""

from __future__ import annotations

from bot.core.model import ArticleId, ChatId, ChatKind, TelegramId
from storage import Database, chats, routes
from storage.articles import add_topics
from tests.conftest import JAKARTA, NOON
from tests.support.sending import add_article, add_chats


async def test_channels_with_their_topics_and_a_count_of_private_readers(db: Database) -> None:
    await add_chats(db, 1, 2, 3, 4)
    sport, weather = await add_article(db), await add_article(db)
    async with db.transaction() as tx:
        await add_topics(tx, ArticleId(sport), ["Olahraga", "Sepak bola"])
        channel = await chats.see(tx, TelegramId(-7), kind=ChatKind.CHANNEL, title="Bola", now=NOON)
        await chats.subscribe(tx, channel.id, topics=["Sepak bola", "Olahraga"], now=NOON)
        few = await chats.see(tx, TelegramId(5), kind=ChatKind.PRIVATE, now=NOON)
        await chats.subscribe(tx, few.id, topics=["Olahraga"], now=NOON)
        await chats.unsubscribe(tx, ChatId(2), topics=["Olahraga", "Sepak bola"])
        await chats.unsubscribe(tx, ChatId(3))
        await tx.run("UPDATE chat SET gone_at = 1 WHERE telegram_id = 4")
    async with db.reading() as cx:
        assert await routes.private(cx, [sport, weather, 99]) == {sport: 2, weather: 2, 99: 2}
        assert await routes.audience(cx, sport) == 3
        assert await routes.audience(cx, weather) == 2
        for article, fits in ((sport, True), (weather, False)):
            [one] = await routes.of_article(cx, article, default=JAKARTA, now=NOON)
            assert (one.title, one.topics) == ("Bola", ("Olahraga", "Sepak bola"))
            assert (one.on_topic, one.everything) == (fits, False)

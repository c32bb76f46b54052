"""Labels as rows, on both engines: one topic however it is spelt; the most used are known."""

from __future__ import annotations

from bot.core.model import ArticleId, ChatKind, TelegramId
from bot.core.readers.topics import TopicLabel
from storage import Database, articles, chats, topic_labels
from storage.migrate import available
from tests.conftest import NOON
from tests.support.sending import add_article


async def test_spellings_from_before_become_one_topic(db: Database) -> None:
    [script] = [one for one in available(db.dialect) if one.name == "spellings"]
    for _ in range(3):
        await add_article(db)
    async with db.transaction() as tx:
        ani = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        await chats.subscribe(tx, ani.id, topics=("Budaya",), now=NOON)
        for key in ("luar negeri", "luar-negeri", "luarnegeri", "+"):
            await tx.run("INSERT INTO topic (key, name) VALUES (:key, :key)", key=key)
        numbers = {row["key"]: row["id"] for row in await tx.rows("SELECT id, key FROM topic")}
        for article, key in ((1, "luar negeri"), (1, "luarnegeri"), (2, "luar-negeri"), (3, "+")):
            await tx.run(
                "INSERT INTO article_topic (article_id, topic_id) VALUES (:article, :topic)",
                article=article,
                topic=numbers[key],
            )
        row = await chats.subscription(tx, ani.id)
        assert row is not None
        await tx.run(
            "INSERT INTO subscription_topic VALUES (:id, :topic)",
            id=row["id"],
            topic=numbers["luar-negeri"],
        )
        await tx.script(script.text)
        assert {one.name: one.articles for one in await topic_labels.most_used(tx)} == {
            "luar negeri": 2,
            "+": 1,
        }
        assert await chats.subscribed_topics(tx, row["id"]) == ["Budaya", "luar negeri"]


async def test_a_label_is_known_by_how_many_articles_carry_it(db: Database) -> None:
    for topics in (("Ekonomi", "Dunia"), ("EKONOMI",), ("Dunia-",), ("Seni",)):
        number = await add_article(db)
        async with db.transaction() as tx:
            await articles.add_topics(tx, ArticleId(number), topics)
    async with db.transaction() as tx:
        ani = await chats.see(tx, TelegramId(1), kind=ChatKind.PRIVATE, now=NOON)
        await chats.subscribe(tx, ani.id, topics=("Olahraga",), now=NOON)
        row = await chats.subscription(tx, ani.id)
        assert row is not None
        found = await topic_labels.most_used(tx, row["id"])
    assert {(one.name, one.articles) for one in found} == {
        ("Ekonomi", 2), ("Dunia", 2), ("Seni", 1), ("Olahraga", 0),
    }  # fmt: skip
    assert all(isinstance(one, TopicLabel) for one in found)

"""Chats and subscriptions."""

from __future__ import annotations

import pytest

from bot.core.model import Chat, ChatKind, TelegramId
from bot.core.readers.topics import key_of
from storage import Database, chats
from tests.conftest import NOON

ANI = TelegramId(1001)


async def seen(db: Database, telegram_id: int = ANI, kind: ChatKind = ChatKind.PRIVATE) -> Chat:
    async with db.transaction() as tx:
        return await chats.see(tx, TelegramId(telegram_id), kind=kind, title="Ani", now=NOON)


async def state(db: Database, chat: Chat, thread: int = 0) -> tuple[bool, bool, list[str]]:
    """(active, everything, topics)"""
    async with db.reading() as cx:
        row = await chats.subscription(cx, chat.id, thread)
        assert row is not None
        topics = await chats.subscribed_topics(cx, row["id"])
        return bool(row["active"]), bool(row["everything"]), topics


async def subscribe(db: Database, chat: Chat, *topics: str, thread: int = 0) -> bool:
    async with db.transaction() as tx:
        return await chats.subscribe(tx, chat.id, thread=thread, topics=topics, now=NOON)


async def unsubscribe(db: Database, chat: Chat, *topics: str) -> bool:
    async with db.transaction() as tx:
        return await chats.unsubscribe(tx, chat.id, topics=topics)


async def test_a_chat_keeps_its_number_language_and_newest_name(db: Database) -> None:
    first = await seen(db)
    async with db.transaction() as tx:
        await chats.set_language(tx, first.id, "en")
        again = await chats.see(
            tx, ANI, kind=ChatKind.PRIVATE, title="Ani B", username="ani", now=NOON + 5
        )
    assert (again.id, again.language, again.title, again.username) == (
        first.id,
        "en",
        "Ani B",
        "ani",
    )


async def test_whoever_speaks_to_us_is_not_gone(db: Database) -> None:
    await seen(db)
    async with db.transaction() as tx:
        await chats.set_gone(tx, ANI, reason="kicked", now=NOON)
    async with db.reading() as cx:
        gone = await chats.get(cx, ANI)
    assert gone is not None
    assert gone.gone
    assert not (await seen(db)).gone


async def test_subscribing_to_everything(db: Database) -> None:
    chat = await seen(db)
    assert await subscribe(db, chat)
    assert not await subscribe(db, chat)
    assert await state(db, chat) == (True, True, [])


async def test_topics_add_up_whatever_their_spelling(db: Database) -> None:
    chat = await seen(db)
    assert await subscribe(db, chat, "Ekonomi")
    assert not await subscribe(db, chat, "#EKONOMI", " ekonomi ")
    assert await subscribe(db, chat, "Luar  Negeri")
    assert await state(db, chat) == (True, False, ["Ekonomi", "Luar Negeri"])


async def test_who_has_everything_has_every_topic(db: Database) -> None:
    chat = await seen(db)
    await subscribe(db, chat)
    assert not await subscribe(db, chat, "Ekonomi")
    assert await state(db, chat) == (True, True, [])


async def test_all_but_a_topic(db: Database) -> None:
    chat = await seen(db)
    await subscribe(db, chat)
    assert await unsubscribe(db, chat, "Budaya")
    assert not await unsubscribe(db, chat, "budaya")
    assert await state(db, chat) == (True, True, ["Budaya"])
    assert not await subscribe(db, chat, "Ekonomi")
    assert await subscribe(db, chat, "Budaya")
    assert await state(db, chat) == (True, True, [])
    await unsubscribe(db, chat, "Budaya")
    assert await subscribe(db, chat)
    assert await state(db, chat) == (True, True, [])


async def test_from_everything_to_one_topic(db: Database) -> None:
    chat = await seen(db)
    await subscribe(db, chat)
    await unsubscribe(db, chat, "Budaya")
    async with db.transaction() as tx:
        await chats.narrow(tx, chat.id, topics=["Ekonomi"], now=NOON)
    assert await state(db, chat) == (True, False, ["Ekonomi"])


async def test_everything_takes_the_place_of_topics(db: Database) -> None:
    chat = await seen(db)
    await subscribe(db, chat, "Ekonomi")
    assert await subscribe(db, chat)
    assert await state(db, chat) == (True, True, [])


async def test_the_last_topic_ends_the_subscription(db: Database) -> None:
    chat = await seen(db)
    await subscribe(db, chat, "Ekonomi", "Olahraga")
    assert await unsubscribe(db, chat, "ekonomi")
    assert (await state(db, chat))[0]
    assert await unsubscribe(db, chat, "olahraga")
    assert not (await state(db, chat))[0]
    assert not await unsubscribe(db, chat)


async def test_a_new_subscription_after_the_end_starts_afresh(db: Database) -> None:
    chat = await seen(db)
    await subscribe(db, chat)
    assert await unsubscribe(db, chat)
    assert await subscribe(db, chat, "Ekonomi")
    assert await state(db, chat) == (True, False, ["Ekonomi"])


async def test_what_telegram_ended_goes_on_as_it_was(db: Database) -> None:
    chat = await seen(db, -1_001_000_000_001, ChatKind.SUPERGROUP)
    await subscribe(db, chat, "Ekonomi", thread=7)
    for active, until in ((0, 0), (1, NOON + 60)):
        async with db.transaction() as tx:
            await tx.run(
                "UPDATE subscription SET active = :active, reason = 'x', rests_until = :until",
                active=active,
                until=until,
            )
        assert await subscribe(db, chat, thread=7)
        assert await state(db, chat, 7) == (True, False, ["Ekonomi"])


async def test_an_opened_topic_gets_its_news_back(db: Database) -> None:
    chat = await seen(db, -1_001_000_000_001, ChatKind.SUPERGROUP)
    await subscribe(db, chat, "Ekonomi", thread=7)
    async with db.transaction() as tx:
        assert not await chats.topic_opened(tx, chat.id, 7, now=NOON)
        assert not await chats.topic_opened(tx, chat.id, 8, now=NOON)
        await tx.run("UPDATE subscription SET reason = 'x', rests_until = :at", at=NOON + 60)
        assert await chats.topic_opened(tx, chat.id, 7, now=NOON)
        assert not await chats.topic_opened(tx, chat.id, 7, now=NOON)
    assert await state(db, chat, 7) == (True, False, ["Ekonomi"])


async def test_topics_of_a_forum_are_subscriptions_of_their_own(db: Database) -> None:
    chat = await seen(db, -1_001_000_000_001, ChatKind.SUPERGROUP)
    await subscribe(db, chat, thread=7)
    async with db.reading() as cx:
        assert await chats.subscription(cx, chat.id) is None
        assert await chats.subscription(cx, chat.id, 7) is not None


async def test_migration_keeps_the_chat_and_forgets_old_message_numbers(db: Database) -> None:
    group = await seen(db, -500, ChatKind.GROUP)
    await subscribe(db, group, "Ekonomi")
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO delivery (kind, state, chat_id, message_id, reply_to, due_at,"
            " created_at) VALUES ('send', 'sent', :chat, 12, 11, 0, 0)",
            chat=group.id,
        )
        await chats.migrate(tx, TelegramId(-500), TelegramId(-1_000_000_000_500))
        moved = await chats.get(tx, TelegramId(-1_000_000_000_500))
        assert moved is not None
        assert (moved.id, moved.kind) == (group.id, ChatKind.SUPERGROUP)
        assert await chats.get(tx, TelegramId(-500)) is None
        assert await tx.value("SELECT count(*) FROM delivery WHERE message_id = 12") == 0
    assert await state(db, group) == (True, False, ["Ekonomi"])


async def test_migration_into_a_chat_that_is_known_already(db: Database) -> None:
    group = await seen(db, -500, ChatKind.GROUP)
    await subscribe(db, group)
    target = await seen(db, -1_000_000_000_500, ChatKind.SUPERGROUP)
    for _ in range(2):  # both sides tell us
        async with db.transaction() as tx:
            await chats.migrate(tx, TelegramId(-500), TelegramId(-1_000_000_000_500))
    assert (await state(db, target))[0]
    async with db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM chat") == 1


async def test_importing_chats_twice_changes_nothing(db: Database) -> None:
    known = await seen(db)
    await subscribe(db, known)
    await unsubscribe(db, known)
    ids = [ANI, 2002, -300, -1_001_234_567_890]
    for expected in (3, 0):
        async with db.transaction() as tx:
            assert await chats.import_subscribed(tx, ids, now=NOON) == expected
    async with db.reading() as cx:
        rows = await chats.subscribed_after(cx, 0, limit=10)
        assert [row["telegram_id"] for row in rows] == [2002, -300, -1_001_234_567_890]
        kinds = {row["telegram_id"]: row["kind"] for row in await cx.rows("SELECT * FROM chat")}
    assert kinds == {
        ANI: "private",
        2002: "private",
        -300: "group",
        -1_001_234_567_890: "supergroup",
    }


@pytest.mark.parametrize("name", ["Luar Negeri", "luar  negeri", "#Luar_Negeri", " LUAR-NEGERI "])
def test_spellings_of_a_topic(name: str) -> None:
    assert key_of(name) == "luarnegeri"

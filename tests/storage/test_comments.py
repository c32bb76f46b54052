"""The tables of readers' words: compare-and-set, one message one comment, and moved chats."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.comments import lifecycle as life
from bot.core.comments.aliases import alias
from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Comment, Decision, Part, Reader, Signature, State
from bot.core.comments.rules import RuleFinding, Ruling
from bot.core.model import Actor, Chat, ChatKind, CommentId, TelegramId
from storage import (
    Database,
    answers,
    chats,
    comment_messages,
    comments,
    decisions,
    moderators,
    published,
    readers,
)
from tests.conftest import NOON

ANNA = Actor(TelegramId(71), "Anna")


async def someone(db: Database, number: int = 501) -> tuple[Chat, Reader]:
    async with db.transaction() as tx:
        chat = await chats.see(tx, TelegramId(number), kind=ChatKind.PRIVATE, now=NOON)
        return chat, await readers.see(
            tx, TelegramId(number), chat_id=chat.id, name="Ivan", now=NOON
        )


async def stored(db: Database, text: str = "words", state: State = State.PENDING) -> Comment:
    _, reader = await someone(db)
    part = Part(10, text, "photo", "group", ("https://hidden.example/",))
    new = Comment(
        CommentId(0), None, reader.id, state, text, (part,), Signature.ALIAS, due_at=NOON + 20
    )
    async with db.transaction() as tx:
        number = await comments.add(tx, new, now=NOON)
        found = await comments.get(tx, number)
    assert found is not None
    return found


async def test_a_comment_comes_back_as_it_was_stored(db: Database) -> None:
    one = await stored(db)
    assert (one.text, one.sign, one.due_at, one.version) == ("words", Signature.ALIAS, NOON + 20, 1)
    assert one.parts[0].links == ("https://hidden.example/",)
    decided = life.decide(one, Decision.APPROVE, by=ANNA, revision=1, version=1, now=NOON + 5)
    assert isinstance(decided, Comment)
    async with db.transaction() as tx:
        assert await comments.save(tx, one, decided, now=NOON + 5)
        assert await comments.get(tx, one.id) == decided


async def test_of_two_writers_one_wins(db: Database) -> None:
    one = await stored(db)

    async def write(text: str) -> bool:
        step = life.edit(one, [Part(10, text)], now=NOON)
        assert isinstance(step, Comment)
        async with db.transaction() as tx:
            return await comments.save(tx, one, step, now=NOON)

    assert sorted(await asyncio.gather(*(write(f"text {n}") for n in range(5)))) == [
        False, False, False, False, True,
    ]  # fmt: skip
    async with db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM revision") == 2


async def test_the_queue_is_in_order_of_waiting_and_remembers_since_when(db: Database) -> None:
    first, second = await stored(db), await stored(db, state=State.HELD)
    async with db.transaction() as tx:
        released = replace(second, state=State.PENDING, version=2)
        await comments.save(tx, second, released, now=NOON + 100)
        changed = life.edit(released, [Part(10, "other")], now=NOON + 200)
        assert isinstance(changed, Comment)
        await comments.save(tx, released, changed, now=NOON + 200)
        assert [one.id for one in await comments.pending(tx)] == [first.id, second.id]
        count, _ = await comments.queue_length(tx)
        assert count == 2
        since = await tx.value("SELECT pending_at FROM comment WHERE id = :id", id=second.id)
    assert since == NOON + 100


async def test_messages_are_about_one_thing_and_forget_it_when_their_chat_moves(
    db: Database,
) -> None:
    one = await stored(db)
    chat, _ = await someone(db)
    async with db.transaction() as tx:
        desk = await chats.see(tx, TelegramId(-5), kind=ChatKind.GROUP, now=NOON)
        for role in ("prompt", "note"):
            await comment_messages.remember(tx, desk.id, 7, role, comment_id=one.id, now=NOON)
        await comment_messages.remember(tx, chat.id, 10, "source", comment_id=one.id, now=NOON)
        row = await comment_messages.about(tx, desk.id, 7)
        assert row is not None
        assert row["role"] == "prompt"
        for number in (8, 9):
            assert await answers.add(
                tx, one.id, "out", part=AnswerPart(number, "t"), chat_id=desk.id, by=ANNA,
                due_at=NOON, now=NOON,
            )  # fmt: skip
        await chats.migrate(tx, TelegramId(-5), TelegramId(-1005))
        assert await comment_messages.about(tx, desk.id, 7) is None
        assert await comment_messages.about(tx, chat.id, 10) is not None
        assert await answers.written_as(tx, desk.id, 8) is None


async def test_the_moderators_chat_is_found_after_every_kind_of_move(db: Database) -> None:
    configured = TelegramId(-5)
    async with db.transaction() as tx:
        settled = await moderators.configure_chat(tx, configured, now=NOON)
        await chats.migrate(tx, configured, TelegramId(-1005))
        moved = await moderators.chat(tx, configured)
        assert moved is not None
        assert (moved.id, moved.telegram_id) == (settled.id, -1005)
        await tx.run(
            "INSERT INTO delivery (kind, content, state, chat_id, due_at, created_at)"
            " VALUES ('send', 'card', 'sent', :chat, 0, 0)",
            chat=moved.id,
        )
        merged = await chats.see(tx, TelegramId(-1006), kind=ChatKind.SUPERGROUP, now=NOON)
        await chats.migrate(tx, TelegramId(-1005), TelegramId(-1006))
        again = await moderators.configure_chat(tx, configured, now=NOON)
        assert again.id == merged.id
        other = await moderators.configure_chat(tx, TelegramId(-77), now=NOON)
        assert other.telegram_id == -77


async def test_likes_and_pages_count_only_what_is_public(db: Database) -> None:
    one = await stored(db)
    async with db.transaction() as tx:
        assert await published.one(tx, one.id) is None
        assert await published.page(tx, 1, page=1) == ([], 1)
        assert await published.like(tx, one.id, one.reader_id)
        assert await tx.value("SELECT likes FROM comment WHERE id = :id", id=one.id) == 1
        await published.forget(tx, one.reader_id)
        assert await tx.value("SELECT likes FROM comment WHERE id = :id", id=one.id) == 0


async def test_findings_of_refused_texts_keep_no_words(db: Database) -> None:
    _, reader = await someone(db)
    found = [RuleFinding("words", Ruling.REFUSE, "a rude word")]
    async with db.transaction() as tx:
        await decisions.add_findings(
            tx, found, comment_id=None, reader_id=reader.id, revision=None, now=NOON
        )
        assert await tx.value("SELECT detail FROM finding") == ""
        assert await decisions.rule_totals(tx, since=NOON) == {("words", "refuse"): 1}
        assert await decisions.rule_totals(tx, since=NOON + 1) == {}


async def test_a_reader_is_found_by_every_name(db: Database) -> None:
    async with db.transaction() as tx:
        chat = await chats.see(tx, TelegramId(501), kind=ChatKind.PRIVATE, now=NOON)
        reader = await readers.see(
            tx, TelegramId(501), chat_id=chat.id, name="I", username="Ivan_P", now=NOON
        )
        for name in (alias(reader.id), "@ivan_p", "501"):
            found = await readers.find(tx, name)
            assert found is not None
            assert found.id == reader.id
        for name in ("", "@", "R-", "ivan", "-501", "9" * 30, "٥٠١"):
            assert await readers.find(tx, name) is None

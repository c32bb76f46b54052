"""What others put on its way, and where they find it again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.model import TelegramId
from bot.core.posts.content import CommentCard
from bot.core.posts.delivery import DeliveryKind
from bot.core.posts.outcome import (
    Broken,
    ChatGone,
    Dead,
    Judged,
    Later,
    Moved,
    RetryAt,
    Sent,
    Unknown,
)
from storage import Database, deliveries, outbox, outcomes, pictures
from tests.conftest import NOON
from tests.support.sending import add_article, add_chats, add_uninterested, announce, delivery_rows


async def claim(db: Database, room: int = 100, now: int = NOON) -> list[Any]:
    async with db.transaction() as tx:
        return list(await outbox.claim(tx, room, now=now, lease=60))


async def record(db: Database, *found: Judged, now: int = NOON) -> list[outbox.Finished]:
    async with db.transaction() as tx:
        await outcomes.record(tx, found, now=now)
        return await outbox.finish(tx, now=now)


async def test_announcing_costs_one_row_and_twice_is_once(db: Database) -> None:
    await add_chats(db, *range(1, 501))
    number = await add_article(db)
    await announce(db, number, number)
    async with db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM broadcast") == 1
        assert await cx.value("SELECT COUNT(*) FROM delivery") == 0


async def test_claims_are_taken_once_and_no_more_than_asked(db: Database) -> None:
    await add_chats(db, *range(1, 26))
    await announce(db, await add_article(db))
    taken = [await claim(db, 10) for _ in range(4)]
    assert [len(batch) for batch in taken] == [10, 10, 5, 0]
    chats = [one.chat_id for batch in taken for one in batch]
    assert sorted(chats) == list(range(1, 26))


async def test_a_claim_looks_at_a_part_of_the_audience_only(db: Database) -> None:
    await add_uninterested(db, 20_000)
    await add_chats(db, 30_000)
    await announce(db, await add_article(db))
    claims = 0
    while not (taken := await claim(db)):
        claims += 1
        async with db.reading() as cx:
            assert await outbox.waits(cx, now=NOON)
    assert claims == 2  # of 8,000 readers each: nobody else waited for all 20,000
    assert [one.to.telegram_id for one in taken] == [30_000]


async def test_cards_come_before_posts_and_posts_before_counts(db: Database) -> None:
    await add_chats(db, 1, 2)
    first, second = await add_article(db), await add_article(db)
    async with db.transaction() as tx:
        await deliveries.record_copy(tx, 1, 0, first, 70, True, 1, 0, NOON)
        await tx.run("UPDATE article SET comments = 5 WHERE id = :id", id=first)
        await deliveries.announce_edit(tx, first, now=NOON)
        await deliveries.announce(tx, second, now=NOON)
        await deliveries.enqueue(tx, CommentCard(), 2, comment_id=1, now=NOON)
    kinds = [one.kind for one in await claim(db)]
    assert kinds == [DeliveryKind.SEND, DeliveryKind.POST, DeliveryKind.POST, DeliveryKind.EDIT]


async def test_later_subscribers_get_what_comes_after(db: Database) -> None:
    await add_chats(db, 1)
    number = await add_article(db)
    await announce(db, number)
    await add_chats(db, 2)
    assert [one.chat_id for one in await claim(db)] == [1]


async def test_a_post_that_comes_later_counts_among_those_of_its_broadcast(db: Database) -> None:
    await add_chats(db, 1, 2)
    number = await add_article(db)
    async with db.transaction() as tx:
        await tx.run("UPDATE subscription SET active = 0 WHERE chat_id = 2")
        await deliveries.announce(tx, number, now=NOON)
    [first] = await record(db, *[Judged(one, Sent(7)) for one in await claim(db)])
    assert (first.taken, first.delivered) == (1, 1)
    async with db.transaction() as tx:  # kept back for its quiet hours, say
        for chat in (2, 2, 1):
            await deliveries.post(tx, number, chat, now=NOON)
    [second] = await record(db, *[Judged(one, Sent(8)) for one in await claim(db)])
    assert (second.taken, second.delivered) == (2, 2)


async def test_edits_of_one_message_become_one(db: Database) -> None:
    await add_chats(db, 1)
    async with db.transaction() as tx:
        card = await deliveries.enqueue(tx, CommentCard(), 1, now=NOON)
    await record(db, *[Judged(one, Sent(7)) for one in await claim(db)])
    async with db.transaction() as tx:
        for _ in range(3):
            await deliveries.enqueue_edit(tx, card, now=NOON)
    assert [one.kind for one in await claim(db)] == [DeliveryKind.EDIT]
    async with db.transaction() as tx:  # one more, while the first is on its way
        await deliveries.enqueue_edit(tx, card, now=NOON)
    assert [one.kind for one in await claim(db)] == [DeliveryKind.EDIT]


@pytest.mark.parametrize("outcome", [RetryAt(NOON + 5, "away"), Broken(NOON + 60, "a fault")])
async def test_an_edit_that_failed_gives_way_to_the_next_one(
    db: Database, outcome: RetryAt | Broken
) -> None:
    await add_chats(db, 1)
    async with db.transaction() as tx:
        card = await deliveries.enqueue(tx, CommentCard(), 1, now=NOON)
    await record(db, *[Judged(one, Sent(7)) for one in await claim(db)])
    async with db.transaction() as tx:
        await deliveries.enqueue_edit(tx, card, now=NOON)
    (first,) = await claim(db)
    async with db.transaction() as tx:  # while the first is on its way
        await deliveries.enqueue_edit(tx, card, now=NOON)
    await record(db, Judged(first, outcome))
    (next_,) = [row for row in await delivery_rows(db) if row["kind"] == "edit"]
    assert (next_["state"], next_["due_at"], next_["id"] > first.id) == ("due", NOON, True)


async def test_an_outcome_that_cannot_be_recorded_ends_what_arrived_only(db: Database) -> None:
    await add_chats(db, 1, 2)
    await announce(db, await add_article(db))
    arrived, lost = await claim(db)
    async with db.transaction() as tx:
        await outcomes.end_unrecorded(tx, Judged(arrived, Sent(7)), reason="a fault", now=NOON)
        away = Judged(lost, RetryAt(NOON + 5, "away"))
        await outcomes.end_unrecorded(tx, away, reason="a fault", now=NOON)
    rows = {row["id"]: row for row in await delivery_rows(db)}
    assert (rows[arrived.id]["state"], rows[lost.id]["state"]) == ("dead", "due")
    assert rows[lost.id]["due_at"] > NOON


async def test_an_edit_waits_until_its_message_has_a_number(db: Database) -> None:
    await add_chats(db, 1)
    async with db.transaction() as tx:
        card = await deliveries.enqueue(tx, CommentCard(), 1, now=NOON)
    (first,) = await claim(db)
    async with db.transaction() as tx:  # while it is on the wire
        await deliveries.enqueue_edit(tx, card, now=NOON)
        assert not await outbox.waits(tx, now=NOON)
    assert await claim(db) == []
    await record(db, Judged(first, Unknown(NOON + 5, "no answer")))
    (again,) = await claim(db, now=NOON + 5)
    assert again.id == card
    await record(db, Judged(again, Sent(7)), now=NOON + 5)
    (edit,) = await claim(db, now=NOON + 5)
    assert (edit.kind, edit.target_message_id) == (DeliveryKind.EDIT, 7)


async def test_a_message_that_is_still_to_be_sent_needs_no_edit(db: Database) -> None:
    await add_chats(db, 1)
    async with db.transaction() as tx:
        card = await deliveries.enqueue(tx, CommentCard(), 1, now=NOON)
        await deliveries.enqueue_edit(tx, card, now=NOON)
    (first,) = await claim(db)
    await record(db, Judged(first, Unknown(NOON + 5, "no answer")))
    async with db.transaction() as tx:
        await deliveries.enqueue_edit(tx, card, now=NOON)
    assert [row["id"] for row in await delivery_rows(db)] == [card]


async def test_edits_leave_old_messages_alone(db: Database) -> None:
    await add_chats(db, 1, 2, 3)
    number = await add_article(db)
    day = 86_400
    async with db.transaction() as tx:
        for chat, age in ((1, day), (2, 3 * day), (3, 40 * day)):
            await deliveries.record_copy(tx, chat, 0, number, 7, True, 1, 0, NOON - age)
        await tx.run("UPDATE article SET comments = 1")
        await deliveries.announce_edit(tx, number, now=NOON)
    assert [one.chat_id for one in await claim(db)] == [1]
    async with db.transaction() as tx:
        await tx.run("UPDATE article SET revision = 2")
        await tx.run("DELETE FROM delivery WHERE kind = 'edit'")
        await deliveries.announce_edit(tx, number, now=NOON, correction=True)
    assert [one.chat_id for one in await claim(db)] == [1, 2]


async def test_retry_takes_the_later_ones_along(db: Database) -> None:
    await add_chats(db, 1)
    first, second = await add_article(db), await add_article(db)
    await announce(db, first)
    (one,) = await claim(db)
    await record(db, Judged(one, RetryAt(NOON + 90, "away")))
    await announce(db, second)
    assert await claim(db) == []
    assert await claim(db, now=NOON + 89) == []
    assert [found.article_id for found in await claim(db, now=NOON + 90)] == [first, second]


async def test_retry_takes_along_what_waits_in_the_database(db: Database) -> None:
    await add_chats(db, 1)
    first, second = await add_article(db), await add_article(db)
    await announce(db, first)
    (one,) = await claim(db)
    await record(db, Judged(one, RetryAt(NOON + 5, "away")))
    await announce(db, second)
    assert await claim(db) == []
    (again,) = await claim(db, 1, now=NOON + 5)  # no room for the second
    assert again.article_id == first
    await record(db, Judged(again, RetryAt(NOON + 60, "away")))
    assert await claim(db, now=NOON + 59) == []
    assert [found.article_id for found in await claim(db, now=NOON + 60)] == [first, second]


async def test_a_busy_chats_deliveries_line_up_a_second_apart(db: Database) -> None:
    await add_chats(db, 1)
    async with db.transaction() as tx:
        for number in range(3):
            await deliveries.enqueue(tx, CommentCard(), 1, comment_id=number, now=NOON)
    claimed = await claim(db)
    await record(db, *[Judged(one, Later(NOON + 10)) for one in claimed])
    rows = await delivery_rows(db)
    assert [row["due_at"] - NOON for row in rows] == [10, 11, 12]
    async with db.transaction() as tx:
        await deliveries.enqueue(tx, CommentCard(), 1, comment_id=3, now=NOON)
    assert (await delivery_rows(db))[-1]["due_at"] == NOON + 12


async def test_a_gone_chat_ends_all_that_waits_for_it(db: Database) -> None:
    await add_chats(db, 1)
    for _ in range(3):
        await announce(db, await add_article(db))
    claimed = await claim(db)
    await record(db, *[Judged(one, RetryAt(NOON + 5, "away")) for one in claimed[1:]])
    done = await record(db, Judged(claimed[0], ChatGone("bot was blocked by the user")))
    assert [(one.taken, one.gone) for one in done] == [(1, 1)] * 3
    assert {row["state"] for row in await delivery_rows(db)} == {"gone"}
    async with db.reading() as cx:
        assert await cx.value("SELECT active FROM subscription") == 1
        assert await cx.value("SELECT gone_reason FROM chat") == "bot was blocked by the user"


async def test_retracted_news_is_not_taken_any_further(db: Database) -> None:
    await add_chats(db, 1, 2)
    number = await add_article(db)
    await announce(db, number)
    assert len(await claim(db, 1)) == 1
    async with db.transaction() as tx:
        await tx.run("UPDATE article SET retracted_at = :now", now=NOON)
    assert await claim(db) == []


async def test_lease_protects_a_living_sender_and_alone_does_not_wait(db: Database) -> None:
    await add_chats(db, 1)
    await announce(db, await add_article(db))
    await claim(db)
    async with db.transaction() as tx:
        assert await outbox.recover(tx, now=NOON + 59, alone=False) == 0
        assert await outbox.recover(tx, now=NOON + 61, alone=False) == 1
    (row,) = await delivery_rows(db)
    assert row["state"] == "unknown"
    await claim(db, now=NOON + 61)
    async with db.transaction() as tx:
        assert await outbox.recover(tx, now=NOON + 61, alone=True) == 1


@pytest.mark.parametrize("arrived_first", [True, False])
async def test_a_broadcast_ends_also_when_two_of_its_chats_become_one(
    db: Database, arrived_first: bool
) -> None:
    await add_chats(db, -5, -1005)
    await announce(db, await add_article(db))
    group, supergroup = await claim(db)
    moved = Judged(group, Moved(TelegramId(-1005)))
    arrived = Judged(supergroup, Sent(1), revision=1)
    both = (arrived, moved) if arrived_first else (moved, arrived)
    assert [(one.taken, one.delivered) for one in await record(db, *both)] == [(1, 1)]
    assert await claim(db) == []


@pytest.mark.parametrize("killed", [True, False])
async def test_what_comes_back_from_a_sender_keeps_its_place(db: Database, killed: bool) -> None:
    """A chat's later articles wait in the database while the earlier one was claimed: they must not
    be found first afterwards, also when there is no room for all."""
    await add_chats(db, 1)
    wanted = [await add_article(db) for _ in range(3)]
    await announce(db, *wanted)
    claimed = await claim(db)
    await record(db, *[Judged(one, RetryAt(NOON + 5, "away")) for one in claimed])
    assert [one.article_id for one in await claim(db, 1, now=NOON + 5)] == wanted[:1]
    async with db.transaction() as tx:
        if killed:
            await outbox.recover(tx, now=NOON + 9, alone=True)
        else:
            await outbox.give_back(tx, [])
    found = [(await claim(db, 1, now=NOON + 9))[0].article_id for _ in wanted]
    assert found == wanted


async def test_edits_of_one_message_are_handed_back_as_one(db: Database) -> None:
    """Two corrections, both claimed and neither on the wire, and a third that waits: the stop that
    hands them back must not fail over them, for it records what became of all others too."""
    await add_chats(db, 1, 2)
    number = await add_article(db)
    await announce(db, number)
    await record(db, *[Judged(one, Sent(7), revision=1) for one in await claim(db)])
    for revision in (2, 3):
        async with db.transaction() as tx:
            await tx.run("UPDATE article SET revision = :revision", revision=revision)
            await deliveries.announce_edit(tx, number, now=NOON, correction=True)
        assert len(await claim(db)) == 2
    async with db.transaction() as tx:
        await deliveries.enqueue_edit(tx, 1, now=NOON)
        assert await outbox.give_back(tx, []) == 1  # of the second chat
    assert [one.target_id for one in await claim(db)] == [2, 1]
    async with db.reading() as cx:
        assert await cx.value("SELECT COUNT(*) FROM delivery WHERE kind = 'edit'") == 2


async def test_folding_keeps_totals_and_waiting_edits(db: Database) -> None:
    await add_chats(db, *range(1, 6))
    number = await add_article(db)
    await announce(db, number)
    found = [Judged(one, Sent(one.chat_id), revision=1) for one in await claim(db)]
    await record(db, *found[:4], Judged(found[4].delivery, Dead("no")))
    async with db.transaction() as tx:
        await deliveries.enqueue_edit(tx, found[0].delivery.id, now=NOON)
        before = await deliveries.totals(tx)
        assert await outbox.fold(tx, 0, before=NOON) is None  # nothing is old enough
        after = await outbox.fold(tx, 0, before=NOON + 1)
        assert after is not None
        assert await outbox.fold(tx, after, before=NOON + 1) is None
        assert await deliveries.totals(tx) == before
    assert [row["kind"] for row in await delivery_rows(db)] == ["post", "edit"]
    assert (before.taken, before.delivered, before.dead) == (5, 4, 1)
    await announce(db, number)
    assert [one.kind for one in await claim(db)] == [DeliveryKind.EDIT]  # never posted again


async def test_message_is_found_by_its_number_in_its_chat(db: Database) -> None:
    await add_chats(db, 1, -2)
    number = await add_article(db)
    async with db.transaction() as tx:
        await deliveries.record_copy(tx, 2, 0, number, 70, True, 1, 0, NOON)
        row = await deliveries.at_message(tx, TelegramId(-2), 70)
        assert row is not None
        assert (row["article_id"], row["content"]) == (number, "article")
        assert await deliveries.at_message(tx, TelegramId(1), 70) is None


NEW = "https://kabar.example/new.jpg"


async def test_picture_learned_for_an_older_picture_is_ignored(db: Database) -> None:
    number = await add_article(db, picture=NEW)
    async with db.transaction() as tx:
        for address, file_id in (("https://kabar.example/old.jpg", "A"), ("", "B")):
            await pictures.named(tx, number, address=address, file_id=file_id, now=NOON)
            await pictures.none(tx, number, address=address)
            await pictures.wait_for(tx, number, address=address, due_at=NOON)
        assert await tx.value("SELECT file_id || picture_step FROM article") == "url"
        assert await pictures.claim(tx, now=NOON, lease=60, limit=9) == []
        await pictures.wait_for(tx, number, address=NEW, due_at=NOON)
        await pictures.wait_for(tx, number, address=NEW, due_at=NOON + 9)
        assert await pictures.none_now(tx, number)
        assert not await pictures.anything_due(tx, now=NOON - 1)
        [due] = await pictures.claim(tx, now=NOON, lease=60, limit=9)
        assert (due.article_id, due.address, due.attempts) == (number, NEW, 1)
        assert await pictures.claim(tx, now=NOON + 59, lease=60, limit=9) == []
        await pictures.later(tx, number, due_at=NOON + 1)
        assert await pictures.anything_due(tx, now=NOON + 1)
        await pictures.named(tx, number, address=NEW, file_id="C", now=NOON)
        assert not await pictures.none_now(tx, number)
        assert await tx.value("SELECT revision + picture_revision FROM article") == 4
        assert not await pictures.came(tx, number, address=NEW, now=NOON)
        assert await tx.value("SELECT file_id || picture_step FROM article") == "Curl"

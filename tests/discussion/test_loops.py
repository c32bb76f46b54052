"""Loops: none waits for another, and what fails is set aside while all else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.core.comments.topics import Standing
from bot.core.model import Destination, TelegramId
from bot.discussion import Discussion
from storage import Database, set_aside
from tests.conftest import Clock
from tests.discussion.conftest import DESK, DiscussionKit, make_kit


@asynccontextmanager
async def running(discussion: Discussion) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(discussion.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(done: Callable[[], object], *, meanwhile: DiscussionKit) -> None:
    """Real loops run until something has come true; messages are delivered meanwhile."""
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0.01)
            await meanwhile.deliver()


async def aside(db: Database) -> dict[str, int]:
    async with db.reading() as cx:
        return await set_aside.counts(cx)


async def damage(db: Database, comment_id: int) -> None:
    """Something that our code cannot read."""
    async with db.transaction() as tx:
        await tx.run("UPDATE revision SET parts = '{' WHERE comment_id = :id", id=comment_id)


async def test_while_a_pin_hangs_new_comments_come_before_the_moderators(
    db: Database, clock: Clock
) -> None:
    hangs, asked = asyncio.Event(), asyncio.Event()

    async def pin(_to: Destination, _message: int, _on: bool) -> None:
        asked.set()
        await hangs.wait()

    kit = await make_kit(db, clock, grace=0, pin=pin, every=0.01)
    for n in range(20):
        await kit.comment(f"Comment number {n} of this evening", who=1000 + n)
    await kit.discussion.queue.tick()
    async with running(kit.discussion):
        await until(asked.is_set, meanwhile=kit)
        await kit.comment("While it hangs", who=2000)
        clock.pass_(60)
        await until(lambda: any("21 comments wait" in one.text for one in kit.cards), meanwhile=kit)
        assert not hangs.is_set()


async def test_while_telegram_does_not_say_what_the_chat_is_all_else_goes_on(
    db: Database, clock: Clock
) -> None:
    asked = asyncio.Event()

    async def look(_: TelegramId) -> Standing | None:
        asked.set()
        await asyncio.Event().wait()
        return None

    kit = await make_kit(db, clock, grace=0, find_standing=look, every=0.01)
    async with running(kit.discussion):
        await until(asked.is_set, meanwhile=kit)
        await kit.comment("Meanwhile")
        clock.pass_(60)  # half a minute it waits for the answer
        await until(lambda: kit.cards, meanwhile=kit)


async def test_a_comment_that_cannot_be_read_keeps_no_other_from_the_moderators(
    kit: DiscussionKit,
) -> None:
    bad = await kit.comment("Number 0 of this evening", who=600)
    for n in range(1, 4):
        await kit.comment(f"Number {n} of this evening", who=600 + n)
    await damage(kit.db, bad.id)
    await kit.pass_(20)
    assert [one.delivery.comment_id for one in kit.cards] == [2, 3, 4]
    assert await aside(kit.db) == {"comment": 1}
    async with kit.db.transaction() as tx:
        await tx.run("UPDATE revision SET parts = '[]' WHERE comment_id = :id", id=bad.id)
    await kit.pass_(60)
    assert kit.card.delivery.comment_id == bad.id
    assert await aside(kit.db) == {}


async def test_more_bad_comments_than_one_look_takes_starve_nobody(kit: DiscussionKit) -> None:
    for n in range(3):
        await kit.comment(f"Number {n} of this evening", who=600 + n)
    async with kit.db.transaction() as tx:
        await tx.run(
            "INSERT INTO comment (reader_id, state, due_at, created_at)"
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
            " SELECT 1, 'held', 0, 0 FROM n"
        )
        await tx.run(
            "INSERT INTO revision (comment_id, number, text, parts, key, created_at)"
            " SELECT id, 1, '', '{', '', 0 FROM comment WHERE due_at = 0"
        )
    for _ in range(3):
        await kit.pass_(20)
    assert [one.delivery.comment_id for one in kit.cards] == [1, 2, 3]
    assert await aside(kit.db) == {"comment": 150}


async def test_a_loop_that_fails_as_a_whole_ends_neither_the_others_nor_the_program(
    db: Database, clock: Clock
) -> None:
    asked: list[TelegramId] = []

    async def look(chat: TelegramId) -> Standing | None:
        asked.append(chat)
        raise ZeroDivisionError

    kit = await make_kit(db, clock, grace=0, find_standing=look, every=0.01)
    async with running(kit.discussion) as loops:
        await until(lambda: asked, meanwhile=kit)
        await kit.comment("All the same")
        clock.pass_(60)  # half a minute it waits for the answer
        await until(lambda: kit.cards and len(asked) > 1, meanwhile=kit)
        assert asked == [DESK, DESK]  # not again and again
        clock.pass_(4)
        await until(lambda: len(asked) > 2, meanwhile=kit)
        assert not loops.done()
    assert await aside(db) == {"loop": 1}


async def test_without_a_moderators_chat_what_was_taken_back_goes_all_the_same(
    db: Database, clock: Clock, kit: DiscussionKit
) -> None:
    await kit.comment("Unmistakable.", who=501)
    kit.clock.pass_(20)
    await kit.discussion.tick()
    card = await kit.on_the_wire()
    await kit.discussion.submissions.withdraw(TelegramId(501), 1)
    kit.discussion = (await make_kit(db, clock, moderators=None)).discussion
    await kit.pass_(1)
    await kit.arrive(*card)
    assert "Unmistakable" in kit.card.text
    await kit.pass_(5)
    assert "Unmistakable" not in kit.card.text
    async with db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM removal") == 0


@pytest.mark.parametrize("concern", ["comments", "queue", "pin", "removals"])
async def test_each_loop_is_watched_by_its_name(db: Database, clock: Clock, concern: str) -> None:
    turned: dict[str, int] = {}

    def beat(name: str, _within: float) -> Callable[[], None]:
        def turn() -> None:
            turned[name] = turned.get(name, 0) + 1

        return turn

    kit = await make_kit(db, clock, beat=beat, every=0.01)
    async with running(kit.discussion):
        await until(lambda: turned.get(concern, 0) > 1, meanwhile=kit)

"""The inbox: stored before it is confirmed, handled once, in order within a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.core.errors import OperatorError, StorageError, Unanswered
from bot.telegram.backlog import Update, chat_of
from bot.telegram.updates import Inbox, NetworkTrouble
from storage import Database, processes
from tests.conftest import Clock
from tests.support.faulty import FaultyDatabase
from tests.support.listeners import (
    Handler,
    Listener,
    aside,
    attended,
    message,
    said,
    unhandled,
    working,
)


async def test_what_is_kept_is_handled_once_and_its_words_go(db: Database, clock: Clock) -> None:
    handler = Handler()
    updates = Inbox(db, handler, clock=clock, pause=0)
    async with working(updates):
        await updates.keep([message(7), message(8)])
        await updates.keep([message(7), message(8)])  # Telegram repeats what it was not told
        await updates.drain()
    assert handler.seen == [7, 8]
    async with db.reading() as cx:
        rows = await cx.rows("SELECT payload, done_at FROM inbox")
    assert [(row["payload"], row["done_at"]) for row in rows] == [("", clock.now)] * 2


async def test_what_was_kept_before_a_crash_is_handled_after_it(db: Database, clock: Clock) -> None:
    await Inbox(db, Handler(), clock=clock, pause=0).keep([message(7), message(9)])
    handler = Handler()
    updates = Inbox(db, handler, clock=clock, pause=0)
    async with working(updates):
        await updates.drain()
    assert handler.seen == [7, 9]


async def test_numbers_may_jump_back(db: Database, clock: Clock) -> None:
    handler = Handler()
    updates = Inbox(db, handler, clock=clock, pause=0)
    async with working(updates):
        await updates.keep([message(900)])
        await updates.drain()
        await updates.keep([message(3)])
        await updates.drain()
    assert handler.seen == [900, 3]


async def test_order_within_a_chat_and_chats_side_by_side(db: Database, clock: Clock) -> None:
    handler = Handler()
    handler.open.clear()
    updates = Inbox(db, handler, clock=clock, pause=0)
    async with working(updates):
        await updates.keep(
            [message(1, chat=1, text="slow"), message(2, chat=1), message(3, chat=2)]
        )
        await handler.first.wait()
        handler.open.set()
        await updates.drain()
    assert handler.seen == [3, 1, 2]


async def test_a_chat_of_a_number_that_no_database_stores(db: Database, clock: Clock) -> None:
    handler = Handler()
    updates = Inbox(db, handler, clock=clock, pause=0)
    async with working(updates):
        await updates.keep([message(1, chat=2**63)])
        await updates.keep([message(2, chat=2**63), message(3)])
        await updates.drain()
    assert sorted(handler.seen) == [1, 2, 3]


async def test_a_full_disk_postpones_and_loses_nothing(db: Database, clock: Clock) -> None:
    handler = Handler()
    handler.faults = [StorageError("full"), StorageError("full")]
    updates = Inbox(db, handler, clock=clock, pause=0)
    async with working(updates):
        await updates.keep([message(1)])
        await updates.drain()
    assert handler.seen == [1]


async def test_a_disk_that_stays_full_is_waited_for(db: Database, clock: Clock) -> None:
    """What the sender knows and cannot record is in memory only: the program must not end."""
    handler = Handler()
    handler.faults = [StorageError("full") for _ in range(20)]
    updates = Inbox(db, handler, clock=clock, pause=0)
    async with working(updates):
        await updates.keep([message(1)])
        await updates.drain()
    assert handler.seen == [1]
    assert await unhandled(db) == 0


class Telegram:
    """What getUpdates answers, call by call; ends the polling when it is empty."""

    def __init__(self, *answers: Sequence[Any] | Exception) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []
        self.before_second: Callable[[], object] = lambda: None

    async def __call__(self, offset: int | None, seconds: int) -> Sequence[Any]:
        self.offsets.append(offset)
        if len(self.offsets) == 2:
            self.before_second()
        if not self.answers:
            raise OperatorError("the end")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def poll(updates: Inbox, telegram: Telegram) -> None:
    with pytest.raises(OperatorError, match="the end"):
        await updates.poll(telegram)


async def test_the_next_offset_follows_what_was_stored(db: Database, clock: Clock) -> None:
    telegram = Telegram([message(7), message(8)], [], [message(20)])
    await poll(Inbox(db, Handler(), clock=clock, pause=0), telegram)
    assert telegram.offsets == [None, 9, 9, 21]
    assert await unhandled(db) == 3


async def test_what_could_not_be_stored_is_asked_for_again(db: Database, clock: Clock) -> None:
    faulty = FaultyDatabase(db)
    faulty.faults["INSERT INTO inbox"] = StorageError("full")
    telegram = Telegram([message(7)], [message(7)])
    telegram.before_second = faulty.faults.clear
    await poll(Inbox(faulty, Handler(), clock=clock, pause=0), telegram)
    assert telegram.offsets == [None, None, 8]


async def test_a_lost_network_is_waited_out(db: Database, clock: Clock) -> None:
    telegram = Telegram(NetworkTrouble("down"), NetworkTrouble("flood", 0.001), [message(7)])
    await poll(Inbox(db, Handler(), clock=clock, pause=0), telegram)
    assert telegram.offsets == [None, None, None, 8]


async def test_a_question_without_an_answer_is_asked_again_and_stops_nobody(
    db: Database, clock: Clock
) -> None:
    listener = Listener()
    listener.faults[1] = [Unanswered("502") for _ in range(5)]
    updates = attended(db, clock, listener)
    async with working(updates):
        await updates.keep([said(1, "a"), said(2, "b")])
        await listener.until(lambda: len(listener.seen) == 2)
        await updates.drain()
    assert sorted(listener.seen) == [1, 2]
    assert await unhandled(db) == 0


async def test_a_question_without_an_answer_survives_the_end_of_the_program(
    db: Database, clock: Clock
) -> None:
    listener = Listener()
    listener.faults[1] = [Unanswered("502") for _ in range(5)]
    updates = Inbox(db, listener, clock=clock, pause=0.001)
    async with working(updates):
        await updates.keep([said(1, "a")])
        await listener.until(lambda: len(listener.faults[1]) == 2)
    assert await unhandled(db) == 1
    listener.faults.clear()
    async with db.transaction() as tx:
        await processes.enter(tx, "started again", seconds=6, alone=True)
    again = attended(db, clock, listener)
    async with working(again):
        await again.drain()
    assert listener.seen == [1]


async def test_what_cannot_be_handled_is_set_aside_and_counted(db: Database, clock: Clock) -> None:
    listener = Listener()
    listener.faults[1] = [OverflowError("too large for the database")]
    updates = attended(db, clock, listener)
    async with working(updates):
        await updates.keep([said(1, "a"), said(2, "b")])
        await updates.drain()
    assert listener.seen == [2]
    assert list(await aside(db)) == ["message 1"]
    assert await unhandled(db) == 0


UNREADABLE: list[Any] = [
    None, 7, "x", [], {}, {"update_id": "7"}, {"update_id": True}, {"update_id": None},
    {"update_id": -1}, {"update_id": 1 << 40}, {"update_id": 10**30}, {"update_id": 7.5},
    {"update_id": 3, "message": {"date": 10**30}},
]  # fmt: skip


@pytest.mark.parametrize("poison", UNREADABLE, ids=repr)
async def test_an_unreadable_update_stops_no_other(
    db: Database, clock: Clock, poison: object
) -> None:
    handler = Handler()
    updates = Inbox(db, handler, clock=clock, pause=0)
    telegram = Telegram([message(7), poison, message(9)], [poison], [message(10)])
    await poll(updates, telegram)
    assert telegram.offsets[1] == 10
    assert telegram.offsets[-1] == 11
    async with working(updates):
        await updates.drain()
    assert handler.seen == [7, 9, 10]
    assert sum(one.failures for one in (await aside(db)).values()) == 2


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        (message(1, chat=77), 77),
        ({"update_id": 1, "channel_post": {"chat": {"id": -100}}}, -100),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 5}, "message": {"chat": {"id": 9}}}},
            9,
        ),
        ({"update_id": 1, "callback_query": {"from": {"id": 5}, "inline_message_id": "x"}}, 5),
        ({"update_id": 1, "inline_query": {"from": {"id": 5}, "query": "x"}}, 5),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 8}, "from": {"id": 5}}}, 8),
        ({"update_id": 1, "poll": {"id": "3"}}, 0),
        ({"update_id": 1}, 0),
        ({"update_id": 1, "message": {"chat": {"id": "x"}, "from": {"id": 5}}}, 5),
        ({"update_id": 1, "message": {"chat": 5, "from": [5]}}, 0),
        ({"update_id": 1, "message": 5}, 0),
        ({"update_id": 1, "message": {"chat": {"id": 2**63}, "from": {"id": 5}}}, 5),
        ({"update_id": 1, "message": {"chat": {"id": -(2**63) - 1}}}, 0),
    ],
)
def test_whose_order_an_update_keeps(update: Update, chat: int) -> None:
    assert chat_of(update) == chat


async def test_what_is_kept_at_once_by_several_stays_in_order(db: Database, clock: Clock) -> None:
    """Whether it is handed on at once or read from the inbox: within a chat, as it was stored."""
    handler = Handler()
    updates = Inbox(db, handler, clock=clock, pause=0)
    await updates.keep([message(1)])
    async with working(updates):
        for turn in range(20):
            first = 2 + turn * 3
            await asyncio.gather(*(updates.keep([message(first + n)]) for n in range(3)))
            if turn % 3:
                await asyncio.sleep(0)
        await updates.keep([message(61), message(62)])  # the first of them came before
        await updates.drain()
    async with db.reading() as cx:
        rows = await cx.rows("SELECT update_id FROM inbox ORDER BY place")
    assert handler.seen == [row["update_id"] for row in rows]
    assert sorted(handler.seen) == list(range(1, 63))

"""The inbox: stored before it is confirmed, handled once, in order within a chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.core.errors import OperatorError, StorageError
from bot.telegram.updates import Inbox, NetworkTrouble, chat_of
from storage import Database, inbox
from tests.conftest import Clock

Update = dict[str, Any]


def message(number: int, chat: int = 1, text: str = "hai") -> Update:
    return {"update_id": number, "message": {"message_id": 5, "chat": {"id": chat}, "text": text}}


class Handler:
    """Records what it is given; may be told to wait or to fail."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        self.first = asyncio.Event()
        self.faults: list[Exception] = []

    async def __call__(self, update: Update) -> None:
        if update["message"]["text"] == "slow":
            await self.open.wait()
        if self.faults:
            raise self.faults.pop()
        self.seen.append(update["update_id"])
        self.first.set()


@asynccontextmanager
async def working(updates: Inbox) -> AsyncIterator[None]:
    task = asyncio.create_task(updates.work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def unhandled(db: Database) -> int:
    async with db.reading() as cx:
        return len(await inbox.waiting(cx))


async def test_what_is_kept_is_handled_once_and_its_words_go(db: Database, clock: Clock) -> None:
    handler = Handler()
    updates = Inbox(db, handler, clock=clock)
    async with working(updates):
        await updates.keep([message(7), message(8)])
        await updates.keep([message(7), message(8)])  # Telegram repeats what it was not told
        await updates.drain()
    assert handler.seen == [7, 8]
    async with db.reading() as cx:
        rows = await cx.rows("SELECT payload, done_at FROM inbox")
    assert [(row["payload"], row["done_at"]) for row in rows] == [("", clock.now)] * 2


async def test_what_was_kept_before_a_crash_is_handled_after_it(db: Database, clock: Clock) -> None:
    await Inbox(db, Handler(), clock=clock).keep([message(7), message(9)])
    handler = Handler()
    updates = Inbox(db, handler, clock=clock)
    async with working(updates):
        await updates.drain()
    assert handler.seen == [7, 9]


async def test_numbers_may_jump_back(db: Database, clock: Clock) -> None:
    handler = Handler()
    updates = Inbox(db, handler, clock=clock)
    async with working(updates):
        await updates.keep([message(900)])
        await updates.drain()
        await updates.keep([message(3)])
        await updates.drain()
    assert handler.seen == [900, 3]


async def test_order_within_a_chat_and_chats_side_by_side(db: Database, clock: Clock) -> None:
    handler = Handler()
    handler.open.clear()
    updates = Inbox(db, handler, clock=clock)
    async with working(updates):
        await updates.keep(
            [message(1, chat=1, text="slow"), message(2, chat=1), message(3, chat=2)]
        )
        await handler.first.wait()
        handler.open.set()
        await updates.drain()
    assert handler.seen == [3, 1, 2]


async def test_a_full_disk_postpones_and_loses_nothing(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.updates._PAUSE", 0.0)
    handler = Handler()
    handler.faults = [StorageError("full"), StorageError("full")]
    updates = Inbox(db, handler, clock=clock)
    async with working(updates):
        await updates.keep([message(1)])
        await updates.drain()
    assert handler.seen == [1]


async def test_a_disk_that_stays_full_is_waited_for(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the sender knows and cannot record is in memory alone: the program must not end."""
    monkeypatch.setattr("bot.telegram.updates._PAUSE", 0.0)
    handler = Handler()
    handler.faults = [StorageError("full") for _ in range(20)]
    updates = Inbox(db, handler, clock=clock)
    async with working(updates):
        await updates.keep([message(1)])
        await updates.drain()
    assert handler.seen == [1]
    assert await unhandled(db) == 0


class Telegram:
    """What getUpdates answers, call by call; ends the polling when it is empty."""

    def __init__(self, *answers: Sequence[Update] | Exception) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []

    async def __call__(self, offset: int | None, seconds: int) -> Sequence[Update]:
        self.offsets.append(offset)
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
    await poll(Inbox(db, Handler(), clock=clock), telegram)
    assert telegram.offsets == [None, 9, 9, 21]
    assert await unhandled(db) == 3


async def test_what_could_not_be_stored_is_asked_for_again(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.updates._PAUSE", 0.0)
    faults = [StorageError("full")]
    keep = inbox.keep

    async def failing(*args: Any, **more: Any) -> None:
        if faults:
            raise faults.pop()
        await keep(*args, **more)

    monkeypatch.setattr(inbox, "keep", failing)
    telegram = Telegram([message(7)], [message(7)])
    await poll(Inbox(db, Handler(), clock=clock), telegram)
    assert telegram.offsets == [None, None, 8]


async def test_a_lost_network_is_waited_out(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.updates._PAUSE", 0.0)
    telegram = Telegram(NetworkTrouble("down"), NetworkTrouble("flood", 0.001), [message(7)])
    await poll(Inbox(db, Handler(), clock=clock), telegram)
    assert telegram.offsets == [None, None, None, 8]


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
    ],
)
def test_whose_order_an_update_keeps(update: Update, chat: int) -> None:
    assert chat_of(update) == chat

"""Somebody who asks a lot delays nobody: turns, repeats, and what is left out."""

from __future__ import annotations

from bot.telegram.backlog import Update
from storage import Database
from tests.conftest import Clock
from tests.support.listeners import (
    Listener,
    attended,
    pressed,
    said,
    unhandled,
    working,
)


async def test_one_person_delays_nobody_also_after_a_restart(db: Database, clock: Clock) -> None:
    flood = [said(n, f"/search {n}", chat=7) for n in range(1, 1501)]
    await attended(db, clock, Listener()).keep([said(0, "/slow", chat=7), *flood])
    listener = Listener()
    updates = attended(db, clock, listener, working=2)
    async with working(updates):
        await updates.keep([said(2000, "/latest", chat=8)])
        await listener.until(lambda: 2000 in listener.seen)
        assert len(listener.seen) == 1
        listener.go.set()
        await updates.drain()
    assert len(listener.left_out) == 1
    assert listener.seen[:2] == [2000, 0]
    assert listener.seen[1:] == sorted(listener.seen[1:])
    assert 25 < len(listener.seen) < 40
    assert await unhandled(db) == 0


async def test_groups_that_wait_leave_their_places(db: Database, clock: Clock) -> None:
    listener = Listener()
    updates = attended(db, clock, listener, working=2)
    async with working(updates):
        await updates.keep([said(n, "/slow", chat=-n) for n in range(1, 100)])
        await updates.keep([said(2000, "/latest", chat=8)])
        await listener.until(lambda: 2000 in listener.seen)
        listener.go.set()
        await updates.drain()
    assert len(listener.seen) == 100


async def test_repeats_that_wait_are_one(db: Database, clock: Clock) -> None:
    listener = Listener()
    updates = attended(db, clock, listener)
    async with working(updates):
        await updates.keep([said(1, "/slow")])
        await updates.keep([said(n, "/start") for n in range(2, 1502)])
        await updates.keep([said(1600, "/help"), said(1601, "/start")])
        await listener.all_known(updates)
        listener.go.set()
        await updates.drain()
    assert listener.seen == [1, 2, 1600, 1601]
    assert listener.left_out == []
    assert await unhandled(db) == 0


async def test_of_edits_and_inline_queries_that_wait_the_last_counts(
    db: Database, clock: Clock
) -> None:
    listener = Listener()
    updates = attended(db, clock, listener)

    def edited(number: int, message_id: int) -> Update:
        content = {"message_id": message_id, "chat": {"id": 1}, "text": f"{number}"}
        return {"update_id": number, "edited_message": content}

    def typed(number: int) -> Update:
        return {"update_id": number, "inline_query": {"id": "1", "from": {"id": 1}, "query": "x"}}

    async with working(updates):
        await updates.keep([said(1, "/slow")])
        await listener.all_known(updates)
        await updates.keep([edited(2, 5), edited(3, 5), edited(4, 6)])
        await updates.keep([typed(5), typed(6), typed(7)])
        await listener.all_known(updates)
        listener.go.set()
        await updates.drain()
    assert listener.seen == [1, 3, 4, 7]
    assert await unhandled(db) == 0


async def test_every_press_that_is_left_out_is_told(db: Database, clock: Clock) -> None:
    listener = Listener()
    updates = attended(db, clock, listener)
    async with working(updates):
        await updates.keep([said(1, "/slow")])
        await listener.all_known(updates)
        await updates.keep([*(pressed(n) for n in range(2, 50))])
        await listener.all_known(updates)
        listener.go.set()
        await updates.drain()
    assert listener.seen == list(range(1, 32))
    assert sorted(listener.left_out) == list(range(32, 50))


async def test_talk_in_a_group_is_never_left_out(db: Database, clock: Clock) -> None:
    listener = Listener()
    updates = attended(db, clock, listener, in_memory=10)
    async with working(updates):
        await updates.keep([said(1, "/slow", chat=-5)])
        await updates.keep([said(n, "hai", chat=-5) for n in range(2, 500)])
        await listener.all_known(updates)
        listener.go.set()
        await updates.drain()
    assert listener.seen == list(range(1, 500))
    assert listener.left_out == []

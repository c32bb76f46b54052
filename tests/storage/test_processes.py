"""Processes that share a database: who leads what, who handles which update, who is too late."""

from __future__ import annotations

import pytest

from bot.core.errors import StorageError, Superseded
from storage import Database, SharedDatabase, inbox, processes
from storage.inbox import Received
from tests.conftest import NOON


async def enter(db: Database, name: str = "here") -> int:
    async with db.transaction() as tx:
        return await processes.enter(tx, name, seconds=6, alone=False)


async def succeed(db: Database, number: int, *roles: str) -> list[str]:
    async with db.transaction() as tx:
        return await processes.succeed(tx, number, roles)


async def fall_silent(db: Database, number: int) -> None:
    """As if the process had not been heard of for long."""
    async with db.transaction() as tx:
        await tx.run("UPDATE process SET until = 1 WHERE number = :number", number=number)


async def renew(db: Database, number: int) -> processes.Presence:
    async with db.transaction() as tx:
        return await processes.renew(tx, number, seconds=6)


async def keep(db: Database, *updates: tuple[int, int]) -> None:
    async with db.transaction() as tx:
        await inbox.keep(
            tx, [Received(number, chat, f"{number}") for number, chat in updates], now=NOON
        )


async def claim(db: Database, process: int, limit: int = 100) -> list[str]:
    async with db.transaction() as tx:
        return [row["payload"] for row in await inbox.claim(tx, process, limit=limit)]


async def test_a_role_has_one_leader_and_roles_may_be_apart(db: Database) -> None:
    first, second = await enter(db), await enter(db)
    assert await succeed(db, first, "sender") == ["sender"]
    assert await succeed(db, second, "sender", "poller") == ["poller"]
    assert await succeed(db, first, "sender", "poller") == ["sender"]
    assert dict((await renew(db, first)).led) == {"sender": first, "poller": second}


async def test_what_the_silent_led_goes_to_the_living(db: Database) -> None:
    first, second = await enter(db, "first"), await enter(db, "second")
    await succeed(db, first, "poller", "sender")
    assert not (await renew(db, second)).dead
    await fall_silent(db, first)
    assert (await renew(db, second)).dead
    assert await succeed(db, second, "sender", "poller") == ["poller", "sender"]
    assert not (await renew(db, first)).alive
    async with db.reading() as cx:
        assert {(one.role, one.process) for one in await processes.leaders(cx)} == {
            ("poller", "second"),
            ("sender", "second"),
        }


async def test_late_but_not_missed_a_process_goes_on(db: Database) -> None:
    first = await enter(db)
    await fall_silent(db, first)
    assert (await renew(db, first)).alive
    assert not (await renew(db, first)).dead


async def test_who_leaves_keeps_nobody_waiting(db: Database) -> None:
    first, second = await enter(db), await enter(db)
    await succeed(db, first, "sender")
    async with db.transaction() as tx:
        await processes.leave(tx, first)
    assert await succeed(db, second, "sender") == ["sender"]


async def test_who_is_alone_takes_over_from_whoever_was_there(db: Database) -> None:
    before = await enter(db)
    await succeed(db, before, "sender")
    await keep(db, (1, 7))
    assert await claim(db, before) == ["1"]
    async with db.transaction() as tx:
        now = await processes.enter(tx, "now", seconds=6, alone=True)
    assert await succeed(db, now, "sender") == ["sender"]
    assert await claim(db, now) == ["1"]


async def test_updates_of_a_chat_stay_with_one_process_in_their_order(db: Database) -> None:
    first, second = await enter(db), await enter(db)
    await keep(db, (1, 7), (2, 7), (3, 8))
    assert await claim(db, first, limit=1) == ["1"]
    assert await claim(db, second) == ["3"]
    assert await claim(db, first) == ["2"]
    await keep(db, (4, 8), (5, 9))
    async with db.reading() as cx:
        assert await inbox.waits(cx, first)
    assert await claim(db, first) == ["5"]
    async with db.reading() as cx:
        assert not await inbox.waits(cx, first)
    async with db.transaction() as tx:
        await inbox.done(tx, [3], now=NOON)
    assert await claim(db, first) == ["4"]


async def test_an_update_is_kept_once_whoever_receives_it(db: Database) -> None:
    await keep(db, (1, 7))
    await keep(db, (1, 7), (2, 7))
    assert await claim(db, await enter(db)) == ["1", "2"]


async def test_what_the_dead_had_begun_is_begun_again(db: Database) -> None:
    first, second = await enter(db), await enter(db)
    await keep(db, (1, 7), (2, 7))
    assert await claim(db, first, limit=1) == ["1"]
    assert await claim(db, second) == []
    await fall_silent(db, first)
    await succeed(db, second)
    assert await claim(db, second) == ["1", "2"]


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_process_that_was_taken_for_dead_writes_nothing_more(db: Database) -> None:
    assert isinstance(db, SharedDatabase)
    number = await enter(db)
    db.fence(number)
    await keep(db, (1, 7))
    async with db.beside() as cx:
        await cx.run("DELETE FROM process")
    with pytest.raises(Superseded):
        await keep(db, (2, 7))
    with pytest.raises(StorageError):
        await claim(db, number)
    async with db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM inbox") == 1
        assert not await cx.value("SELECT count(*) FROM inbox WHERE claimed_by IS NOT NULL")

"""A row that fails is set aside, counted and tried again; all others are done."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.attempts import Attempts, pause_after
from bot.core.errors import OperatorError, StorageError
from storage import Database, set_aside
from tests.conftest import Clock


class Work:
    """Does what it is asked to, but for some numbers."""

    def __init__(self, db: Database, clock: Clock, bad: Sequence[int] = ()) -> None:
        self.attempts = Attempts(db, "comment", clock=clock)
        self.bad = set(bad)
        self.tried: list[int] = []
        self.fault: Exception = KeyError("somebody's words")

    async def _one(self, number: int) -> None:
        self.tried.append(number)
        if number in self.bad:
            raise self.fault

    async def all(self, *numbers: int) -> int:
        self.tried.clear()
        return await self.attempts.each(numbers, self._one)


async def rows(db: Database) -> dict[str, set_aside.SetAside]:
    async with db.reading() as cx:
        return await set_aside.of(cx, "comment")


async def test_one_bad_row_keeps_no_other_from_being_done(db: Database, clock: Clock) -> None:
    work = Work(db, clock, bad=[2])
    assert await work.all(1, 2, 3) == 2
    assert work.tried == [1, 2, 3]
    assert (await rows(db))["2"].failures == 1


async def test_it_is_tried_again_later_and_later_also_after_a_restart(
    db: Database, clock: Clock
) -> None:
    pauses = []
    for _ in range(8):
        work = Work(db, clock, bad=[2])  # as after a restart
        await work.all(2)
        assert work.tried == [2]
        await work.all(2)
        assert work.tried == []
        row = (await rows(db))["2"]
        pauses.append(row.retry_at - clock())
        clock.pass_(pauses[-1])
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (await rows(db))["2"].failures == 8


async def test_what_succeeds_in_the_end_is_forgotten(db: Database, clock: Clock) -> None:
    work = Work(db, clock, bad=[2])
    await work.all(2)
    clock.pass_(60)
    work.bad.clear()
    assert await work.all(2) == 1
    assert await rows(db) == {}


async def test_peoples_words_are_in_neither_the_row_nor_the_log(
    db: Database, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    work = Work(db, clock, bad=[2])
    await work.all(2)
    reason = (await rows(db))["2"].reason
    assert reason.startswith("KeyError in tests/test_attempts.py:")
    assert "words" not in reason + capsys.readouterr().out


@pytest.mark.parametrize("fault", [StorageError("full"), OperatorError("token")])
async def test_what_is_not_the_rows_fault_goes_on_to_the_caller(
    db: Database, clock: Clock, fault: Exception
) -> None:
    work = Work(db, clock, bad=[2])
    work.fault = fault
    with pytest.raises(type(fault)):
        await work.all(1, 2, 3)
    assert await rows(db) == {}


async def test_what_exists_no_more_is_forgotten_at_a_start(db: Database, clock: Clock) -> None:
    await Work(db, clock, bad=[2]).all(2)
    clock.pass_(8 * 86_400)
    assert await Work(db, clock).all(3) == 1
    assert await rows(db) == {}


def test_the_longest_pause_is_an_hour() -> None:
    assert pause_after(10**6) == 3600


async def test_counts_tell_each_concern_and_deliveries(db: Database, clock: Clock) -> None:
    async with db.transaction() as tx:
        for key in ("1", "2", "2"):
            await set_aside.put(tx, "removal", key, reason="KeyError", retry_at=9, now=clock())
        await tx.run("INSERT INTO chat (telegram_id, kind, created_at) VALUES (1, 'private', 0)")
        await tx.run(
            "INSERT INTO delivery (kind, state, urgency, chat_id, due_at, created_at)"
            " VALUES ('send', 'due', 4, 1, 0, 0)"
        )
        assert await set_aside.counts(tx) == {"removal": 2, "delivery": 1}
        await set_aside.done(tx, "removal", "1")
        await set_aside.forget(tx, "removal", before=clock())
        assert await set_aside.counts(tx) == {"delivery": 1}

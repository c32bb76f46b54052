"""Figures of the last days: each on its day, of what still stands."""

from __future__ import annotations

from bot.core.model import Actor, ChatKind, Story, TelegramId
from storage import Database, articles, chats, decisions, statistics
from storage.statistics import DAY
from tests.conftest import NOON

TODAY = NOON - NOON % DAY


async def test_every_figure_stands_on_its_day(db: Database) -> None:
    async with db.transaction() as tx:
        for number, at in enumerate((TODAY - 40 * DAY, TODAY - DAY, TODAY + 5)):
            chat = await chats.see(tx, TelegramId(number + 1), kind=ChatKind.PRIVATE, now=at)
            await chats.subscribe(tx, chat.id, now=at)
            story = Story(str(number), f"Headline {number}", f"https://paper.example/{number}")
            await articles.add(tx, story, feed_id=None, origin="feed", now=at)
        told = [("approve", 7, TODAY), ("auto", 8, TODAY), ("reject", 9, TODAY - 2 * DAY)]
        told += [("approve", 10, TODAY), ("undo", 10, TODAY)]
        told += [("reject", 9, TODAY - DAY), ("undo", 9, TODAY - DAY), ("reject", 9, TODAY)]
        for action, number, at in told:
            await tx.run(
                "INSERT INTO decision (at, actor_id, actor, action, comment_id)"
                " VALUES (:at, 1, 'Anna', :action, :number)",
                at=at,
                action=action,
                number=number,
            )
        await decisions.record(tx, "mute", by=Actor(TelegramId(1), "Anna"), now=TODAY)
        found = await statistics.figures(tx, today=TODAY, days=3)
    assert found.subscribers == (1, 2, 3)
    assert found.articles == (0, 1, 1)
    assert found.approved == (0, 0, 2)
    assert found.rejected == (0, 0, 1)
    assert found.median_wait is None


async def test_the_median_is_the_time_of_the_middle_one(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO reader (id, telegram_id, created_at) VALUES (1, 1, 0)")
        for number, wait in enumerate((60, 7200, 300), 1):
            await tx.run(
                "INSERT INTO comment (id, reader_id, state, due_at, created_at)"
                " VALUES (:id, 1, 'approved', :due, :due)",
                id=number,
                due=TODAY,
            )
            for later in (0, 50_000):
                await tx.run(
                    "INSERT INTO decision (at, actor_id, actor, action, comment_id)"
                    " VALUES (:at, 1, 'Anna', 'approve', :id)",
                    at=TODAY + wait + later,
                    id=number,
                )
        found = await statistics.figures(tx, today=TODAY, days=30)
    assert found.waits == (60, 300, 7200)
    assert found.median_wait == 300
    assert sum(found.received) == 3

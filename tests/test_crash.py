"""Killed without warning, again and again: nothing is lost, and only what was in flight is doubled.

The server counts; the sender is a real process on a real database file. KABAR_CRASH_KILLS asks for
a longer run than CI's.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.core.posts.content import CommentCard
from storage import Database, deliveries, open_database
from tests.support.crash_newsroom import Newsroom, newsroom
from tests.support.sending import add_article, add_chats, add_followers, announce
from tests.support.strict_server import DROP, Answer, Arrived, Server, error, flood

KILLS = int(os.environ.get("KABAR_CRASH_KILLS", "50"))
ARTICLES, CHATS = 20, 30
pytestmark = pytest.mark.timeout(60 + 4 * KILLS)  # 100 kills on a busy machine
_UNRECORDED = 0.5
"""Seconds from the moment an answer leaves the server until it is in the sender's database: really
a tenth of that, but the machine may be busy."""


@dataclass
class Life:
    """What happened in one run."""

    kills: int = 0
    in_flight: int = 0
    """Claimed in the database when the sender was killed, and arrived."""
    unanswered: int = 0
    just_answered: int = 0
    dropped_after: int = 0
    cards: set[int] = field(default_factory=set)


@asynccontextmanager
async def closing(db: Database) -> AsyncIterator[Database]:
    try:
        yield db
    finally:
        await db.close()


def misfortune(dice: random.Random, life: Life, *, after: bool) -> Any:
    """Every kind of fault, now and then."""

    async def before_effect(_: str, values: dict[str, Any]) -> Answer:
        await asyncio.sleep(dice.uniform(0.002, 0.03))
        chance = dice.random()
        if chance < 0.02:
            return flood(1)
        if chance < 0.04:
            return error(502, "Bad Gateway")
        return DROP if chance < 0.06 else None

    async def after_effect(method: str, _: dict[str, Any]) -> Answer:
        if dice.random() < 0.02:
            life.dropped_after += "edit" not in method
            return DROP
        return None

    return after_effect if after else before_effect


async def news_of_the_day(db: Database, life: Life, number: int) -> None:
    """What others do meanwhile: a correction and a comment, each acknowledged when stored."""
    now = int(time.time())
    article = number % ARTICLES + 1
    async with db.transaction() as tx:
        await tx.run(
            "UPDATE article SET revision = revision + 1, headline = :headline WHERE id = :id",
            headline=f"Berita {article} ralat {number}",
            id=article,
        )
        await deliveries.announce_edit(tx, article, now=now, correction=True)
        await deliveries.enqueue(tx, CommentCard(), 1, comment_id=number, now=now)
    life.cards.add(number)


async def live_and_die(
    db: Database, room: Newsroom, server: Server, dice: random.Random, life: Life
) -> None:
    """Kill the sender at random moments of its work, `KILLS` times."""
    loop = asyncio.get_running_loop()
    while life.kills < KILLS:
        child = await room.start()
        if life.kills % 5 == 0:
            await news_of_the_day(db, life, life.kills)
        before, arrived = len(server.answered), len(server.arrived)
        async with asyncio.timeout(90):  # dies at work, not while it starts
            while len(server.answered) == before and not server.flying:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.001)
        await asyncio.sleep(dice.uniform(0, 0.12))
        os.kill(child, signal.SIGKILL)
        recent = [at for at in server.answered[-200:] if at > loop.time() - _UNRECORDED]
        life.unanswered += server.flying
        life.just_answered += len(recent)
        await server.hung_up()
        life.in_flight += await in_flight(db, server, arrived)
        life.kills += 1


async def in_flight(db: Database, server: Server, since: int) -> int:
    """What the dead sender had claimed and sent, and not recorded: what may come again."""
    async with db.reading() as cx:
        rows = await cx.rows(
            "SELECT telegram_id, article_id, comment_id FROM delivery JOIN chat"
            " ON chat.id = chat_id WHERE state = 'claimed' AND delivery.kind IN ('post', 'send')"
        )
    claimed = {
        (
            row["telegram_id"],
            f"card {row['comment_id']}"
            if row["comment_id"] is not None
            else f"Berita {row['article_id']}",
        )
        for row in rows
    }
    return len(claimed & {subject(one) for one in server.arrived[since:]})


async def finish(db: Database, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while True:
            async with db.reading() as cx:
                left = await cx.value(
                    "SELECT (SELECT COUNT(*) FROM broadcast WHERE done_at IS NULL) + (SELECT"
                    " COUNT(*) FROM delivery WHERE state IN ('due', 'claimed', 'unknown'))"
                )
            if not left:
                return
            await asyncio.sleep(0.1)


@pytest.mark.long
async def test_nothing_is_lost_and_only_what_was_in_flight_is_doubled(tmp_path: Path) -> None:
    dice, life = random.Random(KILLS), Life()
    path = tmp_path / "kabar.db"
    async with (
        closing(await open_database(f"sqlite:///{path}")) as db,
        Server() as server,
        newsroom(f"sqlite:///{path}", server.root) as room,
    ):
        await add_chats(db, -9, *range(1, CHATS - 10), now=int(time.time()))
        await add_followers(db, "berita", *range(CHATS - 15, CHATS), now=int(time.time()))
        for _ in range(ARTICLES):
            await announce(db, await add_article(db), now=int(time.time()))
        server.faults.append(misfortune(dice, life, after=False))
        server.after.append(misfortune(dice, life, after=True))
        await live_and_die(db, room, server, dice, life)
        server.faults.clear()
        server.after.clear()
        child = await room.start()
        await finish(db, 180)
        os.kill(child, signal.SIGKILL)
        async with db.reading() as cx:
            headlines = [row["headline"] for row in await cx.rows("SELECT headline FROM article")]
    _judge(server, life, headlines)


def _judge(server: Server, life: Life, headlines: list[str]) -> None:
    copies = Counter(map(subject, server.sent()))
    wanted = {(chat, f"Berita {n}") for chat in (-9, *range(1, CHATS)) for n in range(1, 21)}
    wanted |= {(-9, f"card {number}") for number in life.cards}
    lost = wanted - set(copies)
    doubled = sum(copies.values()) - len(copies)
    shown = {(one.chat, one.message_id): one.text for one in server.arrived}
    stale = [
        text for text in shown.values() if text.startswith("<b>") and not _fresh(text, headlines)
    ]
    print(
        f"kills {life.kills}  wanted {len(wanted)}  lost {len(lost)}  doubled {doubled}"
        f"  in flight at the kills {life.in_flight} (server: unanswered {life.unanswered},"
        f" answered within 500 ms {life.just_answered})  answers dropped {life.dropped_after}"
        f"  stale {len(stale)}"
    )
    assert not lost
    assert doubled <= life.in_flight + life.dropped_after
    assert (
        life.in_flight <= 2 * life.unanswered + life.just_answered
    )  # nothing waits to be recorded
    assert len(stale) <= doubled  # a doubled message whose number was never told cannot be edited


def subject(one: Arrived) -> tuple[int, str]:
    """The chat, and `Berita 7` of any of its headlines, or `card 5`."""
    words = one.text.removeprefix("<b>").split("</b>")[0].split()
    return one.chat, " ".join(words[:2])


def _fresh(text: str, headlines: list[str]) -> bool:
    return text.removeprefix("<b>").split("</b>")[0] in headlines

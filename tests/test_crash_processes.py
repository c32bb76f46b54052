"""Two processes on one PostgreSQL, killed and paused at random: nothing is lost, nothing decided
twice, and only what was in flight is doubled.

The full table (100 times, 600 deliveries, 40 comments): KABAR_CRASH_KILLS=100.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from storage import Database, deliveries, inbox
from tests.support.crash_newsroom import Newsroom
from tests.support.crash_processes import SECONDS, processes
from tests.support.sending import add_article, add_chats, add_followers, announce
from tests.support.strict_server import Server
from tests.test_crash import Life, finish, misfortune, subject

TIMES = int(os.environ.get("KABAR_CRASH_KILLS", "6"))
ARTICLES, CHATS, COMMENTS = (20, 30, 40) if TIMES >= 50 else (6, 20, 8)
pytestmark = pytest.mark.timeout(60 + 12 * TIMES)


@pytest.fixture(params=["postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Fates(Life):
    """What happened in one run."""

    pauses: int = 0
    leaders: int = 0
    takeovers: list[float] = field(default_factory=list)
    """Seconds from a leader's end to the next message of another."""


_NOTE_TAKEOVERS = (
    "CREATE TABLE takeover (at double precision, claimed text)",
    """CREATE FUNCTION note_takeover() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO takeover SELECT EXTRACT(EPOCH FROM clock_timestamp()),
            coalesce(json_agg(json_build_array(telegram_id, CASE content
                WHEN 'card' THEN 'card ' || comment_id
                WHEN 'decisions' THEN 'notice ' || delivery.id
                ELSE 'Berita ' || article_id END)), '[]')
            FROM delivery JOIN chat ON chat.id = chat_id
            WHERE state = 'claimed' AND delivery.kind IN ('post', 'send');
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER note_takeover AFTER INSERT ON role FOR EACH ROW
        WHEN (NEW.name = 'sender') EXECUTE FUNCTION note_takeover()""",
)
"""Whenever another process begins to send, the database notes what the one before had claimed and
not recorded. That one can write no more, whether we ended it or it was starved for longer than a
process may be silent."""


async def note_takeovers(db: Database) -> None:
    async with db.transaction() as tx:
        for statement in _NOTE_TAKEOVERS:
            await tx.run(statement)


async def count_in_flight(db: Database, server: Server, fates: Fates) -> None:
    """What was sent and not recorded by the time another process began to send: what may come
    again."""
    async with db.reading() as cx:
        noted = await cx.rows("SELECT at, claimed FROM takeover ORDER BY at")
    ahead = time.time() - asyncio.get_running_loop().time()
    begun = 0.0
    for at, claimed in ((row["at"], row["claimed"]) for row in noted):
        sent = {subject(one) for one in server.arrived if begun < one.at + ahead <= at}
        fates.in_flight += len(sent & set(map(tuple, json.loads(claimed))))
        begun = at
    fates.leaders = len(noted)


async def hear(db: Database, number: int, word: str, comment: int) -> None:
    """As a web hook stores it, whichever process it reached."""
    received = inbox.Received(number, 1000 + comment, f'{{"{word}":{comment}}}')
    async with db.transaction() as tx:
        await inbox.keep(tx, [received], now=int(time.time()))


class Days:
    """What happens in the newsroom meanwhile, spread over the whole run."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._done = 0.0
        self._articles = self._comments = 0

    async def go_on(self, share: float) -> None:
        """News and comments up to this share of all."""
        while self._articles < share * ARTICLES:
            self._articles += 1
            await announce(self._db, await add_article(self._db), now=int(time.time()))
        async with self._db.transaction() as tx:  # so that there is something to do in any case
            article = self._articles
            await tx.run("UPDATE article SET revision = revision + 1 WHERE id = :id", id=article)
            await deliveries.announce_edit(tx, article, now=int(time.time()), correction=True)
        while self._comments < share * COMMENTS:
            self._comments += 1
            number = self._comments
            await hear(self._db, 2 * number, "comment", number)
            await hear(self._db, 2 * number + 1, "approve", number)


async def live_and_die(
    db: Database, room: Newsroom, server: Server, dice: random.Random, fates: Fates
) -> None:
    """Two processes; one of them is killed or paused while somebody sends, `TIMES` times."""
    loop = asyncio.get_running_loop()
    days, pair = Days(db), [await room.start(), await room.start()]
    while fates.kills + fates.pauses < TIMES:
        await days.go_on((fates.kills + fates.pauses + 1) / TIMES)
        before = len(server.answered)
        began = loop.time()
        async with asyncio.timeout(90):
            while len(server.answered) == before and not server.flying:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.001)
        fates.takeovers.append(loop.time() - began)
        await asyncio.sleep(dice.uniform(0, 0.2))
        victim = dice.randrange(2)
        paused = dice.random() < 0.4
        os.kill(pair[victim], signal.SIGSTOP if paused else signal.SIGKILL)
        if paused:
            fates.pauses += 1
            await asyncio.sleep(dice.uniform(0.1, 2.0 * SECONDS))
            os.kill(pair[victim], signal.SIGCONT)
        else:
            fates.kills += 1
            pair[victim] = await room.start()
    await days.go_on(1)


@pytest.mark.long
async def test_killed_and_paused_nothing_is_lost_and_nothing_decided_twice(
    db: Database, database_url: str
) -> None:
    dice, fates = random.Random(TIMES), Fates()
    await note_takeovers(db)
    await add_chats(db, *range(1, CHATS - 1), now=int(time.time()))
    await add_followers(db, "berita", *range(CHATS - 3, CHATS + 1), now=int(time.time()))
    async with Server() as server, processes(database_url, server.root) as room:
        server.faults.append(misfortune(dice, fates, after=False))
        server.after.append(misfortune(dice, fates, after=True))
        await live_and_die(db, room, server, dice, fates)
        server.faults.clear()
        server.after.clear()
        await handled(db, 60 + COMMENTS)
        await finish(db, 60 + 3 * COMMENTS)
    await count_in_flight(db, server, fates)
    await _judge(db, server, fates)


async def handled(db: Database, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while True:
            async with db.reading() as cx:
                if not await cx.value("SELECT count(*) FROM inbox WHERE done_at IS NULL"):
                    return
            await asyncio.sleep(0.1)


async def _judge(db: Database, server: Server, fates: Fates) -> None:
    async with db.reading() as cx:
        numbers = [row["id"] for row in await cx.rows("SELECT id FROM comment")]
        cards = await cx.rows(
            "SELECT comment_id FROM delivery WHERE content = 'card' AND kind <> 'edit'"
        )
        approved = await cx.rows("SELECT comment_id FROM decision WHERE action = 'approve'")
    copies = Counter(map(subject, server.sent()))
    wanted = {(chat, f"Berita {n}") for chat in range(1, CHATS + 1) for n in range(1, ARTICLES + 1)}
    wanted |= {(900, f"card {number}") for number in numbers}
    lost, doubled = wanted - set(copies), sum(copies.values()) - len(copies)
    slowest = max(fates.takeovers)
    print(
        f"kills {fates.kills}  pauses {fates.pauses}  leaders {fates.leaders}"
        f"  wanted {len(wanted)}  lost {len(lost)}"
        f"  doubled {doubled}  in flight {fates.in_flight}  answers dropped {fates.dropped_after}"
        f"  comments {len(numbers)}  cards {len(cards)}  decisions {len(approved)}"
        f"  slowest to go on {slowest:.1f} s"
    )
    assert not lost
    assert doubled <= fates.in_flight + fates.dropped_after
    assert len(numbers) == COMMENTS
    assert sorted(row["comment_id"] for row in cards) == sorted(numbers)
    assert sorted(row["comment_id"] for row in approved) == sorted(numbers)

"""Connections to PostgreSQL end at random while two processes work: nothing is lost, nothing comes
twice, nothing is decided twice. As with a server that is restarted, or fails over, all day long.

The full table: KABAR_CRASH_KILLS=100.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter

import pytest

from storage import Database
from tests.support.crash_processes import processes
from tests.support.postgres import PostgresServer
from tests.support.sending import add_chats
from tests.support.strict_server import Server
from tests.test_crash import finish, subject
from tests.test_crash_processes import ARTICLES, CHATS, COMMENTS, TIMES, Days, handled

pytestmark = pytest.mark.timeout(60 + 3 * TIMES)


@pytest.fixture(params=["postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.long
async def test_connections_end_at_random(
    db: Database, database_url: str, postgres: PostgresServer
) -> None:
    dice = random.Random(TIMES)
    await add_chats(db, *range(1, CHATS + 1), now=int(time.time()))
    days, ended = Days(db), 0
    async with db.reading() as cx:
        ours = {await cx.value("SELECT pg_backend_pid()")}
    async with db.transaction() as tx:
        ours.add(await tx.value("SELECT pg_backend_pid()"))
    async with Server() as server, processes(database_url, server.root) as room:
        for _ in range(2):
            await room.start()
        for number in range(5 * TIMES):
            await days.go_on((number + 1) / (5 * TIMES))
            await asyncio.sleep(dice.uniform(0, 0.15))
            others = [
                row[0]
                for row in postgres.admin(
                    "SELECT pid FROM pg_stat_activity WHERE application_name = 'kabar' ORDER BY pid"
                )
                if row[0] not in ours
            ]
            share = 1.0 if number % 5 == 4 else 0.3  # all of them, as a restart does
            for one in others:
                if dice.random() < share:
                    ended += 1
                    postgres.admin(f"SELECT pg_terminate_backend({one})")
        await handled(db, 60 + COMMENTS)
        await finish(db, 60 + 3 * COMMENTS)
    async with db.reading() as cx:
        numbers = [row["id"] for row in await cx.rows("SELECT id FROM comment")]
        approved = await cx.rows("SELECT comment_id FROM decision WHERE action = 'approve'")
    copies = Counter(map(subject, server.sent()))
    wanted = {(chat, f"Berita {n}") for chat in range(1, CHATS + 1) for n in range(1, ARTICLES + 1)}
    wanted |= {(900, f"card {number}") for number in numbers}
    print(
        f"connections ended {ended}  wanted {len(wanted)}  lost {len(wanted - set(copies))}"
        f"  doubled {sum(copies.values()) - len(copies)}  comments {len(numbers)}"
        f"  decisions {len(approved)}"
    )
    assert not wanted - set(copies)
    assert sum(copies.values()) == len(copies)
    assert len(numbers) == COMMENTS
    assert sorted(row["comment_id"] for row in approved) == sorted(numbers)

"""Several processes on one database, seen from one of them. Nobody waits: silence is written into
the database, and the clock of a process is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.errors import Superseded
from bot.core.model import Destination, SendStatus, TelegramId
from bot.core.posts.rate_limit import RateLimit, Urgency
from bot.core.posts.shares import HEARD
from bot.leader import Membership, membership
from bot.telegram.limiter import Limiter
from bot.telegram.transport import Transport
from storage import Database, SharedDatabase, open_database, processes
from tests.support import databases
from tests.support.sending import TOKEN
from tests.support.strict_server import Server


class Hand:
    """Seconds that only move forward."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Other:
    """A process with a connection of its own."""

    def __init__(self, db: SharedDatabase, number: int) -> None:
        self.db = db
        self.hand = Hand()
        self.member = Membership(number, db, every=0.01, clock=self.hand)
        self.keeping: asyncio.Task[None] | None = None

    def wake(self) -> asyncio.Task[None]:
        self.keeping = asyncio.create_task(self.member.keep())
        return self.keeping

    async def pause(self) -> None:
        """As SIGSTOP would: it says nothing more, and everybody's time goes on."""
        assert self.keeping is not None
        self.keeping.cancel()
        await asyncio.gather(self.keeping, return_exceptions=True)
        self.hand.now += 60
        async with self.db.beside() as cx:
            await cx.run("UPDATE process SET until = 1 WHERE number = :n", n=self.member.number)


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Other]:
    db = await open_database(url)
    assert isinstance(db, SharedDatabase)
    async with db.transaction() as tx:
        number = await processes.enter(tx, "test", seconds=6, alone=False)
    db.fence(number)
    other = Other(db, number)
    try:
        yield other
    finally:
        if other.keeping is not None:
            other.keeping.cancel()
            await asyncio.gather(other.keeping, return_exceptions=True)
        await db.close()


class Work:
    """A loop that says when it has begun."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        await asyncio.Event().wait()


@pytest.fixture(params=["postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_one_leads_and_another_takes_over_from_the_silent(database_url: str) -> None:
    async with process(database_url) as first, process(database_url) as second:
        first.wake()
        mine, theirs = Work(), Work()
        leading = asyncio.create_task(first.member.lead("sender", mine))
        await mine.begun.wait()
        second.wake()
        waiting = asyncio.create_task(second.member.lead("sender", theirs))
        assert second.member.roles() == {} or not second.member.leads("sender")
        await first.pause()
        await theirs.begun.wait()
        assert second.member.roles() == {"sender": True}
        with pytest.raises(Superseded):
            await first.wake()
        for task in (leading, waiting):
            task.cancel()


async def test_roles_of_two_processes_are_apart(database_url: str) -> None:
    async with process(database_url) as first, process(database_url) as second:
        polling, sending = Work(), Work()
        tasks = [
            asyncio.create_task(first.member.lead("poller", polling)),
            asyncio.create_task(second.member.lead("sender", sending)),
            first.wake(),
            second.wake(),
        ]
        await polling.begun.wait()
        await sending.begun.wait()
        assert first.member.roles() == {"poller": True}
        assert second.member.roles() == {"sender": True}
        for task in tasks:
            task.cancel()


async def test_processes_share_the_rate(database_url: str) -> None:
    """Somebody who answers much says so, takes it when it has been heard, and gives it back."""
    async with process(database_url) as first, process(database_url) as second:
        sender, other = (Limiter(RateLimit(30)) for _ in range(2))
        first.member.share(sender)
        second.member.share(other)
        assert (sender.rate_limit.rate, sender.whole) == (1, 30)
        sending = Work()
        tasks = [asyncio.create_task(first.member.lead("sender", sending)), first.wake()]
        await until(lambda: sender.rate_limit.rate == 29)  # the other may begin at any time
        tasks.append(second.wake())
        for number in range(40):  # more than leaves at once
            other.submit(Destination(TelegramId(1000 + number)), Urgency.PERSON, lambda: None)
        await until(lambda: sender.rate_limit.rate == 15)
        assert other.rate_limit.rate == 1
        second.hand.now += HEARD + 0.1
        await until(lambda: other.rate_limit.rate == 15)
        await until(lambda: not other.waiting())
        second.hand.now += 60
        await until(lambda: sender.rate_limit.rate == 29)
        assert other.rate_limit.rate == 1
        for task in tasks:
            task.cancel()


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not done():  # noqa: ASYNC110 - many small steps lead there
            await asyncio.sleep(0.01)


async def test_who_was_paused_can_neither_write_nor_send(database_url: str) -> None:
    async with (
        process(database_url) as first,
        process(database_url) as second,
        Server() as server,
        Transport(server.root, TOKEN, may=first.member.holds) as wire,
    ):
        first.wake()
        body = b'{"chat_id":7,"text":"Halo"}'
        assert (await wire.call("sendMessage", body)).status is SendStatus.OK
        await first.pause()
        assert not first.member.holds()
        result = await wire.call("sendMessage", body)
        assert result.status is SendStatus.UNSENT
        upload = await wire.upload("sendPhoto", {"chat_id": "7"}, "photo", b"x")
        assert upload.status is SendStatus.UNSENT
        assert len(server.arrived) == 1
        async with second.db.transaction() as tx:
            await processes.succeed(tx, second.member.number, [])
        with pytest.raises(Superseded):
            async with first.db.transaction() as tx:
                await tx.run("UPDATE memo SET value = 'late'")


async def test_silent_for_long_but_missed_by_nobody_it_goes_on(database_url: str) -> None:
    """A database that was away for a minute ends no process that works on it alone."""
    async with process(database_url) as first:
        first.wake()
        await first.pause()
        assert not first.member.holds()
        first.wake()
        begun = Work()
        leading = asyncio.create_task(first.member.lead("sender", begun))
        await begun.begun.wait()
        assert first.member.holds()
        leading.cancel()


async def test_alone_on_its_database_a_process_leads_everything_at_once(tmp_path: Path) -> None:
    db: Database = await open_database(databases.empty(tmp_path / "kabar.db"))
    async with membership(db) as (member, keeping):
        assert member.alone
        begun = Work()
        leading = asyncio.create_task(member.lead("sender", begun))
        await begun.begun.wait()
        assert member.holds()
        assert not keeping.done()
        leading.cancel()
    await db.close()


async def test_who_leaves_is_succeeded_at_once(database_url: str) -> None:
    db = await open_database(database_url)
    async with process(database_url) as second:
        async with membership(db) as (member, _):
            begun = Work()
            leading = asyncio.create_task(member.lead("sender", begun))
            await begun.begun.wait()
            leading.cancel()
        async with db.reading() as cx:
            assert not await processes.leaders(cx)
        second.wake()
        begun = Work()
        leading = asyncio.create_task(second.member.lead("sender", begun))
        await begun.begun.wait()
        leading.cancel()
    await db.close()

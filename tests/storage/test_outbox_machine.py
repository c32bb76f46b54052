"""Any order of news, results, crashes and waiting: nothing lost, nothing doubled without a doubt.

A state machine over the real outbox and the real judge, with simulated time and a simulated
Telegram that keeps what it got, also when its answer is lost.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.model import SendResult, SendStatus
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import (
    ChatClosed,
    ChatGone,
    Judged,
    Outcome,
    RetryAt,
    Unknown,
    is_final,
    judge,
)
from storage import Connection, deliveries, open_database, outbox, outcomes
from tests.support import databases
from tests.support.postgres import PostgresServer
from tests.support.sending import add_article, add_chats

_T = TypeVar("_T")

FATES = {
    "arrives": (True, SendResult(SendStatus.OK, message_id=1)),
    "answer lost": (True, SendResult(SendStatus.UNKNOWN, description="broken")),
    "request lost": (False, SendResult(SendStatus.UNKNOWN, description="broken")),
    "not sent": (False, SendResult(SendStatus.UNSENT, description="away")),
    "flood": (False, SendResult(SendStatus.FLOOD, retry_after=7)),
    "closed": (False, SendResult(SendStatus.REFUSED, description="chat_write_forbidden")),
    "blocked": (False, SendResult(SendStatus.FORBIDDEN, description="bot was blocked")),
}


class OutboxMachine(RuleBasedStateMachine):
    """A newsroom in which everything happens at once."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.url = self.address()
        self.db = self.runner.run(open_database(self.url))
        self.now = 1_000
        self.queues: dict[int, deque[Delivery]] = {}
        self.got: list[tuple[int, int]] = []
        self.doubts: Counter[tuple[int, int]] = Counter()
        self.gone: set[int] = set()
        self.readers: dict[int, set[int]] = {}
        self.chats: set[int] = set()

    def address(self) -> str:
        return databases.empty(Path(self.folder.name) / "kabar.db")

    def write(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        async def transaction() -> _T:
            async with self.db.transaction() as tx:
                return await work(tx)

        return self.runner.run(transaction())

    @initialize()
    def some_chats(self) -> None:
        self.more_chats(3)

    @rule(count=st.integers(1, 3))
    def more_chats(self, count: int) -> None:
        first = len(self.chats) + 1
        fresh = range(first, first + count)
        self.runner.run(add_chats(self.db, *fresh))
        self.chats |= set(fresh)

    @precondition(lambda self: len(self.readers) < 8)
    @rule()
    def news(self) -> None:
        number = self.runner.run(add_article(self.db))
        self.write(lambda tx: deliveries.announce(tx, number, now=self.now))
        self.readers[number] = set(self.chats)

    @rule(room=st.integers(1, 12))
    def claim(self, room: int) -> None:
        claimed = self.write(lambda tx: outbox.claim(tx, room, now=self.now, lease=60))
        assert len(claimed) <= room
        for one in claimed:
            self.queues.setdefault(one.chat_id, deque()).append(one)

    @precondition(lambda self: self.queues)
    @rule(pick=st.randoms(use_true_random=False), fate=st.sampled_from(sorted(FATES)))
    def land(self, pick: random.Random, fate: str) -> None:
        chat = pick.choice(sorted(self.queues))
        self._land(chat, fate)

    @rule(seconds=st.integers(1, 400))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(arrived=st.booleans())
    def crash(self, arrived: bool) -> None:
        """All claims are forgotten; the first of each queue may have arrived."""
        for queue in self.queues.values():
            if arrived:
                self._arrive(queue[0])
                self.doubts[self._name(queue[0])] += 1
        self.queues.clear()
        self.write(lambda tx: outbox.recover(tx, now=self.now, alone=True))

    @rule()
    def stop_cleanly(self) -> None:
        self.queues.clear()
        self.write(lambda tx: outbox.give_back(tx, []))

    @invariant()
    def doubled_only_in_doubt(self) -> None:
        copies = Counter(self.got)
        assert all(copies[name] <= 1 + self.doubts[name] for name in copies)

    @invariant()
    def oldest_first(self) -> None:
        for chat in {chat for chat, _ in self.got}:
            first = list(dict.fromkeys(article for where, article in self.got if where == chat))
            assert first == sorted(first), (chat, first)

    def teardown(self) -> None:
        try:
            self._finish()
        finally:
            self.runner.run(self.db.close())
            self.runner.close()
            self.folder.cleanup()

    def _finish(self) -> None:
        """With a kind Telegram everything arrives, in order; nothing is left."""
        for _ in range(200):
            self.claim(50)
            while self.queues:
                self._land(next(iter(self.queues)), "arrives")
            self.now += 700
            if not self.write(self._open):
                break
        for article, readers in self.readers.items():
            missing = {chat for chat in readers - self.gone if (chat, article) not in self.got}
            assert not missing, (article, missing)
        self.doubled_only_in_doubt()
        self.oldest_first()
        told = self.write(deliveries.totals)
        assert told.taken == told.delivered + told.gone + told.dead
        assert told.waiting == 0

    @staticmethod
    async def _open(tx: Connection) -> int:
        return int(
            await tx.value(
                "SELECT (SELECT COUNT(*) FROM broadcast WHERE done_at IS NULL) + (SELECT COUNT(*)"
                " FROM delivery WHERE state IN ('due', 'claimed', 'unknown'))"
            )
        )

    def _land(self, chat: int, fate: str) -> None:
        """What `bot.delivery.chat_queues` does with a result."""
        queue = self.queues.pop(chat)
        one = queue.popleft()
        arrives, result = FATES[fate]
        if arrives:
            self._arrive(one)
        if result.status is SendStatus.UNKNOWN and arrives:
            self.doubts[self._name(one)] += 1
        outcome = judge(one, result, self.now, with_picture=False)
        batch = [Judged(one, outcome, revision=1)]
        if isinstance(outcome, ChatGone):
            self.gone.add(chat)
        if is_final(outcome) and not isinstance(outcome, ChatGone):
            if queue:
                self.queues[chat] = queue
        else:
            batch += [Judged(later, self._behind(outcome)) for later in queue]

        async def record(tx: Connection) -> None:
            await outcomes.record(tx, batch, now=self.now)
            await outbox.finish(tx, now=self.now)

        self.write(record)

    def _behind(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, ChatGone):
            return outcome
        at = outcome.at if isinstance(outcome, RetryAt | Unknown | ChatClosed) else self.now
        return RetryAt(at, "behind an earlier one", counted=False)

    def _arrive(self, one: Delivery) -> None:
        assert one.kind is DeliveryKind.POST
        self.got.append(self._name(one))

    @staticmethod
    def _name(one: Delivery) -> tuple[int, int]:
        assert one.article_id is not None
        return one.chat_id, one.article_id


TestOutbox = pytest.mark.long(OutboxMachine.TestCase)
TestOutbox.settings = settings(max_examples=30, stateful_step_count=40)


class PostgresOutboxMachine(OutboxMachine):
    """The same on the other database."""

    server: ClassVar[PostgresServer]

    def address(self) -> str:
        return self.server.create()

    def teardown(self) -> None:
        super().teardown()
        self.server.drop(self.url)


@pytest.mark.long
class TestPostgresOutbox(PostgresOutboxMachine.TestCase):  # type: ignore[misc,valid-type]
    settings = settings(max_examples=12, stateful_step_count=40)

    @pytest.fixture(autouse=True)
    def _server(self, postgres: PostgresServer) -> None:
        PostgresOutboxMachine.server = postgres

"""Readers' words from intake to decision and back: use cases, one transaction each.

    intake      a reader writes, edits, withdraws, signs          held -> card
    bench       a moderator decides, undoes, bans, mutes          card -> published, notice
    talk        answers to a reader, and back                     prompt -> notice, card
    public      reading, liking, reporting; my comments, my data
    house       blocked words, replies at hand
    queue       when more waits than a chat may get
    threads     what is public, in discussion groups of channels
    forum       topics of the moderators' chat, and its log

Every visible message is a row of `delivery` that is rendered when it is sent. The loop moves what
time alone moves: the end of grace times, the fate of answers, counts on posts, lost cards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog

from bot.core.errors import StorageError
from bot.core.hours import Hours
from bot.core.model import Chat, DeliveryKind, TelegramId
from bot.discussion.bench import Bench
from bot.discussion.forum import Forum
from bot.discussion.forum import Look as LookAt
from bot.discussion.house import House
from bot.discussion.intake import Accepted, Intake, Person
from bot.discussion.office import ROOM, Office, show_card
from bot.discussion.projection import Projection, Renderer
from bot.discussion.public import Public
from bot.discussion.queue import Pin, Queue
from bot.discussion.removal import Removal
from bot.discussion.screening import Refused
from bot.discussion.talk import Talk
from bot.discussion.threads import Look as LookForGroup
from bot.discussion.threads import Threads
from bot.i18n import Languages
from storage import Database, comments, moderators, reading

__all__ = ["Accepted", "Discussion", "Person", "Refused"]

log = structlog.get_logger("discussion")

_TICK = 0.5
_HEAL_EVERY = 30


class Discussion:
    """All use cases about comments, and the loop that time drives.

    `grace` in seconds; `moderators` is the chat of the settings (None: commenting is off);
    `trusted_after` approved comments publish a reader's next at once (0: never); `pin` pins a
    message; `quiet` are the hours without reminders; `look_for_group` finds a channel's discussion
    group (None: comments do not go there); `look_at` says what a chat is.
    """

    def __init__(
        self,
        db: Database,
        *,
        clock: Callable[[], int],
        grace: int,
        moderators: TelegramId | None,
        languages: Languages,
        trusted_after: int = 0,
        own_hosts: frozenset[str] = frozenset(),
        pin: Pin | None = None,
        quiet: Hours | None = None,
        look_for_group: LookForGroup | None = None,
        look_at: LookAt | None = None,
    ) -> None:
        self._office = Office(
            db, clock, grace, languages, moderators, trusted_after, own_hosts, quiet
        )
        self.intake = Intake(self._office)
        self.bench = Bench(self._office)
        self.talk = Talk(self._office)
        self.public = Public(self._office)
        self.house = House(self._office)
        self.queue = Queue(self._office, pin)
        self.removal = Removal(self._office)
        self.threads = Threads(self._office, look_for_group)
        self.forum = Forum(db, clock, look_at)
        self._heal_at = 0

    @property
    def grace(self) -> int:
        """Seconds in which a comment, an answer or a notice can be taken back."""
        return self._office.grace

    @property
    def trusted_after(self) -> int:
        """Approved comments after which a reader's next is published at once; 0: never."""
        return self._office.trusted_after

    def renderers(self) -> Mapping[DeliveryKind, Renderer]:
        """How cards and notices are said, for the sender of deliveries."""
        return Projection(self._office, self.threads).renderers()

    async def moderators_chat(self) -> Chat | None:
        """The moderators' chat as it is now, also after it moved."""
        async with self._office.db.reading() as cx:
            return await self._office.moderators(cx)

    async def prepare(self) -> None:
        """Make the moderators' chat known. To be called before anything else."""
        await self.threads.prepare()
        if self._office.configured is not None:
            async with self._office.db.transaction() as tx:
                await moderators.settle_chat(tx, self._office.configured, now=self._office.clock())

    async def run(self) -> None:
        """For ever. A database that cannot do it now is asked again."""
        while True:
            try:
                await self.prepare()
                while True:
                    await self.tick()
                    await asyncio.sleep(_TICK)
            except StorageError as error:
                log.warning("discussion.postponed", reason=str(error))
                await asyncio.sleep(5)

    async def tick(self) -> None:
        """Everything that time has made due."""
        if self._office.configured is None:
            return
        await self.intake.release_due()
        await self.talk.settle()
        await self.removal.tick()
        await self._tell_counts()
        await self.threads.tick()
        now = self._office.clock()
        if now >= self._heal_at:
            self._heal_at = now + _HEAL_EVERY
            await self.intake.drop_stale_drafts()
        chat = await self.moderators_chat()
        if chat is not None:
            await self.forum.tick(chat)
        await self.queue.tick()

    async def _tell_counts(self) -> None:
        now = self._office.clock()
        async with self._office.db.reading() as cx:
            due = await reading.counts_due(cx, now=now)
        for article_id in due:
            async with self._office.db.transaction() as tx:
                await reading.announce_count(tx, article_id, now=now)

    async def rebuild(self) -> int:
        """New cards for everything that waits, oldest first, as far as there is room (the queue
        stands for the rest); returns how much waits."""
        now = self._office.clock()
        async with self._office.db.transaction() as tx:
            found = await comments.pending(tx, limit=10_000)
            for one in found:
                await comments.set_card(tx, one.id, None)
            for one in found[:ROOM]:
                await show_card(self._office, tx, one, now=now)
        return len(found)

"""Readers' words from intake to decision and back: use cases, one transaction each.

    submissions a reader writes, edits, withdraws, signs          held -> card
    moderation  a moderator decides, undoes, bans, mutes          card -> published, notice
    overview    what moderators look up
    replies     answers to a reader, and back                     prompt -> notice, card
    prompts     what our messages are about, and ask for
    public      reading, liking, reporting; my comments, my data
    canned      saved replies
    queue       when more waits than a chat may get
    complaints  rights of reply and correction, and what has a deadline
    threads     what is public, in channels' discussion groups
    forum       topics of the moderators' chat, and its log

Every visible message is a row of `delivery` that is rendered when it is sent. Loops do what only
time brings about: the end of grace times, the fate of answers, counts on posts, lost cards. Each
concern has its own loop, and those that ask Telegram hold up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.attempts import Attempts, for_ever
from bot.core.comments.terms import Terms
from bot.core.hours import Hours
from bot.core.model import Chat, TelegramId
from bot.core.posts.content_kinds import ContentKind
from bot.discussion.canned import CannedReplies
from bot.discussion.card_messages import ROOM, show_card
from bot.discussion.complaints import Complaints
from bot.discussion.consent import Consent
from bot.discussion.context import CommentContext
from bot.discussion.moderation import Moderation
from bot.discussion.overview import Overview
from bot.discussion.prompts import Prompts
from bot.discussion.published import PublishedComments
from bot.discussion.releases import CommentReleases
from bot.discussion.removal import Removal
from bot.discussion.rendering import CommentRendering, Renderer
from bot.discussion.replies import Replies
from bot.discussion.review_queue import Pin, ReviewQueue
from bot.discussion.screening import Refused
from bot.discussion.submission import Accepted, Person, Submissions
from bot.discussion.threads import GroupLookup, Threads
from bot.discussion.topics import ForumTopics, StandingLookup
from bot.health import Beat, no_beat
from bot.i18n import Languages
from storage import Database, comments, moderators, published

__all__ = ["Accepted", "Discussion", "Person", "Refused"]

_TICK = 0.5
_HEAL_EVERY = 30
_COUNTS_AT_ONCE = 100
_LOOP_PAUSE = 2
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class _Concern:
    """One concern of the loops: its loop has to turn `within` so many seconds."""

    name: str
    step: Callable[[], Awaitable[object]]
    within: float = 60


class Discussion:
    """All use cases about comments, and their loops.

    `grace` in seconds; `moderators` is the chat of the settings (None: commenting is off);
    `trusted_after` approved comments publish a reader's next at once (0: never); `pin` pins a
    message; `quiet` are the hours without reminders; `terms` (an address, or a text; empty: none)
    are accepted before the first comment; `find_group` finds a channel's discussion group (None:
    comments do not go there); `find_standing` says what a chat is; `beat` gives each loop, by its
    name and the seconds within which it has to turn, the function that it calls at every turn; a
    turn comes every `every` seconds.
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
        terms: str = "",
        find_group: GroupLookup | None = None,
        find_standing: StandingLookup | None = None,
        beat: Callable[[str, float], Beat] = lambda _name, _within: no_beat,
        every: float = _TICK,
    ) -> None:
        rules = Terms(terms) if terms else None
        self._context = CommentContext(
            db, clock, grace, languages, moderators, trusted_after, own_hosts, quiet, rules
        )
        self._releases = CommentReleases(self._context)
        self.submissions = Submissions(self._context, self._releases)
        self.prompts = Prompts(self._context)
        self.consent = Consent(self._context, self.submissions)
        self.moderation = Moderation(self._context)
        self.overview = Overview(self._context)
        self.replies = Replies(self._context)
        self.public = PublishedComments(self._context)
        self.canned = CannedReplies(self._context)
        self.queue = ReviewQueue(self._context, pin)
        self.complaints = Complaints(self._context)
        self.removal = Removal(self._context)
        self.threads = Threads(self._context, find_group)
        self.forum = ForumTopics(db, clock, find_standing)
        self._heal_at = 0
        self._beat = beat
        self._every = every
        self._counts = Attempts(db, "count", clock=clock)
        in_chat = self._in_moderators_chat
        # Those that ask Telegram may wait long for an answer.
        self._concerns = (
            _Concern("comments", self._release),
            _Concern("answers", self.replies.report_fates),
            _Concern("removals", self.removal.tick),
            _Concern("counts", self._tell_counts),
            _Concern("groups", self.threads.look_around, _PATIENCE),
            _Concern("threads", self.threads.tick),
            _Concern("forum", partial(in_chat, self.forum.look), _PATIENCE),
            _Concern("log", partial(in_chat, self.forum.log)),
            _Concern("queue", self.queue.tick),
            _Concern("deadlines", partial(in_chat, self.complaints.remind)),
            _Concern("pin", partial(in_chat, self.queue.keep_pinned), _PATIENCE),
        )

    @property
    def grace(self) -> int:
        """Seconds in which a comment, an answer or a notice can be taken back."""
        return self._context.grace

    @property
    def terms(self) -> Terms | None:
        """The rules that are accepted before the first comment."""
        return self._context.terms

    @property
    def trusted_after(self) -> int:
        """Approved comments after which a reader's next is published at once; 0: never."""
        return self._context.trusted_after

    @property
    def concerns(self) -> tuple[str, ...]:
        """The names of its loops, in the log and where their turns are counted."""
        return tuple(one.name for one in self._concerns)

    def renderers(self) -> Mapping[ContentKind, Renderer]:
        """The renderers of cards and notices, for the sender of deliveries."""
        return CommentRendering(self._context, self.threads).renderers()

    async def moderators_chat(self) -> Chat | None:
        """The moderators' chat as it is now, even after it moved."""
        async with self._context.db.reading() as cx:
            return await self._context.moderators(cx)

    async def prepare(self) -> None:
        """Register the moderators' chat. To be called before anything else."""
        await self.threads.prepare()
        if self._context.configured is not None:
            async with self._context.db.transaction() as tx:
                chat = await moderators.configure_chat(
                    tx, self._context.configured, now=self._context.clock()
                )
            await self.forum.expect(chat)

    async def run(self) -> None:
        """Run forever, each concern by itself: none waits for another, and a failure in one ends
        neither the others nor the program."""
        loops = Attempts(self._context.db, "loop", clock=self._context.clock, pause=_LOOP_PAUSE)
        async with asyncio.TaskGroup() as group:
            for one in self._concerns:
                group.create_task(
                    for_ever(
                        partial(loops.once, one.name, one.step),
                        name=one.name,
                        beat=self._beat(one.name, one.within),
                        every=self._every,
                    ),
                    name=one.name,
                )

    async def tick(self) -> None:
        """Everything that time has made due, once, one concern after the other."""
        for one in self._concerns:
            await one.step()

    # --- concerns ---

    async def _release(self) -> None:
        if self._context.configured is None:
            return
        await self._releases.release_due()
        now = self._context.clock()
        if now >= self._heal_at:
            self._heal_at = now + _HEAL_EVERY
            await self._releases.drop_stale_drafts()
            await self._releases.wipe_withdrawn()

    async def _in_moderators_chat(self, step: Callable[[Chat], Awaitable[object]]) -> None:
        chat = await self.moderators_chat()
        if chat is not None:
            await step(chat)

    async def _tell_counts(self) -> None:
        limit = _COUNTS_AT_ONCE + await self._counts.known()
        async with self._context.db.reading() as cx:
            due = await published.counts_due(cx, now=self._context.clock(), limit=limit)
        await self._counts.each(due, self._tell_count)

    async def _tell_count(self, article_id: int) -> None:
        async with self._context.db.transaction() as tx:
            await published.announce_count(tx, article_id, now=self._context.clock())

    async def rebuild(self) -> int:
        """Make new cards for everything that waits, oldest first, as far as there is room (the
        queue's message stands for the rest); returns how much waits."""
        now = self._context.clock()
        async with self._context.db.transaction() as tx:
            found = await comments.pending(tx, limit=10_000)
            for one in found:
                await comments.set_card(tx, one.id, None)
            for one in found[:ROOM]:
                await show_card(self._context, tx, one, now=now)
        return len(found)

"""A moderators' chat with topics, and what Telegram says of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.comments.topics import Standing
from bot.core.model import Post, SendResult, SendStatus, TelegramId
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import Outcome, judge
from bot.discussion import Discussion
from bot.i18n import Languages
from storage import Database
from tests.conftest import JAKARTA, Clock
from tests.discussion.conftest import DESK, DiscussionKit, Message, make_kit

ELSEWHERE = TelegramId(-1_000_000_000_777)


@dataclass
class Telegram:
    """The chat as Telegram has it."""

    standing: Standing | None = field(default_factory=lambda: Standing(forum=True, manages=True))
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    made: int = 0
    looks: int = 0

    async def look(self, chat: TelegramId) -> Standing | None:
        self.looks += 1
        return self.standing

    @property
    def manages(self) -> bool:
        return self.standing is not None and self.standing.manages

    def refuses(self, thread: int) -> str:
        if thread and thread not in self.topics:
            return "message thread not found"
        return "topic_closed" if thread in self.closed else ""


@dataclass
class ForumKit(DiscussionKit):
    """A newsroom whose moderators meet in a forum."""

    telegram: Telegram = field(default_factory=Telegram)

    def _send(self, one: Delivery, post: Post | None) -> Outcome:
        reason = self._refusal(one, post) if one.to.telegram_id < 0 and post else ""
        if reason:
            result = SendResult(SendStatus.REFUSED, description=reason)
            return judge(one, result, self.clock(), with_picture=False)
        if post is None or not (post.new_topic or post.reopen):
            return super()._send(one, post)
        self._messages += 1
        if post.new_topic:
            self.telegram.topics[self._messages] = post.new_topic
            self.telegram.made += 1
        self.telegram.closed.discard(post.reopen)
        result = SendResult(SendStatus.OK, self._messages if post.new_topic else None)
        return judge(one, result, self.clock(), with_picture=False)

    def _refusal(self, one: Delivery, post: Post) -> str:
        if post.new_topic:
            return "" if self.telegram.manages else "not enough rights to create a topic"
        if post.reopen:
            return "" if post.reopen in self.telegram.topics else "message thread not found"
        if one.kind is not DeliveryKind.EDIT:
            return self.telegram.refuses(one.to.thread)
        gone = one.to.thread and one.to.thread not in self.telegram.topics
        return "message to edit not found" if gone else ""

    def thread(self, name: str) -> int:
        return next(n for n, known in self.telegram.topics.items() if name in known)

    def inside(self, name: str) -> list[Message]:
        """What one topic shows."""
        return [one for one in self.cards if one.delivery.to.thread == self.thread(name)]

    @property
    def general(self) -> list[Message]:
        return [one for one in self.cards if not one.delivery.to.thread]

    async def waiting(self) -> int:
        async with self.db.reading() as cx:
            return int(
                await cx.value("SELECT count(*) FROM delivery WHERE state IN ('due', 'unknown')")
            )

    async def seconds(self, count: int) -> None:
        for _ in range(count):
            await self.pass_(1)


async def make_context(
    db: Database, clock: Clock, chat: TelegramId = DESK, *, telegram: Telegram | None = None
) -> ForumKit:
    telegram = telegram or Telegram()
    discussion = Discussion(
        db,
        clock=clock,
        grace=0,
        moderators=chat,
        languages=Languages.load("en", JAKARTA),
        find_standing=telegram.look,
    )
    made = await make_kit(db, clock, grace=0)
    await discussion.prepare()
    context = ForumKit(db, clock, discussion, made.article, telegram=telegram)
    await context.pass_(0)
    return context

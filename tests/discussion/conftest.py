"""A newsroom with one article, readers and moderators; a sender that delivers what is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.core.comments.model import Comment, Decision, Part, Reason
from bot.core.hours import Hours
from bot.core.html import Html
from bot.core.model import (
    Actor,
    ArticleId,
    Chat,
    ChatId,
    ChatKind,
    DeliveryId,
    Destination,
    Post,
    Story,
    TelegramId,
)
from bot.core.posts.content import Nothing, ShownArticle
from bot.core.posts.delivery import Delivery, DeliveryKind
from bot.core.posts.outcome import SILENT, ChatGone, Dead, NotRemovable, Outcome, Removed, Sent
from bot.core.posts.outcome import Judged as Fate
from bot.discussion import Accepted, Discussion, Person, Refused
from bot.discussion.moderation import DecisionResult as Decided
from bot.discussion.threads import GroupLookup
from bot.i18n import Languages
from storage import Database, articles, chats, comments, outbox, outcomes
from tests.conftest import JAKARTA, Clock
from tests.support.telegram_parser import parse


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """All of this is tested on both databases."""
    return str(request.param)


DESK = TelegramId(-1009)
ANNA = Actor(TelegramId(71), "Anna")
BORIS = Actor(TelegramId(72), "Boris")


@dataclass
class Message:
    """One message as a chat shows it."""

    id: int
    delivery: Delivery
    post: Post
    edits: int = 0
    at: int = 0
    caption: str | None = None
    """The new caption of a copy, once it was changed."""

    @property
    def text(self) -> str:
        return parse(self.post.text)[0] if self.post.text else ""

    @property
    def buttons(self) -> dict[str, str]:
        return {one.text: one.data for row in self.post.keyboard for one in row}


@dataclass
class DiscussionKit:
    """Everybody, and what their chats show."""

    db: Database
    clock: Clock
    discussion: Discussion
    article: ArticleId
    shown: dict[TelegramId, list[Message]] = field(default_factory=dict)
    blocked: set[TelegramId] = field(default_factory=set)
    uncopyable: set[int] = field(default_factory=set)
    """Messages that their writer has deleted."""
    kept: set[int] = field(default_factory=set)
    """Messages that Telegram does not let the bot delete (any more)."""
    _messages: int = 1000

    async def chat(self, number: int, name: str = "") -> Chat:
        async with self.db.transaction() as tx:
            return await chats.see(
                tx, TelegramId(number), kind=ChatKind.PRIVATE, title=name, now=self.clock()
            )

    async def write(
        self,
        text: str,
        *,
        who: int = 501,
        name: str = "Ivan P.",
        message: int | None = None,
        article: int | None = -1,
        named: bool = True,
        media: str = "",
        group: str = "",
        file: str = "",
    ) -> Accepted | Refused:
        self._messages += 1
        part = Part(message or self._messages, text, media, group, file=file)
        return await self.discussion.submissions.submit(
            Person(TelegramId(who), name),
            await self.chat(who, name),
            part,
            article_id=self.article if article == -1 else article,
            named=named,
        )

    async def comment(self, text: str, **values: object) -> Comment:
        """A comment that was let through, as it is now."""
        taken = await self.write(text, **values)  # type: ignore[arg-type]
        assert isinstance(taken, Accepted), taken
        return taken.comment

    async def now(self, comment: Comment | int) -> Comment:
        number = comment if isinstance(comment, int) else comment.id
        async with self.db.reading() as cx:
            found = await comments.get(cx, number)
        assert found is not None
        return found

    async def decide(
        self,
        comment: Comment,
        decision: Decision = Decision.APPROVE,
        *,
        by: Actor = ANNA,
        reason: Reason | None = None,
        seen: Comment | None = None,
    ) -> Decided:
        on_screen = seen or await self.now(comment)
        if decision is Decision.REJECT and reason is None:
            reason = Reason.OFF_TOPIC
        return await self.discussion.moderation.decide(
            comment.id,
            revision=on_screen.revision,
            version=on_screen.version,
            by=by,
            decision=decision,
            reason=reason,
        )

    async def undo(self, comment: int, *, by: Actor) -> Decided:
        """As the newest card offers."""
        version = (await self.now(comment)).version
        return await self.discussion.moderation.undo(comment, version=version, by=by)

    async def pass_(self, seconds: int) -> None:
        """Time passes: loops do what is due by then, and what is to be sent arrives."""
        self.clock.pass_(seconds)
        await self.discussion.tick()
        await self.deliver()
        await self.discussion.tick()
        await self.deliver()

    async def deliver(self) -> None:
        """Send everything that is due, as the sender does: claim, render, record."""
        renderers = self.discussion.renderers()
        while True:
            async with self.db.transaction() as tx:
                claimed = await outbox.claim(tx, 100, now=self.clock(), lease=60)
            if not claimed:
                return
            for one in claimed:
                async with self.db.reading() as cx:
                    say = renderers.get(one.content.kind)
                    post = await say(cx, one) if say else Post(Html("-"))
                outcome = self._send(one, post)
                async with self.db.transaction() as tx:
                    await outcomes.record(tx, [Fate(one, outcome)], now=self.clock())

    def _send(self, one: Delivery, post: Post | None) -> Outcome:
        if post is None:
            return Dead(SILENT)
        if one.to.telegram_id in self.blocked:
            return ChatGone("bot was blocked by the user")
        here = self.shown.setdefault(one.to.telegram_id, [])
        if post.removes and (removed := self._remove(here, post)) is not None:
            return removed
        if post.copy_of is None and not post.recaptions:
            assert parse(post.text)[0]  # Telegram's own parser accepts it
        return self._arrived(one, post, here)

    def _arrived(self, one: Delivery, post: Post, here: list[Message]) -> Outcome:
        if post.recaptions:
            copy = next(each for each in here if each.id == post.recaptions)
            copy.caption = parse(post.text)[0] if post.text else ""
            return Sent(copy.id)
        if one.kind is DeliveryKind.EDIT and not isinstance(one.content, ShownArticle):
            old = next(each for each in here if each.id == one.target_message_id)
            old.post, old.edits = post, old.edits + 1
            return Sent(old.id)
        count = len(set(post.copy_of[1]) - self.uncopyable) if post.copy_of else 1
        if not count:
            return Dead("message to copy not found")
        numbers = tuple(range(self._messages + 1, self._messages + 1 + count))
        self._messages += count
        here += [Message(number, one, post, at=self.clock()) for number in numbers]
        return Sent(numbers[0], message_ids=numbers if count > 1 else ())

    def _remove(self, here: list[Message], post: Post) -> Outcome | None:
        """None: Telegram keeps it, and the post has words to take its place."""
        old = [each for each in here if each.id in post.removes]
        late = any(self.clock() >= each.at + 2 * 86_400 for each in old)
        if late or self.kept & set(post.removes):
            return None if post.text else NotRemovable("message can't be deleted")
        here[:] = [each for each in here if each not in old]
        return Removed()

    def say(self, chat: TelegramId, text: str) -> int:
        """The bot answers somebody at once, outside the table of deliveries."""
        self._messages += 1
        nothing = Delivery(
            DeliveryId(0), DeliveryKind.SEND, Nothing(), ChatId(0), Destination(chat), language=""
        )
        said = Message(self._messages, nothing, Post(Html(text)), at=self.clock())
        self.shown.setdefault(chat, []).append(said)
        return self._messages

    async def on_the_wire(self) -> tuple[Delivery, Post]:
        """What is due next leaves, and does not arrive yet."""
        async with self.db.transaction() as tx:
            (one,) = await outbox.claim(tx, 1, now=self.clock(), lease=60)
            post = await self.discussion.renderers()[one.content.kind](tx, one)
        assert post is not None
        return one, post

    async def arrive(self, one: Delivery, post: Post) -> None:
        """It is there now."""
        outcome = self._send(one, post)
        async with self.db.transaction() as tx:
            await outcomes.record(tx, [Fate(one, outcome)], now=self.clock())

    def at(self, chat: int) -> list[Message]:
        return self.shown.get(TelegramId(chat), [])

    @property
    def cards(self) -> list[Message]:
        return self.at(DESK)

    @property
    def card(self) -> Message:
        return self.cards[-1]

    def told(self, who: int = 501) -> list[str]:
        return [one.text for one in self.at(who)]

    async def count(self) -> int:
        async with self.db.reading() as cx:
            found = await articles.get(cx, self.article)
        assert found is not None
        return found.comments


async def make_kit(
    db: Database,
    clock: Clock,
    *,
    grace: int = 20,
    trusted: int = 0,
    quiet: Hours | None = None,
    look: GroupLookup | None = None,
    moderators: TelegramId | None = DESK,
    **more: Any,
) -> DiscussionKit:
    languages = Languages.load("en", JAKARTA)
    discussion = Discussion(
        db,
        clock=clock,
        grace=grace,
        moderators=moderators,
        languages=languages,
        trusted_after=trusted,
        quiet=quiet,
        find_group=look,
        **more,
    )
    await discussion.prepare()
    story = Story("k", "Negosiasi <senjata> & damai", "https://paper.example/a?b=1&c=2")
    async with db.transaction() as tx:
        article = await articles.add(tx, story, feed_id=None, origin="import", now=clock())
    return DiscussionKit(db, clock, discussion, article)


@pytest.fixture
async def kit(db: Database, clock: Clock) -> DiscussionKit:
    return await make_kit(db, clock)

"""Threads in a discussion group follow the records, whatever comes first and whoever dies."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Decision, Part, Signature
from bot.core.errors import Unanswered
from bot.core.html import Html
from bot.core.model import Chat, ChatKind, Post, TelegramId
from bot.core.posts.content import ThreadMessage
from bot.core.posts.delivery import Delivery
from bot.core.posts.outcome import Dead, Sent
from bot.core.posts.outcome import Judged as Fate
from bot.discussion.threads import Group
from storage import Database, chats, deliveries, outbox, outcomes
from tests.conftest import Clock
from tests.discussion.conftest import ANNA, DESK, DiscussionKit, Message, make_kit

CHANNEL, GROUP = TelegramId(-1001), TelegramId(-1002)
COPY = 55
"""The post's number in the group."""


@dataclass
class Telegram:
    """What Telegram answers when it is asked for the group of a channel."""

    group: TelegramId | None = GROUP
    usable: bool = True
    away: bool = False

    async def look(self, chat: TelegramId) -> Group | None:
        if self.away:
            raise Unanswered("away")
        if self.group is None:
            return None
        return Group(self.group, CHANNEL, "Talk", usable=self.usable)


@dataclass
class Square:
    """The newsroom, its channel and the channel's group."""

    kit: DiscussionKit
    telegram: Telegram
    channel: Chat

    @property
    def group(self) -> list[Message]:
        return self.kit.at(GROUP)

    @property
    def said(self) -> list[str]:
        return [one.text for one in self.group]

    async def post(self) -> int:
        """The article goes to the channel; its number there."""
        await self.announce()
        await self.kit.deliver()
        return self.kit.at(CHANNEL)[0].id

    async def announce(self) -> None:
        async with self.kit.db.transaction() as tx:
            await deliveries.announce(tx, self.kit.article, now=self.kit.clock())

    async def hear(self, post: int, copy: int = COPY) -> None:
        """The post's copy arrives in the group."""
        async with self.kit.db.transaction() as tx:
            group = await chats.see(
                tx, GROUP, kind=ChatKind.SUPERGROUP, title="Talk", now=self.kit.clock()
            )
        await self.kit.discussion.threads.hear(group, CHANNEL, post, copy)

    async def approved(self, text: str = "A thought.", **more: object) -> int:
        """A comment that the moderators let through."""
        comment = await self.kit.comment(text, **more)
        await self.kit.pass_(20)
        await self.kit.decide(comment)
        return comment.id

    async def linked(self) -> bool:
        async with self.kit.db.reading() as cx:
            found = await chats.get(cx, CHANNEL)
        assert found is not None
        return found.threaded


async def make_square(db: Database, clock: Clock, telegram: Telegram) -> Square:
    kit = await make_kit(db, clock, look=telegram.look)
    async with db.transaction() as tx:
        channel = await chats.see(tx, CHANNEL, kind=ChatKind.CHANNEL, now=clock())
        await chats.subscribe(tx, channel.id, now=clock())
    await kit.pass_(0)
    return Square(kit, telegram, channel)


@pytest.fixture
async def square(db: Database, clock: Clock) -> Square:
    return await make_square(db, clock, Telegram())


async def test_an_approved_comment_answers_the_posts_copy_once(square: Square) -> None:
    await square.hear(await square.post())
    await square.approved("<b>Words</b> & more", media="photo")
    assert square.said == []
    await square.kit.pass_(0)
    await square.kit.pass_(60)
    (reply,) = square.group
    assert reply.text == "Ivan P. 📎\n<b>Words</b> & more"
    assert (reply.post.reply_to, reply.post.strict, reply.post.keyboard) == (COPY, True, ())
    assert reply.edits == 0


async def test_a_reader_is_named_as_he_chose(square: Square) -> None:
    await square.hear(await square.post())
    comment = await square.kit.comment("A thought.")
    await square.kit.discussion.submissions.sign(TelegramId(501), comment.id, Signature.ANONYMOUS)
    await square.kit.pass_(20)
    await square.kit.decide(comment)
    await square.kit.pass_(0)
    assert square.said == ["Anonymous\nA thought."]


async def test_what_is_public_before_the_copy_arrives_follows_in_its_order(square: Square) -> None:
    post = await square.post()
    for number, who in enumerate((601, 602, 603)):
        await square.approved(f"Number {number}.", who=who)
    await square.kit.pass_(60)
    assert square.said == []
    await square.hear(post)
    await square.kit.pass_(0)
    assert [text[-2] for text in square.said] == ["0", "1", "2"]


async def claim(square: Square) -> Delivery:
    async with square.kit.db.transaction() as tx:
        (one,) = await outbox.claim(tx, 10, now=square.kit.clock(), lease=60)
    return one


async def record(square: Square, one: Delivery, message: int) -> None:
    async with square.kit.db.transaction() as tx:
        await outcomes.record(tx, [Fate(one, Sent(message))], now=square.kit.clock())


async def test_the_copy_may_arrive_before_our_sending_is_recorded(square: Square) -> None:
    await square.announce()
    one = await claim(square)
    await square.hear(7)
    await square.kit.discussion.tick()
    await record(square, one, 7)
    await square.approved()
    await square.kit.pass_(0)
    assert [reply.post.reply_to for reply in square.group] == [COPY]


async def test_a_post_that_is_sent_again_after_a_crash_has_its_own_copy(square: Square) -> None:
    await square.announce()
    await claim(square)
    await square.hear(7)  # it arrived, and we died before we could know
    async with square.kit.db.transaction() as tx:
        await outbox.recover(tx, now=square.kit.clock(), alone=True)
    one = await claim(square)
    await square.hear(8, copy=56)
    await record(square, one, 8)
    await square.approved()
    await square.kit.pass_(0)
    assert [reply.post.reply_to for reply in square.group] == [56]


async def test_undone_withdrawn_and_forgotten_it_disappears(square: Square) -> None:
    await square.hear(await square.post())
    first = await square.approved("First.", who=601)
    second = await square.approved("Second.", who=602)
    await square.approved("Third.", who=603)
    await square.kit.pass_(0)
    assert len(square.group) == 3
    kit = square.kit.discussion
    await square.kit.undo(first, by=ANNA)
    await kit.submissions.withdraw(TelegramId(602), second)
    await kit.public.forget(TelegramId(603), await square.kit.chat(603))
    await square.kit.pass_(0)
    assert square.said == []
    await square.kit.decide(await square.kit.now(first))
    await square.kit.pass_(0)
    assert square.said == ["Ivan P.\nFirst."]


async def test_after_two_days_a_sentence_stands_in_its_place(square: Square) -> None:
    await square.hear(await square.post())
    number = await square.approved()
    await square.kit.pass_(0)
    await square.kit.pass_(2 * 86_400)
    await square.kit.discussion.submissions.withdraw(TelegramId(501), number)
    (reply,) = square.group
    # The sender falls back to these words when Telegram refuses the deletion.
    await square.kit.pass_(0)
    assert square.said == ["(comment withdrawn)"]
    assert reply.edits == 1
    await square.kit.pass_(3600)
    assert reply.edits == 1


async def test_an_approved_edit_edits_the_message(square: Square) -> None:
    await square.hear(await square.post())
    comment = await square.kit.comment("Old words.", message=77)
    await square.kit.pass_(20)
    await square.kit.decide(comment)
    await square.kit.pass_(0)
    await square.kit.discussion.submissions.edit(await square.kit.chat(501), Part(77, "New words."))
    await square.kit.pass_(0)
    assert square.said == ["Ivan P.\nOld words."]
    await square.kit.decide(await square.kit.now(comment), Decision.REJECT)
    await square.kit.pass_(0)
    assert square.said == ["Ivan P.\nOld words."]
    await square.kit.undo(comment.id, by=ANNA)
    await square.kit.decide(await square.kit.now(comment))
    await square.kit.pass_(0)
    assert square.said == ["Ivan P.\nNew words."]


async def test_public_answers_of_the_editors_answer_the_comment(square: Square) -> None:
    await square.hear(await square.post())
    number = await square.approved()
    desk = await square.kit.discussion.moderators_chat()
    assert desk is not None
    talk = square.kit.discussion.replies
    answered = await talk.answer(number, desk, AnswerPart(900, "Thanks <3"), by=ANNA)
    assert answered is not None
    await talk.publish(answered[2].id, by=ANNA)
    await square.kit.pass_(0)
    await square.kit.pass_(0)
    comment, answer = square.group
    assert answer.text == "↳ The editors: Thanks <3"
    assert answer.post.reply_to == comment.id
    await talk.edit(desk, AnswerPart(900, "Thank you."))
    await square.kit.pass_(0)
    assert square.said[1] == "↳ The editors: Thank you."
    assert comment.edits == 0
    await talk.cancel(answered[2].id, by=ANNA)
    await square.kit.pass_(0)
    assert square.said == ["Ivan P.\nA thought."]


async def test_undone_while_it_is_on_the_wire_it_is_taken_down_on_arrival(square: Square) -> None:
    await square.hear(await square.post())
    number = await square.approved()
    await square.kit.discussion.tick()
    async with square.kit.db.transaction() as tx:
        claimed = await outbox.claim(tx, 10, now=square.kit.clock(), lease=60)
    (one,) = [each for each in claimed if isinstance(each.content, ThreadMessage)]
    await square.kit.undo(number, by=ANNA)
    await square.kit.discussion.tick()
    async with square.kit.db.reading() as cx:
        post = await square.kit.discussion.renderers()[one.content.kind](cx, one)
    assert post is None  # but it was rendered before
    square.kit.shown[GROUP] = [Message(70, one, Post(Html("A thought.")), at=square.kit.clock())]
    square.kit.clock.pass_(30)
    await record(square, one, 70)
    await square.kit.pass_(0)
    assert square.said == []


async def test_what_somebody_else_took_away_stays_away(square: Square) -> None:
    await square.hear(await square.post())
    comment = await square.kit.comment("Old words.", message=77)
    await square.kit.pass_(20)
    await square.kit.decide(comment)
    await square.kit.pass_(0)
    await square.kit.discussion.submissions.edit(await square.kit.chat(501), Part(77, "New words."))
    await square.kit.decide(await square.kit.now(comment))
    await square.kit.discussion.tick()
    async with square.kit.db.transaction() as tx:
        claimed = await outbox.claim(tx, 10, now=square.kit.clock(), lease=60)
        (edit,) = [one for one in claimed if one.to.telegram_id == GROUP]
        lost = Dead("message to edit not found", message_lost=True)
        await outcomes.record(tx, [Fate(edit, lost)], now=square.kit.clock())
    square.group.clear()
    await square.kit.pass_(60)
    assert square.said == []


# --- which channel has a group --------------------------------------------------------------------


async def test_a_pair_is_learned_and_unlearned(square: Square) -> None:
    assert await square.linked()
    square.telegram.away = True
    await square.kit.pass_(3600)
    assert await square.linked()
    square.telegram.away, square.telegram.group = False, None
    await square.kit.pass_(60)
    assert not await square.linked()
    square.telegram.group = GROUP
    await square.hear(7)  # Telegram itself says so
    assert await square.linked()
    square.telegram.usable = False
    await square.kit.discussion.threads.learn(GROUP)
    assert not await square.linked()


async def test_the_moderators_chat_is_never_a_discussion_group(db: Database, clock: Clock) -> None:
    square = await make_square(db, clock, Telegram(group=DESK))
    assert not await square.linked()


async def test_a_group_that_throws_us_out_gets_what_it_missed_when_we_return(
    square: Square,
) -> None:
    await square.hear(await square.post())
    await square.approved("First.", who=601)
    square.kit.blocked.add(GROUP)
    await square.kit.pass_(0)
    assert not await square.linked()
    await square.approved("Second.", who=602)
    await square.kit.pass_(0)
    square.kit.blocked.clear()
    await square.kit.discussion.threads.learn(GROUP)
    await square.kit.pass_(0)
    assert square.said == ["Ivan P.\nFirst.", "Ivan P.\nSecond."]


async def test_what_is_forgotten_while_the_group_is_away_goes_when_it_is_back(
    square: Square,
) -> None:
    await square.hear(await square.post())
    await square.approved("First.", who=601)
    await square.kit.pass_(0)
    square.kit.blocked.add(GROUP)
    await square.kit.discussion.public.forget(TelegramId(601), await square.kit.chat(601))
    await square.kit.pass_(30)
    square.kit.blocked.clear()
    assert square.said == ["Ivan P.\nFirst."]
    await square.kit.discussion.threads.learn(GROUP)
    await square.kit.pass_(0)
    assert square.said == []


async def test_with_the_setting_off_nothing_appears_and_undoing_still_works(
    square: Square, db: Database, clock: Clock
) -> None:
    await square.hear(await square.post())
    number = await square.approved("First.", who=601)
    await square.kit.pass_(0)
    off = await make_kit(db, clock)
    off.shown, off.article = square.kit.shown, square.kit.article
    square.kit = off
    assert not await square.linked()
    await square.hear(99)
    await square.approved("Second.", who=602)
    await off.discussion.submissions.withdraw(TelegramId(601), number)
    await off.pass_(0)
    assert square.said == []

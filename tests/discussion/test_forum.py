"""The moderators' chat as a forum: topics by kind, and all that can happen to them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.core.comments import Actor, Verdict, alias
from bot.core.forum import Standing
from bot.core.model import Delivery, DeliveryKind, Post, SendResult, SendStatus, TelegramId
from bot.core.outcome import Moved, Outcome, judge
from bot.core.outcome import Verdict as Fate
from bot.discussion import Discussion
from bot.discussion.talk import Words
from bot.i18n import Languages
from storage import Database, chats, outbox, verdicts
from tests.conftest import JAKARTA, Clock
from tests.discussion.conftest import ANNA, DESK, Message, Town, make_town
from tests.discussion.test_queue import flood

ELSEWHERE = TelegramId(-1_000_000_000_777)


@dataclass
class Telegram:
    """What the chat is at Telegram."""

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
class Office(Town):
    """A town whose moderators meet in a forum."""

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
        if one.kind is not DeliveryKind.CARD_EDIT:
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


@pytest.fixture
async def office(db: Database, clock: Clock) -> Office:
    return await make_office(db, clock)


async def make_office(db: Database, clock: Clock, chat: TelegramId = DESK) -> Office:
    telegram = Telegram()
    discussion = Discussion(
        db,
        clock=clock,
        grace=0,
        moderators=chat,
        languages=Languages.load("en", JAKARTA),
        look_at=telegram.look,
    )
    made = await make_town(db, clock, grace=0)
    await discussion.prepare()
    office = Office(db, clock, discussion, made.article, telegram=telegram)
    await office.pass_(0)
    return office


async def reported(office: Office) -> Message:
    """A published comment that a reader wants to be looked at again: its new card."""
    comment = await office.comment("Was this right?")
    await office.seconds(2)
    await office.decide(comment)
    await office.seconds(1)
    reader = await office.chat(502)
    assert await office.discussion.public.report(TelegramId(502), "Eve", reader, comment.id)
    await office.seconds(2)
    return office.card


async def test_each_kind_of_message_has_a_topic_that_is_created_once(office: Office) -> None:
    assert office.telegram.topics == {}  # nothing to show: nothing is created
    await flood(office, 3)
    await office.comment("Dear editors", who=77, article=None)
    await reported(office)
    await office.seconds(20)
    names = [*office.telegram.topics.values()]
    assert sorted(names) == sorted(["📥 Queue", "✉️ Letters", "⚑ Reports", "🕘 Log"])
    assert [one.delivery.comment_id for one in office.inside("Queue")] == [1, 2, 3, 5]
    assert [one.delivery.comment_id for one in office.inside("Letters")] == [4]
    assert "reported by 1 reader" in office.inside("Reports")[0].text
    assert office.inside("Log")[0].post.silent
    assert office.general == []


async def test_topics_are_named_in_the_chats_language(db: Database, clock: Clock) -> None:
    office = await make_office(db, clock)
    desk = await office.discussion.moderators_chat()
    assert desk is not None
    async with db.transaction() as tx:
        await chats.set_language(tx, desk.id, "id")
    await office.comment("Halo")
    await office.seconds(2)
    assert [*office.telegram.topics.values()] == ["📥 Antrean"]


async def test_the_log_tells_decisions_of_people_line_by_line_and_is_in_no_hurry(
    office: Office,
) -> None:
    await flood(office, 4)
    await office.seconds(20)
    for number in (1, 2):
        await office.decide(await office.now(number))
    await office.undo(2, by=ANNA)
    reader = await office.discussion.bench.find("1002")
    assert reader is not None
    await office.discussion.bench.ban(reader, by=Actor(TelegramId(72), "<Boris>"))
    await office.discussion.bench.mute(reader, 7, by=ANNA)
    await office.seconds(3)
    (log,) = office.inside("Log")
    lines = log.text.splitlines()
    assert [line.partition(" · ")[2] for line in lines] == [
        "#1 · Anna: approved",
        "#2 · Anna: approved",
        "#2 · Anna: undone",
        f"{alias(reader.id)} · <Boris>: banned",
        "#3 · <Boris>: banned",
        f"{alias(reader.id)} · Anna: muted (7 days)",
    ]
    await office.decide(await office.now(4), Verdict.REJECT)
    await office.seconds(5)
    assert len(office.inside("Log")) == 1
    await office.seconds(15)
    assert office.inside("Log")[1].text.endswith("#4 · Anna: rejected (Off-topic)")


async def test_a_plain_group_has_no_topics_and_no_log(office: Office) -> None:
    office.telegram.standing = Standing(forum=False, manages=False)
    await office.pass_(61)
    comment = await office.comment("Plain")
    await office.seconds(1)
    await office.decide(comment)
    await office.seconds(20)
    assert office.telegram.made == 0
    assert len(office.cards) == 1
    assert office.card.delivery.to.thread == 0


async def test_without_the_right_everything_goes_to_general_until_the_right_comes(
    office: Office,
) -> None:
    office.telegram.standing = Standing(forum=True, manages=False)
    await office.pass_(61)
    await office.comment("One")
    await office.seconds(2)
    assert [one.delivery.comment_id for one in office.general] == [1]
    office.telegram.standing = Standing(forum=True, manages=True)
    desk = await office.discussion.moderators_chat()
    assert desk is not None
    await office.discussion.forum.changed(desk)
    await office.seconds(1)
    await office.comment("Two")
    await office.seconds(2)
    assert [one.delivery.comment_id for one in office.inside("Queue")] == [2]


async def test_a_right_lost_unnoticed_costs_no_card_and_is_not_tried_again_and_again(
    office: Office,
) -> None:
    office.telegram.standing = Standing(forum=True, manages=True)
    await office.pass_(1)
    office.telegram.standing = None  # nobody can be asked, either
    for n in range(3):
        await office.comment(f"Number {n}", who=600 + n)
        await office.seconds(3)
    assert [one.delivery.comment_id for one in office.general] == [1, 2, 3]
    async with office.db.reading() as cx:
        asked = await cx.value("SELECT count(*) FROM delivery WHERE payload LIKE '{\"topic\"%'")
    assert asked == 1


async def test_topic_deleted_the_next_card_arrives_in_a_new_one_and_lost_ones_return(
    office: Office,
) -> None:
    await flood(office, 2)
    await office.seconds(2)
    old = office.thread("Queue")
    del office.telegram.topics[old]
    await office.comment("After it was deleted", who=88)
    await office.seconds(6)
    assert office.telegram.made == 2
    assert office.thread("Queue") != old
    assert sorted(one.delivery.comment_id or 0 for one in office.inside("Queue")) == [1, 2, 3]
    assert await office.waiting() == 0
    assert office.general == []


async def test_topic_deleted_without_the_right_the_next_card_arrives_in_general(
    office: Office,
) -> None:
    await office.comment("Before")
    await office.seconds(2)
    office.telegram.topics.clear()
    office.telegram.standing = Standing(forum=True, manages=False)
    await office.comment("After it was deleted", who=88)
    await office.seconds(6)
    assert sorted(one.delivery.comment_id or 0 for one in office.general) == [1, 2]


async def test_topic_closed_is_reopened_once_and_then_the_next_card_arrives_in_general(
    office: Office,
) -> None:
    await office.comment("Before")
    await office.seconds(2)
    queue = office.thread("Queue")
    office.telegram.closed.add(queue)
    await office.comment("Closed by a slip", who=88)
    await office.seconds(6)
    assert [one.delivery.comment_id for one in office.inside("Queue")] == [1, 2]
    office.telegram.closed.add(queue)
    await office.comment("Closed on purpose", who=89)
    await office.seconds(6)
    assert [one.delivery.comment_id for one in office.general] == [3]
    desk = await office.discussion.moderators_chat()
    assert desk is not None
    office.telegram.closed.clear()
    await office.discussion.forum.topic_closed(desk, queue, closed=False)
    await office.comment("Opened again by people", who=90)
    await office.seconds(2)
    assert [one.delivery.comment_id for one in office.inside("Queue")] == [1, 2, 4]
    assert office.telegram.made == 1


async def test_a_service_message_tells_of_a_closed_topic_before_a_card_is_refused(
    office: Office,
) -> None:
    await office.comment("Before")
    await office.seconds(2)
    queue = office.thread("Queue")
    office.telegram.closed.add(queue)
    desk = await office.discussion.moderators_chat()
    assert desk is not None
    await office.discussion.forum.topic_closed(desk, queue, closed=True)
    await office.comment("Next", who=88)
    await office.seconds(2)
    assert queue not in office.telegram.closed
    assert [one.delivery.comment_id for one in office.inside("Queue")] == [1, 2]


async def test_a_dead_topic_ends_no_delivery_and_pauses_no_subscription(office: Office) -> None:
    await office.comment("Before")
    await office.seconds(2)
    queue = office.thread("Queue")
    desk = await office.discussion.moderators_chat()
    assert desk is not None
    async with office.db.transaction() as tx:
        await chats.subscribe(tx, desk.id, thread=queue, now=office.clock())
    office.telegram.topics.clear()
    await office.comment("After", who=88)
    await office.seconds(6)
    async with office.db.reading() as cx:
        subscription = await chats.subscription(cx, desk.id, queue)
        dead = await cx.value("SELECT count(*) FROM delivery WHERE state IN ('dead', 'gone')")
    assert subscription is not None
    assert subscription["active"] == 1
    assert dead == 0


async def test_what_belongs_to_a_card_stays_in_its_topic(office: Office) -> None:
    await office.comment("Look", who=55, media="photo", article=None)
    await office.comment("word " * 799, who=56, article=None)
    await office.seconds(5)
    letters = office.inside("Letters")
    assert len(letters) == 4  # a picture and its card; a card and its second part
    picture, card = (one for one in letters if one.delivery.comment_id == 1)
    assert card.delivery.target_message_id == picture.id
    desk = await office.discussion.moderators_chat()
    assert desk is not None
    where = office.thread("Letters")
    talk = office.discussion.talk
    assert await talk.answer(1, desk, Words(900, "Thank you", "", where), by=ANNA)
    await office.seconds(2)
    await talk.receive(1, await office.chat(55), Words(78, "Again", "voice"))
    await office.seconds(3)
    assert len(office.inside("Letters")) == 7
    assert office.general == []
    answered = office.inside("Letters")[5]
    assert answered.delivery.target_message_id == card.id


async def test_late_parts_of_an_album_come_to_the_topic_of_their_card(office: Office) -> None:
    more = {"who": 55, "media": "photo", "group": "g", "article": None}
    await office.comment("Look", message=50, **more)
    await office.seconds(5)
    await office.comment("", message=51, **more)
    await office.seconds(5)
    assert len([one for one in office.inside("Letters") if one.post.copy_of]) == 2
    assert office.general == []


async def test_what_went_with_its_topic_is_nobodys_work(office: Office) -> None:
    comment = await office.comment("Look", who=55, media="photo")
    await office.seconds(3)
    del office.telegram.topics[office.thread("Queue")]
    await office.comment("After it was deleted", who=88)
    await office.seconds(6)
    await office.discussion.intake.withdraw(TelegramId(55), comment.id)
    await office.seconds(3)
    assert not [one.text for one in office.inside("Queue") if "🖐" in one.text]
    async with office.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM removal WHERE by_hand_at IS NOT NULL") == 0


async def test_two_hundred_comments_wait_for_one_topic_and_then_for_one_message(
    office: Office,
) -> None:
    await flood(office, 200)
    await office.seconds(2)
    assert office.telegram.made == 1
    assert "200 comments wait" in office.inside("Queue")[-1].text
    assert office.general == []


async def test_the_queues_message_comes_again_when_its_topic_is_deleted(office: Office) -> None:
    await flood(office, 60)
    await office.seconds(2)
    office.telegram.topics.clear()
    await office.comment("A letter", who=5, article=None)
    await office.seconds(20)
    assert "comments wait" in office.inside("Queue")[0].text
    assert sum("comments wait" in one.text for one in office.inside("Queue")) == 1


async def test_killed_between_creating_and_storing_a_topic_there_is_one_more_at_most(
    office: Office,
) -> None:
    await flood(office, 5)
    async with office.db.transaction() as tx:
        claimed = await outbox.claim(tx, 10, now=office.clock(), lease=60)
    assert [one.payload for one in claimed] == [{"topic": "queue"}]
    office.telegram.topics[5] = "📥 Queue"  # Telegram did it; we died before we knew
    async with office.db.transaction() as tx:
        assert await outbox.recover(tx, now=office.clock(), alone=True) == 1
    await office.seconds(8)
    assert office.telegram.made == 1
    assert len(office.cards) == 5
    assert {one.delivery.to.thread for one in office.cards} == {max(office.telegram.topics)}


async def test_a_topic_that_cannot_be_had_for_half_a_minute_keeps_no_card(office: Office) -> None:
    await office.comment("Urgent")
    async with office.db.transaction() as tx:
        await tx.run("UPDATE delivery SET due_at = due_at + 300 WHERE payload LIKE '{\"topic\"%'")
    await office.seconds(25)
    assert office.cards == []
    await office.seconds(10)
    assert [one.delivery.comment_id for one in office.general] == [1]


async def test_group_becomes_a_supergroup_in_mid_queue_and_order_is_kept(town: Town) -> None:
    await flood(town, 6)
    town.clock.pass_(20)
    await town.discussion.tick()
    async with town.db.transaction() as tx:
        claimed = await outbox.claim(tx, 3, now=town.clock(), lease=60)
    renderers = town.discussion.renderers()
    for one in claimed:  # three of them are there, the rest is on its way
        async with town.db.reading() as cx:
            post = await renderers[one.kind](cx, one)
        fate = Fate(one, town._send(one, post))
        async with town.db.transaction() as tx:
            await verdicts.record(tx, [fate], now=town.clock())
    async with town.db.transaction() as tx:
        flying = await outbox.claim(tx, 1, now=town.clock(), lease=60)
        await chats.migrate(tx, DESK, ELSEWHERE)
    await town.decide(await town.now(2))
    await town.discussion.tick()
    async with town.db.transaction() as tx:  # it had left for the old group, and hears of it late
        await verdicts.record(tx, [Fate(flying[0], Moved(ELSEWHERE))], now=town.clock())
    for _ in range(5):
        await town.pass_(1)
    there = [one.delivery.comment_id for one in town.at(ELSEWHERE)]
    assert there == [1, 3, 4, 5, 6]
    await town.decide(await town.now(1), Verdict.REJECT)
    await town.pass_(1)
    assert "rejected" in town.at(ELSEWHERE)[0].text


async def test_group_becomes_a_forum_later_and_its_next_cards_go_to_topics(office: Office) -> None:
    office.telegram.standing = Standing(forum=False, manages=False)
    await office.pass_(61)
    await office.comment("Before")
    await office.seconds(1)
    office.telegram.standing = Standing(forum=True, manages=True)
    await office.pass_(61)
    await office.comment("After", who=88)
    await office.seconds(2)
    assert [one.delivery.comment_id for one in office.general] == [1]
    assert [one.delivery.comment_id for one in office.inside("Queue")] == [2]
    await office.decide(await office.now(1))
    await office.seconds(1)
    assert "approved" in office.general[0].text  # edits find it where it is


async def test_topics_switched_off_what_waits_goes_to_the_chat(office: Office) -> None:
    await office.comment("Before")
    await office.seconds(2)
    office.telegram.standing = Standing(forum=False, manages=False)
    office.telegram.topics.clear()
    await office.comment("After", who=88)
    await office.seconds(8)
    assert sorted(one.delivery.comment_id or 0 for one in office.general) == [1, 2]


async def test_another_chat_in_the_settings_leaves_the_old_cards_alone(
    db: Database, clock: Clock, office: Office
) -> None:
    await flood(office, 3)
    await office.seconds(3)
    other = await make_office(db, clock, ELSEWHERE)
    other.shown |= office.shown
    await other.seconds(3)
    assert [one.delivery.comment_id for one in other.at(ELSEWHERE)] == [1, 2, 3]
    assert await other.discussion.rebuild() == 3
    await other.seconds(1)
    assert [one.delivery.comment_id for one in other.at(ELSEWHERE)[3:]] == [1, 2, 3]
    await other.decide(await other.now(1))
    await other.discussion.intake.withdraw(TelegramId(1001), 2)
    await other.seconds(20)
    assert "withdrawn" in other.at(ELSEWHERE)[4].text
    assert [one.edits for one in office.cards] == [0, 0, 0]

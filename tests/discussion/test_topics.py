"""The moderators' chat as a forum: topics by kind, and all that can happen to them."""

from __future__ import annotations

import pytest

from bot.core.comments.aliases import alias
from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Decision
from bot.core.comments.topics import PATIENCE, Standing
from bot.core.model import Actor, TelegramId
from bot.core.posts.content import NewTopic
from bot.core.posts.content_kinds import TopicKind
from storage import Database, chats, outbox
from tests.conftest import Clock
from tests.discussion.conftest import ANNA, Message
from tests.discussion.forum import ForumKit, Telegram, make_context
from tests.discussion.test_review_queue import flood


@pytest.fixture
async def context(db: Database, clock: Clock) -> ForumKit:
    return await make_context(db, clock)


async def test_a_card_waits_until_it_is_known_what_the_chat_is(db: Database, clock: Clock) -> None:
    telegram = Telegram(standing=None)
    context = await make_context(db, clock, telegram=telegram)
    await context.comment("Before anybody has looked.")
    await context.seconds(2)
    assert not context.cards
    telegram.standing = Standing(forum=True, manages=True)
    await context.seconds(12)
    assert len(context.inside("Queue")) == 1
    assert not context.general


async def test_a_card_waits_for_a_look_no_longer_than_for_a_topic(
    db: Database, clock: Clock
) -> None:
    context = await make_context(db, clock, telegram=Telegram(standing=None))
    await context.comment("Telegram says nothing.")
    await context.seconds(PATIENCE + 2)
    assert len(context.general) == 1


async def reported(context: ForumKit) -> Message:
    """A published comment that a reader wants to be looked at again: its new card."""
    comment = await context.comment("Was this right?")
    await context.seconds(2)
    await context.decide(comment)
    await context.seconds(1)
    reader = await context.chat(502)
    assert await context.discussion.public.report(TelegramId(502), "Eve", reader, comment.id)
    await context.seconds(2)
    return context.card


async def test_each_kind_of_message_has_a_topic_that_is_created_once(context: ForumKit) -> None:
    assert context.telegram.topics == {}  # nothing to show: nothing is created
    await flood(context, 3)
    await context.comment("Dear editors", who=77, article=None)
    await reported(context)
    await context.seconds(20)
    names = [*context.telegram.topics.values()]
    assert sorted(names) == sorted(["📥 Queue", "✉️ Letters", "⚑ Reports", "🕘 Log"])
    assert [one.delivery.comment_id for one in context.inside("Queue")] == [1, 2, 3, 5]
    assert [one.delivery.comment_id for one in context.inside("Letters")] == [4]
    assert "reported by 1 reader" in context.inside("Reports")[0].text
    assert context.inside("Log")[0].post.silent
    assert context.general == []


async def test_topics_are_named_in_the_chats_language(db: Database, clock: Clock) -> None:
    context = await make_context(db, clock)
    desk = await context.discussion.moderators_chat()
    assert desk is not None
    async with db.transaction() as tx:
        await chats.set_language(tx, desk.id, "id")
    await context.comment("Halo")
    await context.seconds(2)
    assert [*context.telegram.topics.values()] == ["📥 Antrean"]


async def test_the_log_tells_decisions_of_people_line_by_line_and_is_in_no_hurry(
    context: ForumKit,
) -> None:
    await flood(context, 4)
    await context.seconds(20)
    for number in (1, 2):
        await context.decide(await context.now(number))
    await context.undo(2, by=ANNA)
    reader = await context.discussion.overview.find("1002")
    assert reader is not None
    await context.discussion.moderation.ban(reader, by=Actor(TelegramId(72), "<Boris>"))
    await context.discussion.moderation.mute(reader, 7, by=ANNA)
    await context.seconds(3)
    (log,) = context.inside("Log")
    lines = log.text.splitlines()
    assert [line.partition(" · ")[2] for line in lines] == [
        "#1 · Anna: approved it",
        "#2 · Anna: approved it",
        "#2 · Anna: undid the decision",
        f"{alias(reader.id)} · <Boris>: banned the reader",
        "#3 · <Boris>: banned the reader",
        f"{alias(reader.id)} · Anna: muted the reader (7 days)",
    ]
    await context.decide(await context.now(4), Decision.REJECT)
    await context.seconds(5)
    assert len(context.inside("Log")) == 1
    await context.seconds(15)
    assert context.inside("Log")[1].text.endswith("#4 · Anna: rejected it (Off-topic)")


async def test_a_plain_group_has_no_topics_and_no_log(context: ForumKit) -> None:
    context.telegram.standing = Standing(forum=False, manages=False)
    await context.pass_(61)
    comment = await context.comment("Plain")
    await context.seconds(1)
    await context.decide(comment)
    await context.seconds(20)
    assert context.telegram.made == 0
    assert len(context.cards) == 1
    assert context.card.delivery.to.thread == 0


async def test_without_the_right_everything_goes_to_general_until_the_right_comes(
    context: ForumKit,
) -> None:
    context.telegram.standing = Standing(forum=True, manages=False)
    await context.pass_(61)
    await context.comment("One")
    await context.seconds(2)
    assert [one.delivery.comment_id for one in context.general] == [1]
    context.telegram.standing = Standing(forum=True, manages=True)
    desk = await context.discussion.moderators_chat()
    assert desk is not None
    await context.discussion.forum.changed(desk)
    await context.seconds(1)
    await context.comment("Two")
    await context.seconds(2)
    assert [one.delivery.comment_id for one in context.inside("Queue")] == [2]


async def test_a_right_lost_unnoticed_costs_no_card_and_is_not_tried_again_and_again(
    context: ForumKit,
) -> None:
    context.telegram.standing = Standing(forum=True, manages=True)
    await context.pass_(1)
    context.telegram.standing = None  # nobody can be asked, either
    for n in range(3):
        await context.comment(f"Number {n}", who=600 + n)
        await context.seconds(3)
    assert [one.delivery.comment_id for one in context.general] == [1, 2, 3]
    async with context.db.reading() as cx:
        asked = await cx.value("SELECT count(*) FROM delivery WHERE content = 'new_topic'")
    assert asked == 1


async def test_topic_deleted_the_next_card_arrives_in_a_new_one_and_lost_ones_return(
    context: ForumKit,
) -> None:
    await flood(context, 2)
    await context.seconds(2)
    old = context.thread("Queue")
    del context.telegram.topics[old]
    await context.comment("After it was deleted", who=88)
    await context.seconds(6)
    assert context.telegram.made == 2
    assert context.thread("Queue") != old
    assert sorted(one.delivery.comment_id or 0 for one in context.inside("Queue")) == [1, 2, 3]
    assert await context.waiting() == 0
    assert context.general == []


async def test_topic_deleted_without_the_right_the_next_card_arrives_in_general(
    context: ForumKit,
) -> None:
    await context.comment("Before")
    await context.seconds(2)
    context.telegram.topics.clear()
    context.telegram.standing = Standing(forum=True, manages=False)
    await context.comment("After it was deleted", who=88)
    await context.seconds(6)
    assert sorted(one.delivery.comment_id or 0 for one in context.general) == [1, 2]


async def test_topic_closed_is_reopened_once_and_then_the_next_card_arrives_in_general(
    context: ForumKit,
) -> None:
    await context.comment("Before")
    await context.seconds(2)
    queue = context.thread("Queue")
    context.telegram.closed.add(queue)
    await context.comment("Closed by a slip", who=88)
    await context.seconds(6)
    assert [one.delivery.comment_id for one in context.inside("Queue")] == [1, 2]
    context.telegram.closed.add(queue)
    await context.comment("Closed on purpose", who=89)
    await context.seconds(6)
    assert [one.delivery.comment_id for one in context.general] == [3]
    desk = await context.discussion.moderators_chat()
    assert desk is not None
    context.telegram.closed.clear()
    await context.discussion.forum.topic_closed(desk, queue, closed=False)
    await context.comment("Opened again by people", who=90)
    await context.seconds(2)
    assert [one.delivery.comment_id for one in context.inside("Queue")] == [1, 2, 4]
    assert context.telegram.made == 1


async def test_a_service_message_tells_of_a_closed_topic_before_a_card_is_refused(
    context: ForumKit,
) -> None:
    await context.comment("Before")
    await context.seconds(2)
    queue = context.thread("Queue")
    context.telegram.closed.add(queue)
    desk = await context.discussion.moderators_chat()
    assert desk is not None
    await context.discussion.forum.topic_closed(desk, queue, closed=True)
    await context.comment("Next", who=88)
    await context.seconds(2)
    assert queue not in context.telegram.closed
    assert [one.delivery.comment_id for one in context.inside("Queue")] == [1, 2]


async def test_a_dead_topic_ends_no_delivery_and_pauses_no_subscription(context: ForumKit) -> None:
    await context.comment("Before")
    await context.seconds(2)
    queue = context.thread("Queue")
    desk = await context.discussion.moderators_chat()
    assert desk is not None
    async with context.db.transaction() as tx:
        await chats.subscribe(tx, desk.id, thread=queue, now=context.clock())
    context.telegram.topics.clear()
    await context.comment("After", who=88)
    await context.seconds(6)
    async with context.db.reading() as cx:
        subscription = await chats.subscription(cx, desk.id, queue)
        dead = await cx.value("SELECT count(*) FROM delivery WHERE state IN ('dead', 'gone')")
    assert subscription is not None
    assert subscription["active"] == 1
    assert dead == 0


async def test_what_belongs_to_a_card_stays_in_its_topic(context: ForumKit) -> None:
    await context.comment("Look", who=55, media="photo", article=None)
    await context.comment("word " * 799, who=56, article=None)
    await context.seconds(5)
    letters = context.inside("Letters")
    assert len(letters) == 4  # a picture and its card; a card and its second part
    picture, card = (one for one in letters if one.delivery.comment_id == 1)
    assert card.delivery.target_message_id == picture.id
    desk = await context.discussion.moderators_chat()
    assert desk is not None
    where = context.thread("Letters")
    replies = context.discussion.replies
    assert await replies.answer(1, desk, AnswerPart(900, "Thank you"), thread=where, by=ANNA)
    await context.seconds(2)
    await replies.receive(1, await context.chat(55), AnswerPart(78, "Again", media="voice"))
    await context.seconds(3)
    assert len(context.inside("Letters")) == 7
    assert context.general == []
    answered = context.inside("Letters")[5]
    assert answered.delivery.target_message_id == card.id


async def test_late_parts_of_an_album_come_to_the_topic_of_their_card(context: ForumKit) -> None:
    more = {"who": 55, "media": "photo", "group": "g", "article": None}
    await context.comment("Look", message=50, **more)
    await context.seconds(5)
    await context.comment("", message=51, **more)
    await context.seconds(5)
    assert len([one for one in context.inside("Letters") if one.post.copy_of]) == 2
    assert context.general == []


async def test_what_went_with_its_topic_is_nobodys_work(context: ForumKit) -> None:
    comment = await context.comment("Look", who=55, media="photo")
    await context.seconds(3)
    del context.telegram.topics[context.thread("Queue")]
    await context.comment("After it was deleted", who=88)
    await context.seconds(6)
    await context.discussion.submissions.withdraw(TelegramId(55), comment.id)
    await context.seconds(3)
    assert not [one.text for one in context.inside("Queue") if "🖐" in one.text]
    async with context.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM removal WHERE by_hand_at IS NOT NULL") == 0


@pytest.mark.long
async def test_two_hundred_comments_wait_for_one_topic_and_then_for_one_message(
    context: ForumKit,
) -> None:
    await flood(context, 200)
    await context.seconds(2)
    assert context.telegram.made == 1
    assert "200 comments waiting" in context.inside("Queue")[-1].text
    assert context.general == []


async def test_the_queues_message_comes_again_when_its_topic_is_deleted(context: ForumKit) -> None:
    await flood(context, 60)
    await context.seconds(2)
    context.telegram.topics.clear()
    await context.comment("A letter", who=5, article=None)
    await context.seconds(20)
    assert "comments waiting" in context.inside("Queue")[0].text
    assert sum("comments waiting" in one.text for one in context.inside("Queue")) == 1


async def test_killed_between_creating_and_storing_a_topic_there_is_one_more_at_most(
    context: ForumKit,
) -> None:
    await flood(context, 5)
    async with context.db.transaction() as tx:
        claimed = await outbox.claim(tx, 10, now=context.clock(), lease=60)
    assert [one.content for one in claimed] == [NewTopic(TopicKind.QUEUE)]
    context.telegram.topics[5] = "📥 Queue"  # Telegram did it; we died before we knew
    async with context.db.transaction() as tx:
        assert await outbox.recover(tx, now=context.clock(), alone=True) == 1
    await context.seconds(8)
    assert context.telegram.made == 1
    assert len(context.cards) == 5
    assert {one.delivery.to.thread for one in context.cards} == {max(context.telegram.topics)}


async def test_a_topic_that_cannot_be_had_for_half_a_minute_keeps_no_card(
    context: ForumKit,
) -> None:
    await context.comment("Urgent")
    async with context.db.transaction() as tx:
        await tx.run("UPDATE delivery SET due_at = due_at + 300 WHERE content = 'new_topic'")
    await context.seconds(25)
    assert context.cards == []
    await context.seconds(10)
    assert [one.delivery.comment_id for one in context.general] == [1]

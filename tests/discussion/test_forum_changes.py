"""A moderators' group becomes a supergroup, a forum, another chat: cards go on."""

from __future__ import annotations

import pytest

from bot.core.comments.model import Decision
from bot.core.comments.topics import Standing
from bot.core.model import TelegramId
from bot.core.posts.outcome import Judged as Fate
from bot.core.posts.outcome import Moved
from storage import Database, chats, outbox, outcomes
from tests.conftest import Clock
from tests.discussion.conftest import DESK, DiscussionKit
from tests.discussion.forum import ELSEWHERE, ForumKit, make_context
from tests.discussion.test_review_queue import flood


@pytest.fixture
async def context(db: Database, clock: Clock) -> ForumKit:
    return await make_context(db, clock)


async def test_group_becomes_a_supergroup_in_mid_queue_and_order_is_kept(
    kit: DiscussionKit,
) -> None:
    await flood(kit, 6)
    kit.clock.pass_(20)
    await kit.discussion.tick()
    async with kit.db.transaction() as tx:
        claimed = await outbox.claim(tx, 3, now=kit.clock(), lease=60)
    renderers = kit.discussion.renderers()
    for one in claimed:  # three of them are there, the rest is on its way
        async with kit.db.reading() as cx:
            post = await renderers[one.content.kind](cx, one)
        fate = Fate(one, kit._send(one, post))
        async with kit.db.transaction() as tx:
            await outcomes.record(tx, [fate], now=kit.clock())
    async with kit.db.transaction() as tx:
        flying = await outbox.claim(tx, 1, now=kit.clock(), lease=60)
        await chats.migrate(tx, DESK, ELSEWHERE)
    await kit.decide(await kit.now(2))
    await kit.discussion.tick()
    async with kit.db.transaction() as tx:  # it had left for the old group, and hears of it late
        await outcomes.record(tx, [Fate(flying[0], Moved(ELSEWHERE))], now=kit.clock())
    for _ in range(5):
        await kit.pass_(1)
    there = [one.delivery.comment_id for one in kit.at(ELSEWHERE)]
    assert there == [1, 3, 4, 5, 6]
    await kit.decide(await kit.now(1), Decision.REJECT)
    await kit.pass_(1)
    assert "rejected" in kit.at(ELSEWHERE)[0].text


async def test_group_becomes_a_forum_later_and_its_next_cards_go_to_topics(
    context: ForumKit,
) -> None:
    context.telegram.standing = Standing(forum=False, manages=False)
    await context.pass_(61)
    await context.comment("Before")
    await context.seconds(1)
    context.telegram.standing = Standing(forum=True, manages=True)
    await context.pass_(61)
    await context.comment("After", who=88)
    await context.seconds(2)
    assert [one.delivery.comment_id for one in context.general] == [1]
    assert [one.delivery.comment_id for one in context.inside("Queue")] == [2]
    await context.decide(await context.now(1))
    await context.seconds(1)
    assert "approved" in context.general[0].text  # edits find it where it is


async def test_topics_switched_off_what_waits_goes_to_the_chat(context: ForumKit) -> None:
    await context.comment("Before")
    await context.seconds(2)
    context.telegram.standing = Standing(forum=False, manages=False)
    context.telegram.topics.clear()
    await context.comment("After", who=88)
    await context.seconds(8)
    assert sorted(one.delivery.comment_id or 0 for one in context.general) == [1, 2]


async def test_another_chat_in_the_settings_leaves_the_old_cards_alone(
    db: Database, clock: Clock, context: ForumKit
) -> None:
    await flood(context, 3)
    await context.seconds(3)
    other = await make_context(db, clock, ELSEWHERE)
    other.shown |= context.shown
    await other.seconds(3)
    assert [one.delivery.comment_id for one in other.at(ELSEWHERE)] == [1, 2, 3]
    assert await other.discussion.rebuild() == 3
    await other.seconds(1)
    assert [one.delivery.comment_id for one in other.at(ELSEWHERE)[3:]] == [1, 2, 3]
    await other.decide(await other.now(1))
    await other.discussion.submissions.withdraw(TelegramId(1001), 2)
    await other.seconds(20)
    assert "withdrawn" in other.at(ELSEWHERE)[4].text
    assert [one.edits for one in context.cards] == [0, 0, 0]

"""A full queue: one message in place of many cards, reviews that never share a comment,
reminders."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.core.comments.model import Decision, State
from bot.core.hours import Hours
from bot.core.model import ChatKind, Destination, TelegramId
from bot.core.posts.content import QueueSummary
from bot.discussion import Discussion
from bot.discussion.card_messages import ROOM
from bot.i18n import Languages
from storage import Database, chats, outbox
from tests.conftest import JAKARTA, Clock
from tests.discussion.conftest import ANNA, BORIS, DESK, DiscussionKit, make_kit


async def flood(kit: DiscussionKit, count: int) -> None:
    for n in range(count):
        await kit.comment(f"Comment number {n} of this evening", who=1000 + n)


async def writes_waiting(kit: DiscussionKit) -> int:
    async with kit.db.reading() as cx:
        return int(
            await cx.value(
                "SELECT count(*) FROM delivery JOIN chat ON chat.id = chat_id"
                " WHERE chat.telegram_id = :desk AND state = 'due'",
                desk=DESK,
            )
        )


@pytest.mark.long
async def test_two_hundred_comments_in_a_minute_are_a_dozen_writes_and_nothing_is_lost(
    db: Database, clock: Clock
) -> None:
    kit = await make_kit(db, clock, grace=0)
    await flood(kit, 200)
    await kit.discussion.tick()
    assert await writes_waiting(kit) <= ROOM + 1
    await kit.deliver()
    assert len(kit.cards) == ROOM + 1
    assert "📥 200 comments waiting" in kit.card.text
    assert "▶ Review" in kit.card.buttons
    seen = await kit.discussion.queue.next(ANNA.id)
    while seen is not None:
        await kit.decide(seen.comment, by=ANNA)
        seen = await kit.discussion.queue.next(ANNA.id)
    assert await kit.count() == 200
    await kit.pass_(20)
    queue = next(one for one in kit.cards if isinstance(one.delivery.content, QueueSummary))
    assert "All caught up" in queue.text
    assert queue.buttons == {}


async def test_when_there_is_room_again_the_rest_gets_its_cards(db: Database, clock: Clock) -> None:
    kit = await make_kit(db, clock, grace=0)
    await flood(kit, ROOM + 3)
    await kit.discussion.tick()
    await kit.deliver()
    await kit.pass_(1)
    cards = [one for one in kit.cards if one.text.startswith("💬")]
    assert len(cards) == ROOM + 3
    assert [one.delivery.comment_id for one in cards] == list(range(1, ROOM + 4))


async def test_three_desks_never_hold_the_same_comment(kit: DiscussionKit) -> None:
    await flood(kit, 9)
    await kit.pass_(20)
    queue = kit.discussion.queue
    first = await asyncio.gather(*(queue.next(number) for number in (1, 2, 3)))
    numbers = [one.comment.id for one in first if one]
    assert sorted(numbers) == [1, 2, 3]
    assert await queue.holds(1, numbers[0])
    assert not await queue.holds(2, numbers[0])
    again = await queue.next(1)
    assert again is not None
    assert again.comment.id == numbers[0]
    later = await queue.next(1, after=numbers[0])
    assert later is not None
    assert later.comment.id == 4
    kit.clock.pass_(301)
    assert not await queue.holds(2, numbers[1])
    other = await queue.next(4)
    assert other is not None
    assert other.comment.id == 1


async def test_skipping_the_last_one_begins_anew_and_an_empty_queue_ends(
    kit: DiscussionKit,
) -> None:
    await flood(kit, 2)
    await kit.pass_(20)
    queue = kit.discussion.queue
    order = []
    after = None
    for _ in range(3):
        seen = await queue.next(1, after=after)
        assert seen is not None
        after = seen.comment.id
        order.append(after)
    assert order == [1, 2, 1]
    for number in (1, 2):
        await kit.decide(await kit.now(number), Decision.REJECT)
    assert await queue.next(1) is None


async def test_one_line_reminds_at_thirty_minutes_and_at_two_hours(kit: DiscussionKit) -> None:
    await flood(kit, 3)
    await kit.pass_(20)
    for _ in range(26):
        await kit.pass_(300)
    reminders = [one.text for one in kit.cards if "⏰" in one.text]
    assert len(reminders) == 2
    assert "⏰ 📥 3 comments waiting" in reminders[0]


async def test_what_falls_into_the_quiet_hours_is_one_line_in_the_morning(
    db: Database, clock: Clock
) -> None:
    kit = await make_kit(db, clock, quiet=Hours(22 * 60, 6 * 60))
    clock.pass_(9 * 3600 + 1800)  # 21:30
    await flood(kit, 3)
    for _ in range(16):
        await kit.pass_(1800)
    await kit.pass_(1799)
    assert not any("⏰" in one.text for one in kit.cards)
    await kit.pass_(1)  # 06:00
    await kit.pass_(3600)
    reminders = [one.text for one in kit.cards if "⏰" in one.text]
    assert len(reminders) == 1
    assert "3 comments waiting" in reminders[0]


async def test_after_three_days_of_silence_there_is_one_reminder(kit: DiscussionKit) -> None:
    await flood(kit, 3)
    await kit.pass_(20)
    await kit.pass_(3 * 86_400)
    await kit.pass_(60)
    assert len([one for one in kit.cards if "⏰" in one.text]) == 1
    assert (await kit.now(1)).state is State.PENDING


async def test_a_new_chat_in_the_settings_gets_the_queue_anew(
    db: Database, clock: Clock, kit: DiscussionKit
) -> None:
    await flood(kit, 3)
    await kit.pass_(20)
    elsewhere = TelegramId(-2002)
    other = Discussion(
        db,
        clock=clock,
        grace=20,
        moderators=elsewhere,
        languages=Languages.load("en", JAKARTA),
    )
    await other.prepare()
    moved = DiscussionKit(db, clock, other, kit.article)
    await moved.pass_(1)
    assert [one.delivery.comment_id for one in moved.at(elsewhere)] == [1, 2, 3]


@dataclass
class Pins:
    """What is pinned where."""

    now: set[int] = field(default_factory=set)

    async def __call__(self, to: Destination, message_id: int, on: bool) -> None:
        assert to.telegram_id == DESK
        (self.now.add if on else self.now.discard)(message_id)


async def test_the_message_of_the_queue_is_pinned_while_it_counts(
    db: Database, clock: Clock
) -> None:
    pins = Pins()
    discussion = Discussion(
        db,
        clock=clock,
        grace=0,
        moderators=DESK,
        languages=Languages.load("en", JAKARTA),
        pin=pins,
    )
    await discussion.prepare()
    made = await make_kit(db, clock, grace=0)
    kit = DiscussionKit(db, clock, discussion, made.article)
    await flood(kit, ROOM + 20)
    await kit.pass_(0)
    assert pins.now == {kit.card.id}
    for n in range(1, ROOM + 21):
        await kit.decide(await kit.now(n), by=BORIS)
    await kit.pass_(16)
    await kit.pass_(16)
    assert pins.now == set()


async def test_nothing_is_sent_to_a_chat_that_threw_the_bot_out_until_it_is_back(
    kit: DiscussionKit,
) -> None:
    await flood(kit, 2)
    kit.blocked.add(DESK)
    await kit.pass_(20)
    for _ in range(5):
        await kit.pass_(30)
    async with kit.db.reading() as cx:
        tried = await cx.value("SELECT count(*) FROM delivery WHERE kind = 'send'")
    assert tried == 2
    kit.blocked.clear()
    async with kit.db.transaction() as tx:
        await chats.see(tx, DESK, kind=ChatKind.SUPERGROUP, now=kit.clock())
    await kit.pass_(1)
    assert len(kit.cards) == 2


@pytest.mark.parametrize("state", ["due", "claimed"])
async def test_the_claim_of_deliveries_is_not_in_the_way(kit: DiscussionKit, state: str) -> None:
    await flood(kit, 1)
    kit.clock.pass_(20)
    await kit.discussion.tick()
    if state == "claimed":
        async with kit.db.transaction() as tx:
            await outbox.claim(tx, 10, now=kit.clock(), lease=60)
    assert (await kit.decide(await kit.now(1))).conflict is None
    async with kit.db.reading() as cx:
        edits = await cx.value("SELECT count(*) FROM delivery WHERE kind = 'edit'")
    assert edits == (1 if state == "claimed" else 0)

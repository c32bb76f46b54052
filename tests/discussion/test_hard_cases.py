"""Cases in which other systems lose a comment or publish a wrong one; the numbers are those of the
list in `tests/handlers/test_acceptance.py`."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Conflict, State
from bot.core.model import TelegramId
from bot.discussion import Accepted, Discussion, Refused
from bot.discussion.card_messages import ROOM
from bot.i18n import Languages
from storage import Database, chats
from tests.conftest import JAKARTA, Clock
from tests.discussion.conftest import ANNA, DESK, DiscussionKit, make_kit

WRITER = TelegramId(501)


async def test_04_an_album_of_ten_from_a_new_reader_is_one_comment_and_one_unit_of_flood(
    kit: DiscussionKit,
) -> None:
    parts = [await kit.comment("", media="photo", group="g", message=50 + n) for n in range(10)]
    assert {one.id for one in parts} == {parts[0].id}
    await kit.pass_(20)
    await kit.pass_(2)
    assert len([one for one in kit.cards if one.text.startswith("💬")]) == 1
    for number in range(2, 6):
        assert isinstance(await kit.write(f"{number} of five."), Accepted)
        kit.clock.pass_(30)
    assert isinstance(await kit.write("One too many."), Refused)


@pytest.mark.parametrize("grace", [0, 20])
async def test_a_caption_that_a_client_cuts_is_one_comment(
    db: Database, clock: Clock, grace: int
) -> None:
    kit = await make_kit(db, clock, grace=grace)
    whole = "Mengapa harga beras naik? " * 60
    first = await kit.comment(whole[:1010], media="photo")
    rest = await kit.write(whole[1010:], named=False, article=None)
    assert isinstance(rest, Accepted)
    assert (rest.comment.id, rest.fresh) == (first.id, False)
    assert rest.comment.text.replace("\n\n", "") == whole
    later = await kit.write("Another thought.", named=False, article=None)
    assert isinstance(later, Accepted)
    assert later.comment.id != first.id


async def test_a_card_does_not_promise_pictures_that_could_not_be_copied(
    kit: DiscussionKit,
) -> None:
    kit.uncopyable = {51, 52, 61}
    for n in range(3):
        await kit.comment("Three.", media="photo", group="g", message=50 + n)
    await kit.comment("One.", media="photo", message=61, who=502)
    await kit.pass_(30)
    await kit.pass_(10)
    three, one = (one.text for one in kit.cards if one.text.startswith("💬"))
    assert "📎 1 attachment, above\n📎 2 attachments could not be copied here" in three
    assert "📎 1 attachment could not be copied here" in one
    assert "above" not in one


async def test_a_text_too_long_for_one_message_is_refused_once(kit: DiscussionKit) -> None:
    refused = [await kit.write("x" * 4096), await kit.write("x" * 700, named=False, article=None)]
    assert [isinstance(one, Refused) and one.told for one in refused] == [False, True]
    kit.clock.pass_(60)
    assert isinstance(await kit.write("In short: no."), Accepted)


NAMES = ["X (#id42)", "<3", "_*[", "\u202eمرحبا", "😀" * 64, "<b>R&D</b>", "\u200b"]


async def test_05_no_name_breaks_a_card_or_sends_an_answer_to_somebody_else(
    kit: DiscussionKit,
) -> None:
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    for n, name in enumerate(NAMES):
        text = f"{name} {n}: (#id{601 - n}) <&> _*["
        comment = await kit.comment(text, who=600 + n, name=name)
        await kit.pass_(20)
        assert text in kit.card.text
        answer = AnswerPart(9000 + n, f"Answer {n} to (#id42) & <b>")
        assert await kit.discussion.replies.answer(comment.id, desk, answer, by=ANNA)
    await kit.pass_(30)
    for n in range(len(NAMES)):
        assert [f"Answer {n} to (#id42) & <b>" in text for text in kit.told(600 + n)] == [True]


@pytest.mark.parametrize("count", [ROOM - 4, ROOM + 8])
async def test_06_a_group_that_becomes_a_supergroup_in_mid_queue_keeps_order_and_loses_nothing(
    db: Database, clock: Clock, count: int
) -> None:
    kit = await make_kit(db, clock, grace=0)
    for n in range(count):
        await kit.comment(f"Comment {n}.", who=600 + n)
    await kit.discussion.tick()
    await kit.deliver()
    async with db.transaction() as tx:
        await chats.migrate(tx, DESK, TelegramId(-100900))
    for _ in range(6):
        await kit.pass_(31)
    moved = kit.at(-100900)
    if count <= ROOM:
        assert [one.delivery.comment_id for one in moved] == list(range(1, count + 1))
    else:  # more than fit: one message stands for all of them, here too
        assert [one.text.split(",")[0] for one in moved] == [f"📥 {count} comments waiting"]
    for number in range(1, count + 1):
        seen = await kit.discussion.queue.next(ANNA.id)
        assert seen is not None
        assert seen.comment.id == number
        assert (await kit.decide(seen.comment)).conflict is None
    assert await kit.count() == count


@pytest.mark.parametrize("first", ["withdraw", "approve", "both"])
async def test_13_withdrawn_while_it_is_being_approved_it_is_not_public(
    kit: DiscussionKit, first: str
) -> None:
    comment = await kit.comment("Regret.")
    await kit.pass_(20)
    seen = await kit.now(comment)
    withdraw = kit.discussion.submissions.withdraw(WRITER, comment.id)
    approve = kit.decide(comment, seen=seen)
    if first == "both":
        _, outcome = await asyncio.gather(withdraw, approve)
    elif first == "withdraw":
        await withdraw
        outcome = await approve
        assert outcome.conflict is Conflict.WITHDRAWN
    else:
        outcome = await approve
        assert outcome.conflict is None
        await withdraw
    assert outcome.conflict in {None, Conflict.WITHDRAWN}
    await kit.pass_(60)
    assert (await kit.now(comment)).state is State.WITHDRAWN
    assert await kit.count() == 0
    assert "withdrawn by the reader" in kit.card.text
    assert not any("is published" in text for text in kit.told())


def restarted(db: Database, clock: Clock) -> Discussion:
    """The program starts again on the same database."""
    languages = Languages.load("en", JAKARTA)
    return Discussion(db, clock=clock, grace=20, moderators=DESK, languages=languages)


@pytest.mark.parametrize("jump", [3 * 86_400, 30 * 86_400])
async def test_15_after_days_of_silence_and_a_restart_nothing_has_expired_and_one_line_reminds(
    db: Database, clock: Clock, kit: DiscussionKit, jump: int
) -> None:
    waiting = [await kit.comment(f"Comment {n}.", who=600 + n) for n in range(3)]
    await kit.pass_(20)
    held = await kit.comment("In its grace time.", who=700)
    clock.pass_(jump)
    kit.discussion = restarted(db, clock)
    await kit.discussion.prepare()
    for _ in range(4):
        await kit.pass_(30)
    assert len([one for one in kit.cards if "⏰" in one.text]) == 1
    states = {(await kit.now(one)).state for one in [*waiting, held]}
    assert states == {State.PENDING}
    assert len([one for one in kit.cards if one.text.startswith("💬")]) == 4


async def test_15_a_clock_that_was_ahead_for_a_while_silences_no_reminder(
    clock: Clock, kit: DiscussionKit
) -> None:
    await kit.comment("Waiting.")
    await kit.pass_(20)
    clock.pass_(86_400)
    await kit.pass_(1)
    clock.pass_(-86_400)
    await kit.pass_(1800)
    assert len([one for one in kit.cards if "⏰" in one.text]) == 2
    assert (await kit.now(1)).state is State.PENDING


async def test_a_ban_is_stated_once_and_anew_after_another_ban(kit: DiscussionKit) -> None:
    comment = await kit.comment("Bad.")
    moderation, submissions = kit.discussion.moderation, kit.discussion.submissions
    found = await kit.discussion.overview.about_reader(comment.id)
    assert found is not None
    assert await submissions.barred(WRITER, kit.article) is None
    for _ in range(2):
        kit.clock.pass_(60)
        await moderation.ban(found[0], by=ANNA)
        barred = await submissions.barred(WRITER, kit.article)
        assert barred is not None
        assert barred.rule == "banned"
        told = [await kit.write("Again.") for _ in range(3)]
        assert all(isinstance(one, Refused) for one in told)
        assert [one.told for one in told if isinstance(one, Refused)] == [False, True, True]
        kit.clock.pass_(60)
        banned = await kit.discussion.overview.about_reader(comment.id)
        assert banned is not None
        await moderation.unban(banned[0], by=ANNA)

"""From a reader's message to a decision and back, over a real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.comments import Conflict, Part, Reason, Sign, State, Verdict
from bot.core.model import TelegramId
from bot.discussion import Refused
from storage import Database, chats
from tests.conftest import Clock
from tests.discussion.conftest import ANNA, BORIS, DESK, Town, make_town


async def test_nobody_sees_a_comment_before_the_grace_time_is_over(town: Town) -> None:
    comment = await town.comment("A thought.")
    await town.pass_(19)
    assert town.cards == []
    await town.pass_(1)
    assert [one.text.splitlines()[0][:4] for one in town.cards] == [f"💬 #{comment.id}"]
    assert "A thought." in town.card.text
    assert "Ivan P." in town.card.text
    assert "0 approved / 0 rejected" in town.card.text


async def test_without_a_grace_time_the_card_is_stored_with_the_comment(
    db: Database, clock: Clock
) -> None:
    town = await make_town(db, clock, grace=0)
    comment = await town.comment("At once.")
    assert comment.state is State.PENDING
    await town.deliver()
    assert "At once." in town.card.text


async def test_the_same_message_twice_is_one_comment(town: Town) -> None:
    first = await town.comment("Once.", message=5)
    again = await town.comment("Once.", message=5)
    assert first.id == again.id
    await town.pass_(20)
    assert len(town.cards) == 1


async def test_approval_publishes_counts_and_tells_the_reader(town: Town) -> None:
    comment = await town.comment("Well said.")
    await town.pass_(20)
    outcome = await town.decide(comment)
    assert outcome.conflict is None
    assert await town.count() == 1
    await town.pass_(0)
    assert town.told() == []
    assert town.card.text.startswith(f"✅ #{comment.id} approved by Anna")
    await town.pass_(20)
    assert len(town.told()) == 1
    assert f"Your comment #{comment.id} is published" in town.told()[0]


async def test_rejection_names_its_reason_and_silence_says_nothing(town: Town) -> None:
    first = await town.comment("Off the point.")
    await town.pass_(20)
    await town.decide(first, Verdict.REJECT)
    await town.pass_(20)
    assert "something other than the article" in town.told()[0]
    second = await town.comment("Again.")
    await town.pass_(20)
    await town.decide(second, Verdict.REJECT, reason=Reason.SILENTLY)
    await town.pass_(60)
    assert len(town.told()) == 1
    assert await town.count() == 0


async def test_two_moderators_at_once_make_one_decision(town: Town) -> None:
    comment = await town.comment("Contested.")
    await town.pass_(20)
    seen = await town.now(comment)
    outcomes = await asyncio.gather(
        town.decide(comment, by=ANNA, seen=seen),
        town.decide(comment, Verdict.REJECT, by=BORIS, seen=seen),
        *(town.decide(comment, by=ANNA, seen=seen) for _ in range(5)),
    )
    done = [one for one in outcomes if one.conflict is None]
    assert len(done) == 1
    after = await town.now(comment)
    loser = next(one for one in outcomes if one.conflict is Conflict.DECIDED)
    assert loser.comment is not None
    assert loser.comment.decided_by == after.decided_by
    log = await town.discussion.bench.log(comment.id)
    assert [row["action"] for row in log] == [after.verdict]
    await town.pass_(20)
    assert len(town.told()) <= 1


async def test_a_decision_about_a_changed_text_is_refused_and_the_card_shows_the_new_one(
    town: Town,
) -> None:
    comment = await town.comment("First words.", message=5)
    await town.pass_(20)
    seen = await town.now(comment)
    chat = await town.chat(501)
    await town.discussion.intake.edit(chat, Part(5, "Other words."))
    outcome = await town.decide(comment, seen=seen)
    assert outcome.conflict is Conflict.CHANGED
    await town.deliver()
    assert len(town.cards) == 1
    assert "Other words." in town.card.text
    assert (await town.decide(comment)).conflict is None


async def test_undo_within_the_grace_time_means_that_the_reader_never_hears(town: Town) -> None:
    comment = await town.comment("Hasty.")
    await town.pass_(20)
    await town.decide(comment, Verdict.REJECT)
    await town.pass_(5)
    undone = await town.undo(comment.id, by=BORIS)
    assert undone.conflict is None
    await town.pass_(60)
    assert town.told() == []
    assert "Hasty." in town.card.text
    assert len(town.cards) == 1
    await town.decide(comment)
    await town.pass_(30)
    assert len(town.told()) == 1
    assert "is published" in town.told()[0]


async def test_undo_after_the_notice_sends_a_correction(town: Town) -> None:
    comment = await town.comment("Hasty.")
    await town.pass_(20)
    await town.decide(comment)
    await town.pass_(30)
    assert await town.count() == 1
    await town.undo(comment.id, by=ANNA)
    assert await town.count() == 0
    await town.pass_(5)
    assert len(town.told()) == 2
    assert "looking at it again" in town.told()[1]


async def test_undo_is_over_after_ten_minutes(town: Town) -> None:
    comment = await town.comment("Old.")
    await town.pass_(20)
    await town.decide(comment)
    town.clock.pass_(601)
    late = await town.undo(comment.id, by=ANNA)
    assert late.conflict is Conflict.LATE
    await town.deliver()
    assert "↩ Undo" not in town.card.buttons


async def test_an_edit_after_approval_is_reviewed_while_the_old_text_stays(town: Town) -> None:
    comment = await town.comment("Good words.", message=5)
    await town.pass_(20)
    await town.decide(comment)
    await town.pass_(30)
    await town.discussion.intake.edit(await town.chat(501), Part(5, "Buy pills!"))
    await town.deliver()
    assert "Buy pills!" in town.card.text
    page = await town.discussion.public.read_page(town.article, 1, "new")
    assert page is not None
    assert [one.text for one in page.found] == ["Good words."]
    await town.decide(comment, Verdict.REJECT, reason=Reason.ADVERT)
    page = await town.discussion.public.read_page(town.article, 1, "new")
    assert page is not None
    assert [one.text for one in page.found] == ["Good words."]
    await town.pass_(30)
    assert "the earlier text stays" in town.told()[-1]


async def test_messages_within_the_grace_time_are_one_comment(town: Town) -> None:
    first = await town.comment("One.")
    second = await town.comment("Two.")
    assert first.id == second.id
    await town.pass_(20)
    assert len(town.cards) == 1
    assert "One.\n\nTwo." in town.card.text


async def test_what_changed_before_anybody_saw_it_is_not_called_edited(town: Town) -> None:
    comment = await town.comment("First.")
    await town.comment("Second.")
    await town.pass_(20)
    assert "Edited" not in town.card.text
    part = replace((await town.now(comment)).parts[0], text="Changed.")
    await town.discussion.intake.edit(await town.chat(501), part)
    await town.pass_(0)
    assert "Edited by its reader" in town.card.text


async def test_an_album_is_one_comment_also_without_a_grace_time(
    db: Database, clock: Clock
) -> None:
    town = await make_town(db, clock, grace=0)
    ids = {
        (await town.comment("Look" if n == 0 else "", media="photo", group="g", message=50 + n)).id
        for n in range(10)
    }
    assert len(ids) == 1
    await town.pass_(1)
    assert town.cards == []
    await town.pass_(1)
    await town.pass_(1)
    *copies, card = town.cards
    assert len(copies) == 10
    copy = copies[0]
    assert copy.post.copy_of == (501, tuple(range(50, 60)))
    assert "10 attachments" in card.text
    assert card.delivery.target_id == copy.delivery.id


async def test_a_part_of_an_album_that_comes_late_is_shown_too(town: Town) -> None:
    await town.comment("Look", media="photo", group="g", message=50)
    await town.pass_(20)
    await town.pass_(2)
    late = await town.comment("", media="photo", group="g", message=51)
    await town.pass_(2)
    assert len(late.parts) == 2
    assert [one.post.copy_of for one in town.cards if one.post.copy_of] == [
        (501, (50,)),
        (501, (51,)),
    ]
    assert "2 attachments" in next(one.text for one in town.cards if "#1" in one.text)


async def test_a_free_text_waits_until_its_reader_says_what_it_is_about(town: Town) -> None:
    draft = await town.comment("About that.", article=None, named=False)
    assert draft.state is State.DRAFT
    more = await town.comment("And more.", article=None, named=False)
    assert more.id == draft.id
    await town.pass_(60)
    assert town.cards == []
    stranger = await town.discussion.intake.place(TelegramId(999), draft.id, town.article)
    assert stranger is None
    await town.discussion.intake.place(TelegramId(501), draft.id, town.article)
    await town.pass_(20)
    assert "About that.\n\nAnd more." in town.card.text


async def test_a_draft_that_is_never_placed_is_forgotten(town: Town) -> None:
    draft = await town.comment("Never mind.", article=None, named=False)
    await town.pass_(86_401)
    after = await town.now(draft)
    assert (after.state, after.text) == (State.WITHDRAWN, "")


async def test_a_letter_to_the_editors_is_read_and_not_published(town: Town) -> None:
    letter = await town.comment("Dear editors", article=None)
    await town.pass_(20)
    assert "A letter to the editors" in town.card.text
    await town.decide(letter)
    await town.pass_(30)
    assert "have read your letter" in town.told()[0]


async def test_withdrawing_takes_it_from_everywhere(town: Town) -> None:
    comment = await town.comment("Regret.")
    await town.pass_(20)
    await town.decide(comment)
    stranger = await town.discussion.intake.withdraw(TelegramId(999), comment.id)
    assert stranger is Conflict.NOTHING
    await town.discussion.intake.withdraw(TelegramId(501), comment.id)
    assert await town.count() == 0
    await town.pass_(30)
    assert "withdrawn by its reader" in town.card.text
    assert town.told() == []


async def test_withdrawn_within_the_grace_time_no_card_is_ever_sent(town: Town) -> None:
    comment = await town.comment("Regret.")
    await town.discussion.intake.withdraw(TelegramId(501), comment.id)
    await town.pass_(30)
    assert town.cards == []


async def test_floods_are_told_what_to_do(db: Database, clock: Clock) -> None:
    town = await make_town(db, clock, grace=0)
    assert [isinstance(await town.write(f"Thought number {n}."), Refused) for n in range(3)] == [
        False,
        False,
        True,
    ]
    town.clock.pass_(601)
    assert not isinstance(await town.write("Later."), Refused)
    refused = await town.write("x" * 4001, who=502)
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "length"


async def test_a_signature_is_chosen_and_remembered(town: Town) -> None:
    comment = await town.comment("Shy.")
    await town.discussion.intake.sign(TelegramId(501), comment.id, Sign.ANONYMOUS)
    await town.pass_(20)
    assert "signs anonymously" in town.card.text
    await town.decide(comment)
    page = await town.discussion.public.read_page(town.article, 1, "new")
    assert page is not None
    assert page.found[0].sign is Sign.ANONYMOUS
    next_one = await town.comment("Shy again.")
    assert next_one.sign is Sign.ANONYMOUS


async def test_trusted_readers_are_published_at_once_with_a_card_afterwards(
    db: Database, clock: Clock
) -> None:
    town = await make_town(db, clock, grace=0, trusted=3)
    for n in range(3):
        await town.decide(await town.comment(f"Fine words {n}."))
        town.clock.pass_(601)
    assert await town.count() == 3
    comment = await town.comment("Trusted words.")
    assert (comment.state, comment.verdict) == (State.APPROVED, Verdict.AUTO)
    await town.pass_(1)
    assert "published by the rule for trusted readers" in town.card.text
    assert "<blockquote>Trusted words.</blockquote>" in town.card.post.text  # all of it
    held = await town.comment("See https://evil.example/")
    assert held.state is State.PENDING
    undone = await town.undo(comment.id, by=ANNA)
    assert undone.conflict is None
    assert await town.count() == 3


async def test_the_chat_of_the_settings_can_change_and_move(town: Town) -> None:
    comment = await town.comment("Moving.")
    await town.pass_(20)
    async with town.db.transaction() as tx:
        await chats.migrate(tx, DESK, TelegramId(-100900))
    await town.pass_(31)
    moved = town.at(-100900)
    assert len(moved) == 1
    assert "Moving." in moved[0].text
    assert (await town.decide(comment)).conflict is None

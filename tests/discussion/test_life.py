"""From a reader's message to a decision and back, over a real database."""

from __future__ import annotations

import asyncio

from bot.core.comments import published
from bot.core.comments.model import Comment, Conflict, Decision, Part, Reason, Signature, State
from bot.core.model import TelegramId
from bot.discussion import Refused
from bot.discussion.moderation import DecisionResult as Decided
from bot.i18n import Languages
from storage import Database, chats
from tests.conftest import JAKARTA, Clock
from tests.discussion.conftest import ANNA, BORIS, DESK, DiscussionKit, make_kit


async def test_nobody_sees_a_comment_before_the_grace_time_is_over(kit: DiscussionKit) -> None:
    comment = await kit.comment("A thought.")
    await kit.pass_(19)
    assert kit.cards == []
    await kit.pass_(1)
    assert [one.text.splitlines()[0][:4] for one in kit.cards] == [f"💬 #{comment.id}"]
    assert "A thought." in kit.card.text
    assert "Ivan P." in kit.card.text
    assert "0 approved / 0 rejected" in kit.card.text


async def test_without_a_grace_time_the_card_is_stored_with_the_comment(
    db: Database, clock: Clock
) -> None:
    kit = await make_kit(db, clock, grace=0)
    comment = await kit.comment("At once.")
    assert comment.state is State.PENDING
    await kit.deliver()
    assert "At once." in kit.card.text


async def test_the_same_message_twice_is_one_comment(kit: DiscussionKit) -> None:
    first = await kit.comment("Once.", message=5)
    again = await kit.comment("Once.", message=5)
    assert first.id == again.id
    await kit.pass_(20)
    assert len(kit.cards) == 1


async def test_approval_publishes_counts_and_tells_the_reader(kit: DiscussionKit) -> None:
    comment = await kit.comment("Well said.")
    await kit.pass_(20)
    outcome = await kit.decide(comment)
    assert outcome.conflict is None
    assert await kit.count() == 1
    await kit.pass_(0)
    assert kit.told() == []
    assert kit.card.text.startswith(f"✅ #{comment.id} approved by Anna")
    await kit.pass_(20)
    assert len(kit.told()) == 1
    assert f"Your comment #{comment.id} is published" in kit.told()[0]


async def test_rejection_names_its_reason_and_silence_says_nothing(kit: DiscussionKit) -> None:
    first = await kit.comment("Off the point.")
    await kit.pass_(20)
    await kit.decide(first, Decision.REJECT)
    await kit.pass_(20)
    assert "something other than the article" in kit.told()[0]
    second = await kit.comment("Again.")
    await kit.pass_(20)
    await kit.decide(second, Decision.REJECT, reason=Reason.SILENTLY)
    await kit.pass_(60)
    assert len(kit.told()) == 1
    assert await kit.count() == 0


async def test_two_moderators_at_once_make_one_decision(kit: DiscussionKit) -> None:
    comment = await kit.comment("Contested.")
    await kit.pass_(20)
    seen = await kit.now(comment)
    outcomes = await asyncio.gather(
        kit.decide(comment, by=ANNA, seen=seen),
        kit.decide(comment, Decision.REJECT, by=BORIS, seen=seen),
        *(kit.decide(comment, by=ANNA, seen=seen) for _ in range(5)),
    )
    done = [one for one in outcomes if one.conflict is None]
    assert len(done) == 1
    after = await kit.now(comment)
    loser = next(one for one in outcomes if one.conflict is Conflict.DECIDED)
    assert loser.comment is not None
    assert loser.comment.decided_by == after.decided_by
    log = await kit.discussion.overview.log(comment.id)
    assert [row["action"] for row in log] == [after.decision]
    await kit.pass_(20)
    assert len(kit.told()) <= 1


async def test_a_decision_about_a_changed_text_is_refused_and_the_card_shows_the_new_one(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("First words.", message=5)
    await kit.pass_(20)
    seen = await kit.now(comment)
    chat = await kit.chat(501)
    await kit.discussion.submissions.edit(chat, Part(5, "Other words."))
    outcome = await kit.decide(comment, seen=seen)
    assert outcome.conflict is Conflict.CHANGED
    await kit.deliver()
    assert len(kit.cards) == 1
    assert "Other words." in kit.card.text
    assert (await kit.decide(comment)).conflict is None


async def test_undo_within_the_grace_time_means_that_the_reader_never_hears(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("Hasty.")
    await kit.pass_(20)
    await kit.decide(comment, Decision.REJECT)
    await kit.pass_(5)
    undone = await kit.undo(comment.id, by=BORIS)
    assert undone.conflict is None
    await kit.pass_(60)
    assert kit.told() == []
    assert "Hasty." in kit.card.text
    assert len(kit.cards) == 1
    await kit.decide(comment)
    await kit.pass_(30)
    assert len(kit.told()) == 1
    assert "is published" in kit.told()[0]


async def test_undo_after_the_notice_sends_a_correction(kit: DiscussionKit) -> None:
    comment = await kit.comment("Hasty.")
    await kit.pass_(20)
    await kit.decide(comment)
    await kit.pass_(30)
    assert await kit.count() == 1
    await kit.undo(comment.id, by=ANNA)
    assert await kit.count() == 0
    await kit.pass_(5)
    assert len(kit.told()) == 2
    assert "being reviewed again" in kit.told()[1]


async def test_undo_is_over_after_ten_minutes(kit: DiscussionKit) -> None:
    comment = await kit.comment("Old.")
    await kit.pass_(20)
    await kit.decide(comment)
    kit.clock.pass_(601)
    late = await kit.undo(comment.id, by=ANNA)
    assert late.conflict is Conflict.LATE
    await kit.deliver()
    assert "↩ Undo" not in kit.card.buttons


async def test_an_edit_after_approval_is_reviewed_while_the_old_text_stays(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("Good words.", message=5)
    await kit.pass_(20)
    await kit.decide(comment)
    await kit.pass_(30)
    await kit.discussion.submissions.edit(await kit.chat(501), Part(5, "Buy pills!"))
    await kit.deliver()
    assert "Buy pills!" in kit.card.text
    page = await kit.discussion.public.read_page(kit.article, 1, "new")
    assert page is not None
    assert [one.text for one in page.found] == ["Good words."]
    await kit.decide(comment, Decision.REJECT, reason=Reason.ADVERT)
    page = await kit.discussion.public.read_page(kit.article, 1, "new")
    assert page is not None
    assert [one.text for one in page.found] == ["Good words."]
    await kit.pass_(30)
    assert "the earlier text stays" in kit.told()[-1]


async def test_a_free_text_waits_until_its_reader_says_what_it_is_about(kit: DiscussionKit) -> None:
    draft = await kit.comment("About that.", article=None, named=False)
    assert draft.state is State.DRAFT
    more = await kit.comment("And more.", article=None, named=False)
    assert more.id == draft.id
    await kit.pass_(60)
    assert kit.cards == []
    stranger = await kit.discussion.submissions.place(TelegramId(999), draft.id, kit.article)
    assert stranger is None
    await kit.discussion.submissions.place(TelegramId(501), draft.id, kit.article)
    await kit.pass_(20)
    assert "About that.\n\nAnd more." in kit.card.text


async def test_a_draft_that_is_never_placed_is_forgotten(kit: DiscussionKit) -> None:
    draft = await kit.comment("Never mind.", article=None, named=False)
    await kit.pass_(86_401)
    after = await kit.now(draft)
    assert (after.state, after.text) == (State.WITHDRAWN, "")


async def test_a_letter_to_the_editors_is_read_and_not_published(kit: DiscussionKit) -> None:
    letter = await kit.comment("Dear editors", article=None)
    await kit.pass_(20)
    assert "A letter to the editors" in kit.card.text
    await kit.decide(letter)
    await kit.pass_(30)
    assert "have read your letter" in kit.told()[0]


async def test_withdrawing_takes_it_from_everywhere(kit: DiscussionKit) -> None:
    comment = await kit.comment("Regret.")
    await kit.pass_(20)
    await kit.decide(comment)
    stranger = await kit.discussion.submissions.withdraw(TelegramId(999), comment.id)
    assert stranger is Conflict.NOTHING
    await kit.discussion.submissions.withdraw(TelegramId(501), comment.id)
    assert await kit.count() == 0
    await kit.pass_(30)
    assert "withdrawn by the reader" in kit.card.text
    assert kit.told() == []


async def test_withdrawn_within_the_grace_time_no_card_is_ever_sent(kit: DiscussionKit) -> None:
    comment = await kit.comment("Regret.")
    await kit.discussion.submissions.withdraw(TelegramId(501), comment.id)
    await kit.pass_(30)
    assert kit.cards == []


async def test_an_edit_that_changes_nothing_tells_nothing_of_a_decision(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("Quietly refused.", message=77)
    await kit.pass_(20)
    await kit.decide(comment, Decision.REJECT, reason=Reason.SILENTLY)
    chat = await kit.chat(501)
    edit = kit.discussion.submissions.edit
    assert await edit(chat, Part(77, "Quietly refused.")) is Conflict.NOTHING
    assert isinstance(await edit(chat, Part(77, "Now it is polite.")), Comment)


async def test_floods_are_told_what_to_do(db: Database, clock: Clock) -> None:
    kit = await make_kit(db, clock, grace=0)
    refusals = [isinstance(await kit.write(f"Thought number {n}."), Refused) for n in range(6)]
    assert refusals == [False] * 5 + [True]
    kit.clock.pass_(601)
    assert not isinstance(await kit.write("Later."), Refused)
    refused = await kit.write("x" * 4001, who=502)
    assert isinstance(refused, Refused)
    assert refused.finding.rule == "length"


async def test_a_signature_is_chosen_and_remembered(kit: DiscussionKit) -> None:
    comment = await kit.comment("Shy.")
    await kit.discussion.submissions.sign(TelegramId(501), comment.id, Signature.ANONYMOUS)
    await kit.pass_(20)
    assert "signed anonymously" in kit.card.text
    await kit.decide(comment)
    page = await kit.discussion.public.read_page(kit.article, 1, "new")
    assert page is not None
    assert page.found[0].sign is Signature.ANONYMOUS
    next_one = await kit.comment("Shy again.")
    assert next_one.sign is Signature.ANONYMOUS


async def test_trusted_readers_are_published_at_once_with_a_card_afterwards(
    db: Database, clock: Clock
) -> None:
    kit = await make_kit(db, clock, grace=0, trusted=3)
    for n in range(3):
        await kit.decide(await kit.comment(f"Fine words {n}."))
        kit.clock.pass_(601)
    assert await kit.count() == 3
    comment = await kit.comment("Trusted words.")
    assert (comment.state, comment.decision) == (State.APPROVED, Decision.AUTO)
    await kit.pass_(1)
    assert "published automatically (trusted reader)" in kit.card.text
    assert "<blockquote>Trusted words.</blockquote>" in kit.card.post.text  # all of it
    held = await kit.comment("See https://evil.example/")
    assert held.state is State.PENDING
    undone = await kit.undo(comment.id, by=ANNA)
    assert undone.conflict is None
    assert await kit.count() == 3


async def test_the_chat_of_the_settings_can_change_and_move(kit: DiscussionKit) -> None:
    comment = await kit.comment("Moving.")
    await kit.pass_(20)
    async with kit.db.transaction() as tx:
        await chats.migrate(tx, DESK, TelegramId(-100900))
    await kit.pass_(31)
    moved = kit.at(-100900)
    assert len(moved) == 1
    assert "Moving." in moved[0].text
    assert (await kit.decide(comment)).conflict is None


async def test_whatever_its_reader_does_a_silent_rejection_stays_unsaid(
    kit: DiscussionKit,
) -> None:
    chat, submissions = await kit.chat(501), kit.discussion.submissions
    comment = await kit.comment("Hm.", message=60)
    await kit.pass_(20)
    await kit.decide(comment, Decision.REJECT, reason=Reason.SILENTLY)
    edited = await submissions.edit(chat, Part(60, "Hm!"))
    assert isinstance(edited, Comment)
    assert edited.state is State.REJECTED
    mine = published.my_comments(
        [published.Mine(edited, None, edited.text)],
        Languages.load("en", JAKARTA).of("en"),
        page=1,
        pages=1,
        now=kit.clock(),
    )
    assert "waiting for review" in mine.text
    assert "Withdraw" in mine.keyboard[0][0].text
    signed = await submissions.sign(TelegramId(501), comment.id, Signature.ALIAS)
    assert not isinstance(signed, Conflict)
    assert isinstance(await kit.undo(comment.id, by=ANNA), Decided)
    assert (await kit.now(comment)).state is State.PENDING
    await kit.decide(comment, Decision.REJECT, reason=Reason.SILENTLY)
    withdrawn = await submissions.withdraw(TelegramId(501), comment.id)
    assert isinstance(withdrawn, Comment)

"""Rights of reply and correction: a number, a deadline, an answer; reports on the same clock."""

from __future__ import annotations

from dataclasses import replace

from bot.core.comments.complaints import ComplaintKind, ComplaintState
from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Comment, Decision, Reason, State
from bot.core.editorial.transparency import Tickets, Times
from bot.core.hours import Hours
from bot.core.model import CorrectionKind, TelegramId
from bot.discussion import Accepted
from storage import Database, corrections, transparency
from tests.conftest import Clock
from tests.discussion.conftest import ANNA, DESK, DiscussionKit, make_kit

HOUR = 3600


async def filed(
    kit: DiscussionKit, text: str = "Angka di paragraf dua salah.", *, who: int = 501
) -> Comment:
    """A complaint about the article, shown to the moderators."""
    draft = await kit.comment(text, who=who, article=None, named=False)
    taken = await kit.discussion.submissions.place(
        TelegramId(who), draft.id, kit.article, complaint=ComplaintKind.CORRECTION
    )
    assert isinstance(taken, Accepted)
    await kit.pass_(21)
    return await kit.now(draft)


async def answer(kit: DiscussionKit, comment: Comment, text: str = "Terima kasih.") -> int:
    chat = await kit.discussion.moderators_chat()
    assert chat is not None
    number = kit.say(DESK, "…")
    found = await kit.discussion.replies.answer(comment.id, chat, AnswerPart(number, text), by=ANNA)
    assert found is not None
    return found[2].id


async def correct(kit: DiscussionKit, comment: Comment) -> None:
    async with kit.db.transaction() as tx:
        number = await corrections.add(
            tx, kit.article, CorrectionKind.CORRECTED, reason="Angka salah", actor_id=71,
            actor="Anna", now=kit.clock(),
        )  # fmt: skip
        await kit.discussion.complaints.corrected(
            tx, await kit.now(comment), number, by=ANNA, now=kit.clock()
        )


def reminders(kit: DiscussionKit) -> list[str]:
    return [one.text for one in kit.cards if one.text.startswith("⏰")]


async def mine(kit: DiscussionKit, who: int = 501) -> Comment:
    found, _, _ = await kit.discussion.public.my_comments(TelegramId(who), 1)
    return found[0].comment


async def test_a_complaint_is_a_card_with_its_deadline_and_is_never_published(
    kit: DiscussionKit,
) -> None:
    complaint = await filed(kit)
    assert complaint.article_id is None
    assert complaint.complaint is not None
    assert kit.card.text.startswith(f"⚖️ #{complaint.id}")
    assert "Right of correction: Negosiasi <senjata> & damai" in kit.card.text
    assert "⏰ Answer by 2 Sep 2023, 12:00 WIB" in kit.card.text
    assert "✅ Approve" not in kit.card.buttons
    assert (await kit.decide(complaint)).conflict is not None  # ✅ is no answer
    assert (await kit.now(complaint)).state is State.PENDING
    assert await kit.count() == 0


async def test_an_answer_closes_it_and_the_reader_sees_that(kit: DiscussionKit) -> None:
    complaint = await filed(kit)
    kit.clock.pass_(3 * HOUR)
    await answer(kit, complaint, "Kami periksa: angkanya benar.")
    await kit.pass_(21)
    assert any("Kami periksa" in one for one in kit.told())
    now = await mine(kit)
    assert now.state is State.APPROVED
    assert now.complaint is not None
    assert now.complaint.state is ComplaintState.ANSWERED
    assert kit.cards[0].text.startswith(f"💬 #{complaint.id} answered by Anna")
    await kit.pass_(48 * HOUR)
    assert not reminders(kit)


async def test_an_answer_taken_back_in_the_grace_time_answers_nothing(kit: DiscussionKit) -> None:
    complaint = await filed(kit)
    number = await answer(kit, complaint)
    await kit.discussion.replies.cancel(number, by=ANNA)
    now = await kit.now(complaint)
    assert now.state is State.PENDING
    assert now.complaint is not None
    assert (now.complaint.state, now.complaint.answered_at) == (ComplaintState.OPEN, None)
    await kit.pass_(24 * HOUR)
    assert len(reminders(kit)) == 1


async def test_a_correction_answers_it_once_and_tells_the_reader(kit: DiscussionKit) -> None:
    complaint = await filed(kit)
    await correct(kit, complaint)
    await correct(kit, complaint)  # a second editor
    await kit.pass_(21)
    told = [one for one in kit.told() if "answered with a correction" in one]
    assert len(told) == 1
    assert "Angka salah" in told[0]
    now = await mine(kit)
    assert now.complaint is not None
    assert now.complaint.state is ComplaintState.CORRECTED


async def test_a_refusal_is_always_told_with_its_reason_and_can_be_undone(
    kit: DiscussionKit,
) -> None:
    complaint = await filed(kit)
    await kit.decide(complaint, Decision.REJECT, reason=Reason.ADVERT)
    await kit.pass_(21)
    assert any("was declined" in one and "Advertising" in one for one in kit.told())
    await kit.undo(complaint.id, by=ANNA)
    await kit.pass_(5)
    now = await kit.now(complaint)
    assert now.complaint is not None
    assert (now.complaint.state, now.complaint.answered_at) == (ComplaintState.OPEN, None)
    assert any("Please disregard" in one for one in kit.told())


async def test_reminders_at_24_and_40_hours_once_each_also_after_a_restart(
    kit: DiscussionKit, db: Database, clock: Clock
) -> None:
    await filed(kit)
    await kit.pass_(24 * HOUR - 60)
    assert not reminders(kit)
    await kit.pass_(60)
    assert len(reminders(kit)) == 1
    assert "24 hours" in reminders(kit)[0]
    again = DiscussionKit(db, clock, (await make_kit(db, clock)).discussion, kit.article, kit.shown)
    await again.pass_(HOUR)
    await again.pass_(15 * HOUR)
    await again.pass_(9 * HOUR)
    assert len(reminders(again)) == 2
    assert "40 hours" in reminders(again)[1]


async def test_reminders_keep_the_quiet_hours_and_one_stands_for_two(
    db: Database, clock: Clock
) -> None:
    kit = await make_kit(db, clock, quiet=Hours(11 * 60, 6 * 60))  # from 11:00 to 06:00
    clock.pass_(-7 * HOUR)  # filed at 05:00
    await filed(kit)
    await kit.pass_(24 * HOUR)  # 05:00
    assert not reminders(kit)
    await kit.pass_(HOUR)
    assert len(reminders(kit)) == 1
    await kit.pass_(23 * HOUR)
    assert len(reminders(kit)) == 1


async def test_a_long_absence_is_one_reminder(kit: DiscussionKit) -> None:
    await filed(kit)
    await kit.pass_(45 * HOUR)
    assert len(reminders(kit)) == 1
    assert "40 hours" in reminders(kit)[0]


async def test_reported_comments_run_on_the_same_clock(kit: DiscussionKit) -> None:
    comment = await kit.comment("Public words.")
    await kit.pass_(21)
    await kit.decide(comment)
    await kit.pass_(100 * HOUR)
    assert not reminders(kit)
    reader = await kit.chat(777, "Budi")
    await kit.discussion.public.report(TelegramId(777), "Budi", reader, comment.id)
    await kit.pass_(1)
    assert "⏰ Answer by" in kit.card.text
    await kit.pass_(24 * HOUR)
    (one,) = [one for one in reminders(kit) if "reported" in one]
    assert f"#{comment.id}" in one
    await kit.decide(comment)
    await kit.pass_(40 * HOUR)
    assert len([one for one in reminders(kit) if "reported" in one]) == 1


async def test_a_complaint_does_not_hide_comments_from_the_queues_reminder(
    kit: DiscussionKit,
) -> None:
    await filed(kit)
    await kit.pass_(10 * HOUR)
    assert not reminders(kit)
    await kit.comment("A comment.", who=502, name="Budi")
    await kit.pass_(21)
    await kit.pass_(30 * 60)
    assert len(reminders(kit)) == 1


async def test_forgetting_keeps_the_ticket_and_no_words(kit: DiscussionKit) -> None:
    complaint = await filed(kit, "Kata-kata rahasia.")
    await kit.discussion.public.forget(TelegramId(501), await kit.chat(501))
    await kit.pass_(40 * HOUR)
    assert not reminders(kit)
    now = await kit.now(complaint)
    assert now.state is State.ERASED
    assert now.complaint is not None
    assert not any("rahasia" in one.text for one in kit.cards)


async def test_one_that_is_changed_after_its_answer_is_open_again(kit: DiscussionKit) -> None:
    complaint = await filed(kit)
    await answer(kit, complaint)
    await kit.pass_(21)
    chat, part = await kit.chat(501), (await kit.now(complaint)).parts[0]
    await kit.discussion.submissions.edit(chat, replace(part, text="Juga paragraf tiga salah."))
    await kit.pass_(1)
    now = await kit.now(complaint)
    assert now.state is State.PENDING
    assert now.complaint is not None
    assert now.complaint.state is ComplaintState.OPEN
    assert now.complaint.answered_at is not None  # its clock does not start anew
    assert "paragraf tiga" in kit.card.text
    await kit.pass_(45 * HOUR)
    assert not reminders(kit)


async def test_withdrawing_ends_it(kit: DiscussionKit) -> None:
    complaint = await filed(kit)
    await kit.discussion.submissions.withdraw(TelegramId(501), complaint.id)
    await kit.pass_(24 * HOUR)
    assert not reminders(kit)


async def test_the_months_report_counts_it_apart_from_comments(kit: DiscussionKit) -> None:
    complaint = await filed(kit)
    since = kit.clock() - 100
    kit.clock.pass_(HOUR)
    await answer(kit, complaint)
    async with kit.db.reading() as cx:
        found = await transparency.month(cx, since, since + 86_400, now=kit.clock())
    assert (found.received, found.approved) == (0, 0)
    assert replace(found.complaints, came=()) == Tickets(1, 1, 0, Times(HOUR + 21, HOUR + 21))


async def test_my_data_tells_of_it(kit: DiscussionKit) -> None:
    await filed(kit)
    found = await kit.discussion.public.my_data(TelegramId(501), await kit.chat(501))
    assert found["comments"][0]["complaint_kind"] == "correction"


async def test_a_trusted_readers_letter_is_read_before_it_counts_as_read(
    db: Database, clock: Clock
) -> None:
    kit = await make_kit(db, clock, trusted=1)
    first = await kit.comment("Words.")
    await kit.pass_(21)
    await kit.decide(first)
    letter = await kit.comment("A letter.", article=None)
    await kit.pass_(21)
    assert (await kit.now(letter)).state is State.PENDING

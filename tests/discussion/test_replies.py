"""Answers find their reader, and the reader's answer finds its card; talk among moderators goes
nowhere."""

from __future__ import annotations

from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Comment
from bot.core.model import TelegramId
from bot.discussion import Refused
from bot.discussion.prompts import Prompt
from storage import chats
from storage.answers import Answer
from tests.discussion.conftest import ANNA, DESK, DiscussionKit


async def approved(kit: DiscussionKit) -> Comment:
    comment = await kit.comment("A question?", message=5)
    await kit.pass_(20)
    await kit.decide(comment)
    await kit.pass_(30)
    return comment


async def answer(kit: DiscussionKit, comment: Comment, text: str, *, message: int = 900) -> Answer:
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    taken = await kit.discussion.replies.answer(
        comment.id, desk, AnswerPart(message, text), by=ANNA
    )
    assert taken is not None
    await kit.deliver()
    return taken[2]


async def test_an_answer_goes_out_after_the_grace_time_as_a_reply_to_the_readers_words(
    kit: DiscussionKit,
) -> None:
    comment = await approved(kit)
    before = len(kit.told())
    await answer(kit, comment, "Thank you & <welcome>!")
    assert "goes out in 20 seconds" in kit.card.text
    assert kit.card.delivery.reply_to == 900
    await kit.pass_(19)
    assert len(kit.told()) == before
    await kit.pass_(1)
    assert "Thank you & <welcome>!" in kit.told()[-1]
    assert kit.at(501)[-1].delivery.reply_to == 5
    await kit.pass_(1)
    assert "was delivered" in kit.card.text


async def test_the_same_answer_twice_is_one(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    await answer(kit, comment, "Once.")
    await answer(kit, comment, "Once.")
    await kit.pass_(21)
    assert sum("Once." in text for text in kit.told()) == 1


async def test_cancelled_in_time_the_reader_never_hears(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    sent = await answer(kit, comment, "Wrong card!")
    await kit.pass_(10)
    cancelled = await kit.discussion.replies.cancel(sent.id, by=ANNA)
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    await kit.pass_(60)
    assert not any("Wrong card!" in text for text in kit.told())
    assert "cancelled" in kit.card.text


async def test_cancelled_too_late_it_says_so(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    sent = await answer(kit, comment, "Gone.")
    await kit.pass_(21)
    late = await kit.discussion.replies.cancel(sent.id, by=ANNA)
    assert late is not None
    assert late.state == "sent"


async def test_a_moderator_may_change_an_answer_that_waits(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    await answer(kit, comment, "Thank yuo")
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    assert await kit.discussion.replies.edit(desk, AnswerPart(900, "Thank you"))
    await kit.pass_(20)
    assert "Thank you\n" in kit.told()[-1]
    assert not await kit.discussion.replies.edit(desk, AnswerPart(900, "No more"), outgoing=False)
    assert await kit.discussion.replies.edit(desk, AnswerPart(900, "Corrected"))
    assert not await kit.discussion.replies.edit(desk, AnswerPart(900, "Corrected"))
    await kit.pass_(1)
    assert "Corrected" in kit.told()[-1]


async def test_a_reader_who_blocked_the_bot_is_shown_and_welcome_again(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    kit.blocked.add(kit.at(501)[0].delivery.to.telegram_id)
    await answer(kit, comment, "Are you there?")
    await kit.pass_(21)
    assert "blocked the bot" in kit.card.text
    kit.blocked.clear()
    another = await kit.comment("I am back.")
    await kit.pass_(20)
    assert "🔕" not in kit.card.text
    await kit.decide(another)
    await kit.pass_(30)
    assert "is published" in kit.told()[-1]


async def test_the_readers_answer_comes_back_under_the_same_card(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    await answer(kit, comment, "What do you mean?")
    await kit.pass_(21)
    notice = kit.at(501)[-1]
    route = await kit.discussion.prompts.route(await kit.chat(501), notice.id)
    assert route is not None
    assert route.comment_id == comment.id
    words = AnswerPart(77, "I mean <this>.")
    received = await kit.discussion.replies.receive(comment.id, await kit.chat(501), words)
    assert isinstance(received, Answer)
    again = await kit.discussion.replies.receive(comment.id, await kit.chat(501), words)
    assert again == received
    await kit.deliver()
    assert "I mean <this>." in kit.card.text
    assert kit.card.delivery.target_message_id == kit.cards[0].id
    assert "💬 Reply" in kit.card.buttons


async def test_a_picture_in_a_readers_answer_is_shown_though_his_comment_is_decided(
    kit: DiscussionKit,
) -> None:
    comment = await approved(kit)
    words = AnswerPart(77, "This one.", media="photo")
    await kit.discussion.replies.receive(comment.id, await kit.chat(501), words)
    await kit.deliver()
    await kit.pass_(1)
    assert kit.card.post.copy_of == (501, (77,))
    assert kit.card.delivery.target_message_id == kit.cards[-2].id


async def test_nobody_else_can_answer_for_a_reader(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    stranger = await kit.chat(999)
    words = AnswerPart(1, "Let me in")
    assert await kit.discussion.replies.receive(comment.id, stranger, words) is None


async def test_readers_cannot_flood_the_moderators_with_answers(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    chat = await kit.chat(501)
    taken = [
        await kit.discussion.replies.receive(comment.id, chat, AnswerPart(100 + n, f"Answer {n}"))
        for n in range(6)
    ]
    assert [isinstance(one, Refused) for one in taken] == [False] * 5 + [True]


async def test_an_answer_can_be_made_public_under_the_comment(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    sent = await answer(kit, comment, "We have corrected it.")
    await kit.discussion.replies.publish(sent.id, by=ANNA)
    await kit.pass_(21)
    assert "Everyone can read it" in kit.card.text
    page = await kit.discussion.public.read_page(kit.article, 1, "new")
    assert page is not None
    assert page.found[0].answers == ("We have corrected it.",)


async def test_an_answer_from_before_the_approval_can_be_made_public_afterwards(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("A question?")
    await kit.pass_(20)
    await answer(kit, comment, "An answer.")
    await kit.pass_(21)
    assert "📣 Publish it too" not in kit.card.buttons
    await kit.decide(comment)
    await kit.pass_(0)
    line = next(one for one in kit.cards if "was delivered" in one.text)
    assert "📣 Publish it too" in line.buttons


async def test_prompts_are_known_by_our_records_alone(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    await kit.discussion.prompts.remember(desk, 950, "answer", comment_id=comment.id, by=ANNA)
    prompt = await kit.discussion.prompts.prompt(desk, 950)
    assert prompt == Prompt("answer", comment.id, kit.clock())
    assert await kit.discussion.prompts.prompt(desk, kit.cards[0].id) is None


async def test_old_numbers_mean_nothing_after_a_group_moved(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    await kit.discussion.prompts.remember(desk, 950, "answer", comment_id=comment.id, by=ANNA)
    await answer(kit, comment, "Before the move.", message=951)
    async with kit.db.transaction() as tx:
        await chats.migrate(tx, DESK, TelegramId(-100900))
    moved = await kit.discussion.moderators_chat()
    assert moved is not None
    assert moved.telegram_id == -100900
    assert await kit.discussion.prompts.prompt(moved, 950) is None
    taken = await kit.discussion.replies.answer(
        comment.id, moved, AnswerPart(951, "After the move."), by=ANNA
    )
    assert taken is not None
    await kit.pass_(60)
    told = "\n".join(kit.told())
    assert "Before the move." in told
    assert "After the move." in told


async def test_media_travel_beside_the_words(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    await kit.discussion.replies.answer(
        comment.id, desk, AnswerPart(900, "See this", media="photo"), by=ANNA
    )
    await kit.pass_(21)
    assert kit.at(501)[-1].post.copy_of == (DESK, (900,))


async def test_the_card_tells_that_its_reader_was_replied_to(kit: DiscussionKit) -> None:
    comment = await kit.comment("A question?")
    await kit.pass_(20)
    chat = await kit.discussion.moderators_chat()
    assert chat is not None
    words = AnswerPart(900, "An answer.")
    taken = await kit.discussion.replies.answer(comment.id, chat, words, by=ANNA)
    assert taken is not None
    await kit.pass_(1)
    assert "replied to by Anna" in kit.cards[0].text
    await kit.discussion.replies.cancel(taken[2].id, by=ANNA)
    await kit.pass_(1)
    assert "replied to" not in kit.cards[0].text


async def test_editors_see_what_a_reader_changed_in_his_answer(kit: DiscussionKit) -> None:
    comment = await approved(kit)
    reader = await kit.chat(501)
    await kit.discussion.replies.receive(comment.id, reader, AnswerPart(77, "By Mondya"))
    await kit.pass_(1)
    assert await kit.discussion.replies.edit(reader, AnswerPart(77, "By Monday"))
    await kit.pass_(1)
    assert "By Monday" in kit.card.text

"""Answers find their reader, and his answer finds its card; talk among moderators goes nowhere."""

from __future__ import annotations

from bot.core.comments import Comment
from bot.core.model import TelegramId
from bot.discussion import Refused
from bot.discussion.talk import Words
from storage import chats
from storage.answers import Answer
from tests.discussion.conftest import ANNA, DESK, Town


async def approved(town: Town) -> Comment:
    comment = await town.comment("A question?", message=5)
    await town.pass_(20)
    await town.decide(comment)
    await town.pass_(30)
    return comment


async def answer(town: Town, comment: Comment, text: str, *, message: int = 900) -> Answer:
    desk = await town.discussion.moderators_chat()
    assert desk is not None
    taken = await town.discussion.talk.answer(comment.id, desk, Words(message, text), by=ANNA)
    assert taken is not None
    await town.deliver()
    return taken[2]


async def test_an_answer_goes_out_after_the_grace_time_as_a_reply_to_the_readers_words(
    town: Town,
) -> None:
    comment = await approved(town)
    before = len(town.told())
    await answer(town, comment, "Thank you & <welcome>!")
    assert "goes out in 20 seconds" in town.card.text
    assert town.card.post.reply_to == 900
    await town.pass_(19)
    assert len(town.told()) == before
    await town.pass_(1)
    assert "Thank you & <welcome>!" in town.told()[-1]
    assert town.at(501)[-1].post.reply_to == 5
    await town.pass_(1)
    assert "was delivered" in town.card.text


async def test_the_same_answer_twice_is_one(town: Town) -> None:
    comment = await approved(town)
    await answer(town, comment, "Once.")
    await answer(town, comment, "Once.")
    await town.pass_(21)
    assert sum("Once." in text for text in town.told()) == 1


async def test_cancelled_in_time_the_reader_never_hears(town: Town) -> None:
    comment = await approved(town)
    sent = await answer(town, comment, "Wrong card!")
    await town.pass_(10)
    cancelled = await town.discussion.talk.cancel(sent.id, by=ANNA)
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    await town.pass_(60)
    assert not any("Wrong card!" in text for text in town.told())
    assert "taken back" in town.card.text


async def test_cancelled_too_late_it_says_so(town: Town) -> None:
    comment = await approved(town)
    sent = await answer(town, comment, "Gone.")
    await town.pass_(21)
    late = await town.discussion.talk.cancel(sent.id, by=ANNA)
    assert late is not None
    assert late.state == "sent"


async def test_a_moderator_may_change_an_answer_that_waits(town: Town) -> None:
    comment = await approved(town)
    await answer(town, comment, "Thank yuo")
    desk = await town.discussion.moderators_chat()
    assert desk is not None
    assert await town.discussion.talk.edit(desk, Words(900, "Thank you"))
    await town.pass_(20)
    assert "Thank you\n" in town.told()[-1]
    assert not await town.discussion.talk.edit(desk, Words(900, "Too late"))


async def test_a_reader_who_blocked_the_bot_is_shown_and_welcome_again(town: Town) -> None:
    comment = await approved(town)
    town.blocked.add(town.at(501)[0].delivery.to.telegram_id)
    await answer(town, comment, "Are you there?")
    await town.pass_(21)
    assert "blocked the bot" in town.card.text
    town.blocked.clear()
    another = await town.comment("I am back.")
    await town.pass_(20)
    assert "🔕" not in town.card.text
    await town.decide(another)
    await town.pass_(30)
    assert "is published" in town.told()[-1]


async def test_the_readers_answer_comes_back_under_the_same_card(town: Town) -> None:
    comment = await approved(town)
    await answer(town, comment, "What do you mean?")
    await town.pass_(21)
    notice = town.at(501)[-1]
    route = await town.discussion.intake.route(await town.chat(501), notice.id)
    assert route is not None
    assert route.comment_id == comment.id
    words = Words(77, "I mean <this>.")
    received = await town.discussion.talk.receive(comment.id, await town.chat(501), words)
    assert isinstance(received, Answer)
    again = await town.discussion.talk.receive(comment.id, await town.chat(501), words)
    assert again == received
    await town.deliver()
    assert "I mean <this>." in town.card.text
    assert town.card.delivery.target_message_id == town.cards[0].id
    assert "💬 Reply" in town.card.buttons


async def test_nobody_else_can_answer_for_a_reader(town: Town) -> None:
    comment = await approved(town)
    stranger = await town.chat(999)
    words = Words(1, "Let me in")
    assert await town.discussion.talk.receive(comment.id, stranger, words) is None


async def test_readers_cannot_flood_the_moderators_with_answers(town: Town) -> None:
    comment = await approved(town)
    chat = await town.chat(501)
    taken = [
        await town.discussion.talk.receive(comment.id, chat, Words(100 + n, f"Answer {n}"))
        for n in range(6)
    ]
    assert [isinstance(one, Refused) for one in taken] == [False] * 5 + [True]


async def test_an_answer_can_be_made_public_under_the_comment(town: Town) -> None:
    comment = await approved(town)
    sent = await answer(town, comment, "We have corrected it.")
    await town.discussion.talk.publish(sent.id, by=ANNA)
    await town.pass_(21)
    assert "Everybody can read it" in town.card.text
    page = await town.discussion.public.read_page(town.article, 1, "new")
    assert page is not None
    assert page.found[0].answers == ("We have corrected it.",)


async def test_an_answer_from_before_the_approval_can_be_made_public_afterwards(town: Town) -> None:
    comment = await town.comment("A question?")
    await town.pass_(20)
    await answer(town, comment, "An answer.")
    await town.pass_(21)
    assert "📣 Publish it too" not in town.card.buttons
    await town.decide(comment)
    await town.pass_(0)
    line = next(one for one in town.cards if "was delivered" in one.text)
    assert "📣 Publish it too" in line.buttons


async def test_prompts_are_known_by_our_records_alone(town: Town) -> None:
    comment = await approved(town)
    desk = await town.discussion.moderators_chat()
    assert desk is not None
    await town.discussion.talk.remember_prompt(desk, 950, "answer", comment.id, ANNA)
    assert await town.discussion.talk.prompt(desk, 950) == ("answer", comment.id)
    assert await town.discussion.talk.prompt(desk, town.cards[0].id) is None


async def test_old_numbers_mean_nothing_after_a_group_moved(town: Town) -> None:
    comment = await approved(town)
    desk = await town.discussion.moderators_chat()
    assert desk is not None
    await town.discussion.talk.remember_prompt(desk, 950, "answer", comment.id, ANNA)
    await answer(town, comment, "Before the move.", message=951)
    async with town.db.transaction() as tx:
        await chats.migrate(tx, DESK, TelegramId(-100900))
    moved = await town.discussion.moderators_chat()
    assert moved is not None
    assert moved.telegram_id == -100900
    assert await town.discussion.talk.prompt(moved, 950) is None
    taken = await town.discussion.talk.answer(
        comment.id, moved, Words(951, "After the move."), by=ANNA
    )
    assert taken is not None
    await town.pass_(60)
    told = "\n".join(town.told())
    assert "Before the move." in told
    assert "After the move." in told


async def test_media_travel_beside_the_words(town: Town) -> None:
    comment = await approved(town)
    desk = await town.discussion.moderators_chat()
    assert desk is not None
    await town.discussion.talk.answer(comment.id, desk, Words(900, "See this", "photo"), by=ANNA)
    await town.pass_(21)
    assert town.at(501)[-1].post.copy_of == (DESK, (900,))

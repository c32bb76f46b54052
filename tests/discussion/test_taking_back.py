"""What readers take back and what is stored of them: it leaves every chat and every table."""

from __future__ import annotations

import json

from bot.core.comments.dialogue import AnswerPart
from bot.core.comments.model import Comment, Conflict, Decision, Part, Reason
from bot.core.comments.my_data import as_text
from bot.core.language import Translator
from bot.core.model import ChatKind, TelegramId
from bot.discussion import Accepted
from storage import chats
from tests.discussion.conftest import ANNA, DESK, DiscussionKit
from tests.support.schema import tables

WHO, NAME = 7_654_321, "Unmistakable Name"


async def everything(kit: DiscussionKit) -> str:
    """All that the database holds, as text."""
    found = []
    async with kit.db.reading() as cx:
        for table in await tables(cx):
            if table.startswith("search_"):
                continue
            rows = await cx.rows(f"SELECT * FROM {table}")
            found += [json.dumps([*row], default=str) for row in rows]
    return "\n".join(found)


async def picture(kit: DiscussionKit, *, parts: int = 3, who: int = WHO) -> Comment:
    """A comment with an album, shown to the moderators."""
    for n in range(parts):
        text = "Unmistakable words." if n == 0 else ""
        comment = await kit.comment(
            text, who=who, name=NAME, media="photo", group="g", message=50 + n
        )
    await kit.pass_(20)
    await kit.pass_(2)
    return comment


async def forget(kit: DiscussionKit, who: int = WHO) -> None:
    assert await kit.discussion.public.forget(TelegramId(who), await kit.chat(who, NAME))


async def test_forgetting_leaves_no_word_no_name_and_no_number(kit: DiscussionKit) -> None:
    first = await picture(kit)
    await kit.decide(first)
    await kit.pass_(30)
    await kit.comment("Unmistakable too.", who=WHO, name=NAME)
    await kit.discussion.moderation.note(first.id, "Unmistakable note.", by=ANNA)
    await kit.discussion.public.like(TelegramId(WHO), NAME, await kit.chat(WHO), first.id)
    back = AnswerPart(900, "Unmistakable answer", media="photo")
    await kit.discussion.replies.receive(first.id, await kit.chat(WHO), back)
    before = await everything(kit)
    assert "Unmistakable" in before
    assert str(WHO) in before
    await forget(kit)
    after = await everything(kit)
    assert "Unmistakable" not in after
    assert str(WHO) not in after
    assert await kit.count() == 0
    await kit.pass_(60)
    assert "🕊" in kit.cards[0].text
    assert "Unmistakable" not in "".join(one.text for one in kit.cards)
    assert not any(one.post.copy_of for one in kit.cards)
    assert len(await kit.discussion.overview.log(first.id)) == 2
    async with kit.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM removal") == 0


async def test_every_message_with_a_forgotten_readers_words_is_emptied(kit: DiscussionKit) -> None:
    words = "Unmistakable " * 307  # more than one message
    comment = await kit.comment(words.strip(), who=WHO, name=NAME, message=5)
    await kit.pass_(20)
    await kit.pass_(2)
    await kit.decide(comment)
    kit.clock.pass_(700)
    edited = Part(5, "Unmistakable again")
    await kit.discussion.submissions.edit(await kit.chat(WHO, NAME), edited)  # a second card
    await kit.pass_(1)
    await kit.discussion.replies.receive(
        comment.id, await kit.chat(WHO), AnswerPart(901, "Unmistakable")
    )
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    await kit.discussion.replies.answer(comment.id, desk, AnswerPart(902, "Noted."), by=ANNA)
    await kit.pass_(30)
    assert len([one for one in kit.cards if "Unmistakable" in one.text]) >= 4
    await forget(kit)
    await kit.pass_(10)
    assert [one.text for one in kit.cards if "Unmistakable" in one.text] == []


async def test_questions_to_moderators_that_name_a_forgotten_reader_are_deleted(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("A question?", who=WHO, name=NAME)
    await kit.pass_(20)
    desk = await kit.discussion.moderators_chat()
    assert desk is not None
    prompt = kit.say(DESK, f"an answer to {NAME}")
    await kit.discussion.prompts.remember(desk, prompt, "answer", comment_id=comment.id, by=ANNA)
    await forget(kit)
    await kit.pass_(2)
    assert prompt not in {one.id for one in kit.cards}


async def test_pictures_that_a_reader_withdraws_leave_the_moderators_too(
    kit: DiscussionKit,
) -> None:
    comment = await picture(kit)
    assert len([one for one in kit.cards if one.post.copy_of]) == 3
    await kit.discussion.submissions.withdraw(TelegramId(WHO), comment.id)
    await kit.pass_(2)
    assert [one.text for one in kit.cards] == [f"↩️ #{comment.id} withdrawn by the reader"]


async def test_what_telegram_keeps_the_card_asks_a_person_to_delete(kit: DiscussionKit) -> None:
    comment = await picture(kit)
    kit.kept = {one.id for one in kit.cards}
    await forget(kit)
    await kit.pass_(2)
    assert f"🕊 #{comment.id} deleted" in kit.card.text
    assert "3 messages about it are still in this chat" in kit.card.text
    await kit.pass_(60)
    assert len([one for one in kit.cards if one.post.copy_of]) == 3


async def test_a_copy_that_is_just_on_its_way_is_deleted_when_it_has_arrived(
    kit: DiscussionKit,
) -> None:
    await kit.comment("Look", who=WHO, name=NAME, media="photo", message=50)
    kit.clock.pass_(20)
    await kit.discussion.tick()
    copy = await kit.on_the_wire()
    await forget(kit)
    await kit.pass_(0)
    await kit.arrive(*copy)
    assert len(kit.cards) == 1
    await kit.pass_(2)
    assert kit.cards == []


async def test_a_card_that_is_long_on_its_way_is_emptied_when_it_has_arrived(
    kit: DiscussionKit,
) -> None:
    await kit.comment("Unmistakable.", who=WHO, name=NAME)
    kit.clock.pass_(20)
    await kit.discussion.tick()
    card = await kit.on_the_wire()
    await forget(kit)
    for _ in range(3):
        await kit.pass_(15)
    await kit.arrive(*card)
    assert "Unmistakable" in kit.card.text
    await kit.pass_(1)
    assert "🕊" in kit.card.text
    assert kit.card.edits == 1
    await kit.pass_(60)
    assert kit.card.edits == 1


async def test_an_edit_that_is_just_on_its_way_does_not_count_as_emptying(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("Unmistakable.", who=WHO, name=NAME, message=5)
    await kit.pass_(20)
    await kit.discussion.submissions.edit(await kit.chat(WHO, NAME), Part(5, "Unmistakable too."))
    edit = await kit.on_the_wire()
    await kit.discussion.submissions.withdraw(TelegramId(WHO), comment.id)
    kit.blocked.add(DESK)
    await kit.pass_(30)
    kit.blocked.clear()
    await kit.arrive(*edit)
    assert "too." in kit.card.text
    async with kit.db.transaction() as tx:
        await chats.see(tx, DESK, kind=ChatKind.SUPERGROUP, now=kit.clock())
    await kit.pass_(2)
    assert kit.card.text == f"↩️ #{comment.id} withdrawn by the reader"


async def test_a_chat_that_threw_the_bot_out_is_tidied_up_when_it_is_back(
    kit: DiscussionKit,
) -> None:
    await picture(kit)
    kit.blocked.add(DESK)
    await forget(kit)
    for _ in range(3):
        await kit.pass_(30)
    kit.blocked.clear()
    async with kit.db.transaction() as tx:
        await chats.see(tx, DESK, kind=ChatKind.SUPERGROUP, now=kit.clock())
    await kit.pass_(2)
    assert ["🕊" in one.text for one in kit.cards] == [True]


async def test_a_desk_that_shows_another_comment_by_then_is_left_alone(kit: DiscussionKit) -> None:
    first, second = [await kit.comment(text, who=who) for text, who in (("1.", WHO), ("2.", 502))]
    await kit.pass_(20)
    queue, mine = kit.discussion.queue, TelegramId(ANNA.id)
    await kit.chat(ANNA.id)
    shown = kit.say(mine, "first")
    await queue.in_review(mine, shown, first.id)
    kit.blocked.add(mine)
    await forget(kit)
    await kit.pass_(2)
    kit.blocked.clear()
    await kit.chat(ANNA.id)  # she has written: her chat is back
    await queue.in_review(mine, shown, second.id)
    await kit.pass_(2)
    assert kit.at(mine)[0].text == "first"  # what her review shows is a matter of its own
    await kit.discussion.submissions.withdraw(TelegramId(502), second.id)
    await kit.pass_(2)
    assert "withdrawn" in kit.at(mine)[0].text


async def test_a_desk_forgets_what_it_has_done_with_and_what_is_taken_back(
    kit: DiscussionKit,
) -> None:
    first, second = await picture(kit), await kit.comment("Plain.", who=502)
    await kit.pass_(20)
    queue, mine = kit.discussion.queue, TelegramId(ANNA.id)
    await kit.chat(ANNA.id)
    shown, *besides = [kit.say(mine, text) for text in ("first", "photo", "photo")]
    await queue.in_review(mine, shown, first.id, besides)
    await queue.in_review(mine, shown, second.id)
    await kit.pass_(1)
    assert [one.id for one in kit.at(mine)] == [shown]
    await kit.discussion.submissions.withdraw(TelegramId(502), second.id)
    await kit.pass_(1)
    assert f"#{second.id} withdrawn" in kit.at(mine)[0].text
    assert "▶ Review" in kit.at(mine)[0].buttons
    await queue.in_review(mine, shown, None)
    await forget(kit)
    await kit.pass_(1)
    assert f"#{second.id} withdrawn" in kit.at(mine)[0].text


async def test_my_data_is_all_of_mine_and_nobody_elses(kit: DiscussionKit) -> None:
    comment = await kit.comment("Mine.", who=501)
    await kit.comment("Of another.", who=502)
    await kit.pass_(20)
    await kit.decide(comment)
    await kit.pass_(30)
    found = await kit.discussion.public.my_data(TelegramId(501), await kit.chat(501))
    text = json.dumps(found)
    assert "Mine." in text
    assert "Of another." not in text
    assert ANNA.name not in text
    assert found["reader"][0]["telegram_id"] == 501
    assert [one["action"] for one in found["log"]] == ["approve"]
    assert [one["content"] for one in found["messages"]] == ["decisions"]
    assert [one["role"] for one in found["dialogue"]] == ["source"]
    anna = await kit.discussion.public.my_data(ANNA.id, await kit.chat(ANNA.id))
    assert [one["comment_id"] for one in anna["as_moderator"]] == [comment.id]


async def test_a_withdrawal_is_undone_within_ten_minutes_and_then_its_words_are_gone(
    kit: DiscussionKit,
) -> None:
    comment = await kit.comment("Hasty words.", who=501)
    await kit.pass_(20)
    submissions, me = kit.discussion.submissions, TelegramId(501)
    await submissions.withdraw(me, comment.id)
    await kit.pass_(60)
    assert isinstance(await submissions.restore(me, comment.id), Accepted)
    await kit.pass_(20)
    assert "Hasty words." in kit.card.text
    assert "✅ Approve" in kit.card.buttons
    await submissions.withdraw(me, comment.id)
    await kit.pass_(599)
    assert (await kit.now(comment)).text == "Hasty words."
    await kit.pass_(60)
    assert await submissions.restore(me, comment.id) is Conflict.LATE
    assert (await kit.now(comment)).text == ""
    assert "Hasty" not in str(await kit.discussion.public.my_data(me, await kit.chat(501)))


async def test_my_data_reads_like_a_letter_and_without_what_was_taken_back(
    kit: DiscussionKit, english: Translator
) -> None:
    kept = await kit.comment("Mine to keep.", who=501)
    await kit.pass_(700)
    gone = await kit.comment("Mine no more.", who=501)
    await kit.pass_(20)
    await kit.discussion.submissions.withdraw(TelegramId(501), gone.id)
    await kit.decide(kept, Decision.REJECT, reason=Reason.SPAM)
    found = await kit.discussion.public.my_data(TelegramId(501), await kit.chat(501))
    text = as_text(found, english, now=kit.clock())
    assert "Name: Ivan P." in text
    assert "Telegram ID: 501" in text
    head = f"#{kept.id} · 31 Aug 2023, 12:00 · not published · Negosiasi <senjata> & damai"
    assert f"{head}\nIt was detected as spam.\n[31 Aug 2023, 12:00] Mine to keep." in text
    assert f"#{gone.id}" in text
    assert "Mine no more." not in text
    assert "rejected it · #1" in text

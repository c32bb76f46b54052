"""What readers take back and what is stored of them: it leaves every chat and every table."""

from __future__ import annotations

import json

from bot.core.comments import Comment, Part
from bot.core.model import ChatKind, TelegramId
from bot.discussion.talk import Words
from storage import chats
from tests.discussion.conftest import ANNA, DESK, Town

WHO, NAME = 7_654_321, "Unmistakable Name"


async def everything(town: Town) -> str:
    """All that the database holds, as text."""
    found = []
    async with town.db.reading() as cx:
        tables = await cx.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        for table in tables:
            if table["name"].startswith(("search_", "sqlite_")):
                continue
            rows = await cx.rows(f"SELECT * FROM {table['name']}")
            found += [json.dumps([*row], default=str) for row in rows]
    return "\n".join(found)


async def picture(town: Town, *, parts: int = 3, who: int = WHO) -> Comment:
    """A comment with an album, before the moderators."""
    for n in range(parts):
        text = "Unmistakable words." if n == 0 else ""
        comment = await town.comment(
            text, who=who, name=NAME, media="photo", group="g", message=50 + n
        )
    await town.pass_(20)
    await town.pass_(2)
    return comment


async def forget(town: Town, who: int = WHO) -> None:
    assert await town.discussion.public.forget(TelegramId(who), await town.chat(who, NAME))


async def test_forgetting_leaves_no_word_no_name_and_no_number(town: Town) -> None:
    first = await picture(town)
    await town.decide(first)
    await town.pass_(30)
    await town.comment("Unmistakable too.", who=WHO, name=NAME)
    await town.discussion.bench.note(first.id, "Unmistakable note.", by=ANNA)
    await town.discussion.public.like(TelegramId(WHO), NAME, await town.chat(WHO), first.id)
    back = Words(900, "Unmistakable answer", "photo")
    await town.discussion.talk.receive(first.id, await town.chat(WHO), back)
    before = await everything(town)
    assert "Unmistakable" in before
    assert str(WHO) in before
    await forget(town)
    after = await everything(town)
    assert "Unmistakable" not in after
    assert str(WHO) not in after
    assert await town.count() == 0
    await town.pass_(60)
    assert "erased" in town.cards[0].text
    assert "Unmistakable" not in "".join(one.text for one in town.cards)
    assert not any(one.post.copy_of for one in town.cards)
    assert len(await town.discussion.bench.log(first.id)) == 2
    async with town.db.reading() as cx:
        assert await cx.value("SELECT count(*) FROM removal") == 0


async def test_every_message_with_a_forgotten_readers_words_is_emptied(town: Town) -> None:
    words = "Unmistakable " * 307  # more than one message
    comment = await town.comment(words.strip(), who=WHO, name=NAME, message=5)
    await town.pass_(20)
    await town.pass_(2)
    await town.decide(comment)
    town.clock.pass_(700)
    edited = Part(5, "Unmistakable again")
    await town.discussion.intake.edit(await town.chat(WHO, NAME), edited)  # a second card
    await town.pass_(1)
    await town.discussion.talk.receive(comment.id, await town.chat(WHO), Words(901, "Unmistakable"))
    desk = await town.discussion.moderators_chat()
    assert desk is not None
    await town.discussion.talk.answer(comment.id, desk, Words(902, "Noted."), by=ANNA)
    await town.pass_(30)
    assert len([one for one in town.cards if "Unmistakable" in one.text]) >= 4
    await forget(town)
    await town.pass_(10)
    assert [one.text for one in town.cards if "Unmistakable" in one.text] == []


async def test_questions_to_moderators_that_name_a_forgotten_reader_are_deleted(
    town: Town,
) -> None:
    comment = await town.comment("A question?", who=WHO, name=NAME)
    await town.pass_(20)
    desk = await town.discussion.moderators_chat()
    assert desk is not None
    prompt = town.say(DESK, f"an answer to {NAME}")
    await town.discussion.talk.remember_prompt(desk, prompt, "answer", comment.id, ANNA)
    await forget(town)
    await town.pass_(2)
    assert prompt not in {one.id for one in town.cards}


async def test_pictures_that_a_reader_withdraws_leave_the_moderators_too(town: Town) -> None:
    comment = await picture(town)
    assert len([one for one in town.cards if one.post.copy_of]) == 3
    await town.discussion.intake.withdraw(TelegramId(WHO), comment.id)
    await town.pass_(2)
    assert [one.text for one in town.cards] == [f"↩️ #{comment.id} withdrawn by its reader"]


async def test_what_telegram_keeps_the_card_asks_a_person_to_delete(town: Town) -> None:
    comment = await picture(town)
    town.kept = {one.id for one in town.cards}
    await forget(town)
    await town.pass_(2)
    assert f"🕊 #{comment.id} erased" in town.card.text
    assert "3 messages about it are still in this chat" in town.card.text
    await town.pass_(60)
    assert len([one for one in town.cards if one.post.copy_of]) == 3


async def test_a_copy_that_is_just_on_its_way_is_deleted_when_it_has_arrived(town: Town) -> None:
    await town.comment("Look", who=WHO, name=NAME, media="photo", message=50)
    town.clock.pass_(20)
    await town.discussion.tick()
    copy = await town.on_the_wire()
    await forget(town)
    await town.pass_(0)
    await town.arrive(*copy)
    assert len(town.cards) == 1
    await town.pass_(2)
    assert town.cards == []


async def test_a_card_that_is_long_on_its_way_is_emptied_when_it_has_arrived(town: Town) -> None:
    await town.comment("Unmistakable.", who=WHO, name=NAME)
    town.clock.pass_(20)
    await town.discussion.tick()
    card = await town.on_the_wire()
    await forget(town)
    for _ in range(3):
        await town.pass_(15)
    await town.arrive(*card)
    assert "Unmistakable" in town.card.text
    await town.pass_(1)
    assert "erased" in town.card.text
    assert town.card.edits == 1
    await town.pass_(60)
    assert town.card.edits == 1


async def test_an_edit_that_is_just_on_its_way_does_not_count_as_emptying(town: Town) -> None:
    comment = await town.comment("Unmistakable.", who=WHO, name=NAME, message=5)
    await town.pass_(20)
    await town.discussion.intake.edit(await town.chat(WHO, NAME), Part(5, "Unmistakable too."))
    edit = await town.on_the_wire()
    await town.discussion.intake.withdraw(TelegramId(WHO), comment.id)
    town.blocked.add(DESK)
    await town.pass_(30)
    town.blocked.clear()
    await town.arrive(*edit)
    assert "too." in town.card.text
    async with town.db.transaction() as tx:
        await chats.see(tx, DESK, kind=ChatKind.SUPERGROUP, now=town.clock())
    await town.pass_(2)
    assert town.card.text == f"↩️ #{comment.id} withdrawn by its reader"


async def test_a_chat_that_threw_the_bot_out_is_tidied_up_when_it_is_back(town: Town) -> None:
    await picture(town)
    town.blocked.add(DESK)
    await forget(town)
    for _ in range(3):
        await town.pass_(30)
    town.blocked.clear()
    async with town.db.transaction() as tx:
        await chats.see(tx, DESK, kind=ChatKind.SUPERGROUP, now=town.clock())
    await town.pass_(2)
    assert ["erased" in one.text for one in town.cards] == [True]


async def test_a_desk_that_shows_another_comment_by_then_is_left_alone(town: Town) -> None:
    first, second = [await town.comment(text, who=who) for text, who in (("1.", WHO), ("2.", 502))]
    await town.pass_(20)
    queue, mine = town.discussion.queue, TelegramId(ANNA.id)
    await town.chat(ANNA.id)
    shown = town.say(mine, "first")
    await queue.on_the_desk(mine, shown, first.id)
    town.blocked.add(mine)
    await forget(town)
    await town.pass_(2)
    town.blocked.clear()
    await town.chat(ANNA.id)  # she has written: her chat is back
    await queue.on_the_desk(mine, shown, second.id)
    await town.pass_(2)
    assert town.at(mine)[0].text == "first"  # what her desk shows is the desk's own business
    await town.discussion.intake.withdraw(TelegramId(502), second.id)
    await town.pass_(2)
    assert "withdrawn" in town.at(mine)[0].text


async def test_a_desk_forgets_what_it_has_done_with_and_what_is_taken_back(town: Town) -> None:
    first, second = await picture(town), await town.comment("Plain.", who=502)
    await town.pass_(20)
    queue, mine = town.discussion.queue, TelegramId(ANNA.id)
    await town.chat(ANNA.id)
    shown, *besides = [town.say(mine, text) for text in ("first", "photo", "photo")]
    await queue.on_the_desk(mine, shown, first.id, besides)
    await queue.on_the_desk(mine, shown, second.id)
    await town.pass_(1)
    assert [one.id for one in town.at(mine)] == [shown]
    await town.discussion.intake.withdraw(TelegramId(502), second.id)
    await town.pass_(1)
    assert f"#{second.id} withdrawn" in town.at(mine)[0].text
    assert "▶ Review" in town.at(mine)[0].buttons
    await queue.on_the_desk(mine, shown, None)
    await forget(town)
    await town.pass_(1)
    assert f"#{second.id} withdrawn" in town.at(mine)[0].text


async def test_my_data_is_all_of_mine_and_nobody_elses(town: Town) -> None:
    comment = await town.comment("Mine.", who=501)
    await town.comment("Of another.", who=502)
    await town.pass_(20)
    await town.decide(comment)
    await town.pass_(30)
    found = await town.discussion.public.my_data(TelegramId(501), await town.chat(501))
    text = json.dumps(found)
    assert "Mine." in text
    assert "Of another." not in text
    assert ANNA.name not in text
    assert found["reader"][0]["telegram_id"] == 501
    assert [one["action"] for one in found["log"]] == ["approve"]
    assert [one["kind"] for one in found["messages"]] == ["notice"]
    assert [one["role"] for one in found["dialogue"]] == ["source"]
    anna = await town.discussion.public.my_data(ANNA.id, await town.chat(ANNA.id))
    assert [one["comment_id"] for one in anna["as_moderator"]] == [comment.id]
